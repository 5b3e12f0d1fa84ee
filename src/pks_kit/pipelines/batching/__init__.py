"""Many agreements in one night: a plan that never changes, rows that may be done twice, a book.

The order of truth is ledger, folder of revisions, plan, book, engine: each may be made again from
those before it, and nothing that the engine or the book says ever decides about a purchase. So a
row may be run twice, on two machines, at any time, and nothing is paid twice.

Read in this order: ``plan`` (what will be done), ``planning`` (how it comes from workbooks),
``folder`` (where everything lies), ``row`` (the steps of one agreement, in a ``workshop``),
``book`` (what people see meanwhile), ``driver`` and ``pool`` (who runs which row), ``services``
(when to leave a distributor alone), ``coordinator`` (the loop), ``summary`` (how far it is).
What people read stands beside: ``preview`` of a plan with its ``sample``, ``report`` of a batch.
"""

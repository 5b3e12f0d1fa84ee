"""One batch on many machines: the queue and the book stand in the database of the ledger.

A queue has no coordinator that could die. Each machine takes rows from it and gives them to its
own driver, so the queue stands in the place of the loop and not in that of the driver. Read
``place`` (the database), ``book`` (how far each row is), ``queue`` (which rows wait, and for whom),
``feeder`` (what one machine does with a row), ``worker`` (one machine). Nothing in the tables of
book and queue ever decides about a purchase; both may be thrown away and are made anew from plan
and ledger.
"""

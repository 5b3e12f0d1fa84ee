"""What the portal remembers beside the ledger: jobs, answers, files, forms, deliveries, accesses.

None of it decides about money or says what an agreement is: that is the ledger's. ``database``
opens it: a SQLite file beside a ledger that is a file, a schema of its own in the database of a
ledger on a server. Each other module is one table with its questions; a question about what belongs
to somebody takes a :class:`~pks_kit.web.scope.Reach`.
"""

"""What worker processes do for the portal: each kind of task calls verbs and keeps their files.

``task`` says what goes to a worker and comes back, ``shop`` what a worker has, ``kinds`` lists all
kinds. A task is data, its result is data: no key, no ledger and no content of a file travels.
"""

"""The verbs, each in the module of its name: the order of the steps, and nothing else.

Read ``requests/`` first: how a request is checked and read, and how a verb gets its asynchronous
form. ``init``, ``draft``, ``workbook``, ``renew``, ``renewals``, ``addendum``, ``letter`` make
papers (helpers in ``drafting/``); ``sign``, ``sign_all``, ``extend``, ``cover``, ``sandbox``,
``reconcile`` sign and stamp (``signing/``); ``verify`` and ``evidence`` judge (``verifying/``);
``shrink`` makes scans small;
``ledger``, ``law``, ``template`` and ``compare`` look things up (``reference/``); ``demo`` is the
whole road. Files of others are opened through ``inside/``.

A verb returns bytes and writes nothing, but for ``sign_all``, whose session outlives its process.
"""

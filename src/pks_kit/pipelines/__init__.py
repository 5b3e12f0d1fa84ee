"""The verbs, each in the module of its name: the order of the steps, and nothing else.

``draft``, ``workbook``, ``renew``, ``addendum`` make papers (helpers in ``drafting/``); ``sign``,
``sign_all``, ``extend``, ``cover``, ``reconcile`` sign and stamp (``signing/``); ``verify`` and
``evidence`` judge (``verifying/``).
"""

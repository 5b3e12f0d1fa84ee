"""Law as data: dated parameters (``law/``), values computed from them (``computed/``), checks.

The parameters themselves are the YAML files in ``law/parameter/``.
"""

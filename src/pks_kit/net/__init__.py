"""The network: one transport under every client, and the client of signing and stamp services.

Read ``transport`` (one exchange, with limits), ``addresses`` and ``trust`` (whom it may reach, what
TLS it believes), ``secrecy`` (what must not be shown), then ``provider``. Clients for OCSP, lists
and timestamps are in ``pks_kit.pki``. httpx is imported in this package alone.
"""

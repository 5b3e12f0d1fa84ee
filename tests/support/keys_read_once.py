"""A private key that was read and found whole is not proven again in the same process.

OpenSSL proves the primes of an RSA key each time that it is read, which takes as long as making
one, and pyHanko reads the key anew for each signature. A key never changes, so the same bytes give
the same object; what cannot be read, or has a passphrase, is read each time.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from cryptography.hazmat.primitives import serialization

_MOST = 256


def read_keys_once() -> None:
    """Let this process remember the private keys that it reads without a passphrase."""
    read = serialization.load_der_private_key
    known: dict[bytes, Any] = {}

    @wraps(read)
    def remembered(data: bytes, password: bytes | None, *rest: Any, **named: Any) -> Any:
        if password is not None or rest or named or not isinstance(data, bytes):
            return read(data, password, *rest, **named)
        if data not in known:
            if len(known) >= _MOST:
                known.clear()
            known[data] = read(data, password)
        return known[data]

    serialization.load_der_private_key = remembered

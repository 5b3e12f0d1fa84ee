"""Why no connection came to be, or why it ended: a word of ours for what libraries raise.

The classes of libraries mean nothing to whoever must mend a network; the cause below them does.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Literal

from pks_kit.messages import Message, lookup

Cause = Literal[
    "refused",
    "no_name",
    "no_route",
    "timeout",
    "silent",
    "reset",
    "closed",
    "not_http",
    "tls_name",
    "tls_expired",
    "tls_unknown",
    "tls_failed",
    "bad_address",
    "not_public",
    "other",
]
"""``service.cause.*`` of the catalogue."""

_NO_ROUTE = frozenset(
    {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
)
_RESET = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED})
_EXPIRED = frozenset({9, 10})
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL."""
_OTHER_NAME = frozenset({62, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL."""
_BY_CLASS: tuple[tuple[str, Cause], ...] = (
    ("ConnectTimeout", "timeout"),
    ("PoolTimeout", "timeout"),
    ("ReadTimeout", "silent"),
    ("WriteTimeout", "silent"),
    ("TimeoutError", "silent"),
    ("RemoteProtocolError", "closed"),
    ("ReadError", "reset"),
    ("WriteError", "reset"),
    ("CloseError", "reset"),
)
"""Classes of httpx by name, so that the library is not loaded for asking."""


def cause_of(error: BaseException) -> Cause:
    """Return the cause of a failed exchange; the innermost error that says one counts."""
    chain = list(_below(error))
    for one in chain:
        found = _by_system(one)
        if found is not None:
            return found
    for one in chain:
        for name, cause in _BY_CLASS:
            if type(one).__name__ == name:
                unreadable = cause == "closed" and "disconnected" not in str(one)
                return "not_http" if unreadable else cause
    return "other"


def cause_words(cause: str) -> Message:
    """Return the words of a cause in both languages."""
    return lookup(f"service.cause.{cause}")


def _by_system(error: BaseException) -> Cause | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _OTHER_NAME:
            return "tls_name"
        return "tls_expired" if error.verify_code in _EXPIRED else "tls_unknown"
    if isinstance(error, ssl.SSLError):
        return "tls_failed"
    if isinstance(error, socket.gaierror | UnicodeError):
        return "no_name"
    number = getattr(error, "errno", None)
    if isinstance(error, ConnectionRefusedError) or number == errno.ECONNREFUSED:
        return "refused"
    if number in _NO_ROUTE:
        return "no_route"
    if number in _RESET:
        return "reset"
    return "timeout" if number == errno.ETIMEDOUT else None


def _below(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that caused it, also inside groups; each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
        waiting += [next_ for next_ in (one.__cause__, one.__context__) if next_ is not None]

"""The identity of the local desk: a token in the address once, then a cookie of this process.

The desk listens on loopback, where every program of the machine may knock. So whoever starts it
gets an address with a token that is good for one visit; the visit is answered with a cookie that
scripts cannot read and other sites cannot send. Both live as long as the process.
"""

from __future__ import annotations

import hmac
import secrets
from http.cookies import SimpleCookie
from ipaddress import ip_address

from fastapi.openapi.models import APIKey, APIKeyIn
from starlette.requests import HTTPConnection

from pks_kit.errors import UsageError
from pks_kit.web.identity import DescribedScheme
from pks_kit.web.scope import Person

COOKIE = "pks_meja"
ENTRY = "/masuk"
"""Address of the first visit; the token is its parameter ``token``."""

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_BYTES = 32


class DeskIdentity:
    """Knows one person, who started this process; an ``Identity``.

    Args:
        person: Whoever started it.
    """

    def __init__(self, person: Person) -> None:
        self._person = person
        self._token: str | None = secrets.token_urlsafe(_BYTES)
        self._cookie = secrets.token_urlsafe(_BYTES)

    @property
    def token(self) -> str:
        """Return the token for the first visit.

        Raises:
            UsageError: ``web.who`` when it was used.
        """
        if self._token is None:
            raise UsageError("web.who")
        return self._token

    @property
    def scheme(self) -> DescribedScheme:
        """Return how OpenAPI describes it."""
        key = APIKey.model_validate({"in": APIKeyIn.cookie, "name": COOKIE})
        return DescribedScheme("meja", key)

    def admit(self, token: str) -> str:
        """Use up the token of the address and return the ``Set-Cookie`` header for the answer.

        Raises:
            UsageError: ``web.who``: another token, or it was used already.
        """
        known = self._token
        if known is None or not hmac.compare_digest(known.encode(), token.encode()):
            raise UsageError("web.who")
        self._token = None
        jar: SimpleCookie = SimpleCookie({COOKIE: self._cookie})
        jar[COOKIE]["httponly"] = "true"
        jar[COOKIE]["samesite"] = "Strict"
        jar[COOKIE]["path"] = "/"
        return jar[COOKIE].OutputString()

    async def person(self, asked: HTTPConnection) -> Person:
        """Return whoever started the process.

        Raises:
            UsageError: ``web.who``: no cookie, another one, or from another machine;
                ``web.other_site``: a page of another site changes something with the cookie.
        """
        shown = asked.cookies.get(COOKIE, "")
        sender = asked.client.host if asked.client else ""
        if not _is_loopback(sender) or not hmac.compare_digest(
            shown.encode(), self._cookie.encode()
        ):
            raise UsageError("web.who")
        if asked.scope.get("method") not in _READS and not _is_own_site(asked):
            raise UsageError("web.other_site")
        return self._person


def _is_own_site(asked: HTTPConnection) -> bool:
    """Return whether a request does not come from a page of another site.

    ``SameSite`` knows no ports: a page of another program of this machine is the same site to it.
    """
    site, origin = asked.headers.get("sec-fetch-site"), asked.headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or origin == f"{asked.url.scheme}://{asked.headers.get('host', '')}"


def _is_loopback(sender: str) -> bool:
    try:
        return ip_address(sender).is_loopback
    except ValueError:
        return False

"""That a form was sent from a page of ours, and what browsers are allowed to do with a page.

Three things stand before a change: the browser says that the request comes from the same origin
(``Sec-Fetch-Site``, or ``Origin`` where it says no more), the cookie goes to no request of another
site (``SameSite=Strict``), and the form holds a token that only a page of ours could show: a mark
of the cookie for this very person.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from starlette.requests import Request

from pks_kit.errors import UsageError
from pks_kit.web.scope import Person

COOKIE = "pks_halaman"
FIELD = "tanda"
"""Hidden field of every form."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "private, no-store",
}
_COOKIE_BYTES = 32
_TOKEN_LETTERS = 40


def cookie_value(request: Request) -> str:
    """Return the cookie that tokens are made of; a new one when there is none yet."""
    known = request.cookies.get(COOKIE, "")
    return known if len(known) >= _COOKIE_BYTES else secrets.token_urlsafe(_COOKIE_BYTES)


def token_of(cookie: str, subject: str) -> str:
    """Return the token that forms hold for a person."""
    return hmac.new(cookie.encode(), subject.encode(), "sha256").hexdigest()[:_TOKEN_LETTERS]


def set_cookie(request: Request, name: str, value: str, *, ends: bool = False) -> str:
    """Return a ``Set-Cookie`` header that scripts cannot read and other sites cannot send.

    Args:
        request: Whose scheme decides whether it goes over TLS alone.
        name: Name of the cookie.
        value: Its value.
        ends: Whether the browser shall forget it.
    """
    jar: SimpleCookie = SimpleCookie({name: value})
    jar[name]["httponly"] = "true"
    jar[name]["samesite"] = "Strict"
    jar[name]["path"] = "/"
    if ends:
        jar[name]["max-age"] = "0"
    if request.url.scheme == "https":
        jar[name]["secure"] = "true"
    return jar[name].OutputString()


def check_origin(request: Request) -> None:
    """Refuse a change that was not sent from a page of this origin.

    Raises:
        UsageError: ``web.other_site``.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        own = site == "same-origin"
    else:
        origin = request.headers.get("origin", "")
        own = bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")
    if not own:
        raise UsageError("web.other_site")


def check_token(
    request: Request, person: Person, token: str, earlier: Collection[str] = ()
) -> None:
    """Refuse a form without the token of this person.

    Args:
        request: The request.
        person: Who sends it.
        token: What the form holds.
        earlier: Subjects of whoever sat at the desk before.

    Raises:
        UsageError: ``web.other_person``: somebody opened it who sat at the desk before;
            ``web.stale_form``.
    """
    cookie = request.cookies.get(COOKIE, "")

    def is_of(subject: str) -> bool:
        return hmac.compare_digest(token_of(cookie, subject).encode(), token.encode())

    if cookie and is_of(person.subject):
        return
    if cookie and person.name and any(is_of(one) for one in earlier):
        raise UsageError("web.other_person", name=person.name)
    raise UsageError("web.stale_form")

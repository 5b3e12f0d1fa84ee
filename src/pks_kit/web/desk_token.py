"""The identity of the local desk: a token in the address once, then a cookie of this process.

The desk listens on loopback, where every program of the machine may knock. So whoever starts it
gets an address with a token that is good for one visit; the visit is answered with a cookie that
scripts cannot read and other sites cannot send. Both live as long as the process.

Several people may share the computer. Who sits at it is the name that is typed on its first page,
kept here and not in the browser; there is no password, so the desk believes it. Whoever leaves says
so, and the next person types theirs.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from http.cookies import SimpleCookie
from ipaddress import ip_address

from fastapi.openapi.models import APIKey, APIKeyIn
from starlette.requests import HTTPConnection

from pks_kit.domain.nama_orang import name_words
from pks_kit.errors import UsageError
from pks_kit.visible_text import hides_something
from pks_kit.web.identity import MOST_LETTERS, DescribedScheme
from pks_kit.web.scope import AT_DESK, Person

COOKIE = "pks_meja"
ENTRY = "/masuk"
"""Address of the first visit; the token is its parameter ``token``."""

MOST_EARLIER = 50
"""Of so many people who sat here before, open pages are still believed."""

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_BYTES = 32
_FEWEST_LETTERS = 2
_NAMES_OF_ACCOUNTS = (
    "root admin administrator superuser user pengguna operator petugas guest tamu nobody daemon"
    " ubuntu debian pi default system sistem service server komputer computer desktop laptop"
    " localhost test tes uji live owner account akun"
)
_ACCOUNTS = frozenset(_NAMES_OF_ACCOUNTS.split())
"""Words of accounts of operating systems, which are no names of people."""


class DeskIdentity:
    """Knows who sits at this computer, in the browser that was let in; an ``Identity``.

    Args:
        person: Whoever started it, with the scopes that everybody at this desk has. Without a name
            the desk asks who sits at it before it shows anything.
        suggested: A name that its page suggests, such as that of the account.
        everywhere: Whether nobody named an area, so that its people are of no office and see all.
    """

    def __init__(self, person: Person, *, suggested: str = "", everywhere: bool = False) -> None:
        self._person = person
        self.suggested = suggested
        self.everywhere = everywhere
        self.earlier: dict[str, None] = {}
        """Subjects of whoever sat here before; pages that they opened may still stand open.

        The longest ago is forgotten where there are many: its pages ask to be loaded again.
        """
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
        """Return who sits at the desk.

        Raises:
            UsageError: ``web.who``: no cookie, another one, or from another machine;
                ``web.other_site``: a page of another site changes something with the cookie;
                ``web.unnamed``: nobody has said yet who sits here.
        """
        self.check(asked)
        if not self._person.name:
            raise UsageError("web.unnamed")
        return self._person

    def check(self, asked: HTTPConnection) -> None:
        """Refuse who was not let in, whoever sits at the desk.

        Raises:
            UsageError: ``web.who``, ``web.other_site``, as :meth:`person`.
        """
        shown = asked.cookies.get(COOKIE, "")
        sender = asked.client.host if asked.client else ""
        if not _is_loopback(sender) or not hmac.compare_digest(
            shown.encode(), self._cookie.encode()
        ):
            raise UsageError("web.who")
        if asked.scope.get("method") not in _READS and not _is_own_site(asked):
            raise UsageError("web.other_site")

    def sit_down(self, name: str) -> Person:
        """Let somebody sit at the desk, in place of whoever sat there, and return that person.

        Args:
            name: As it was typed.

        Raises:
            UsageError: ``web.no_name``: nothing by which a person is called.
        """
        told = " ".join(name.split())
        letters = sum(letter.isalpha() for letter in told)
        if letters < _FEWEST_LETTERS or len(told) > MOST_LETTERS or hides_something(told):
            raise UsageError("web.no_name")
        if not set(name_words(told)) - _ACCOUNTS:
            raise UsageError("web.no_name")
        self._leaves()
        self._person = replace(self._person, subject=f"{AT_DESK}{told}", name=told)
        return self._person

    def _leaves(self) -> None:
        """Remember whoever sat here, as the last one who left."""
        self.earlier.pop(self._person.subject, None)
        self.earlier[self._person.subject] = None
        while len(self.earlier) > MOST_EARLIER:
            del self.earlier[next(iter(self.earlier))]

    def stand_up(self) -> None:
        """Let nobody sit at the desk, until somebody says who does."""
        self._leaves()
        self._person = replace(self._person, subject=AT_DESK, name="")
        self.suggested = ""  # whoever comes next is somebody else


def suggested_name(*known: str) -> str:
    """Return the first name that a person may be called by; empty when there is none.

    Args:
        known: What the operating system calls its user: a full name, or that of the account.
    """
    for one in known:
        words = one.partition(",")[0].split()
        if len(words) < 2 or hides_something(one):  # one word may be any account's
            continue
        if all(word.replace("'", "").replace(".", "").isalpha() for word in words) and not (
            _ACCOUNTS.intersection(word.casefold() for word in words)
        ):
            return " ".join(words)
    return ""


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

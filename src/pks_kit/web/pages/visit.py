"""What a page has: who asks, in which language, what was sent; and how it answers."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pks_kit.messages import known_codes
from pks_kit.web.desk_token import DeskIdentity
from pks_kit.web.operation import NOBODY, Call
from pks_kit.web.pages.declared import ROOT, NavEntry
from pks_kit.web.pages.guarding import set_cookie, token_of
from pks_kit.web.pages.rendering import rendered
from pks_kit.web.pages.sent_form import SentForm, upload_limits
from pks_kit.web.portal import Portal
from pks_kit.web.problems import Language, language_of
from pks_kit.web.scope import Act, Person

LANGUAGE_COOKIE = "pks_bahasa"
TOLD_COOKIE = "pks_kabar"
"""What the next page tells once: a code of ``desk.told``."""

_TOLD = re.compile(r"[a-z_]{1,40}")
_KEY_BYTES = 24


@dataclass(slots=False, kw_only=True)
class Visit:
    """One visit of a page.

    Attributes:
        call: The call, as every operation of the API gets it.
        cookie: What tokens of forms are made of.
        entries: Entries of the navigation.
        sent: What a form sent.
        cookies: ``Set-Cookie`` headers of the answer.
        seat: The local desk, which asks who sits at it; None where somebody else tells who comes.
    """

    call: Call
    cookie: str
    entries: tuple[NavEntry, ...]
    sent: SentForm = field(default_factory=SentForm)
    cookies: list[str] = field(default_factory=list)
    seat: DeskIdentity | None = None

    @property
    def request(self) -> Request:
        """Return the request."""
        return self.call.request

    @property
    def portal(self) -> Portal:
        """Return the portal."""
        return self.call.portal

    @property
    def person(self) -> Person:
        """Return who asks."""
        return self.call.person

    @cached_property
    def language(self) -> Language:
        """Return the language that was chosen, or that the browser prefers."""
        chosen = self.request.cookies.get(LANGUAGE_COOKIE, "")
        if chosen == "en":
            return "en"
        return "id" if chosen == "id" else language_of(self.request)

    @cached_property
    def root(self) -> str:
        """Return the address of the pages, without a stroke at its end."""
        return str(URL(str(self.request.url_for("meja"))).path)

    @property
    def api(self) -> str:
        """Return the address of the API."""
        return self.root.removesuffix(ROOT)

    @property
    def is_part(self) -> bool:
        """Return whether a script asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    def given(self, name: str) -> str:
        """Return a part of the address, of its path or behind the question mark."""
        return str(
            self.request.path_params.get(name) or self.request.query_params.get(name, "")
        ).strip()

    def number(self, name: str) -> int:
        """Return a number of the address, from 1; 1 where there is none that can be meant."""
        text = self.given(name)
        return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1

    def may(self, act: Act) -> bool:
        """Return whether the person may do something anywhere."""
        return bool(self.person.reach(act))

    def new_key(self) -> str:
        """Return a key for a form that does something once."""
        return secrets.token_urlsafe(_KEY_BYTES)

    def page(
        self, template: str, title: str, *, nav: str = "", status: int = 200, **values: Any
    ) -> Response:
        """Return a whole page; a script that asks for a part is led to it instead.

        Args:
            template: File in ``templates``; it extends ``dasar.html.j2``.
            title: Title, already in words.
            nav: Entry of the navigation to be marked.
            status: HTTP status.
            **values: What the template shows.
        """
        if self.is_part and self.request.method == "GET":
            # put into a part it would be a page inside a page; the browser comes for it itself
            return self.to(self.here)
        told = self._told()
        html = rendered(
            template, self.language, {**self._frame(), "title": title, "nav": nav, "told": told}
            | values,
        )  # fmt: skip
        return HTMLResponse(html, status)

    def part(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Return a part of a page for a script that asked for it."""
        html = rendered(template, self.language, {**self._frame(), **values})
        return HTMLResponse(html, status)

    def to(self, path: str, told: str = "") -> Response:
        """Lead to another page.

        Args:
            path: Address below the pages.
            told: What that page tells once: ``desk.told.<told>``.
        """
        if told:
            self.cookies.append(set_cookie(self.request, TOLD_COOKIE, told))
        if self.is_part:
            return Response(status_code=204, headers={"HX-Redirect": self.root + path})
        return RedirectResponse(self.root + path, 303)

    def to_seat(self, back: str) -> Response:
        """Lead to the page that asks who sits here, and from there on to another one."""
        return self.to(self.seat_path(back))

    @staticmethod
    def seat_path(back: str) -> str:
        """Return the address of the page that asks who sits here, with where to go on."""
        return f"/orang?{urlencode({'kembali': back})}" if back else "/orang"

    @staticmethod
    def own_path(path: str) -> str:
        """Return an address below the pages; empty when it is none: ``//other.example`` leaves."""
        return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""

    @property
    def here(self) -> str:
        """Return the address that was asked for, below the pages.

        Nothing is shown at that of a form that was sent; then it is where the form stood.
        """
        url = self.request.url
        if self.request.method != "GET":
            url = URL(self.request.headers.get("referer", ""))
            if url.netloc != self.request.url.netloc or not url.path.startswith(self.root):
                return ""
        return url.path.removeprefix(self.root) + (f"?{url.query}" if url.query else "")

    async def ordered(self, answer: Awaitable[Response], told: str = "") -> Response:
        """Lead to the page of a job that an operation of the API promised.

        Args:
            answer: What the operation answers.
            told: As of :meth:`to`.

        Raises:
            PksKitError: As the operation.
        """
        return self.to(f"/pekerjaan/{self.promised(await answer)['id']}", told)

    @staticmethod
    def promised(answer: Response) -> dict[str, Any]:
        """Return the job that an operation of the API promised."""
        job: dict[str, Any] = json.loads(bytes(answer.body))
        return job

    def _told(self) -> str:
        code = self.request.cookies.get(TOLD_COOKIE, "")
        if not code:
            return ""
        self.cookies.append(set_cookie(self.request, TOLD_COOKIE, "", ends=True))
        known = _TOLD.fullmatch(code) and f"desk.told.{code}" in known_codes()
        return code if known else ""

    def _frame(self) -> dict[str, Any]:
        return {
            "root": self.root,
            "api": self.api,
            "person": None if self.person is NOBODY else self.person,
            "practice": self.portal.signing.is_practice(),
            "entries": [one for one in self.entries if one.is_for(self.person)],
            "token": token_of(self.cookie, self.person.subject),
            "new_key": self.new_key,
            "upload_limits": upload_limits(self.portal.settings),
            "may": lambda act: self.may(Act(act)),
            "here": self.here,
            "at_desk": self.seat is not None,
            "everywhere": self.seat is not None and self.seat.everywhere,
        }

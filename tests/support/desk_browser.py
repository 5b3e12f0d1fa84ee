"""Chromium looking at the desk of a running server, and everything that must never happen in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Playwright, Request, sync_playwright

CHROMIUM = "/usr/bin/chromium"
"""The browser of the system: Playwright would fetch one of its own."""

PATIENCE = 180_000.0
"""Milliseconds; a busy machine is slow, and no fault."""

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Served(Protocol):
    """A server with the desk."""

    @property
    def url(self) -> str:
        """Return its address."""


@dataclass
class Desk:
    """A window on the desk of one person.

    Attributes:
        page: The window.
        origin: Address of the server.
        complaints: What must not happen, as it happened: lines of the console, errors of scripts,
            requests to others, refused ones.
    """

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    _axe: Axe = field(default_factory=Axe)

    def open(self, path: str) -> int:
        """Open a page below ``/meja``; return its status."""
        answer = self.page.goto(f"{self.origin}{path}", wait_until="load")
        assert answer is not None, path
        return answer.status

    def links(self) -> list[str]:
        """Return the addresses that the page leads to, without downloads."""
        found: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('a[href]:not([download])')].map(a => a.href)"
        )
        here = [urlsplit(one) for one in found if one.startswith(self.origin)]
        return [f"{one.path}?{one.query}" if one.query else one.path for one in here]

    def barriers(self) -> list[str]:
        """Return what axe finds: rule and place of each violation."""
        told = self._axe.run(
            self.page, options={"runOnly": {"type": "tag", "values": _TAGS}}
        ).response
        return [
            f"{one['id']}: {node['target']} {node['html'][:120]}"
            for one in told["violations"]
            for node in one["nodes"]
        ]

    def overflow(self) -> int:
        """Return how many pixels of the page lie beyond its right edge."""
        wide: int = self.page.evaluate(
            "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide


def _watch(desk: Desk) -> None:
    page = desk.page

    def asked(request: Request) -> None:
        if not request.url.startswith((desk.origin, "about:", "blob:")):
            desk.complaints.append(f"request outside: {request.url[:80]}")

    page.on("console", lambda line: desk.complaints.append(f"console: {line.text[:300]}"))
    page.on("pageerror", lambda error: desk.complaints.append(f"script: {error.message[:300]}"))
    page.on("request", asked)


class Browsers:
    """One Chromium for a module of tests.

    Args:
        play: Playwright.
        folder: Where profiles may lie.
    """

    def __init__(self, play: Playwright, folder: Path) -> None:
        self._play = play
        self._folder = folder
        self._browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

    @contextmanager
    def desk(
        self,
        server: Served,
        *scopes: str,
        name: str = "petugas",
        width: int = 1280,
        language: str = "id",
        script: bool = True,
        large_text: bool = False,
    ) -> Iterator[Desk]:
        """Open a window.

        Args:
            server: The server.
            scopes: Roles of whoever looks.
            name: Who looks.
            width: Of the window in CSS pixels.
            language: Which one the browser asks for.
            script: Whether scripts may run.
            large_text: Whether letters are twice as large as usual.
        """
        told = {
            "X-Pks-Orang": name,
            "X-Pks-Nama": f"{name.title()} Contoh",
            "X-Pks-Wilayah": ",".join(scopes),
        }
        options: dict[str, Any] = {
            "viewport": {"width": width, "height": 900},
            "locale": language,
            "java_script_enabled": script,
            "extra_http_headers": told,
            "accept_downloads": True,
        }
        context = self._large(options) if large_text else self._browser.new_context(**options)
        try:
            context.set_default_timeout(PATIENCE)
            desk = Desk(context.new_page(), server.url)
            _watch(desk)
            yield desk
        finally:
            context.close()

    def _large(self, options: dict[str, Any]) -> BrowserContext:
        """Return a context of a profile whose owner has set letters to double their size."""
        profile = self._folder / "large"
        settings = profile / "Default" / "Preferences"
        settings.parent.mkdir(parents=True, exist_ok=True)
        sizes = {"default_font_size": 32, "default_fixed_font_size": 26}
        settings.write_text(json.dumps({"webkit": {"webprefs": sizes}}))
        return self._play.chromium.launch_persistent_context(
            str(profile), executable_path=CHROMIUM, args=["--no-sandbox"], **options
        )

    def close(self) -> None:
        """End it."""
        self._browser.close()


@contextmanager
def browsers(folder: Path) -> Iterator[Browsers]:
    """Start Chromium and end it."""
    with sync_playwright() as play:
        found = Browsers(play, folder)
        try:
            yield found
        finally:
            found.close()

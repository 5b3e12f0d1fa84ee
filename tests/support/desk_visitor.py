"""A browser of somebody who visits the pages of the desk, without a script."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import httpx

from support.portal_server import PATIENCE, plain

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: id="\w+")? value="([^"]*)"')


class Visitor:
    """A browser of somebody: keeps cookies, and sends forms as a page holds them."""

    def __init__(self, address: str, scope: str, name: str = "") -> None:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "id"}
        if scope:
            headers |= {"X-Pks-Orang": name or scope, "X-Pks-Wilayah": scope}
        self.http = httpx.Client(base_url=address, headers=headers, timeout=120, verify=plain())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(path, headers=headers)

    def hidden(self, path: str) -> dict[str, str]:
        # a stack is signed when everything about it is shown
        text = self.settled(path) if "/tumpukan" in path else self.get(path).text
        return dict(_HIDDEN.findall(text))

    def send(
        self, path: str, fields: dict[str, Any], *, page: str = "/meja/xx", **more: Any
    ) -> httpx.Response:
        return self.http.post(path, data={**self.hidden(page), **fields}, **more)

    def settled(self, path: str) -> str:
        """Load a page until it no longer asks by itself how far it is."""
        ends = time.monotonic() + PATIENCE
        while "data-poll" in (text := self.get(path).text):
            assert time.monotonic() < ends, text
            time.sleep(0.1)
        return text


def told(text: str) -> str:
    """What a person reads of a page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text[text.index("<main") :])).split())

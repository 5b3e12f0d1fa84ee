"""Every page of the desk in a real browser: no barrier, no line on the console, nothing outside.

The pages are found as people find them, by following links from the worklist. A page that no link
leads to fails here, unless it is named with the address that leads to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from pks_kit.web.pages.groups import pages
from support.desk_browser import Browsers, Desk, browsers
from support.furnished_desk import BRANCH, CLINIC, FurnishedDesk, furnished_desk

pytestmark = pytest.mark.slow
ROLES = (BRANCH, CLINIC, "pusat")
NO_PAGES = {"/meja/statis/{nama}", "/meja/{lain:path}", "/meja/orang"}
"""Style sheets, what answers an address that no page has, and what a local desk alone asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How somebody looks."""

    name: str
    width: int
    language: str
    large_text: bool = False


WINDOWS = [
    Window(name="Indonesian, wide", width=1280, language="id"),
    Window(name="English, wide", width=1280, language="en"),
    Window(name="Indonesian, phone", width=360, language="id"),
    Window(name="English, phone", width=360, language="en"),
    Window(name="Indonesian, large text", width=768, language="id", large_text=True),
    Window(name="English, large text", width=768, language="en", large_text=True),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FurnishedDesk]:
    with furnished_desk(tmp_path_factory.mktemp("meja")) as found:
        yield found


def by_a_button(desk: FurnishedDesk, role: str) -> list[str]:
    """Return addresses of pages that no link leads to, but a form that is sent."""
    if role != BRANCH:
        return []
    return [
        f"/meja/pratinjau/{desk.issued}",
        f"/meja/tumpukan/setuju?pihak=pihak_kesatu&pilih={desk.agreement}",
        desk.signed,
        f"/meja/perjanjian/{desk.paper}",
        desk.review,
        f"{desk.review}/putusan",
        desk.verdict,
    ]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    with browsers(tmp_path_factory.mktemp("peramban")) as found:
        yield found


def patterns() -> dict[str, re.Pattern[str]]:
    """Return the pages that are looked at, with what their addresses look like."""
    every = {
        one.path
        for one in pages()
        if one.method == "GET" and not one.path.endswith((".jpg", ".txt", ".xlsx", ".zip"))
    }
    shown = every - NO_PAGES
    return {one: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", one)) for one in sorted(shown)}


def page_of(path: str, known: dict[str, re.Pattern[str]]) -> str | None:
    """Return the page at an address; one that is named in full wins."""
    plain = path.partition("?")[0]
    fits = [name for name, one in known.items() if one.fullmatch(plain)]
    return min(fits, key=lambda name: name.count("{"), default=None)


def walked(desk: Desk, further: list[str]) -> Iterator[str]:
    """Open one address of each page, by the links on those that were opened; yield the pages.

    Further addresses are opened too, whether their page was seen or not.
    """
    known, seen, waiting = patterns(), set[str](), [*further, "/meja"]
    while waiting:
        path = waiting.pop(0)
        page = page_of(path, known)
        if page is None or (page in seen and path not in further):
            continue
        seen.add(page)
        assert desk.open(path) == 200, path
        yield page
        waiting += [one for one in desk.links() if one not in further]


@pytest.mark.sampled(of="windows")
@pytest.mark.parametrize("window", WINDOWS, ids=lambda one: one.name)
def test_no_page_has_a_barrier(desk: FurnishedDesk, chromium: Browsers, window: Window) -> None:
    found: list[str] = []
    seen: set[str] = set()
    for role in ROLES:
        with chromium.desk(
            desk.server,
            role,
            width=window.width,
            language=window.language,
            large_text=window.large_text,
        ) as shown:
            for page in walked(shown, by_a_button(desk, role)):
                seen.add(page)
                found += [f"{role} {page} {one}" for one in shown.barriers()]
                if shown.overflow() > 0:
                    found.append(f"{page} reaches {shown.overflow()} px beyond the window")
                if shown.page.locator("html").get_attribute("lang") != window.language:
                    found.append(f"{page} is in another language")
            found += shown.complaints
    assert not found, "\n".join(found)
    assert set(patterns()) - seen == set()

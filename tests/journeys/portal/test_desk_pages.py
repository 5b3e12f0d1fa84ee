"""Every page of the desk in a real browser: no barrier, no line on the console, nothing outside.

The pages are found as people find them, by following links from the worklist. A page that no link
leads to fails here, unless it is named with the address that leads to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from pks_kit.web.pages.groups import pages
from support.branch import facility
from support.desk_browser import Browsers, Desk, browsers
from support.desk_visitor import Visitor
from support.portal_server import CABANG, PortalServer, running_portal, write_portal
from support.sample_years import moved

pytestmark = pytest.mark.slow
DATA = facility(1).model_dump(mode="json")
ROLES = (f"cabang:{CABANG}", f"faskes:{DATA['faskes']['kode']}", "pusat")
BY_A_BUTTON: list[str] = []
"""Addresses of pages that no link leads to, but a form that is sent."""

NO_PAGES = {"/meja/statis/{nama}", "/meja/{lain:path}"}
"""Style sheets, and what answers an address that no page has."""

ELSEWHERE = {
    "/meja/tinjauan/{id}",
    "/meja/tinjauan/{id}/putusan",
    "/meja/perjanjian/{id}/kertas",
    "/meja/tumpukan/hasil/{id}",
}
"""They need a scan or signatures: ``test_desk_paper.py`` and ``test_desk_batch.py`` have them."""


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
    Window(name="Indonesian, large text", width=1280, language="id", large_text=True),
    Window(name="English, large text", width=1280, language="en", large_text=True),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    settings = write_portal(tmp_path_factory.mktemp("meja"))
    with running_portal(settings) as found:
        branch = found.client(f"cabang:{CABANG}", name="petugas")
        text = yaml.safe_dump(DATA, allow_unicode=True, sort_keys=False)
        for name, years in (("dulu.yml", 0), ("kini.yml", 1)):
            file = branch.upload(name, moved(text, years).encode())
            one = branch.done(branch.post("/perjanjian", {"berkas": file["id"]}))["perjanjian"]
        facts = branch.get(f"/perjanjian/{one}").json()
        branch.done(branch.post("/verifikasi", {"berkas": facts["terbit"], "perjanjian": one}))
        assert branch.post("/isian", {"isi": DATA}).status_code == 201
        _drafted(found, settings.with_name("faskes.xlsx"))
        BY_A_BUTTON.append(f"/meja/pratinjau/{facts['terbit']}")
        BY_A_BUTTON.append(f"/meja/tumpukan/setuju?pihak=pihak_kesatu&pilih={one}")
        yield found


def _drafted(server: PortalServer, book: Path) -> None:
    """Plan and draft a batch, as somebody does who sends a workbook."""
    officer = Visitor(server.url, f"cabang:{CABANG}", "Agus Contoh")
    file = (book.name, book.read_bytes(), "application/octet-stream")
    with officer.http:
        sent = officer.hidden("/meja/batch") | {"nama": "Desember"}
        answer = officer.http.post("/meja/batch", data=sent, files=[("buku", file)])
        page = answer.headers["location"]
        officer.settled(page)
        officer.send(f"{page}/jalan", {"sampai": "drafted"}, page=page)
        officer.settled(page)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    with browsers(tmp_path_factory.mktemp("peramban")) as found:
        yield found


def patterns() -> dict[str, re.Pattern[str]]:
    """Return the pages that are looked at, with what their addresses look like."""
    every = {
        one.path
        for one in pages()
        if one.method == "GET" and not one.path.endswith((".jpg", ".txt"))
    }
    shown = every - NO_PAGES - ELSEWHERE
    return {one: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", one)) for one in sorted(shown)}


def page_of(path: str, known: dict[str, re.Pattern[str]]) -> str | None:
    """Return the page at an address; one that is named in full wins."""
    plain = path.partition("?")[0]
    fits = [name for name, one in known.items() if one.fullmatch(plain)]
    return min(fits, key=lambda name: name.count("{"), default=None)


def walked(desk: Desk, further: list[str]) -> Iterator[str]:
    """Open one address of each page, by the links on those that were opened; yield the pages."""
    known, seen, waiting = patterns(), set[str](), ["/meja", *further]
    while waiting:
        path = waiting.pop(0)
        page = page_of(path, known)
        if page is None or page in seen:
            continue
        seen.add(page)
        assert desk.open(path) == 200, path
        yield page
        waiting += desk.links()


@pytest.mark.parametrize("window", WINDOWS, ids=lambda one: one.name)
def test_no_page_has_a_barrier(server: PortalServer, chromium: Browsers, window: Window) -> None:
    found: list[str] = []
    seen: set[str] = set()
    for role in ROLES:
        with chromium.desk(
            server,
            role,
            width=window.width,
            language=window.language,
            large_text=window.large_text,
        ) as desk:
            for page in walked(desk, BY_A_BUTTON if role.startswith("cabang") else []):
                seen.add(page)
                found += [f"{role} {page} {one}" for one in desk.barriers()]
                if desk.overflow() > 0:
                    found.append(f"{page} reaches {desk.overflow()} px beyond the window")
                if desk.page.locator("html").get_attribute("lang") != window.language:
                    found.append(f"{page} is in another language")
            found += desk.complaints
    assert not found, "\n".join(found)
    assert set(patterns()) - seen == set()

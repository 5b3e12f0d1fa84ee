"""A month of the desk is shown at once, and gets its findings when they are there."""

from __future__ import annotations

import asyncio
import html
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from pks_kit.errors import PksKitError
from pks_kit.web import Portal, create_app
from pks_kit.web.kept import KeptAnswers
from pks_kit.web.pages import calendar
from support.branch import facility
from support.desk_browser import Browsers, browsers
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, Caller, in_thread, write_portal
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
BRANCH = f"cabang:{CABANG}"
PART = {"HX-Request": "true"}


class HeldPortal(Portal):
    """A portal whose findings wait until a test lets them go."""

    held = threading.Event()

    async def ask(self, kind: str, isi: dict[str, Any], **more: Any) -> Any:
        while kind == "akhir_masa" and self.held.is_set():
            await asyncio.sleep(0.01)
        return await super().ask(kind, isi, **more)


@dataclass
class Month:
    """A month with an agreement.

    Attributes:
        url: Where the desk is.
        portal: Its portal.
        path: Address of the month.
        agreement: What ends in it.
        officer: Who looks.
    """

    url: str
    portal: HeldPortal
    path: str
    agreement: str
    officer: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.officer = Visitor(self.url, BRANCH, "petugas")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    settings = write_portal(tmp_path_factory.mktemp("bulan"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = HeldPortal.from_settings(settings, warms=False)
        told_by = {"X-Pks-Orang": "petugas", "X-Pks-Wilayah": BRANCH}
        with in_thread(create_app(portal), **told_by) as client:
            one, caller = facility(1), Caller(client)
            made = caller.post("/perjanjian", {"data": one.model_dump(mode="json")})
            agreement = str(caller.done(made)["perjanjian"])
            at = f"/meja/kalender/{one.jangka_waktu.tanggal_selesai:%Y-%m}"
            found = Month(str(client.base_url), portal, at, agreement)
            with found.officer.http:
                yield found


@pytest.fixture
def held(month: Month, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let nothing be known yet, and nothing be found out before the event is cleared."""
    monkeypatch.setattr(month.portal, "kept", KeptAnswers(1 << 20))
    month.portal.held.set()
    yield month.portal.held
    month.portal.held.clear()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    with browsers(tmp_path_factory.mktemp("peramban")) as found:
        yield found


@pytest.mark.parametrize(
    ("language", "looking", "shown"),
    [
        ("id", "sedang dicari", "Temuan semua perjanjian sudah tampil."),
        ("en", "being looked for", "The findings of all agreements are shown."),
    ],
)
def test_findings_come_to_the_page_by_themselves(
    month: Month,
    held: threading.Event,
    chromium: Browsers,
    language: str,
    looking: str,
    shown: str,
) -> None:
    with chromium.desk(month, BRANCH, language=language, width=360) as desk:
        assert desk.open(month.path) == 200
        place = desk.page.locator(f"#temuan-{month.agreement}")
        assert looking in place.inner_text()
        assert looking in desk.page.locator("#temuan[aria-live=polite]").inner_text()
        assert desk.barriers() == []

        held.clear()
        desk.page.get_by_text(shown).wait_for()

        assert looking not in place.inner_text()
        assert place.locator("details").count() > 0
        assert desk.page.locator("[data-poll]").count() == 0
        assert desk.barriers() == []
        assert desk.complaints == []


def test_without_a_script_a_link_loads_the_page_again(month: Month, held: threading.Event) -> None:
    text = month.officer.get(month.path).text
    assert "Temuan 1 perjanjian sedang dicari atau menunggu giliran." in told(text)
    link = f'<noscript><p><a class="button second" href="{month.path}?halaman=1">Muat ulang</a>'
    assert link in text
    held.clear()
    text = month.officer.settled(f"{month.path}?halaman=1")
    assert "dicari" not in told(text)
    assert f'<div id="temuan-{month.agreement}" class="told"><details' in " ".join(
        text.split()
    ).replace("> <", "><")


def test_a_script_asks_for_what_is_missing_alone_and_not_for_ever(
    month: Month, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "_PART_SECONDS", 0.0)
    asks = re.search(r'hx-get="([^"]+)"', month.officer.get(month.path).text)
    assert asks is not None
    at = html.unescape(asks[1])
    assert at.endswith(f"?halaman=1&belum={month.agreement}&kali=2")
    again = month.officer.get(at, **PART).text
    assert "kali=3" in again
    assert "hx-swap-oob" not in again, "nothing is told twice"
    last = month.officer.get(at.replace("kali=2", "kali=30"), **PART).text
    assert "data-poll" not in last
    place = f'id="temuan-{month.agreement}" class="told" hx-swap-oob="true">'
    assert f'{place}<p class="help">Temuan belum' in last
    assert "Muat ulang</a>" in last
    other = month.officer.get(f"{month.path}?halaman=1&belum=lain&kali=2", **PART).text
    assert month.agreement not in other
    held.clear()


def test_a_file_that_is_lost_is_told_in_its_row_alone(month: Month) -> None:
    data = facility(1).model_dump(mode="json")
    data["pihak_kesatu"]["nomor_pks"] = "991/KTR/1227"
    with httpx.Client(base_url=month.url, headers=month.officer.http.headers, timeout=60) as client:
        caller = Caller(client)
        second = caller.done(caller.post("/perjanjian", {"data": data}))["perjanjian"]
        facts = caller.get(f"/perjanjian/{second}").json()
        for name in ("data", "resi"):
            place = month.portal.blobs.path(facts[name])
            assert place is not None
            place.unlink()
        within = caller.get("/perpanjangan", params={"jendela": "60m"}).json()

    lost = "Isi berkas ini tidak ada lagi di penyimpanan."
    page = month.officer.settled(month.path)
    rows = dict(re.findall(r'<div id="temuan-(\w+)" class="told">(.*?)</div>', page, re.DOTALL))
    assert lost in rows[second]
    assert lost not in rows[month.agreement]
    assert "<details" in rows[month.agreement]
    assert str(month.portal.folder) not in page

    stack = told(month.officer.get("/meja/tumpukan?pihak=pihak_kesatu").text)
    assert stack.count(lost) == 1
    assert within["read"] == 1
    assert [one["code"] for one in within["unreadable"]] == ["web.content_lost"]
    assert within["renewals"]
    own = Visitor(month.url, f"faskes:{data['faskes']['kode']}", "klinik")
    with own.http:
        assert told(own.get("/meja/faskes").text).count(lost) == 1


def test_figures_stand_without_a_ledger(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = month.portal.ask

    async def ask(kind: str, isi: dict[str, Any], **more: Any) -> Any:
        if kind == "meterai_hitung":
            raise PksKitError("web.worker_gone")
        return await asked(kind, isi, **more)

    monkeypatch.setattr(month.portal, "ask", ask)
    text = told(month.officer.get("/meja/ringkasan").text)
    assert "Meterai tidak dapat dihitung:" in text
    assert "Berakhir" in text

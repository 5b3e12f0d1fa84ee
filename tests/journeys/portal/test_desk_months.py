"""A month of the desk is shown at once, and gets its findings when they are there."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from pks_kit.errors import PksKitError
from pks_kit.web.kept import KeptAnswers
from pks_kit.web.pages import looking
from pks_kit.web.state import agreements
from support.branch import facility
from support.desk_browser import Browsers, browsers
from support.desk_visitor import Visitor, told
from support.held_desk import BRANCH, PART, HeldDesk, held_desk
from support.portal_server import Caller

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeldDesk]:
    with held_desk(tmp_path_factory.mktemp("bulan")) as found:
        yield found


@pytest.fixture
def held(month: HeldDesk) -> Iterator[threading.Event]:
    with month.portal.holding() as found:
        yield found


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
    month: HeldDesk,
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


def test_without_a_script_a_link_loads_the_page_again(
    month: HeldDesk, held: threading.Event
) -> None:
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
    month: HeldDesk, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PART_SECONDS", 0.0)
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


def test_a_file_that_is_lost_is_told_in_its_row_alone(month: HeldDesk) -> None:
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

    stack = told(month.officer.settled("/meja/tumpukan?pihak=pihak_kesatu"))
    assert stack.count(lost) == 1
    assert within["read"] == 1
    assert [one["code"] for one in within["unreadable"]] == ["web.content_lost"]
    assert within["renewals"]
    own = Visitor(month.url, f"faskes:{data['faskes']['kode']}", "klinik")
    with own.http:
        assert told(own.get("/meja/faskes").text).count(lost) == 1


def test_figures_stand_without_a_ledger(month: HeldDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = month.portal.ask

    async def ask(kind: str, isi: dict[str, Any], **more: Any) -> Any:
        if kind == "meterai_hitung":
            raise PksKitError("web.worker_gone")
        return await asked(kind, isi, **more)

    monkeypatch.setattr(month.portal, "ask", ask)
    text = told(month.officer.get("/meja/ringkasan").text)
    assert "Meterai tidak dapat dihitung:" in text
    assert "Berakhir" in text


def test_figures_are_counted_anew_when_something_changed_and_for_each_scope(
    month: HeldDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    portal, ask = month.portal, month.portal.ask

    async def counted(kind: str, isi: dict[str, Any], **more: Any) -> Any:
        asked.append(isi["perjanjian"])
        return await ask(kind, isi, **more)

    def figures(visitor: Visitor) -> int:
        assert visitor.get("/meja/ringkasan").status_code == 200
        return len(asked)

    monkeypatch.setattr(portal, "kept", KeptAnswers(1 << 20))
    monkeypatch.setattr(portal, "ask", counted)
    assert [figures(month.officer) for _ in range(3)] == [1, 1, 1]
    assert month.agreement in asked[0]
    other = Visitor(month.url, "cabang:0902", "orang lain")
    with other.http:
        assert [figures(other) for _ in range(2)] == [2, 2]
    assert asked[1] == ""

    with portal.state.write() as connection:
        agreements.reached(connection, "nobody", "x", portal.now())
    assert [figures(month.officer) for _ in range(2)] == [3, 3]
    monkeypatch.setattr(portal.feed, "reached", lambda: (99, "x"))
    assert [figures(month.officer) for _ in range(2)] == [4, 4]

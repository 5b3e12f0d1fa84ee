"""A stack of the desk is shown at once, and nothing of it is signed that could not be shown."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from pks_kit.web.pages import looking
from pks_kit.web.problem_error import ToldError
from support.desk_browser import Browsers, browsers
from support.desk_visitor import told
from support.held_desk import BRANCH, PART, HeldDesk, held_desk

pytestmark = pytest.mark.slow
STACK = "/meja/tumpukan?pihak=pihak_kesatu"
LAST = "/meja/tumpukan/setuju"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeldDesk]:
    with held_desk(tmp_path_factory.mktemp("tumpukan")) as found:
        yield found


@pytest.fixture
def held(stack: HeldDesk) -> Iterator[threading.Event]:
    with stack.portal.holding() as found:
        yield found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    with browsers(tmp_path_factory.mktemp("peramban")) as found:
        yield found


def chosen(stack: HeldDesk) -> str:
    return f"{LAST}?pihak=pihak_kesatu&pilih={stack.agreement}"


def signing(stack: HeldDesk) -> dict[str, str]:
    """Return what is sent to sign, with the marks of a page that is shown to the end."""
    return stack.officer.hidden("/meja/isian/baru") | {
        "kunci": f"kunci-tumpukan-{time.monotonic_ns()}",
        "pihak": "pihak_kesatu",
        "pilih": stack.agreement,
        "dibaca": "ya",
    }


def test_what_stands_out_comes_to_the_page_by_itself(
    stack: HeldDesk, held: threading.Event, chromium: Browsers
) -> None:
    with chromium.desk(stack, BRANCH, width=360) as desk:
        assert desk.open(STACK) == 200
        place = desk.page.locator(f"#temuan-{stack.agreement}")
        assert "sedang dicari" in place.inner_text()
        assert "sedang dicari" in desk.page.locator("#temuan[aria-live=polite]").inner_text()
        box = desk.page.locator("input[type=checkbox]").first
        box.check()
        assert desk.barriers() == []

        held.clear()
        desk.page.get_by_text("Temuan semua perjanjian sudah tampil.").wait_for()

        assert "Meterai" in place.inner_text()
        assert box.is_checked()
        assert desk.page.locator("[data-poll]").count() == 0
        assert desk.barriers() == []
        assert desk.complaints == []


def test_the_last_page_offers_to_sign_when_everything_is_there(
    stack: HeldDesk, held: threading.Event, chromium: Browsers
) -> None:
    with chromium.desk(stack, BRANCH) as desk:
        assert desk.open(chosen(stack)) == 200
        assert desk.page.get_by_role("button", name="Tanda tangani sekarang").count() == 0
        assert desk.barriers() == []

        held.clear()
        desk.page.get_by_role("button", name="Tanda tangani sekarang").wait_for()

        assert desk.page.locator("[data-poll]").count() == 0
        assert desk.complaints == []


def test_a_page_waits_no_longer_than_a_moment_and_a_link_loads_it_again(
    stack: HeldDesk, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PART_SECONDS", 0.0)
    begun = time.monotonic()
    text = stack.officer.get(STACK).text
    assert time.monotonic() - begun < 5, "it waits for nothing that nobody knows"
    assert "Temuan 1 perjanjian sedang dicari atau menunggu giliran." in told(text)
    assert f'<noscript><p><a class="button second" href="{STACK}&amp;halaman=1">' in text
    asks = re.search(r'hx-get="([^"]+)"', text)
    assert asks is not None
    again = stack.officer.get(html.unescape(asks[1]), **PART).text
    assert "kali=3" in again
    assert "hx-swap-oob" not in again
    held.clear()
    assert "dicari" not in told(stack.officer.settled(STACK))


def test_nothing_is_signed_whose_findings_are_not_there(
    stack: HeldDesk, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PART_SECONDS", 0.0)
    refused = stack.officer.http.post(LAST, data=signing(stack))
    assert refused.status_code == 422
    assert "Belum ada yang ditandatangani: temuan 1 perjanjian belum" in told(refused.text)
    assert 'name="dibaca"' not in refused.text
    assert stack.agreement in stack.officer.get(STACK).text


def test_nothing_is_signed_that_could_not_be_looked_at(
    stack: HeldDesk, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = {"id": "Tidak terbaca.", "en": "Cannot be read."}

    async def ask(kind: str, isi: dict[str, Any], **more: Any) -> Any:
        raise ToldError({"code": "web.content_lost", "message": message, "hint": None})

    monkeypatch.setattr(stack.portal, "ask", ask)
    shown = stack.officer.get(chosen(stack))
    assert shown.status_code == 200
    assert "tidak dapat diperiksa" in told(shown.text)
    refused = stack.officer.http.post(LAST, data=signing(stack))
    assert refused.status_code == 422
    assert "Tidak terbaca." in told(refused.text)
    assert "jadi tidak dapat ditandatangani di sini" in told(refused.text)


def test_what_is_kept_opens_nothing_to_whoever_may_not_see_the_files(stack: HeldDesk) -> None:
    stack.officer.settled(STACK)
    with stack.portal.state.read() as connection:
        name = connection.exec_driver_sql("SELECT data FROM pks_portal_perjanjian").scalar_one()
    move = "UPDATE pks_portal_berkas SET cabang = ? WHERE id = ?"
    for branch, is_seen in (("0999", False), ("0901", True)):
        with stack.portal.state.write() as connection:
            connection.exec_driver_sql(move, (branch, name))
        assert ("Meterai" in told(stack.officer.settled(STACK))) is is_seen


def test_who_signs_is_led_on(stack: HeldDesk) -> None:
    stack.officer.settled(chosen(stack))
    answer = stack.officer.http.post(LAST, data=signing(stack))
    assert answer.status_code == 303, told(answer.text)
    assert "1 dari 1" in told(stack.officer.settled(answer.headers["location"]))

"""What was asked for with one delivery stays on the pages of a batch after the next one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pks_kit.messages import lookup
from pks_kit.web import Portal, create_app
from pks_kit.web.scope import Area
from support.batch_jobs import put_batch, put_ended
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, in_thread, write_portal
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
MINE = Area(cabang=CABANG, kedeputian="04")
TEXT = "1 Desember 2026\n\nYth. Klinik Satu,\nPerjanjian nomor 1/KTR: tanda tangan\nTerima kasih."


def paper(number: int, verdict: str, wanted: str = "") -> dict[str, Any]:
    return {
        "agreement_id": f"id-{number}", "name": f"Klinik {number}", "number": f"{number}/KTR",
        "verdict": verdict, "wanted": wanted, "own_wanted": "", "files": [f"{number}.pdf"],
    }  # fmt: skip


def delivery(*papers: dict[str, Any], texts: list[dict[str, str]], silent: int) -> dict[str, Any]:
    words = lookup("batch.file.complete").fill({"names": "x"})
    return {
        "returned": {
            "agreements": list(papers), "left": [], "send_back": texts, "verdict": "complete",
            "totals": {"sheets": 2, "agreements": len(papers), "complete": 0, "incomplete": 0,
                       "needs_person": 0, "files": len(papers)},
        },
        "files": [
            {"file": name, "outcome": one["verdict"], "text": {"id": words.id, "en": words.en}}
            for one in papers for name in one["files"]
        ],
        "electronic": [], "not_back": [{"name": "Klinik 9", "number": "9/KTR", "problem": None}],
        "not_back_count": silent, "status": {"states": {}},
    }  # fmt: skip


class Desk:
    """A batch whose jobs are written down without being worked on."""

    def __init__(self, portal: Portal, visitor: Visitor) -> None:
        self.portal, self.visitor = portal, visitor
        self.id = put_batch(portal, MINE)

    def ended(self, jenis: str, hasil: dict[str, Any]) -> None:
        put_ended(self.portal, MINE, self.id, jenis, hasil)

    def page(self, path: str = "") -> str:
        return self.visitor.get(f"/meja/batch/{self.id}{path}").text


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = write_portal(tmp_path, proses=1)
    with pytest.MonkeyPatch.context() as patched, ExitStack() as stack:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = Portal.from_settings(settings, warms=False)
        client = stack.enter_context(in_thread(create_app(portal)))
        visitor = Visitor(str(client.base_url), f"cabang:{CABANG}", "Sari Rekaan")
        stack.enter_context(visitor.http)
        yield Desk(portal, visitor)


def test_what_was_asked_for_stays_after_the_next_delivery(desk: Desk) -> None:
    asked = [{"name": "Klinik 1", "text": TEXT}]
    first = delivery(paper(1, "incomplete", "tanda tangan"), texts=asked, silent=2)
    desk.ended("terima_batch", first)
    assert "0 dari 3 lengkap" in told(desk.page())
    desk.ended("terima_batch", delivery(paper(2, "complete"), texts=[], silent=1))
    assert "1 dari 3 lengkap" in told(desk.page())
    text = desk.page("/kembali")
    words = told(text)
    assert "Kiriman terakhir Berkas: 1" in words
    last, _, whole = words.partition("Seluruh batch sampai kini")
    assert "1.pdf" not in last
    assert "Kembali, belum lengkap: 1 Kembali, perlu dilihat orang: 0" in whole
    assert "Kembali, lengkap: 1 Belum kembali: 1" in whole
    assert "tanda tangan" in whole
    assert "U+000A" not in words
    shown = re.search(r'<pre class="letter">(.*?)</pre>', text, re.DOTALL)
    assert shown is not None
    assert html.unescape(shown[1]).rstrip() == TEXT
    saved = re.search(r'href="([^"]+\.txt[^"]*)"', text)
    assert saved is not None
    assert desk.visitor.get(html.unescape(saved[1])).text == TEXT
    # a number without its delivery means the last one, which asks for nothing
    nobody = saved[1].partition("?")[0]
    assert desk.visitor.get(nobody).status_code == 404
    desk.ended("terima_batch", delivery(paper(1, "complete"), texts=[], silent=1))
    assert "2 dari 3 lengkap" in told(desk.page())
    assert ".txt" not in desk.page("/kembali")

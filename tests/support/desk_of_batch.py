"""A batch at the desk whose jobs are written down without being worked on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.messages import lookup
from pks_kit.web import Portal, create_app
from pks_kit.web.scope import Area, Reach, Scope
from support.batch_jobs import put_batch, put_ended, put_waiting
from support.desk_visitor import Visitor
from support.portal_server import CABANG, in_thread, write_portal
from support.signing_world import PASSPHRASE

MINE = Area(cabang=CABANG, kedeputian="04")
CLINIC = Area(faskes="9917U051", cabang=CABANG, kedeputian="04")
OFFICE = Reach(frozenset({Scope("pusat")}))
TEXT = "1 Desember 2026\n\nYth. Klinik Satu,\nPerjanjian nomor 1/KTR: tanda tangan\nTerima kasih."


def paper(number: int, verdict: str, wanted: str = "") -> dict[str, Any]:
    """Return what a delivery tells of an agreement."""
    return {
        "agreement_id": f"id-{number}", "name": f"Klinik {number}", "number": f"{number}/KTR",
        "verdict": verdict, "wanted": wanted, "own_wanted": "", "files": [f"{number}.pdf"],
    }  # fmt: skip


def delivery(*papers: dict[str, Any], texts: list[dict[str, str]], silent: int) -> dict[str, Any]:
    """Return what a delivery told."""
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

    def ended(
        self, jenis: str, hasil: dict[str, Any], letters: str = "", perjanjian: str = ""
    ) -> None:
        """Write down a job that ended well."""
        put_ended(self.portal, MINE, self.id, jenis, hasil, letters, perjanjian)

    def waits(self, jenis: str, names: list[str], perjanjian: str = "") -> str:
        """Write down a job that waits, and return its id; the first one is at work."""
        return put_waiting(self.portal, MINE, self.id, jenis, names, perjanjian)

    def letter_day(self, day: date) -> None:
        """Let the book tell two silent agreements, and covering letters that name a day."""
        asked = self.portal.ask

        async def ask(kind: str, isi: dict[str, Any], **more: Any) -> Any:
            if kind != "hitung_batch":
                return await asked(kind, isi, **more)
            one = {"keadaan": {"with_other": 2, "done": 1}, "draf": 0, "hari_surat": str(day),
                   "rinci": {"with_other.manual": 2, "done": 1}}  # fmt: skip
            return SimpleNamespace(hasil={self.id: one})

        self.portal.ask = ask  # type: ignore[method-assign]
        plan = {"plan": "0" * 64, "rows": 3, "ready": 3, "exceptions": 0, "meterai": 0}
        self.ended("rencana_batch", plan)

    def page(self, path: str = "") -> str:
        """Return a page of the batch."""
        return self.visitor.get(f"/meja/batch/{self.id}{path}").text


@contextmanager
def served(tmp_path: Path, proses: int) -> Iterator[tuple[Portal, Visitor]]:
    """Open a desk whose portal has some processes; yield the portal and who sits there."""
    settings = write_portal(tmp_path, proses=proses)
    with pytest.MonkeyPatch.context() as patched, ExitStack() as stack:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = Portal.from_settings(settings, warms=False)
        client = stack.enter_context(in_thread(create_app(portal)))
        visitor = Visitor(str(client.base_url), f"cabang:{CABANG}", "Sari Rekaan")
        stack.enter_context(visitor.http)
        yield portal, visitor


@contextmanager
def desk_in(tmp_path: Path) -> Iterator[Desk]:
    """Open a desk with a batch."""
    with served(tmp_path, proses=1) as (portal, visitor):
        yield Desk(portal, visitor)

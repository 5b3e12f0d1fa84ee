"""The page of a batch in each of its standings, as both people see it: whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.web import Portal, create_app
from pks_kit.web.scope import Area
from pks_kit.web.work.batches import FOLDER
from support.batch_jobs import put_batch, put_job
from support.batch_plans import plan_of, planned
from support.desk_visitor import Visitor, told
from support.portal_server import CABANG, in_thread, write_portal
from support.signing_world import PASSPHRASE

pytestmark = pytest.mark.slow
MINE = Area(cabang=CABANG, kedeputian="04")
PLANNER, HEAD = "Agus Contoh", "Rini Widuri"

Step = tuple[str, str, Any]
_OK = "selesai"
_WHY = {"code": "web.unforeseen", "message": {"id": "Galat.", "en": "Error."}, "hint": None}
PLAN: Step = ("rencana_batch", _OK, {"plan": "0" * 64, "rows": 3, "ready": 3, "exceptions": 0,
                                     "meterai": 6})  # fmt: skip
APPROVED: Step = ("setujui_batch", _OK, {"by": HEAD, "rows": 3, "meterai": 6})
REJECTED: Step = ("tolak_batch", _OK, {"by": HEAD, "reason": "salah", "rows": 3})
WITHDRAWN: Step = ("tarik_batch", _OK, {"by": PLANNER, "reason": "salah", "rows": 3})


def ran(keadaan: str = _OK, code: str = "") -> Step:
    words = {"id": "Berhenti.", "en": "Stopped."}
    return ("jalan_batch", keadaan, {"status": {}, "code": code, "reason": words, "advice": words})


_START = "Giliran Anda: mulai pelaksanaannya."
_STARTS = f"Giliran {PLANNER}, yang menyusunnya: memulai pelaksanaan."
_GO_ON = "Giliran Anda: lanjutkan pelaksanaannya."
_GOES_ON = f"Giliran {PLANNER}, yang menyusun rencana ini: melanjutkan pelaksanaan."
_MEND = "Giliran Anda: perbaiki yang tidak berhasil."
_MENDS = f"Giliran {PLANNER}, yang menyusun rencana ini: memperbaiki yang tidak berhasil."
_PROGRAM, _FACILITY = "Sekarang giliran program", "Giliran faskes menandatangani."
_NOBODY = "Bukan giliran siapa pun"

# the steps, the states of the book and how many are drafts, what the planner and the head are told
STANDINGS: dict[str, tuple[list[Step], dict[str, int], int, str, str]] = {
    "planning": ([("rencana_batch", "dikerjakan", {})], {}, 0, _PROGRAM, _PROGRAM),
    "plan_failed": ([("rencana_batch", "gagal", _WHY)], {}, 0, _MEND, _MENDS),
    "planned": (
        [PLAN], {}, 0, "Giliran orang lain: membaca rencana ini",
        f"Giliran Anda: membaca rencana yang disusun {PLANNER}",
    ),
    "being approved": (
        [PLAN, ("setujui_batch", "dikerjakan", {})], {}, 0, _PROGRAM, _PROGRAM,
    ),
    "rejected": (
        [PLAN, REJECTED], {}, 0, f"Giliran {PLANNER}, yang menyusunnya: perbaiki",
        f"Giliran {PLANNER}, yang menyusunnya: perbaiki",
    ),
    "withdrawn": ([PLAN, WITHDRAWN], {}, 0, _MEND, _MENDS),
    "approved": ([PLAN, APPROVED], {}, 0, _START, _STARTS),
    "running": ([PLAN, APPROVED, ran("dikerjakan")], {"waiting": 3}, 0, _PROGRAM, _PROGRAM),
    "paused": ([PLAN, APPROVED, ran(code="batch.stopped")], {"waiting": 2, "done": 1}, 0, _GO_ON,
               _GOES_ON),
    "stopped": ([PLAN, APPROVED, ran(code="batch.full")], {"waiting": 2, "done": 1}, 0, _GO_ON,
                _GOES_ON),
    "dead": ([PLAN, APPROVED, ("jalan_batch", "gagal", _WHY)], {"waiting": 2, "interrupted": 1}, 0,
             _GO_ON, _GOES_ON),
    "could not begin": ([PLAN, APPROVED, ("jalan_batch", "gagal", _WHY)], {}, 0, _GO_ON, _GOES_ON),
    "with wrong": ([PLAN, APPROVED, ran()], {"failed": 1, "done": 2}, 0, _MEND, _MENDS),
    "with other": ([PLAN, APPROVED, ran()], {"with_other": 3}, 0, _FACILITY, _FACILITY),
    "drafted": ([PLAN, APPROVED, ran()], {"done": 3}, 3, _START, _STARTS),
    "done": ([PLAN, APPROVED, ran()], {"done": 3}, 0, _NOBODY, _NOBODY),
    "taken out": ([PLAN, APPROVED, ran()], {"cancelled": 3}, 0, _NOBODY, _NOBODY),
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Portal, Visitor, Visitor]]:
    folder: Path = tmp_path_factory.mktemp("meja")
    settings = write_portal(folder, proses=1)
    with pytest.MonkeyPatch.context() as patched, ExitStack() as stack:
        patched.setenv("RAHASIA", PASSPHRASE.decode())
        portal = Portal.from_settings(settings, warms=False)
        client = stack.enter_context(in_thread(create_app(portal)))
        people = [Visitor(str(client.base_url), f"cabang:{CABANG}", one) for one in (PLANNER, HEAD)]
        for one in people:
            stack.enter_context(one.http)
        yield portal, people[0], people[1]


@pytest.mark.parametrize("name", STANDINGS)
def test_a_page_says_in_each_standing_whose_turn_it_is(
    desk: tuple[Portal, Visitor, Visitor], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal, planner, head = desk
    steps, states, drafts, for_planner, for_head = STANDINGS[name]
    batch = put_batch(portal, MINE, PLANNER)
    BatchFolder(portal.folder / FOLDER / batch).save_plan(plan_of(map(planned, (1, 2, 3))))
    for jenis, keadaan, told_by_job in steps:
        wrong = keadaan == "gagal"
        hasil = {"masalah": told_by_job} if wrong else {"hasil": told_by_job, "berkas": []}
        put_job(portal, MINE, batch, jenis, keadaan, hasil, oleh=PLANNER, sampai="sent",
                batas_waktu=None)  # fmt: skip
    asked = portal.ask

    async def ask(kind: str, isi: dict[str, Any], **more: Any) -> Any:
        if kind != "hitung_batch":
            return await asked(kind, isi, **more)
        one = {"keadaan": states, "draf": drafts, "rinci": states}
        return SimpleNamespace(hasil={batch: one} if states else {})

    monkeypatch.setattr(portal, "ask", ask)
    for who, expected in ((planner, for_planner), (head, for_head)):
        answer = who.get(f"/meja/batch/{batch}")
        assert answer.status_code == 200, told(answer.text)
        words = told(answer.text)
        assert expected in words, words
        if "Anda tidak perlu" in words:  # then nothing green asks for it
            assert 'class="button" href="#lanjutkan"' not in answer.text
            assert "Anda juga boleh melanjutkannya" in words or "#lanjutkan" not in answer.text
    for job in (one for one in steps if one[1] == "dikerjakan"):
        assert "Sedang dikerjakan" in told(planner.get(f"/meja/batch/{batch}").text), job

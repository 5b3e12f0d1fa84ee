"""Paper of one agreement and the batch that waits for it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.pages.batch_papers import paper_of_batch
from pks_kit.web.results import EVERYTHING
from pks_kit.web.scope import Area
from pks_kit.web.state import batches, deliveries, jobs
from pks_kit.web.state.batches import StoredBatch
from pks_kit.web.state.database import State
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import NewJob

NOW, AREA = system_clock(), Area(cabang="0901")
AGREEMENT = "01J00000000000000000000000"


def told(verdict: str, event: int) -> dict[str, Any]:
    paper = {
        "agreement_id": AGREEMENT, "name": "Klinik 1", "verdict": verdict, "number": "1/KTR",
        "tinjauan": "t", "recorded": {"event": event, "new": True},
    }  # fmt: skip
    judged = {"returned": {"agreements": [paper], "send_back": [], "files": []}, "not_back": []}
    return {"hasil": judged, "berkas": []}


def ordered(state: State, kind: str, batch: str, second: int) -> str:
    moment = NOW + timedelta(seconds=second)
    isi = {"batch": batch, "gladi": False, "pindaian": [{"id": "a", "nama": "a.pdf"}]}
    new = NewJob(
        id=new_id(moment), area=AREA, jenis=kind, isi=isi, perjanjian=AGREEMENT, oleh="a",
        kunci=new_id(moment), now=moment,
    )  # fmt: skip
    with state.write() as connection:
        return jobs.add(connection, new, "uji").id


def end(state: State, job: str, result: dict[str, Any]) -> None:
    with state.write() as connection:
        jobs.end(connection, job, "selesai", result, now=NOW + timedelta(minutes=1))


def test_a_count_that_ends_while_its_page_is_made_is_never_asked_for_once_more(
    state: State,
) -> None:
    """«Serahkan pindaian ini ke batch» stood there for seconds after a decision was counted."""
    batch = new_id(NOW)
    with state.write() as connection:
        one = StoredBatch(id=batch, area=AREA, nama="Perpanjangan", oleh="a", dibuat=NOW)
        batches.add(connection, one, "kunci")
    end(state, ordered(state, "terima_batch", batch, 0), told("needs_person", 3))
    counting = ordered(state, "putusan_batch", batch, 5)

    async def read(question: Any, *asked: Any, **named: Any) -> Any:
        with state.read() as connection:
            answer = question(connection, *asked, **named)
        if question is deliveries.delivery_ids:
            end(state, counting, told("incomplete", 4))
        return answer

    visit: Any = SimpleNamespace(
        person=SimpleNamespace(reach=lambda _: EVERYTHING),
        portal=SimpleNamespace(read=read),
        call=SimpleNamespace(reach=EVERYTHING),
    )
    seen = [asyncio.run(paper_of_batch(visit, AGREEMENT, ["a"])) for _ in range(2)]
    assert [one and one.state for one in seen] == ["counting", "told"]

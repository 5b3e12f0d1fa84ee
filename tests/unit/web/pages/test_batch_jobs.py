"""What the jobs of a batch allow: a report as of now, also while scans are read."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.pages.batch_jobs import BatchJobs, jobs_of
from pks_kit.web.results import EVERYTHING
from pks_kit.web.scope import Area
from pks_kit.web.state import jobs as state_jobs
from pks_kit.web.state.database import State
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import NewJob


def jobs(*known: tuple[str, str]) -> BatchJobs:
    made: Any = [SimpleNamespace(jenis=jenis, keadaan=keadaan, isi={}) for jenis, keadaan in known]
    return BatchJobs(all=tuple(made))


@pytest.mark.parametrize(
    ("known", "may_report"),
    [
        ([], True),
        ([("terima_batch", "menunggu"), ("terima_batch", "dikerjakan")], True),
        ([("susulan_batch", "dikerjakan"), ("terima_batch", "selesai")], True),
        ([("putusan_batch", "dikerjakan")], True),
        ([("jalan_batch", "dikerjakan")], False),
        ([("terima_batch", "menunggu"), ("jalan_batch", "dikerjakan")], False),
    ],
)
def test_a_report_waits_for_no_scan(known: list[tuple[str, str]], may_report: bool) -> None:
    assert jobs(*known).may_report == may_report


def test_every_delivery_that_waits_or_is_read_counts(state: State) -> None:
    """«2 berkas masih dibaca» stood there while six were: one job of each state was counted."""
    now = system_clock()
    for second, (jenis, files, gladi, holder) in enumerate([
        ("terima_batch", 2, False, ""), ("terima_batch", 3, False, "uji"),
        ("susulan_batch", 1, False, ""), ("terima_batch", 7, True, ""),
    ]):  # fmt: skip
        moment = now + timedelta(seconds=second)
        isi = {"batch": "b", "gladi": gladi, "pindaian": [{"id": "x"}] * files}
        new = NewJob(
            id=new_id(moment), area=Area(cabang="0901"), jenis=jenis, isi=isi, perjanjian="",
            oleh="a", kunci=str(second), now=moment,
        )  # fmt: skip
        with state.write() as connection:
            state_jobs.add(connection, new, holder)
    visit: Any = SimpleNamespace(portal=SimpleNamespace(), call=SimpleNamespace(reach=EVERYTHING))

    async def read(question: Any, *asked: Any) -> Any:
        with state.read() as connection:
            return question(connection, *asked)

    visit.portal.read = read
    found = asyncio.run(jobs_of(visit, "b"))
    assert found.unread(rehearsal=False) == 6
    assert found.unread(rehearsal=True) == 7

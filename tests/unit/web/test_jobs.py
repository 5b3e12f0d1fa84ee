"""Where kinds of jobs are done."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.web.jobs import LANE_OF_KIND, JobRunner, alongside
from pks_kit.web.scope import Area
from pks_kit.web.state.deliveries import pending
from pks_kit.web.state.jobs import BATCH_KINDS, Job
from pks_kit.web.work.kinds import KINDS
from pks_kit.web.work.task import Done, Task

ORDERED = datetime(2026, 12, 1, tzinfo=UTC)


def job(jenis: str, **isi: Any) -> Job:
    return Job(
        id="0" * 26, area=Area(), jenis=jenis, isi={"batch": "a", "gladi": False} | isi,
        perjanjian="", keadaan="dikerjakan", kemajuan={}, hasil={}, percobaan=1, oleh="a",
        dibuat=ORDERED, berakhir=None,
    )  # fmt: skip


def worked(one: Job, *waiting: Job) -> Task:
    """Return what a worker is given, while deliveries wait."""
    given: list[Task] = []

    class Pool:
        def size(self, _lane: str) -> int:
            return 1

        async def run(self, task: Task, **_: Any) -> Done:
            given.append(task)
            return Done()

    async def read(asked: Any, batch: str, _reach: Any) -> tuple[Job, ...]:
        assert (asked, batch) == (pending, "a")
        return waiting

    portal: Any = SimpleNamespace(pool=Pool(), read=read)

    async def run() -> None:
        await JobRunner(portal)._done(one)

    asyncio.run(run())
    return given[0]


@pytest.mark.parametrize(("gladi", "count"), [(False, 3), (True, 1)])
def test_a_report_knows_what_is_not_read_when_it_is_written(gladi: bool, count: int) -> None:
    waiting = [
        job("terima_batch", pindaian=[{}, {}]),
        job("susulan_batch", pindaian=[{}]),
        job("terima_batch", pindaian=[{}], gladi=True),
    ]
    assert worked(job("laporan_batch", gladi=gladi), *waiting).isi["belum_dibaca"] == count


def test_a_worker_knows_when_a_job_was_ordered() -> None:
    """A job that is put back and taken again is as old as it was."""
    assert worked(job("terima_batch")).ordered == ORDERED


def test_letters_and_plans_do_not_wait_for_scans_to_be_read() -> None:
    """A letter of one page stood behind a delivery of three minutes; so did one file to check."""
    assert set(alongside("terima_batch")) == {"terima_batch"}
    looked = {"tinjauan", "verifikasi", "daftar_kertas", "putusan_kertas", "putusan_batch"}
    looked.add("susulan_batch")  # a few sheets
    assert set(alongside("verifikasi")) == looked


def test_every_kind_has_its_place() -> None:
    assert set(BATCH_KINDS) <= set(LANE_OF_KIND) <= set(KINDS)

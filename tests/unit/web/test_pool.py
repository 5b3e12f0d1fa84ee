"""The processes of the portal: what a fork server shares with them, and who warms up when."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.inputs.settings_file import parse_settings
from pks_kit.pipelines.batching.workshop import WithSettings
from pks_kit.web import pool as pool_module
from pks_kit.web.pool import WorkerPool
from pks_kit.web.work.task import Done, ShopOrder, Task

STEPS = 3
PATIENCE = 30


@pytest.mark.slow
def test_a_fork_server_puts_apart_what_it_shares() -> None:
    names = ", ".join(pool_module._PRELOADED)
    asked = f"import gc, sys, {names}; print(gc.get_freeze_count(), *sys.modules)"
    command = [sys.executable, "-c", asked]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(told[0]) > 100_000
    assert {"weasyprint", "pks_kit.web.worker", "pks_kit.pipelines.batching.worker"} <= set(told)


class Played(WorkerPool):
    """A pool whose processes are played: each is warm after some steps, and one may be held up."""

    def __init__(self, processes: int) -> None:
        signing = WithSettings(settings=parse_settings(b"buku: b", "p"), base=Path(), secrets={})
        order = ShopOrder(signing=signing, folder=Path(), compiled=None, settings_bytes=b"")
        super().__init__(order, processes)
        self.done: list[tuple[int, str]] = []
        self.go_on = threading.Event()
        self.step_begun = threading.Event()

    def _started(self, lane: Any) -> Any:
        worker: Any = SimpleNamespace(number=len(self._all), is_warm=False)
        self._all.append(worker)
        return worker

    def _ask(self, lane: Any, place: list[Any], task: Task, *more: Any) -> Done:
        number = place[0].number
        if task.kind == "hangat":
            self.step_begun.set()
            assert self.go_on.wait(PATIENCE)
        self.done.append((number, task.kind))
        return Done(hasil={"hangat": self.done.count((number, "hangat")) == STEPS})

    def close(self) -> None:
        self.go_on.set()
        self._threads.shutdown()


async def warm(pool: Played) -> None:
    async with asyncio.timeout(PATIENCE):
        while not pool.is_warm:
            await asyncio.sleep(0.05)


def played(processes: int, story: Any) -> Played:
    pool = Played(processes)

    async def told() -> None:
        await pool.start()
        async with pool.warming():
            await story(pool)

    try:
        asyncio.run(told())
    finally:
        pool.close()
    return pool


def test_one_process_after_another_warms_up() -> None:
    async def story(pool: Played) -> None:
        assert not pool.is_warm
        pool.go_on.set()
        await warm(pool)

    done = played(2, story).done
    assert sorted(done) == [(0, "hangat")] * STEPS + [(1, "hangat")] * STEPS
    assert [number for number, _ in done] == sorted(
        (number for number, _ in done), key=lambda one: one != done[0][0]
    )


def test_who_asks_while_one_warms_up_waits_for_no_step() -> None:
    async def story(pool: Played) -> None:
        assert await asyncio.to_thread(pool.step_begun.wait, PATIENCE)
        async with asyncio.timeout(PATIENCE):
            await pool.run(Task(kind="periksa", isi={}))
        assert pool.done == [(pool.done[0][0], "periksa")]

    played(2, story)


def test_nobody_warms_up_while_somebody_is_answered() -> None:
    async def story(pool: Played) -> None:
        pool._asked["cpu"] = 1
        await asyncio.sleep(3 * pool_module._QUIET_SECONDS)
        assert not pool.step_begun.is_set()

    played(1, story)


def test_who_asks_is_answered_by_a_warm_process() -> None:
    async def story(pool: Played) -> None:
        pool.go_on.set()
        await warm(pool)
        pool._all[0].is_warm = False
        for _ in range(3):
            assert (await pool.run(Task(kind="periksa", isi={}))) is not None
        assert {number for number, kind in pool.done if kind == "periksa"} == {1}

    played(2, story)

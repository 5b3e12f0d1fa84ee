"""Rows on the workers of a cluster: their outcomes come back, also when a worker is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.compiles import Compiles, compile_here
from pks_kit.pipelines.batching.dask_driver import DaskDriver
from pks_kit.pipelines.batching.driver import RowDied, RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome
from pks_kit.pipelines.batching.workshop import ShopOrder
from support.planned import TimedDriver, planned_row

pytestmark = pytest.mark.filterwarnings("ignore")
"""The cluster of this test warns of its own shutting down."""
PATIENCE = 60.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        host="127.0.0.1",
    ) as started:  # fmt: skip
        yield started


@pytest.fixture
def order(tmp_path: Path) -> ShopOrder:
    """A folder without any plan: every row ends at once, because its data are not there."""
    return ShopOrder(folder=tmp_path, as_of=None, signing=None)


def task(number: int) -> RowTask:
    return RowTask(row=planned_row(number), begun="", until="drafted")


def answers(driver: DaskDriver, count: int) -> list[RowOutcome | RowDied]:
    found: list[RowOutcome | RowDied] = []
    ends = time.monotonic() + PATIENCE
    while len(found) < count and time.monotonic() < ends:
        found += driver.results(0.2)
    return found


@pytest.mark.slow
def test_rows_come_back_also_from_a_worker_that_was_killed(cluster: Any, order: ShopOrder) -> None:
    driver = DaskDriver(cluster.scheduler_address, order)
    assert driver.room("cpu") == 3
    assert driver.room("service") == 0
    for number in (1, 2, 3):
        driver.submit(task(number))
    assert driver.room("cpu") == 0
    found = answers(driver, 3)
    assert sorted(one.number for one in found) == [1, 2, 3]
    assert {one.code for one in found if isinstance(one, RowOutcome)} == {"file.unreadable"}
    victim = next(iter(cluster.workers.values())).pid
    os.kill(victim, signal.SIGSTOP)  # it may have a row, and does not answer
    for number in (4, 5, 6):
        driver.submit(task(number))
    os.kill(victim, signal.SIGKILL)
    again = answers(driver, 3)
    assert sorted(one.number for one in again) == [4, 5, 6]
    assert all(isinstance(one, RowOutcome) for one in again)
    driver.close()


@pytest.mark.slow
def test_one_worker_of_each_machine_compiles_first(
    cluster: Any, order: ShopOrder, tmp_path: Path
) -> None:
    """Every row laid its constant text out for itself, on every machine of a cluster."""
    driver = DaskDriver(cluster.scheduler_address, order)
    told: list[tuple[int, int]] = []
    counts = {("tidak_ada", "tpmd", "manual"): 40}  # so that it ends at once, with a reason
    done = driver.compile(
        tmp_path, counts, lambda done, whole: told.append((done, whole)), lambda: False
    )
    assert told == [(1, 1)]  # both workers are on this machine
    assert done.problem is not None
    assert driver.compile(None, counts, lambda *_: None, lambda: False) == Compiles()
    driver.close()


def test_nothing_is_compiled_for_few(tmp_path: Path) -> None:
    assert compile_here(tmp_path / "a", {("pks_2024", "tpmd", "manual"): 1}).made == 0
    gone = compile_here(tmp_path / "a", {("tidak_ada", "tpmd", "manual"): 40})
    assert gone.problem is not None


@pytest.mark.slow
def test_who_talks_to_services_stays_on_this_machine(cluster: Any, order: ShopOrder) -> None:
    def answer(asked: RowTask, _now: float) -> tuple[RowOutcome, float]:
        return RowOutcome(number=asked.row.number, state="done", stage="signed"), 0.0

    here = TimedDriver(answer)
    driver = DaskDriver(cluster.scheduler_address, order, here)
    assert driver.room("service") == here.room("service")
    driver.submit(RowTask(row=planned_row(7), begun="drafted", until="signed", lane="service"))
    assert [one.number for one in answers(driver, 1)] == [7]
    assert len(here.given) == 1
    driver.close()


@pytest.mark.slow
def test_no_secret_travels_in_the_clear(order: ShopOrder) -> None:
    with pytest.raises(UsageError) as caught:
        DaskDriver("tcp://10.1.2.3:8786", order)
    assert caught.value.code == "cluster.without_tls"
    with pytest.raises(UsageError) as caught:
        DaskDriver("10.1.2.3:8786", order)
    assert caught.value.code == "cluster.without_tls"

"""Worker processes: a death takes its own row along, and nobody outlives the coordinator."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pks_kit.pipelines.batching.driver import RowDied, RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome
from pks_kit.pipelines.batching.pool import PoolDriver
from pks_kit.pipelines.batching.workshop import ShopOrder
from support.planned import planned_row
from support.processes import children_of, environment, is_gone, wait_until

PATIENCE = 60.0


@pytest.fixture
def order(tmp_path: Path) -> ShopOrder:
    """A folder without any plan: every row ends at once, because its data are not there."""
    return ShopOrder(folder=tmp_path, as_of=None, signing=None)


def task(number: int) -> RowTask:
    return RowTask(row=planned_row(number), begun="", until="drafted")


def answers(driver: PoolDriver, count: int) -> list[RowOutcome | RowDied]:
    found: list[RowOutcome | RowDied] = []
    ends = time.monotonic() + PATIENCE
    while len(found) < count and time.monotonic() < ends:
        found += driver.results(0.2)
    return found


def test_rows_are_run_in_processes_of_their_own_and_a_bad_one_is_told(order: ShopOrder) -> None:
    driver = PoolDriver(order, 2)
    assert driver.room("cpu") == 2
    for number in (1, 2):
        driver.submit(task(number))
    assert driver.room("cpu") == 0
    found = answers(driver, 2)
    driver.close()
    assert sorted(one.number for one in found) == [1, 2]
    codes = {one.code for one in found if isinstance(one, RowOutcome)}
    assert codes == {"file.unreadable"}


def test_a_process_that_dies_takes_only_its_own_row_along(order: ShopOrder) -> None:
    driver = PoolDriver(order, 2)
    wait_until(lambda: len(workers_of(os.getpid())) == 2)
    workers = workers_of(os.getpid())
    for one in workers:
        os.kill(one, signal.SIGSTOP)  # it has its row and does not answer
    driver.submit(task(1))
    driver.submit(task(2))
    os.kill(workers[0], signal.SIGKILL)
    os.kill(workers[1], signal.SIGCONT)
    found = answers(driver, 2)
    died = [one for one in found if isinstance(one, RowDied)]
    assert len(died) == 1
    assert died[0].alone
    assert driver.room("cpu") == 2  # another process took its place
    driver.submit(task(died[0].number))
    assert isinstance(answers(driver, 1)[0], RowOutcome)
    driver.close()


def workers_of(pid: int) -> list[int]:
    """Return the workers of a coordinator: children of its fork server."""
    return [
        worker
        for server in children_of(pid)
        if b"forkserver" in Path(f"/proc/{server}/cmdline").read_bytes()
        for worker in children_of(server)
    ]


_COORDINATOR = """
import sys, time
from pathlib import Path
from pks_kit.pipelines.batching.pool import PoolDriver
from pks_kit.pipelines.batching.workshop import ShopOrder

if __name__ == "__main__":
    driver = PoolDriver(ShopOrder(folder=Path(sys.argv[1]), as_of=None, signing=None), 3)
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.mark.slow
def test_no_worker_outlives_a_killed_coordinator(tmp_path: Path) -> None:
    script = tmp_path / "coordinator.py"
    script.write_text(_COORDINATOR, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        wait_until(lambda: len(workers_of(process.pid)) == 3)
        left = [*children_of(process.pid), *workers_of(process.pid)]
        os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: all(map(is_gone, left)))

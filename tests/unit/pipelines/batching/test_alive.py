"""Who is at work: the lock tells, and no clock, where there is one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from pks_kit.pipelines.batching.alive import SILENT_SECONDS, at_work, seen_lately
from pks_kit.pipelines.batching.book import Run
from pks_kit.pipelines.batching.folder import BatchFolder
from support.processes import environment, wait_until

_HOLDS = """
import sys, time
from pathlib import Path
from pks_kit.pipelines.batching.folder import BatchFolder
with BatchFolder(Path(sys.argv[1])).alone():
    Path(sys.argv[1], "siap").touch()
    time.sleep(600)
"""


def run(process: int, beat: float = 0.0, ended: float | None = None) -> Run:
    return Run(number=process, host=socket.gethostname(), process=process, started=0.0, beat=beat,
               ended=ended, until="verified")  # fmt: skip


def test_a_killed_process_is_not_at_work_however_lately_it_was_seen(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path)], env=environment()
    ) as process:
        wait_until((tmp_path / "siap").exists, 60)
        live = run(process.pid, beat=0.0)
        another = run(process.pid + 1, beat=1_000.0)
        assert at_work(folder, [live, another], 1_000.0) == {process.pid}
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert at_work(folder, [run(process.pid, beat=1_000.0)], 1_000.0) == frozenset()


def test_looking_takes_the_lock_from_nobody(tmp_path: Path) -> None:
    folder = BatchFolder(tmp_path)
    with folder.alone():
        assert folder.is_held_by(socket.gethostname(), os.getpid())
        assert not folder.is_held_by("lain", os.getpid())
    assert folder.is_held_by(socket.gethostname(), os.getpid()) is False
    with folder.alone():
        pass


def test_without_a_lock_that_can_be_read_the_last_sign_of_life_counts(tmp_path: Path) -> None:
    (tmp_path / ".kunci").mkdir()  # opened, but it cannot be read
    silent, lately = run(1, beat=0.0), run(2, beat=SILENT_SECONDS + 1)
    folder = BatchFolder(tmp_path)
    with_locks = folder.is_held_by("vm", 1)
    assert with_locks in (None, False)
    assert seen_lately([silent, lately], SILENT_SECONDS + 2) == {2}


def test_a_clock_that_went_back_does_not_keep_a_dead_run_alive() -> None:
    now = 10_000.0
    assert seen_lately([run(1, beat=now + 3_600)], now) == frozenset()
    assert seen_lately([run(1, beat=now + 2)], now) == {1}
    assert seen_lately([run(1, beat=now, ended=now)], now) == frozenset()

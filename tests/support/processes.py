"""See, freeze and end processes of a test; bound its work; keep processors busy for a while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

PATIENCE = 60.0
"""Seconds after which nothing is waited for any more, on a machine however busy."""


@contextmanager
def ending(cpu_seconds: float = PATIENCE) -> Iterator[None]:
    """Fail when work does not end: a loop without end, a bomb that unfolds, a square of the input.

    This is no timing: whoever uses it takes a tenth of it or less, so that a busy machine, where
    the same work takes twice the processor time, changes nothing.

    Args:
        cpu_seconds: Processor seconds of this process.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"it did not end within {cpu_seconds} processor seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def wait_until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something holds; fail when it does not in time."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.01)


def children_of(pid: int) -> list[int]:
    """Return the living children of a process with one thread."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def first_child(pid: int) -> int:
    """Wait until a child of a fork server has told that it is ready, and return it."""
    found: list[int] = []

    def ready() -> bool:
        found[:] = [one for one in children_of(pid) if _has_written(one)]
        return bool(found)

    wait_until(ready)
    return found[0]


def _has_written(pid: int) -> bool:
    try:
        counts = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(counts["wchar"]) > 0


def descriptors_of(pid: int | str) -> dict[str, str]:
    """Return what the descriptors of a process lead to, by number."""
    found = {}
    for one in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists them
            found[one.name] = str(one.readlink())
    return found


def is_gone(pid: int) -> bool:
    """Return whether a process ended; one that is dead but not buried counts as ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


@contextmanager
def busy(count: int, seconds: float) -> Iterator[None]:
    """Keep processors busy with loops that end by themselves, at the latest, after a time."""
    loop = f"import time\nends = time.monotonic() + {seconds}\nwhile time.monotonic() < ends: pass"
    loops = [subprocess.Popen([sys.executable, "-S", "-c", loop]) for _ in range(count)]
    try:
        yield
    finally:
        for one in loops:
            one.kill()
            one.wait()


def environment() -> dict[str, str]:
    """Return the environment for a host that a test starts, able to use the helpers of tests."""
    root = Path(__file__).resolve().parents[2]
    return {**os.environ, "PYTHONPATH": f"{root / 'src'}:{root / 'tests'}"}

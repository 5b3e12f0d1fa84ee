"""CPU seconds of this process with all its children, those that still live included.

A guard may keep a server whose children nobody here waits for. Their time is told by the kernel in
hundredths of a second, that of everything else to the microsecond.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
MIB = 1024


@dataclass(slots=True)
class Watch:
    """Collects the CPU seconds of named stages.

    Attributes:
        spent: Seconds of each stage.
    """

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Measure what stands inside as one stage; the same name again is added."""
        begun = _living() + reaped() + time.process_time()
        yield
        own = time.process_time() + reaped()
        self.spent[stage] = self.spent.get(stage, 0.0) + own + _living() - begun


def reaped() -> float:
    """Return user and system seconds of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def peaks() -> dict[str, float]:
    """Return the peak memory in MiB of this process, and of its largest child."""
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for pid in descendants(os.getpid()):
        for line in _read(Path(f"/proc/{pid}/status")).splitlines():
            if line.startswith("VmHWM:"):
                largest = max(largest, int(line.split()[1]))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"worker": own / MIB, "child": largest / MIB}


def spent_below(pid: int) -> float:
    """Return the seconds that a process of its own has spent with everything that it started."""
    return _spent([pid, *descendants(pid)])


def _living() -> float:
    return _spent(descendants(os.getpid()))


def _spent(pids: list[int]) -> float:
    seconds = 0.0
    for pid in pids:
        fields = _stat(pid)
        if len(fields) < 15:
            continue
        user, system, children_user, children_system = (int(one) / TICK for one in fields[11:15])
        seconds += children_user + children_system
        try:
            seconds += time.clock_gettime((~pid << 3) | 2)  # the clock of that process
        except OSError:
            seconds += user + system
    return seconds


def descendants(first: int) -> list[int]:
    """Return the living processes that a process started, directly or not."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [first]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _stat(pid: int) -> list[str]:
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # it has ended

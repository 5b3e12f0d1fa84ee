"""Which runs of a batch are at work now: by the lock of the folder, or by when they were seen."""

from __future__ import annotations

from collections.abc import Iterable

from pks_kit.pipelines.batching.book import Run
from pks_kit.pipelines.batching.folder import BatchFolder

SILENT_SECONDS = 120.0
"""A run that was not seen for so long was cut off; it says every second that it lives."""


def at_work(folder: BatchFolder, runs: Iterable[Run], now: float) -> frozenset[int]:
    """Return the numbers of the runs that hold the lock of a folder.

    Args:
        folder: The folder of the batch; a rehearsal takes the same lock.
        runs: Runs of one book.
        now: Seconds since 1970, asked only where nobody can say who holds the lock.
    """
    found = set()
    for one in runs:
        if one.ended is None:
            held = folder.is_held_by(one.host, one.process)
            if held or (held is None and seen_lately([one], now)):
                found.add(one.number)
    return frozenset(found)


def seen_lately(runs: Iterable[Run], now: float) -> frozenset[int]:
    """Return the numbers of the runs that were seen alive lately, also by a clock that goes ahead.

    Args:
        runs: Runs of one book, of any machine.
        now: Seconds since 1970.
    """
    return frozenset(
        one.number for one in runs if one.ended is None and abs(now - one.beat) <= SILENT_SECONDS
    )

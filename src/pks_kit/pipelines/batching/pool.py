"""The driver of one machine: worker processes of the standard library, each with its own pipe.

Not the executor of ``concurrent.futures``: when one of its processes dies, it ends the others and
fails every row in flight, so four innocent rows would share the blame and be done again. Here a
process that dies takes its own row along and nobody else's. Workers start from a fork server, which
has loaded the libraries and has one thread.
"""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess

from pks_kit.pipelines.batching.driver import Lane, RowDied, RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome
from pks_kit.pipelines.batching.worker import work
from pks_kit.pipelines.batching.workshop import ShopOrder

_PRELOADED = [
    "pks_kit.pipelines.batching.worker",
    *("weasyprint", "qrcode.image.pil"),  # a draft would load them in each process
    "pks_kit.pipelines.batching.kept_apart",
]
_END_SECONDS = 20.0


def prepared_context() -> ForkServerContext:
    """Return what starts processes that have the libraries of a batch loaded already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


@dataclass(slots=True)
class _Worker:
    lane: Lane
    slots: int
    process: BaseProcess
    pipe: Connection
    rows: set[int] = field(default_factory=set)


class PoolDriver:
    """Worker processes on this machine; a ``Driver``.

    Args:
        order: What each workshop is set up with.
        processes: How many processes draft, sign with keys of their own, and verify.
        callers: How many rows at once the one process has that talks to services; 0: none.
    """

    def __init__(self, order: ShopOrder, processes: int, callers: int = 0) -> None:
        self._order = order
        self._context = prepared_context()
        lanes: list[tuple[Lane, int]] = [("cpu", 1)] * processes
        if callers:
            lanes.append(("service", callers))
        self._workers = [self._started(lane, slots) for lane, slots in lanes]

    def room(self, lane: Lane) -> int:
        """Return how many more rows may be handed over now."""
        return sum(one.slots - len(one.rows) for one in self._workers if one.lane == lane)

    def submit(self, task: RowTask) -> None:
        """Hand over one row to the process with the fewest."""
        free = [one for one in self._workers if one.lane == task.lane]
        worker = min(free, key=lambda one: len(one.rows))
        worker.rows.add(task.row.number)
        try:
            worker.pipe.send(task)
        except OSError:
            return  # it died just now; results() tells

    def results(self, seconds: float) -> tuple[RowOutcome | RowDied, ...]:
        """Return what ended, and start another process for one that died."""
        pipes = {one.pipe: one for one in self._workers}
        found: list[RowOutcome | RowDied] = []
        ready = wait(list(pipes), seconds)
        for worker in [one for pipe, one in pipes.items() if pipe in ready]:
            try:
                while worker.pipe.poll():
                    outcome: RowOutcome = worker.pipe.recv()
                    worker.rows.discard(outcome.number)
                    found.append(outcome)
            except (EOFError, OSError):
                found += self._replaced(worker)
        return tuple(found)

    def close(self, *, at_once: bool = False) -> None:
        """End all workers."""
        for one in self._workers:
            with suppress(OSError):  # gone already
                one.pipe.send(None)
        for one in self._workers:
            if not at_once:
                one.process.join(_END_SECONDS)
            if one.process.is_alive():
                one.process.kill()
            one.process.join()
            one.pipe.close()
        self._workers = []

    def _started(self, lane: Lane, slots: int) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, self._order, slots), daemon=True)
        process.start()
        theirs.close()
        return _Worker(lane=lane, slots=slots, process=process, pipe=ours)

    def _replaced(self, worker: _Worker) -> list[RowOutcome | RowDied]:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        alone = len(worker.rows) == 1
        self._workers[self._workers.index(worker)] = self._started(worker.lane, worker.slots)
        return [RowDied(number, alone) for number in sorted(worker.rows)]

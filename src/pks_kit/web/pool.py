"""Warm processes for the work of the portal, so that the event loop only waits.

Processes start from a fork server, end with this one, and are replaced when they die, like those of
a batch (:mod:`pks_kit.pipelines.batching.pool`). ``cpu`` drafts, judges and draws; ``service`` is
the one process that talks to signing services and distributors, so that their pace is a local
variable; ``batch`` is one that may have worker processes of its own, and whoever waits at a page
goes before it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from pks_kit.web.work.task import Done, ShopOrder, Task, Told
from pks_kit.web.worker import work

Lane = Literal["cpu", "service", "batch"]
LANES: tuple[Lane, ...] = ("cpu", "service", "batch")

_PRELOADED = ["pks_kit.web.worker"]
_END_SECONDS = 10.0
ANSWER_WITHIN = timedelta(minutes=2)
"""How long somebody who waits at a page is let wait."""


class WorkerGoneError(Exception):
    """The process that had a task died, or did not answer in time and was ended."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection


class WorkerPool:
    """Processes that do tasks; started when they are first needed, except those of ``cpu``.

    Args:
        order: What each process is set up with.
        processes: How many there are in the lane ``cpu``.
    """

    def __init__(self, order: ShopOrder, processes: int) -> None:
        self._order = order
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self._sizes: dict[Lane, int] = {"cpu": processes, "service": 1, "batch": 1}
        self._threads = ThreadPoolExecutor(sum(self._sizes.values()), "pks-pekerja")
        self._idle: dict[Lane, asyncio.Queue[_Worker | None]] = {}
        self._all: list[_Worker] = []
        self._closed = False

    async def start(self) -> None:
        """Start the processes of the lane ``cpu``."""
        for lane in LANES:
            self._idle[lane] = asyncio.Queue()
            for _ in range(self._sizes[lane]):
                self._idle[lane].put_nowait(None)
        loop = asyncio.get_running_loop()
        started = [
            await loop.run_in_executor(self._threads, self._started, "cpu")
            for _ in range(self._sizes["cpu"])
        ]
        for one in started:
            self._idle["cpu"].get_nowait()
            self._idle["cpu"].put_nowait(one)

    def size(self, lane: Lane) -> int:
        """Return how many tasks of a lane are done at once."""
        return self._sizes[lane]

    async def run(
        self,
        task: Task,
        *,
        lane: Lane = "cpu",
        within: timedelta | None = ANSWER_WITHIN,
        tell: Callable[[dict[str, Any]], None] | None = None,
    ) -> Done:
        """Do a task and return how it ended.

        A caller that is cancelled leaves the task running to its end.

        Args:
            task: What to do.
            lane: Where.
            within: When to end a process that does not answer; None waits.
            tell: Called, in a thread, with what the task tells on the way.

        Raises:
            WorkerGoneError: The process died or was ended.
        """
        idle = self._idle[lane]
        worker = await idle.get()
        loop = asyncio.get_running_loop()
        place: list[_Worker | None] = [worker]
        working = loop.run_in_executor(self._threads, self._ask, lane, place, task, within, tell)
        working.add_done_callback(lambda _: idle.put_nowait(place[0]))
        return await asyncio.shield(working)

    def close(self) -> None:
        """End all processes; what they were doing is taken up again another time."""
        self._closed = True
        for one in self._all:
            with suppress(OSError):
                one.pipe.send(None)
        for one in self._all:
            one.process.join(_END_SECONDS if one.process.is_alive() else 0)
            if one.process.is_alive():
                one.process.kill()
                one.process.join()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(
        self,
        lane: Lane,
        place: list[_Worker | None],
        task: Task,
        within: timedelta | None,
        tell: Callable[[dict[str, Any]], None] | None,
    ) -> Done:
        worker = place[0]
        if worker is None or not worker.process.is_alive():
            worker = place[0] = self._started(lane)
        try:
            worker.pipe.send(task)
            while True:
                if not worker.pipe.poll(within.total_seconds() if within else None):
                    raise TimeoutError
                said: Done | Told = worker.pipe.recv()
                if isinstance(said, Done):
                    return said
                if tell is not None:
                    tell(said.kemajuan)
        except (EOFError, OSError):
            place[0] = None
            self._end(worker)
            raise WorkerGoneError from None

    def _end(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        self._all.remove(worker)

    def _started(self, lane: Lane) -> _Worker:
        if self._closed:
            raise WorkerGoneError
        ours, theirs = self._context.Pipe()
        # only a process that is no daemon may have children
        process = self._context.Process(
            target=work,
            args=(theirs, self._order),
            kwargs={"looks": lane == "cpu", "is_background": lane == "batch"},
            daemon=lane != "batch",
        )
        process.start()
        theirs.close()
        worker = _Worker(process=process, pipe=ours)
        self._all.append(worker)
        return worker

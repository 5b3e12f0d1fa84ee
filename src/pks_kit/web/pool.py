"""Warm processes for the work of the portal, so that the event loop only waits.

Processes start from a fork server, end with this one, and are replaced when they die, like those of
a batch (:mod:`pks_kit.pipelines.batching.pool`). ``cpu`` drafts, judges and draws; ``service`` is
the one process that talks to signing services and distributors, so that their pace is a local
variable; ``batch`` is one that may have worker processes of its own, and whoever waits at a page
goes before it. ``scan`` reads deliveries of scans, which takes minutes;
``look`` reads the one file for which somebody waits: neither letters and plans nor that wait
for a delivery.

While nobody asks, the processes of ``cpu`` load what people will need, one process after another
and in short steps: whoever asks meanwhile finds another process free, or, where there is only one,
waits for the step that goes on.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any, Literal

from pks_kit.web.beside import beside
from pks_kit.web.work.task import Done, ShopOrder, Task, Told
from pks_kit.web.worker import work

Lane = Literal["cpu", "service", "batch", "scan", "look"]
LANES: tuple[Lane, ...] = ("cpu", "service", "batch", "scan", "look")

_PRELOADED = [
    "pks_kit.web.worker",
    *("weasyprint", "qrcode.image.pil"),  # a draft would load them in each process
    "pks_kit.pipelines.batching.kept_apart",
]
_END_SECONDS = 10.0
_QUIET_SECONDS = 0.3
"""How long nobody must have asked before something is done that nobody asked for."""

ANSWER_WITHIN = timedelta(minutes=2)
"""How long somebody who waits at a page is let wait."""


def start_fork_server() -> None:
    """Start what makes the processes, so that it loads while the server opens its state."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(_PRELOADED)
    forkserver.ensure_running()


class WorkerGoneError(Exception):
    """The process that had a task died, or did not answer in time and was ended."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    is_warm: bool = False


class WorkerPool:
    """Processes that do tasks; started when they are first needed, except those of ``cpu``.

    Args:
        order: What each process is set up with.
        processes: How many there are in the lane ``cpu``.
    """

    def __init__(self, order: ShopOrder, processes: int) -> None:
        start_fork_server()
        self._order = order
        self._context = multiprocessing.get_context("forkserver")
        self._sizes: dict[Lane, int] = {
            "cpu": processes, "service": 1, "batch": 1, "scan": max(1, processes - 1), "look": 1
        }  # fmt: skip
        self._threads = ThreadPoolExecutor(sum(self._sizes.values()), "pks-pekerja")
        self._idle: dict[Lane, asyncio.Queue[_Worker | None]] = {}
        self._all: list[_Worker] = []
        self._closed = False
        self._asked: dict[Lane, int] = dict.fromkeys(LANES, 0)
        self._answered = monotonic()

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

    @property
    def is_warm(self) -> bool:
        """Return whether every process that people wait for has loaded what they will need."""
        return sum(one.is_warm for one in self._all) >= self._sizes["cpu"]

    @asynccontextmanager
    async def warming(self) -> AsyncIterator[None]:
        """Let the processes of ``cpu`` load what people will need, as long as nobody asks."""
        async with beside(self._warm()):
            yield

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
        self._asked[lane] += 1
        try:
            worker = await self._idle[lane].get()
            if worker is not None and not worker.is_warm:
                worker = self._instead(lane, worker, is_warm=True)
            return await self._done_by(worker, lane, task, within, tell)
        finally:
            self._asked[lane] -= 1
            self._answered = monotonic()

    def _instead(self, lane: Lane, worker: _Worker | None, *, is_warm: bool) -> _Worker | None:
        """Give a process back for an idle one that is warm or is not; itself if there is none."""
        idle = self._idle[lane]
        idle.put_nowait(worker)
        found = [idle.get_nowait() for _ in range(idle.qsize())]
        wanted = [one for one in found if (one is not None and one.is_warm) == is_warm]
        chosen = wanted[0] if wanted else worker
        found.remove(chosen)
        for one in found:
            idle.put_nowait(one)
        return chosen

    async def _done_by(
        self,
        worker: _Worker | None,
        lane: Lane,
        task: Task,
        within: timedelta | None,
        tell: Callable[[dict[str, Any]], None] | None = None,
    ) -> Done:
        """Let a process that was taken from the idle ones do a task, and put it back."""
        loop = asyncio.get_running_loop()
        place: list[_Worker | None] = [worker]
        working = loop.run_in_executor(self._threads, self._ask, lane, place, task, within, tell)

        def put_back(done: asyncio.Future[Done]) -> None:
            self._idle[lane].put_nowait(place[0])
            if not done.cancelled():
                done.exception()  # whoever asked may not wait any more: told to nobody

        working.add_done_callback(put_back)
        return await asyncio.shield(working)

    def _is_quiet(self) -> bool:
        """Return whether nobody waits, nor just got an answer and may ask again."""
        return not self._asked["cpu"] and monotonic() - self._answered >= _QUIET_SECONDS

    async def _warm(self) -> None:
        """Let one process after another do a short step, as long as nobody asks."""
        idle = self._idle["cpu"]
        while True:
            await asyncio.sleep(_QUIET_SECONDS)
            while self._is_quiet() and not idle.empty():
                worker = self._instead("cpu", idle.get_nowait(), is_warm=False)
                if worker is not None and worker.is_warm:
                    idle.put_nowait(worker)
                    break
                step = Task(kind="hangat", isi={})
                try:
                    done = await self._done_by(worker, "cpu", step, ANSWER_WITHIN)
                except WorkerGoneError:
                    return  # the next one may die of it too; whoever asks loads what is needed
                if worker is not None:
                    worker.is_warm = bool(done.hasil.get("hangat"))

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
            kwargs={
                "looks": lane in ("cpu", "scan", "look"),
                "is_background": lane == "batch",
            },
            daemon=lane != "batch",
        )
        process.start()
        theirs.close()
        worker = _Worker(process=process, pipe=ours)
        self._all.append(worker)
        return worker

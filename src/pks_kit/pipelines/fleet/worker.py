"""One machine of a fleet: it takes rows from the queue until there are none, or it is stopped.

Its processors serve the queue ``cpu``. The queue ``service`` is served by one machine of all, the
one that holds a lock of the database: so a rate is kept by one process, and when that machine dies
the lock is free and another takes over. Every machine also looks for jobs of dead ones.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pks_kit.errors import LedgerError
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.driver import Driver, Lane
from pks_kit.pipelines.batching.next_step import Tasks
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.workshop import Stage
from pks_kit.pipelines.fleet.book import FleetBook
from pks_kit.pipelines.fleet.feeder import Fed, Feeder
from pks_kit.pipelines.fleet.place import FleetPlace, lock_number
from pks_kit.pipelines.fleet.queue import Queue

if TYPE_CHECKING:
    from psycopg import Connection

STALLED = 30.0
"""Seconds after which a machine that says nothing is taken for dead, unless said otherwise."""
_SERVICE_LOCK = "pks_armada.layanan"
_LOOK_SECONDS = 0.5
_STATE_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What one machine works with.

    Attributes:
        place: The database.
        plan_id: Hash of the plan.
        rows: Ready rows of the plan.
        until: How far they are brought.
        processes: How many rows at once that need a processor.
        callers: How many rows at once that talk to services; 0: signing needs none.
        driver: Makes the driver of a lane, given how many rows at once.
        stalled: Seconds after which another machine that says nothing is taken for dead.
        proves: Whether pages are made twice for the first of each structure.
        stopping: Returns whether this machine may begin no further row.
    """

    place: FleetPlace
    plan_id: str
    rows: Sequence[PlannedRow]
    until: Stage
    processes: int
    callers: int
    driver: Callable[[Lane, int], Driver]
    stalled: float = STALLED
    proves: bool = True
    stopping: Callable[[], bool] = field(default=lambda: False)


@dataclass(frozen=True, slots=True)
class Worked:
    """What a machine did.

    Attributes:
        tried: Attempts.
        cpu: Processor seconds of its rows.
        given_back: Jobs of dead machines that it put back.
    """

    tried: int
    cpu: float
    given_back: int


async def work_on(machine: Machine) -> Worked:
    """Take rows until all are done, the plan is stopped, or this machine is.

    Raises:
        LedgerError: The database went away; nothing is lost.
    """
    with closing(FleetBook(machine.place, machine.plan_id)) as book:
        queue = Queue(machine.place, machine.plan_id)
        async with queue.app.open_async():
            return await _Work(machine, book, queue).run()


class _Work:
    def __init__(self, machine: Machine, book: FleetBook, queue: Queue) -> None:
        self._machine = machine
        self._book = book
        self._queue = queue
        self._ending = False
        self._fed: list[Fed] = []
        self._given_back = 0
        self._tasks = Tasks(
            machine.until,
            machine.rows,
            with_services=bool(machine.callers),
            proves=machine.proves,
        )

    async def run(self) -> Worked:
        book, now = self._book, time.time
        run = await asyncio.to_thread(book.begin_run, now(), self._machine.until)
        tasks = [
            asyncio.create_task(self._serve("cpu", self._machine.processes)),
            asyncio.create_task(self._sweep()),
        ]
        if self._machine.callers:
            tasks.append(asyncio.create_task(self._serve_services()))
        try:
            looked = 0.0
            while not self._is_stopped() and not any(one.done() for one in tasks):
                if time.monotonic() - looked >= _STATE_SECONDS:
                    looked = time.monotonic()
                    await asyncio.to_thread(book.beat, run, now())
                    if await asyncio.to_thread(self._is_over):
                        break
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            self._ending = True
            failed = [one.exception() for one in tasks if one.done() and not one.cancelled()]
            for one in tasks:
                one.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if any(failed):
            raise _told(self._machine.place, next(filter(None, failed)))
        await asyncio.to_thread(book.beat, run, now(), ended=True)
        return Worked(
            tried=sum(one.tried for one in self._fed),
            cpu=sum(one.cpu for one in self._fed),
            given_back=self._given_back,
        )

    def _is_stopped(self) -> bool:
        return self._ending or self._machine.stopping()

    def _is_over(self) -> bool:
        order = self._book.ordered()
        if order is None or order.code:
            return True
        return self._book.open_rows(order.until) == 0

    async def _serve(self, lane: Lane, slots: int) -> None:
        """Serve a queue until cancelled; what was begun is finished."""
        driver = self._machine.driver(lane, slots)
        feeder = Feeder(
            self._machine.plan_id,
            self._machine.rows,
            self._book,
            driver,
            lane,
            slots,
            tasks=self._tasks,
            put=self._put,
            with_services=bool(self._machine.callers),
            stopping=self._is_stopped,
        )
        self._fed.append(feeder.fed)
        pump = asyncio.create_task(feeder.pump())
        try:
            # one job more than slots, so that the next row is at hand when one ends
            await self._queue.work(lane, feeder.run, slots + 1, self._machine.stalled)
        except BaseException:
            driver.close(at_once=not self._is_stopped())
            raise
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump
        driver.close()

    async def _put(self, number: int, lane: Lane, wait: float) -> None:
        await self._queue.put([number], lane, wait)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._machine.stalled / 2)
            self._given_back += await self._queue.give_back(self._machine.stalled)

    async def _serve_services(self) -> None:
        """Serve the queue of services while this machine is the one that may."""
        while True:
            async with self._leading() as connection:
                if connection is not None:
                    serving = asyncio.create_task(self._serve("service", self._machine.callers))
                    try:
                        while not serving.done() and await asyncio.to_thread(_answers, connection):
                            await asyncio.sleep(_STATE_SECONDS)
                    finally:  # also when the lock was lost: another machine may have it now
                        serving.cancel()
                        with suppress(asyncio.CancelledError):
                            await serving
            await asyncio.sleep(_STATE_SECONDS)

    @asynccontextmanager
    async def _leading(self) -> AsyncIterator[Connection[tuple[Any, ...]] | None]:
        """Hold the lock of the services; None when another machine has it."""
        connection = await asyncio.to_thread(self._machine.place.connect)
        try:
            taken = connection.execute(
                "select pg_try_advisory_lock(%s)", (lock_number(_SERVICE_LOCK),)
            ).fetchone()
            yield connection if taken is not None and taken[0] else None
        finally:
            connection.close()


def _answers(connection: Connection[tuple[Any, ...]]) -> bool:
    """Return whether a connection still stands, and with it the lock that it holds."""
    from psycopg import Error

    try:
        connection.execute("select 1")
    except Error:
        return False
    return True


def _told(place: FleetPlace, error: BaseException | None) -> BaseException:
    """Return what went wrong below the queue as an error of ours."""
    from procrastinate.exceptions import ProcrastinateException
    from psycopg import Error

    if not isinstance(error, ProcrastinateException | Error):
        return error or AssertionError()
    return LedgerError(
        "ledger.unavailable",
        ledger=place.address.shown,
        reason=lookup("ledger.reason.no_answer"),
    )

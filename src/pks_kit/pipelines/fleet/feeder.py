"""What one machine does with the rows that it takes from a queue: it gives them to its own driver.

The same decisions as in the loop of one machine (``batching/next_step.py``), but each job for
itself: nobody holds all rows. A row that must wait goes back into the queue with a time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace

from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.driver import Driver, Lane, RowDied
from pks_kit.pipelines.batching.next_step import (
    STRIKES,
    Tasks,
    after_death,
    is_done,
    lane_of,
    may_need_services,
)
from pks_kit.pipelines.batching.outcome import ENDED, RowOutcome
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.refusals import STOPPED, Refusals
from pks_kit.pipelines.batching.services import Services
from pks_kit.pipelines.fleet.book import FleetBook, FleetOrder

_LOOK_SECONDS = 0.01
"""How often the driver is asked; it takes no lock and no call into the system."""
_RETRY_SECONDS = 1.0
_PROBE_SECONDS = 1.0

PutsRow = Callable[[int, Lane, float], Coroutine[None, None, None]]
"""Puts a row into a queue, with the seconds before which nobody takes it."""


class NotNowError(Exception):
    """This machine begins no row any more; the job goes back."""


@dataclass(slots=True)
class Fed:
    """What a machine did.

    Attributes:
        tried: Attempts.
        cpu: Processor seconds of its rows.
    """

    tried: int = 0
    cpu: float = 0.0


class Feeder:
    """Feeds the driver of one lane.

    Args:
        plan_id: Hash of the plan; jobs of another are nobody's here.
        rows: Ready rows of the plan.
        book: The book of all machines.
        driver: Who runs rows on this machine.
        lane: Which lane the driver is for.
        slots: How many rows at once.
        tasks: Makes attempts; one for all lanes of a machine.
        put: Puts a row into a queue.
        with_services: Whether signing has a lane of its own.
        stopping: Returns whether this machine may begin no further row.
    """

    def __init__(
        self,
        plan_id: str,
        rows: Iterable[PlannedRow],
        book: FleetBook,
        driver: Driver,
        lane: Lane,
        slots: int,
        *,
        tasks: Tasks,
        put: PutsRow,
        with_services: bool,
        stopping: Callable[[], bool],
    ) -> None:
        self._plan = plan_id
        self._rows = {one.number: one for one in rows}
        self._book = book
        self._driver = driver
        self._lane = lane
        self._tasks = tasks
        self._put = put
        self._with_services = with_services
        self._stopping = stopping
        self._slots = asyncio.Semaphore(slots)
        self._all_slots = slots
        self._begun: set[int] = set()
        self._flight: dict[int, asyncio.Future[RowOutcome | RowDied]] = {}
        self._services = Services()
        self._refusals = Refusals(len(self._rows))
        self._alone = asyncio.Lock()
        self.fed = Fed()

    async def pump(self) -> None:
        """Hand what the driver says to whoever waits for it, until cancelled."""
        while True:
            for one in self._driver.results(0):
                waiting = self._flight.pop(one.number, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(one)
            await asyncio.sleep(_LOOK_SECONDS)

    async def run(self, plan: str, number: int) -> None:
        """Bring one row on; a job of an unknown or closed plan, or of a row that is done, ends.

        Raises:
            NotNowError: The job goes back into the queue.
            LedgerError: The database cannot be used; the job goes back.
        """
        planned = self._rows.get(number)
        if plan != self._plan or planned is None or number in self._begun:
            return
        self._begun.add(number)
        try:
            async with self._slots:
                if self._stopping():
                    raise NotNowError
                await self._bring_on(planned)
        finally:
            self._begun.discard(number)

    async def _bring_on(self, planned: PlannedRow) -> None:
        order = await asyncio.to_thread(self._book.ordered)
        if order is None or order.code:
            return
        known = await asyncio.to_thread(self._book.row, planned.number)
        if is_done(known, order.until):
            return
        lane = lane_of(known, order.until, with_services=self._with_services)
        if lane != self._lane:
            await self._put(planned.number, lane, 0.0)
        elif known.strikes >= STRIKES:
            await self._run_alone(planned, known, order)
        else:
            await self._attempt(planned, known, order)

    async def _run_alone(self, planned: PlannedRow, known: BookRow, order: FleetOrder) -> None:
        """Run a row while no other is on its way here, so that a death tells whose fault it was."""
        if self._alone.locked():  # two of them would wait for each other's slots
            raise NotNowError
        async with self._alone:
            taken = 0
            try:
                while taken < self._all_slots - 1:
                    await self._slots.acquire()
                    taken += 1
                await self._attempt(planned, known, order)
            finally:
                for _ in range(taken):
                    self._slots.release()

    async def _attempt(self, planned: PlannedRow, known: BookRow, order: FleetOrder) -> None:
        number = planned.number
        if may_need_services(known, order.until, self._lane, with_services=self._with_services):
            while not self._services.may_begin(number, time.monotonic()):
                if self._stopping():
                    raise NotNowError
                await asyncio.sleep(_PROBE_SECONDS)
        waiting: asyncio.Future[RowOutcome | RowDied] = asyncio.get_running_loop().create_future()
        self._flight[number] = waiting
        working = replace(known, state="working", changed=time.time())
        await self._write(working)
        self.fed.tried += 1
        self._driver.submit(self._tasks.task(planned, known, self._lane))
        await self._heard(await waiting, planned, working, order)

    async def _heard(
        self, one: RowOutcome | RowDied, planned: PlannedRow, known: BookRow, order: FleetOrder
    ) -> None:
        now = time.monotonic()
        if isinstance(one, RowDied):
            self._services.died(one.number)
            self._tasks.died(planned)
            after = after_death(known, one, time.time())
            await self._write(after)
            if after.state == "waiting":
                await self._put(one.number, self._lane, 0.0)
            return
        self._services.heard(one, now)
        self._tasks.heard(planned, one)
        self.fed.cpu += one.cpu
        after = known.after(one, time.time())
        if one.stops:
            await self._write(replace(after, state="waiting"))
            await asyncio.to_thread(self._book.stop, one.code, one.words)
            return
        waits = one.state == "done" and not is_done(after, order.until)
        await self._write(replace(after, state="waiting") if waits else after)
        if one.state == "parked":
            await self._put(one.number, self._lane, max(one.wait, _RETRY_SECONDS))
        elif waits:
            lane = lane_of(after, order.until, with_services=self._with_services)
            await self._put(one.number, lane, 0.0)
        elif one.state in ENDED and (words := self._refusals.heard(one)) is not None:
            await asyncio.to_thread(self._book.stop, STOPPED, words)

    async def _write(self, one: BookRow) -> None:
        await asyncio.to_thread(self._book.write, [one])

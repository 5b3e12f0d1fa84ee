"""The loop of a run: which row next, what its outcome means, when to wait and when to stop.

It holds no truth. It hands rows to a driver, writes what it hears into the book, leaves services
alone that do not answer, and sets a row aside that kills its process. Killed at any moment, the
next run begins with what the book says, or, without a book, with every row: those that were done
are found to be done.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.driver import Driver, Lane, RowDied
from pks_kit.pipelines.batching.next_step import (
    STRIKES,
    Tasks,
    after_death,
    firsts_first,
    is_done,
    lane_of,
    may_need_services,
)
from pks_kit.pipelines.batching.outcome import ENDED, NO_WORDS, RowOutcome
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.refusals import STOPPED, Refusals
from pks_kit.pipelines.batching.services import Services
from pks_kit.pipelines.batching.workshop import Stage

COMMIT_ROWS = 50
COMMIT_SECONDS = 0.3
_RETRY_SECONDS = 1.0
PATIENCE_SECONDS = 60.0 * 60
"""How long a run waits for services while no row ends."""
_TURN_SECONDS = 0.25
_FEW = 3
"""Of fewer rows that ended nobody can tell how long the others will take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is.

    Attributes:
        rows: How many rows this run has to bring on.
        ended: How many of them ended.
        states: How many rows of the plan are in each state.
        seconds: Since the run began.
        per_minute: Rows that ended in a minute, over the last minutes; 0 while nobody knows.
        left: Seconds until the end at that rate; None while nobody knows.
        waiting_for: Services that are left alone now.
    """

    rows: int
    ended: int
    states: dict[str, int]
    seconds: float
    per_minute: float
    left: float | None
    waiting_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """How a run ended.

    Attributes:
        states: How many rows of the plan are in each state.
        code: Why it stopped before its rows were done; empty otherwise.
        words: The same for people.
        seconds: How long it took.
        cpu: Processor seconds of the rows of this run.
        tried: How many attempts there were.
    """

    states: dict[str, int]
    code: str
    words: Message
    seconds: float
    cpu: float
    tried: int


@dataclass(slots=True)
class Hooks:
    """What a run gets from outside.

    Attributes:
        progress: Called now and then.
        stopping: Returns whether no new row may begin.
        now: Seconds of a clock that only goes on.
        wall: Seconds since 1970, for the book.
        proves: Whether pages are made twice for the first of each structure and one in a thousand.
        patience: Seconds without any row that ended after which a run gives up waiting for
            services; its rows stay parked.
    """

    progress: Callable[[Progress], None] = lambda _one: None
    stopping: Callable[[], bool] = lambda: False
    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    proves: bool = True
    patience: float = PATIENCE_SECONDS


class Coordinator:
    """One run.

    Args:
        rows: Ready rows of the plan.
        until: How far to bring them.
        book: Where people look.
        driver: Who runs rows.
        hooks: Clock, progress and the wish to stop.
        with_services: Whether signing talks to services, so that it has a lane of its own.
    """

    def __init__(
        self,
        rows: Iterable[PlannedRow],
        until: Stage,
        book: Book,
        driver: Driver,
        hooks: Hooks,
        *,
        with_services: bool,
    ) -> None:
        in_order = list(rows)
        self._rows = {
            one.number: one for one in (firsts_first(in_order) if hooks.proves else in_order)
        }
        self._until = until
        self._book = book
        self._driver = driver
        self._hooks = hooks
        self._with_services = with_services
        known = book.rows()
        self._state = {number: known.get(number, BookRow(number=number)) for number in self._rows}
        self._dirty: set[int] = set()
        self._written = hooks.now()
        self._queues: dict[Lane, deque[int]] = {"cpu": deque(), "service": deque()}
        self._later: list[tuple[float, int]] = []
        self._aside: deque[int] = deque()
        self._flight: set[int] = set()
        self._services = Services()
        self._refusals = Refusals(len(self._rows))
        self._ends: deque[float] = deque(maxlen=400)
        self._tasks = Tasks(until, in_order, with_services=with_services, proves=hooks.proves)
        self._why: tuple[str, Message] = ("", NO_WORDS)
        self._tried, self._cpu = 0, 0.0

    # --- the loop -----------------------------------------------------------------------------

    def run(self) -> RunEnd:
        """Bring every row as far as wanted, or stop and say why."""
        started = self._hooks.now()
        self._last_end = started
        run = self._book.begin_run(self._hooks.wall(), self._until)
        wanted = [number for number in self._rows if not self._is_done(self._state[number])]
        signed = {n: self._state[n] for n in wanted if self._state[n].state == "with_other"}
        for number in wanted:
            self._wait_again(number)
        self._keep(force=True)
        told = started
        while True:
            now = self._hooks.now()
            self._wake(now)
            if not self._halted():
                self._hand_over(now)
            if not self._flight and (self._halted() or not self._is_work_left(now)):
                break
            for one in self._driver.results(_TURN_SECONDS):
                self._heard(one, self._hooks.now())
            self._keep()
            if self._hooks.now() - told >= _RETRY_SECONDS:
                told = self._hooks.now()
                self._book.beat(run, self._hooks.wall())
                self._hooks.progress(self._progress(len(wanted), started))
        for number, was in signed.items():  # without its letter it is signed all the same
            if self._state[number].state == "waiting":
                self._set(was)
        self._keep(force=True)
        self._book.beat(run, self._hooks.wall(), ended=True)
        self._hooks.progress(self._progress(len(wanted), started))
        code, words = self._why
        if not code and self._hooks.stopping():
            code, words = "batch.stopped", lookup("batch.stopped")
        return RunEnd(
            states=self._states(),
            code=code,
            words=words,
            seconds=self._hooks.now() - started,
            cpu=self._cpu,
            tried=self._tried,
        )

    def _halted(self) -> bool:
        return bool(self._why[0]) or self._hooks.stopping()

    def _is_done(self, one: BookRow) -> bool:
        """Return whether nothing is to be done with a row in this run."""
        return is_done(one, self._until)

    def _is_work_left(self, now: float) -> bool:
        if not (any(self._queues.values()) or self._later or self._aside):
            return False
        if now - self._last_end <= self._hooks.patience:
            return True
        self._stop("batch.out_of_patience")
        return False

    def _stop(self, code: str, words: Message | None = None) -> None:
        if not self._why[0]:
            self._why = (code, words or lookup(code))

    # --- which row next -----------------------------------------------------------------------

    def _lane(self, number: int) -> Lane:
        """Return where the next stage of a row is done."""
        return lane_of(self._state[number], self._until, with_services=self._with_services)

    def _wait_again(self, number: int) -> None:
        """Put a row at the end of the queue of its next stage."""
        self._change(number, state="waiting")
        self._queues[self._lane(number)].append(number)

    def _wake(self, now: float) -> None:
        """Put parked rows back whose time has come."""
        due = [number for when, number in self._later if when <= now]
        if due:
            self._later = [one for one in self._later if one[0] > now]
        for number in due:
            self._queues[self._lane(number)].append(number)

    def _hand_over(self, now: float) -> None:
        for lane in self._queues:
            while self._queues[lane] and self._driver.room(lane) > 0:
                if not self._may_begin(lane, self._queues[lane][0], now):
                    break
                self._submit(self._queues[lane].popleft(), lane)
        # what killed its process three times runs alone, when nothing else is left to be lost
        if self._aside and not self._flight and not any(self._queues.values()):
            number = self._aside.popleft()
            self._submit(number, self._lane(number))

    def _may_begin(self, lane: Lane, number: int, now: float) -> bool:
        """Return whether no service that a row may need is left alone; a probe is one row."""
        known, with_services = self._state[number], self._with_services
        if not may_need_services(known, self._until, lane, with_services=with_services):
            return True
        return self._services.may_begin(number, now)

    def _submit(self, number: int, lane: Lane) -> None:
        self._flight.add(number)
        self._tried += 1
        self._change(number, state="working")
        self._driver.submit(
            self._tasks.task(
                self._rows[number],
                self._state[number],
                lane,
            )
        )

    # --- what came of it ----------------------------------------------------------------------

    def _heard(self, one: RowOutcome | RowDied, now: float) -> None:
        self._flight.discard(one.number)
        if isinstance(one, RowDied):
            self._services.died(one.number)
            self._tasks.died(self._rows[one.number])
            self._died(one)
            return
        self._services.heard(one, now)
        self._cpu += one.cpu
        self._tasks.heard(self._rows[one.number], one)
        known = self._state[one.number]
        self._set(known.after(one, self._hooks.wall()))
        if one.state == "parked":
            self._later.append((now + max(one.wait, _RETRY_SECONDS), one.number))
        if one.stops:
            self._stop(one.code, one.words)
            self._change(one.number, state="waiting")
        elif one.state in ("done", "with_other") and not self._is_done(self._state[one.number]):
            self._wait_again(one.number)
        elif one.state in ENDED:
            self._last_end = now
            self._ends.append(now)
            if (words := self._refusals.heard(one)) is not None:
                self._stop(STOPPED, words)

    def _died(self, one: RowDied) -> None:
        known = after_death(self._state[one.number], one, self._hooks.wall())
        self._set(known)
        if known.state == "waiting" and known.strikes < STRIKES:
            self._queues[self._lane(one.number)].append(one.number)
        elif known.state == "waiting":
            self._aside.append(one.number)

    # --- written down -------------------------------------------------------------------------

    def _change(self, number: int, **changed: object) -> None:
        self._set(replace(self._state[number], **changed))  # type: ignore[arg-type]

    def _set(self, one: BookRow) -> None:
        self._state[one.number] = one
        self._dirty.add(one.number)

    def _keep(self, *, force: bool = False) -> None:
        now = self._hooks.now()
        if not self._dirty:
            return
        if force or len(self._dirty) >= COMMIT_ROWS or now - self._written >= COMMIT_SECONDS:
            self._book.write(self._state[number] for number in sorted(self._dirty))
            self._dirty.clear()
            self._written = now

    def _states(self) -> dict[str, int]:
        return dict(sorted(Counter(one.state for one in self._state.values()).items()))

    def _progress(self, wanted: int, started: float) -> Progress:
        now = self._hooks.now()
        left_over = sum(not self._is_done(one) for one in self._state.values())
        rate = self._rate(now, started)
        return Progress(
            rows=wanted,
            ended=max(0, wanted - left_over),
            states=self._states(),
            seconds=now - started,
            per_minute=rate * 60,
            left=left_over / rate if rate else None,
            waiting_for=self._services.left_alone(),
        )

    def _rate(self, now: float, started: float) -> float:
        """Return rows per second over the last rows that ended."""
        if len(self._ends) < _FEW:
            return 0.0
        since = self._ends[0] if len(self._ends) == self._ends.maxlen else started
        return len(self._ends) / max(now - since, 1e-9)

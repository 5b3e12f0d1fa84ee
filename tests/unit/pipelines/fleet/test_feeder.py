"""What one machine does with a job: parked, died, refused, stopped, of another plan."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import pytest

from pks_kit.messages import Message
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.driver import Lane, RowDied, RowTask
from pks_kit.pipelines.batching.next_step import STRIKES, Tasks
from pks_kit.pipelines.batching.outcome import RowOutcome
from pks_kit.pipelines.fleet.book import FleetOrder
from pks_kit.pipelines.fleet.feeder import Feeder, NotNowError
from support.planned import planned_row

PLAN = "d" * 64
Answer = Callable[[RowTask], RowOutcome | RowDied]


class MemoryBook:
    """The book of all machines, in memory."""

    def __init__(self) -> None:
        self.known: dict[int, BookRow] = {}
        self.why: tuple[str, Message] | None = None

    def ordered(self) -> FleetOrder:
        code, words = self.why or ("", Message("", ""))
        return FleetOrder(until="verified", code=code, words=words)

    def row(self, number: int) -> BookRow:
        return self.known.get(number, BookRow(number=number))

    def write(self, rows: Iterable[BookRow]) -> None:
        self.known |= {one.number: one for one in rows}

    def stop(self, code: str, words: Message) -> None:
        self.why = self.why or (code, words)


class AtOnce:
    """A driver whose rows end when they are asked about."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.tasks, self.given = answer, [], []  # type: ignore[var-annotated]

    def room(self, lane: Lane) -> int:
        del lane
        return 1

    def submit(self, task: RowTask) -> None:
        self.tasks.append(task)
        self.given.append(task)

    def results(self, seconds: float) -> tuple[RowOutcome | RowDied, ...]:
        del seconds
        ended, self.tasks = self.tasks, []
        return tuple(map(self.answer, ended))

    def close(self, *, at_once: bool = False) -> None:
        del at_once


class World:
    """One machine with its book and what it put into queues."""

    def __init__(self, answer: Answer, lane: Lane = "cpu", *, services: bool = False) -> None:
        self.book, self.driver = MemoryBook(), AtOnce(answer)
        self.put: list[tuple[int, Lane, float]] = []
        self.stopping = False
        self.lane, self.services = lane, services

    def run(self, *numbers: int, plan: str = PLAN) -> list[BaseException | None]:
        return asyncio.run(self._run(numbers, plan))

    async def _run(self, numbers: tuple[int, ...], plan: str) -> list[BaseException | None]:
        async def put(number: int, lane: Lane, wait: float) -> None:
            self.put.append((number, lane, wait))

        feeder = Feeder(
            PLAN, [planned_row(one) for one in range(1, 31)], self.book, self.driver,  # type: ignore[arg-type]
            self.lane, 2, tasks=Tasks("verified", (), with_services=self.services, proves=False),
            put=put, with_services=self.services, stopping=lambda: self.stopping,
        )  # fmt: skip
        pump = asyncio.create_task(feeder.pump())
        ended = await asyncio.gather(
            *(feeder.run(plan, number) for number in numbers), return_exceptions=True
        )
        pump.cancel()
        return ended


def done(task: RowTask) -> RowOutcome:
    return RowOutcome(number=task.row.number, state="done", stage=task.until)


def test_a_row_is_done_once_whatever_jobs_there_are() -> None:
    world = World(done)
    assert world.run(1, 1, 1) == [None, None, None]
    assert world.run(1) == [None]
    assert len(world.driver.given) == 1
    assert world.book.row(1).stage == "verified"
    assert world.put == []


def test_jobs_of_another_plan_or_of_no_row_are_no_work() -> None:
    world = World(done)
    assert world.run(1, plan="e" * 64) == [None]
    assert world.run(31) == [None]
    assert world.driver.given == []


def test_each_stage_goes_to_its_queue() -> None:
    world = World(done, services=True)
    world.run(1)
    assert (world.book.row(1).stage, world.put) == ("drafted", [(1, "service", 0.0)])
    world.run(1)  # an old job in the wrong queue is sent on
    assert world.put[1:] == [(1, "service", 0.0)]
    assert len(world.driver.given) == 1


def test_a_parked_row_comes_back_after_its_time() -> None:
    def parked(task: RowTask) -> RowOutcome:
        return RowOutcome(number=task.row.number, state="parked", code="store.busy", wait=20.0)

    world = World(parked)
    world.run(1)
    assert world.put == [(1, "cpu", 20.0)]
    assert world.book.row(1).state == "parked"


def test_who_kills_processes_is_given_up_after_the_third() -> None:
    world = World(lambda task: RowDied(task.row.number, alone=True))
    for strikes in range(1, STRIKES):
        world.run(1)
        assert world.book.row(1).strikes == strikes
        assert world.put == [(1, "cpu", 0.0)] * strikes
    world.run(1)
    assert (world.book.row(1).state, world.book.row(1).code) == ("failed", "batch.process_died")
    assert len(world.put) == STRIKES - 1


def test_in_company_it_gets_one_more_try_alone() -> None:
    world = World(lambda task: RowDied(task.row.number, alone=False))
    for _ in range(STRIKES):
        world.run(1)
    assert world.book.row(1).state == "waiting"
    world.run(1)
    assert world.book.row(1).state == "failed"
    assert len(world.driver.given) == STRIKES + 1


def test_a_wrong_pin_stops_every_machine() -> None:
    def locked(task: RowTask) -> RowOutcome:
        return RowOutcome(
            number=task.row.number, state="refused", code="token.pin_incorrect",
            words=Message("PIN salah.", "Wrong PIN."), stops=True,
        )  # fmt: skip

    world = World(locked)
    world.run(1)
    assert world.book.why is not None
    assert world.book.why[0] == "token.pin_incorrect"
    assert world.book.row(1).state == "waiting"
    world.run(2)
    assert len(world.driver.given) == 1


def test_too_many_refusals_for_one_reason_stop_the_plan() -> None:
    def refused(task: RowTask) -> RowOutcome:
        words = Message("Tidak.", "No.")
        return RowOutcome(number=task.row.number, state="refused", code="x.y", words=words)

    world = World(refused)
    world.run(*range(1, 31))
    assert world.book.why is not None
    assert world.book.why[0] == "batch.all_the_same"
    assert len(world.driver.given) < 30


def test_a_machine_that_stops_gives_its_jobs_back() -> None:
    world = World(done)
    world.stopping = True
    assert [type(one) for one in world.run(1, 2)] == [NotNowError, NotNowError]
    assert world.driver.given == []


@pytest.mark.parametrize("state", ["refused", "failed", "cancelled", "with_other"])
def test_what_a_person_must_decide_is_left_alone(state: str) -> None:
    world = World(done)
    world.book.known[1] = BookRow(number=1, state=state)  # type: ignore[arg-type]
    world.run(1)
    assert world.driver.given == []

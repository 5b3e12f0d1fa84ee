"""The loop of a run, on a clock of its own: order, parking, strikes, stopping, resuming."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pks_kit.messages import Message
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.coordinator import Coordinator, Hooks, Progress, RunEnd
from pks_kit.pipelines.batching.driver import RowDied, RowTask
from pks_kit.pipelines.batching.next_step import ROADS_DIFFER, STRIKES
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED, RowOutcome
from pks_kit.pipelines.batching.workshop import Stage
from support.planned import TimedDriver, planned_row

PLAN = "a" * 64
Answer = Callable[[RowTask, float], tuple[RowOutcome | RowDied, float]]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(Book(tmp_path / "buku.sqlite", PLAN, 100)) as one:
        yield one


def done(task: RowTask) -> RowOutcome:
    return RowOutcome(number=task.row.number, state="done", stage=task.until, steps=("p1",))


def run(
    book: Book,
    answer: Answer,
    rows: int = 10,
    *,
    until: Stage = "verified",
    services: bool = False,
    patience: float = 3600.0,
    stopping: Callable[[], bool] = lambda: False,
) -> tuple[RunEnd, TimedDriver]:
    driver = TimedDriver(answer)
    hooks = Hooks(now=driver.now, wall=lambda: driver.time, patience=patience, stopping=stopping)
    planned = [planned_row(number) for number in range(1, rows + 1)]
    end = Coordinator(planned, until, book, driver, hooks, with_services=services).run()
    return end, driver


def test_every_row_is_brought_to_the_end_once(book: Book) -> None:
    end, driver = run(book, lambda task, _now: (done(task), 1.0))
    assert end.states == {"done": 10}
    assert Counter(task.row.number for _, task in driver.given) == dict.fromkeys(range(1, 11), 1)
    assert end.seconds == pytest.approx(5.0)  # two at once


def test_a_second_run_does_nothing_and_a_longer_one_goes_on(book: Book) -> None:
    run(book, lambda task, _now: (done(task), 1.0), until="drafted")
    _, again = run(book, lambda task, _now: (done(task), 1.0), until="drafted")
    assert again.given == []
    end, further = run(book, lambda task, _now: (done(task), 1.0))
    assert {(task.begun, task.until) for _, task in further.given} == {("drafted", "verified")}
    assert end.states == {"done": 10}


def test_with_services_each_stage_has_its_lane(book: Book) -> None:
    _, driver = run(book, lambda task, _now: (done(task), 1.0), rows=1, services=True)
    assert [(task.lane, task.begun, task.until) for _, task in driver.given] == [
        ("cpu", "", "drafted"),
        ("service", "drafted", "signed"),
        ("cpu", "signed", "verified"),
    ]


def test_a_row_that_is_refused_does_not_stop_the_others(book: Book) -> None:
    def answer(task: RowTask, _now: float) -> tuple[RowOutcome, float]:
        if task.row.number == 3:
            words = Message("Ditolak.", "Refused.")
            return RowOutcome(number=3, state="refused", code="x.y", words=words), 1.0
        return done(task), 1.0

    end, _ = run(book, answer)
    assert end.states == {"done": 9, "refused": 1}
    assert end.code == ""
    assert book.rows()[3].words.en == "Refused."


def parked(task: RowTask, service: str = "peruri", wait: float = 0.0) -> RowOutcome:
    return RowOutcome(
        number=task.row.number, state="parked", stage="drafted", service=service, wait=wait
    )


def test_a_service_that_is_away_is_left_alone_and_found_again(book: Book) -> None:
    outage = (5.0, 1205.0)
    calls: list[float] = []

    def answer(task: RowTask, now: float) -> tuple[RowOutcome, float]:
        if task.lane != "service":
            return done(task), 0.1
        calls.append(now)
        away = outage[0] <= now < outage[1]
        return (parked(task), 10.0) if away else (done(task), 0.4)

    end, driver = run(book, answer, rows=100, services=True)
    assert end.states == {"done": 100}
    during = [one for one in calls if outage[0] <= one < outage[1]]
    assert len(during) < 20  # without a breaker, hundreds
    first = min(one for one in calls if one >= outage[1])
    assert first - outage[1] <= 300
    assert driver.time < outage[1] + 400


def test_parked_rows_count_no_attempt(book: Book) -> None:
    seen: Counter[int] = Counter()

    def answer(task: RowTask, _now: float) -> tuple[RowOutcome, float]:
        if task.lane == "service" and not seen[task.row.number]:
            seen[task.row.number] += 1
            return parked(task, service="", wait=20.0), 1.0
        return done(task), 1.0

    _, driver = run(book, answer, rows=1, services=True)
    assert book.rows()[1].tries == 3  # drafted, signed, verified
    times = [now for now, task in driver.given if task.lane == "service"]
    assert times[1] - times[0] >= 20


def test_a_run_gives_up_waiting_and_says_so(book: Book) -> None:
    def answer(task: RowTask, _now: float) -> tuple[RowOutcome, float]:
        return (parked(task) if task.lane == "service" else done(task)), 1.0

    end, driver = run(book, answer, services=True, patience=600)
    assert end.code == "batch.out_of_patience"
    assert end.states == {"parked": 10} or set(end.states) <= {"parked", "waiting"}
    assert 600 < driver.time < 1300
    again, _ = run(book, lambda task, _now: (done(task), 1.0), services=True)
    assert again.states == {"done": 10}


def test_what_must_stop_the_run_stops_it_and_loses_nothing(book: Book) -> None:
    def answer(task: RowTask, _now: float) -> tuple[RowOutcome, float]:
        if task.row.number == 4:
            words = Message("PIN salah.", "Wrong PIN.")
            return (
                RowOutcome(
                    number=4, state="refused", code="token.pin_incorrect", words=words, stops=True
                ),
                0.5,
            )
        return done(task), 1.0

    end, driver = run(book, answer)
    assert (end.code, end.words.en) == ("token.pin_incorrect", "Wrong PIN.")
    assert len(driver.given) <= 5
    assert book.rows()[4].state == "waiting"
    again, _ = run(book, lambda task, _now: (done(task), 1.0))
    assert again.states == {"done": 10}


def test_too_many_refusals_for_one_reason_stop_the_run(book: Book) -> None:
    def answer(task: RowTask, _now: float) -> tuple[RowOutcome, float]:
        words = Message("Tidak.", "No.")
        return RowOutcome(number=task.row.number, state="refused", code="x.y", words=words), 1.0

    end, driver = run(book, answer, rows=100)
    assert end.code == "batch.all_the_same"
    assert "No." in end.words.en
    assert len(driver.given) < 25


def test_a_row_that_kills_its_process_is_set_aside_and_tried_alone(book: Book) -> None:
    flying: list[int] = []

    def answer(task: RowTask, _now: float) -> tuple[RowOutcome | RowDied, float]:
        flying.append(task.row.number)
        if task.row.number == 2:
            return RowDied(2, alone=False), 1.0
        return done(task), 1.0

    end, driver = run(book, answer)
    assert end.states == {"done": 9, "failed": 1}
    assert book.rows()[2].code == "batch.process_died"
    attempts = [now for now, task in driver.given if task.row.number == 2]
    assert len(attempts) == STRIKES + 1
    assert attempts[-1] >= max(now for now, task in driver.given if task.row.number != 2)


def test_an_innocent_row_survives_three_deaths(book: Book) -> None:
    deaths: Counter[int] = Counter()

    def answer(task: RowTask, _now: float) -> tuple[RowOutcome | RowDied, float]:
        if task.row.number == 2 and deaths[2] < STRIKES:
            deaths[2] += 1
            return RowDied(2, alone=False), 1.0
        return done(task), 1.0

    end, _ = run(book, answer)
    assert end.states == {"done": 10}


def test_asked_to_stop_it_finishes_what_is_on_its_way(book: Book) -> None:
    ended: list[int] = []

    def answer(task: RowTask, _now: float) -> tuple[RowOutcome, float]:
        ended.append(task.row.number)
        return done(task), 1.0

    end, driver = run(book, answer, stopping=lambda: len(ended) >= 3)
    assert end.code == "batch.stopped"
    assert end.states["done"] == len(driver.given)
    assert book.runs()[-1].ended is not None


def test_pages_are_proven_for_the_first_of_each_structure(book: Book) -> None:
    roads: dict[int, str] = {}

    def answer(task: RowTask, _now: float) -> tuple[RowOutcome, float]:
        roads[task.row.number] = task.road
        note = ROADS_DIFFER if task.row.number == 1 else ""
        ended = done(task)
        return replace(ended, note=note, proved=task.road == "first" and not note), 1.0

    driver = TimedDriver(answer, cpu=1)
    rows = [
        planned_row(1),
        planned_row(2, jenis="tpmdg"),
        planned_row(3),
        planned_row(4, jenis="tpmdg"),
    ]
    hooks = Hooks(now=driver.now, wall=driver.now)
    Coordinator(rows, "verified", book, driver, hooks, with_services=False).run()
    assert roads == {1: "first", 2: "first", 3: "plain", 4: "quick"}
    assert list(roads) == [1, 2, 3, 4]


@pytest.mark.parametrize(("proves", "order"), [(True, [1, 3, 2]), (False, [1, 2, 3])])
def test_the_first_of_each_structure_comes_before_all_others(
    book: Book, proves: bool, order: list[int]
) -> None:
    driver = TimedDriver(lambda task, _now: (done(task), 1.0), cpu=1)
    rows = [planned_row(1), planned_row(2), planned_row(3, jenis="tpmdg")]
    hooks = Hooks(now=driver.now, wall=driver.now, proves=proves)
    Coordinator(rows, "verified", book, driver, hooks, with_services=False).run()
    assert [task.row.number for _, task in driver.given] == order


def test_a_row_that_killed_its_process_proved_nothing(book: Book) -> None:
    roads: list[tuple[int, str]] = []

    def answer(task: RowTask, _now: float) -> tuple[RowOutcome | RowDied, float]:
        roads.append((task.row.number, task.road))
        if len(roads) == 1:
            return RowDied(task.row.number, alone=True), 1.0
        return replace(done(task), proved=task.road == "first"), 1.0

    driver = TimedDriver(answer, cpu=1)
    hooks = Hooks(now=driver.now, wall=driver.now)
    rows = [planned_row(1), planned_row(2)]
    Coordinator(rows, "verified", book, driver, hooks, with_services=False).run()
    assert roads == [(1, "first"), (2, "first"), (1, "quick")]


def test_progress_tells_counts_rate_and_time_left(book: Book) -> None:
    told: list[Progress] = []
    driver = TimedDriver(lambda task, _now: (done(task), 1.0))
    hooks = Hooks(now=driver.now, wall=driver.now, progress=told.append)
    rows = [planned_row(number) for number in range(1, 21)]
    Coordinator(rows, "verified", book, driver, hooks, with_services=False).run()
    middle = next(one for one in told if one.ended >= 10)
    assert middle.rows == 20
    assert middle.per_minute == pytest.approx(120, rel=0.2)
    assert middle.left == pytest.approx((20 - middle.ended) / 2, rel=0.3)
    assert told[-1].ended == 20


def test_of_few_rows_nobody_tells_how_long_the_others_take(book: Book) -> None:
    told: list[Progress] = []
    driver = TimedDriver(lambda task, _now: (done(task), 1.0))
    hooks = Hooks(now=driver.now, wall=driver.now, progress=told.append)
    rows = [planned_row(number) for number in range(1, 9)]
    Coordinator(rows, "verified", book, driver, hooks, with_services=False).run()
    few, more = [one for one in told if one.ended < 3], [one for one in told if one.ended >= 3]
    assert few
    assert all(one.per_minute == 0 and one.left is None for one in few)
    assert all(one.per_minute > 0 and one.left is not None for one in more)


def test_what_was_signed_stays_so_when_a_run_stops_before_its_letter(book: Book) -> None:
    """And one whose letter is refused is not tried again and again."""
    signed = [
        BookRow(number=number, state="with_other", stage="signed", file="a.pdf")
        for number in (1, 2, 3)
    ]
    book.write(signed)
    end, driver = run(book, lambda task, _now: (done(task), 1.0), rows=3, until="sent",
                      stopping=lambda: True)  # fmt: skip
    assert (driver.given, end.code, end.states) == ([], "batch.stopped", {"with_other": 3})
    assert list(book.rows().values()) == signed

    def refused(task: RowTask, _now: float) -> tuple[RowOutcome, float]:
        return RowOutcome(
            number=task.row.number, state="with_other", stage="signed", code=LETTER_REFUSED
        ), 1.0

    end, driver = run(book, refused, rows=3, until="sent")
    assert (len(driver.given), end.states) == (3, {"with_other": 3})
    assert {one.code for one in book.rows().values()} == {LETTER_REFUSED}

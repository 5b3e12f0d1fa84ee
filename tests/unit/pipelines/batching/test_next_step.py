"""Which rows of a plan have their pages made twice."""

from __future__ import annotations

import pytest

from pks_kit.pipelines.batching import next_step
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.next_step import Tasks
from pks_kit.pipelines.batching.outcome import RowOutcome
from support.planned import planned_row


def road(tasks: Tasks, number: int) -> str:
    return tasks.task(planned_row(number), BookRow(number=number), "cpu").road


def heard(tasks: Tasks, number: int, *, proved: bool) -> None:
    ended = RowOutcome(number=number, state="done" if proved else "refused", proved=proved)
    tasks.heard(planned_row(number), ended)


def new_tasks(rows: int = 9) -> Tasks:
    every = [planned_row(one) for one in range(1, rows + 1)]
    return Tasks("verified", every, with_services=False, proves=True)


def test_while_one_proves_no_other_does_and_after_a_refusal_the_next_one() -> None:
    tasks = new_tasks()
    assert [road(tasks, one) for one in (1, 2)] == ["first", "quick"]
    heard(tasks, 2, proved=False)
    assert road(tasks, 3) == "quick"  # the first one is still at it
    heard(tasks, 1, proved=False)
    assert road(tasks, 4) == "first"
    heard(tasks, 4, proved=True)
    assert road(tasks, 5) == "quick"


def test_every_thousandth_of_the_plan_is_proved_wherever_a_run_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(next_step, "ONE_IN", 3)
    for begins in (1, 4, 6):
        tasks = new_tasks()
        heard(tasks, 9, proved=True)
        again = [one for one in range(begins, 10) if road(tasks, one) == "prove"]
        assert again == [one for one in (4, 7) if one >= begins]

"""Rows and outcomes of a batch for tests that are not about agreements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from pks_kit.pipelines.batching.driver import Lane, RowDied, RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome
from pks_kit.pipelines.batching.plan import PlannedRow
from support.batch_plans import planned

DAY = date(2026, 12, 28)


def planned_row(number: int, *, jenis: str = "tpmd", cara: str = "elektronik") -> PlannedRow:
    """Return a row that is ready, with two meterai to buy."""
    return planned(number, jenis=jenis, cara_kontrak=cara, signed_on=DAY, meterai=2)


class TimedDriver:
    """A ``Driver`` on a clock of its own: each row takes some seconds that pass at once.

    Args:
        answer: What comes of a task, given the time; and how many seconds it takes.
        cpu: Rows at once in the lane of processes.
        service: Rows at once in the lane of services.
    """

    def __init__(
        self,
        answer: Callable[[RowTask, float], tuple[RowOutcome | RowDied, float]],
        *,
        cpu: int = 2,
        service: int = 4,
    ) -> None:
        self._answer = answer
        self._slots: dict[Lane, int] = {"cpu": cpu, "service": service}
        self._flight: list[tuple[float, RowTask, RowOutcome | RowDied]] = []
        self.time = 0.0
        self.given: list[tuple[float, RowTask]] = []

    def now(self) -> float:
        """Return the time of this clock."""
        return self.time

    def room(self, lane: Lane) -> int:
        """Return how many more rows may be handed over now."""
        return self._slots[lane] - sum(task.lane == lane for _, task, _ in self._flight)

    def submit(self, task: RowTask) -> None:
        """Begin a row."""
        assert self.room(task.lane) > 0
        self.given.append((self.time, task))
        answer, seconds = self._answer(task, self.time)
        self._flight.append((self.time + seconds, task, answer))

    def results(self, seconds: float) -> tuple[RowOutcome | RowDied, ...]:
        """Let time pass until the next row ends, at most so many seconds."""
        until = self.time + seconds
        self.time = min([until, *(ends for ends, _, _ in self._flight)])
        ended = [one for one in self._flight if one[0] <= self.time]
        self._flight = [one for one in self._flight if one[0] > self.time]
        return tuple(answer for _, _, answer in ended)

    def close(self, *, at_once: bool = False) -> None:
        """Nothing is left to be ended."""
        del at_once

"""Who runs which row when: four calls, behind which a pool, a queue or a cluster may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from pks_kit.pipelines.batching.outcome import Reached, RowOutcome
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.workshop import Stage

Lane = Literal["cpu", "service"]
"""``cpu``: any process may do it; ``service``: the one process that talks to distributors and
remote signers, so that a rate is kept by a local variable and not by an algorithm."""

PageRoad = Literal["quick", "first", "prove", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTask:
    """One attempt.

    Attributes:
        row: The agreement.
        begun: How far it is already; empty for not at all.
        until: How far to bring it.
        lane: Where.
        road: How pages are made: ``prove`` lays them out again with the layout engine alone and
            compares, ``first`` does so unless the structure is marked as proved, ``plain`` takes
            that engine from the start.
    """

    row: PlannedRow
    begun: Reached
    until: Stage
    lane: Lane = "cpu"
    road: PageRoad = "quick"


@dataclass(frozen=True, slots=True)
class RowDied:
    """The process that had a row is gone; nobody knows how far it came.

    Attributes:
        number: Number of the row.
        alone: Whether it was the only row in that process, so that it is to blame.
    """

    number: int
    alone: bool


class Driver(Protocol):
    """Runs rows; knows nothing of plans, ledgers or money."""

    def room(self, lane: Lane) -> int:
        """Return how many more rows may be handed over now."""
        ...

    def submit(self, task: RowTask) -> None:
        """Hand over one row; only when there is room."""
        ...

    def results(self, seconds: float) -> tuple[RowOutcome | RowDied, ...]:
        """Return what ended, after at most so many seconds."""
        ...

    def close(self, *, at_once: bool = False) -> None:
        """End all workers; ``at_once`` without letting their rows finish."""
        ...

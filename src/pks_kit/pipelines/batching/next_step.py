"""What is to be done next with a row, by what is known of it: for one machine and for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pks_kit.messages import lookup
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.driver import Lane, PageRoad, RowDied, RowTask
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED, Reached, RowOutcome
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.row import reached, structure_of
from pks_kit.pipelines.batching.workshop import Stage
from pks_kit.pipelines.drafting.proof import ONE_IN
from pks_kit.pipelines.drafting.proof_marks import Structure

STRIKES = 3
"""How many processes may die over a row; then it is tried alone, once."""
ROADS_DIFFER = "render.pdf.roads_differ"

_NEXT: dict[Reached, Stage] = {"": "drafted", "drafted": "signed"}
_STAYS = ("cancelled", "refused", "failed")


def is_done(one: BookRow, until: Stage) -> bool:
    """Return whether nothing is to be done with a row."""
    if one.state == "with_other":
        return until != "sent" or one.stage == "sent" or one.code == LETTER_REFUSED
    return one.state in _STAYS or (one.state == "done" and reached(one.stage, until))


def lane_of(one: BookRow, until: Stage, *, with_services: bool) -> Lane:
    """Return where the next stage of a row is done."""
    signs = one.stage == "drafted" and until != "drafted"
    return "service" if with_services and signs else "cpu"


def may_need_services(one: BookRow, until: Stage, lane: Lane, *, with_services: bool) -> bool:
    """Return whether an attempt may talk to a service, so that one that is away must be known."""
    signs = until != "drafted" and one.stage in ("", "drafted")
    return signs and not (with_services and lane == "cpu")


def after_death(one: BookRow, died: RowDied, now: float) -> BookRow:
    """Return a row whose process died: it waits again, or it was to blame too often.

    Args:
        one: The row as it was.
        died: What is known of the death.
        now: Seconds since 1970.
    """
    waits = replace(one, strikes=one.strikes + 1, state="waiting", changed=now)
    if waits.strikes < STRIKES or (waits.strikes == STRIKES and not died.alone):
        return waits
    words = lookup("batch.process_died")
    return replace(waits, state="failed", code="batch.process_died", words=words)


def firsts_first(rows: Iterable[PlannedRow]) -> list[PlannedRow]:
    """Return rows in their order, but the first of each structure before all others.

    What is wrong with the pages of a structure is known before most of its rows are issued.
    """
    every = list(rows)
    firsts = {structure_of(one): one for one in reversed(every)}
    numbers = {one.number for one in firsts.values()}
    return sorted(every, key=lambda one: one.number not in numbers)


class Tasks:
    """Makes attempts of rows, and remembers which pages need another look.

    The first agreement of each structure that is drafted, and every thousandth of the plan, is laid
    out on both roads; every one of a structure on the plain road once they differed. A row that was
    refused or whose process died proved nothing, so the next one of its structure does.

    Args:
        until: How far to bring rows.
        rows: Ready rows of the plan in their order, whether they are done or not: which of them
            are a thousandth does not depend on where a run begins.
        with_services: Whether each stage has a lane of its own.
        proves: Whether pages are made twice at all.
    """

    def __init__(
        self, until: Stage, rows: Iterable[PlannedRow], *, with_services: bool, proves: bool
    ) -> None:
        self._until = until
        self._with_services = with_services
        self._proves = proves
        self._again = set(_thousandths(rows)) if proves else set()
        self._proving: dict[Structure, int] = {}
        self._proved: set[Structure] = set()
        self._fallen: set[Structure] = set()

    def task(self, row: PlannedRow, known: BookRow, lane: Lane) -> RowTask:
        """Return the next attempt of a row.

        Args:
            row: The row.
            known: How far it is.
            lane: Where it is tried.
        """
        until = self._until
        if self._with_services and until != "drafted":
            until = _NEXT.get(known.stage, until)  # each stage has a lane of its own
        road = "quick" if known.stage else self._road(row)
        return RowTask(
            row=row,
            begun=known.stage,
            until=until,
            lane=lane,
            road=road,
        )

    def heard(self, row: PlannedRow, outcome: RowOutcome) -> None:
        """Learn from what came of an attempt."""
        structure = structure_of(row)
        self.died(row)
        if outcome.proved:
            self._proved.add(structure)
        if outcome.note == ROADS_DIFFER:
            self._fallen.add(structure)

    def died(self, row: PlannedRow) -> None:
        """Learn that an attempt ended, and that nobody knows what came of it."""
        if self._proving.get(structure_of(row)) == row.number:
            del self._proving[structure_of(row)]

    def _road(self, row: PlannedRow) -> PageRoad:
        structure = structure_of(row)
        if structure in self._fallen:
            return "plain"
        if not self._proves:
            return "quick"
        if row.number in self._again:
            return "prove"
        if structure in self._proved or structure in self._proving:
            return "quick"
        self._proving[structure] = row.number
        return "first"


def _thousandths(rows: Iterable[PlannedRow]) -> Iterator[int]:
    """Yield the numbers of rows that are laid out again whatever was proved before."""
    seen: Counter[Structure] = Counter()
    for one in rows:
        structure = structure_of(one)
        if seen[structure] and seen[structure] % ONE_IN == 0:
            yield one.number
        seen[structure] += 1

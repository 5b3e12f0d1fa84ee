"""The last day that a batch gives the other parties: within the term of every agreement.

Each letter refuses a later day by itself; that is told before anything begins, once for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pks_kit.domain.tanggal import format_tanggal
from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.plan import PlannedRow

_NAMED = 3
"""So many facilities are named whose term ends before the day."""


def refuse_after_terms(deadline: date | None, rows: Iterable[PlannedRow], today: date) -> None:
    """Refuse a last day that is after the end of the term of any agreement.

    Args:
        deadline: Day that was given; None: no day.
        rows: Rows of the plan that are meant.
        today: The present day, in WIB; an agreement that has ended hinders no other.

    Raises:
        UsageError: ``batch.deadline_after_term``.
    """
    if deadline is None:
        return
    over = sorted(
        (one.selesai, one.number, one.name)
        for one in rows
        if one.selesai is not None and today <= one.selesai < deadline
    )
    if not over:
        return
    names = [f"{name} ({format_tanggal(end)})" for end, _, name in over[:_NAMED]]
    raise UsageError(
        "batch.deadline_after_term",
        deadline=format_tanggal(deadline),
        end=format_tanggal(over[0][0]),
        count=len(over),
        names="; ".join(names) + ("; …" if len(over) > _NAMED else ""),
    )

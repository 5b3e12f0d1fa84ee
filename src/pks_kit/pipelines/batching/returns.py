"""What a row is once something of it came back on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from pks_kit.messages import lookup
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.outcome import NO_WORDS

if TYPE_CHECKING:
    from pks_kit.pipelines.batching.plan import PlannedRow
    from pks_kit.pipelines.returned import ReturnedResult

RECEIVED = "batch.received."
"""How codes begin that tell what lacks in what came back."""


class Stands(Protocol):
    """Where an agreement stands, as its book says."""

    @property
    def state(self) -> str:
        """Return what it is doing."""
        ...

    @property
    def stage(self) -> str:
        """Return how far it is."""
        ...

    @property
    def code(self) -> str:
        """Return why it does not go on; empty otherwise."""
        ...


def is_silent(one: Stands) -> bool:
    """Return whether the other party has sent nothing yet, on no earlier day either."""
    return one.state == "with_other" and not one.code.startswith(RECEIVED)


def only_drafted(
    returned: ReturnedResult,
    planned: Mapping[str | None, PlannedRow],
    known: Mapping[int, Stands],
) -> dict[str | None, PlannedRow]:
    """Return the rows of which paper came back although they are no more than drafts.

    Their paper cannot be judged before the batch signed them, or wrote down that they are issued;
    nothing of it changes the row, which a run shall still bring on.

    Args:
        returned: What was found on the files.
        planned: Rows of the batch by agreement.
        known: The book.
    """
    drafts: dict[str | None, PlannedRow] = {}
    for one in returned.agreements:
        row = planned.get(one.agreement_id)
        if row is not None and one.recorded is None:
            stands = known.get(row.number)
            if stands is None or stands.stage in ("", "drafted"):
                drafts[one.agreement_id] = row
    return drafts


def after_paper(before: BookRow, answer: str, *, own_only: bool = False) -> BookRow:
    """Return a row after what came back: complete paper ends it, else the other party goes on.

    As in the ledger, a scan that lacks something takes nothing back from what was complete.

    Args:
        before: The row as it was.
        answer: ``complete``, ``incomplete`` or ``needs_person``.
        own_only: Whether nothing lacks but the part of this side.
    """
    if before.state == "done" and answer == "incomplete":
        return before
    complete = answer == "complete"
    code = "" if complete else f"{RECEIVED}{answer}"
    if own_only and answer == "incomplete":
        code = f"{code}_own"
    return replace(
        before,
        state="done" if complete else "with_other",
        stage="sent",
        code=code,
        words=lookup(code) if code else NO_WORDS,
    )

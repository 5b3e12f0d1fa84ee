"""What a row is once something of it came back on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from pks_kit.messages import lookup
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.outcome import NO_WORDS

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


def after_paper(before: BookRow, answer: str) -> BookRow:
    """Return a row after what came back: complete paper ends it, else the other party goes on.

    As in the ledger, a scan that lacks something takes nothing back from what was complete.

    Args:
        before: The row as it was.
        answer: ``complete``, ``incomplete`` or ``needs_person``.
    """
    if before.state == "done" and answer == "incomplete":
        return before
    complete = answer == "complete"
    code = "" if complete else f"{RECEIVED}{answer}"
    return replace(
        before,
        state="done" if complete else "with_other",
        stage="sent",
        code=code,
        words=lookup(code) if code else NO_WORDS,
    )

"""What the second look at a file adds to the report of the first; it takes nothing away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from pks_kit.verification.report.verdict import Check, Note, VerifyReport

QUESTIONS = frozenset(
    {
        "content.concealed",
        "content.numbers",
        "content.signed",
        "paper.original",
        "policy.colour",
        "policy.form",
        "policy.resolution",
        "signature.appearance",
    }
)
"""What only pages and words can answer; nothing else is the business of the second look."""

FACTS = frozenset({"cropped", "draft_mark", "white_over_words"})
"""Its notes."""

_MOST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Checks and notes of the second look.

    Attributes:
        checks: In the order in which they were made.
        notes: Facts that decide nothing.
    """

    checks: Annotated[tuple[Check, ...], Field(max_length=_MOST)] = ()
    notes: Annotated[tuple[Note, ...], Field(max_length=_MOST)] = ()

    def is_its_business(self) -> bool:
        """Return whether it only answers what the second look is asked."""
        asked = {one.code for one in self.checks} <= QUESTIONS
        return asked and {one.code for one in self.notes} <= FACTS

    def added_to(self, report: VerifyReport) -> VerifyReport:
        """Return the report with both at its end; the worst of all checks is its verdict."""
        return replace(
            report, checks=(*report.checks, *self.checks), notes=(*report.notes, *self.notes)
        )


def has_pages_to_read(report: VerifyReport) -> bool:
    """Return whether the first look came so far that pages can be read."""
    stopped = any(note.code == "stopped_early" for note in report.notes)
    return report.file.pages is not None and not stopped

"""What the host does with the report of the first child: repeats it, and asks a second child.

The second child reads words and draws. Nothing that it says takes anything back: it adds checks of
its own few questions, and pictures. When it does not answer, nothing has read the words, and the
report cannot pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pks_kit.verification.isolation.belief import without_gaps
from pks_kit.verification.isolation.passing import may_pass
from pks_kit.verification.isolation.protocol import (
    Answers,
    Job,
    Parts,
    SecondHead,
    examination_job,
)
from pks_kit.verification.isolation.repeated import objections
from pks_kit.verification.report.added import Added, has_pages_to_read
from pks_kit.verification.report.answers import indeterminate
from pks_kit.verification.report.changes import states, with_changes
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.verdict import Check, VerifyReport

Ask = Callable[[Job, Parts], tuple[Answers, "Check | None"]]


def complete(
    job: Examination,
    report: VerifyReport,
    first: Answers,
    ask: Ask,
    *,
    picture_dpi: int,
    spent: float = 0.0,
) -> Examined:
    """Return the report with all that speaks against it, and the pictures.

    Args:
        job: What is examined.
        report: What the first child reports.
        first: All that it said.
        ask: Lets a fresh child do a job: what it said, and why that is not all, if it is not.
        picture_dpi: Resolution of the pictures; 0 for none.
        spent: Processor time of the first child in seconds; the second has the rest.
    """
    stored = first.stored or ()
    facts = first.signed or ()
    if not (stored or has_pages_to_read(report) or states(job.content, report, job.issued)):
        done = without_gaps(job, report)  # else a report could keep the second child away
        return Examined(report=done.with_checks(*objections(job, report, facts)))
    said, ended = ask(*_second_job(job, report, stored, picture_dpi, spent))
    if stored:
        facts = said.signed or ()
    added = said.added
    if added is not None and not _may_stand(added):
        added, ended = None, indeterminate("file.answers", "not_asked")
    if added is None:
        ended = ended or indeterminate("file.resources", "crashed", exit_code=0)
        done = replace(report, notes=(*report.notes, Note(code="stopped_early")))
    else:
        answered = {one.code for one in added.checks}
        done = added.added_to(without_gaps(job, report, answered))
    done = done.with_checks(*objections(job, report, facts))
    if ended is not None:
        done = done.with_checks(ended)
    done = with_changes(done, said.changes or {})
    if said.pictures is None:
        return Examined(report=replace(done, notes=(*done.notes, Note(code="no_pictures"))))
    return Examined(report=done, pictures=said.pictures)


def _may_stand(added: Added) -> bool:
    """Return whether it answers only what it was asked, in ways in which that can pass."""
    passed = (one for one in added.checks if one.status == "passed")
    return added.is_its_business() and all(may_pass(one) for one in passed)


def _second_job(
    job: Examination,
    report: VerifyReport,
    stored: tuple[bytes, ...],
    picture_dpi: int,
    spent: float,
) -> tuple[Job, Parts]:
    head, files = examination_job(job, picture_dpi)
    seconds = max(1, math.ceil(job.limits.cpu_seconds - spent))
    limits = replace(job.limits, cpu_seconds=seconds)
    # what passed is nothing to draw, and most of what it would have to read
    open_ones = tuple(one for one in report.checks if one.status != "passed")
    second = SecondHead(report=replace(report, checks=open_ones), stored=stored)
    return replace(head, limits=limits, second=second), files

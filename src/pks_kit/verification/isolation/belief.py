"""Which report of a child the host believes, and what it adds to one that cannot be true.

A report is tied to its job: about this file, by this version, of this kind and agreement, resting
on nothing that the job did not hold. Whatever else is wrong with it, it cannot pass any more; what
is wrong with the file stays told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from pks_kit.policy.document_policy import PKS_FINAL, UMUM
from pks_kit.verification.isolation.passing import may_pass, missing_for_pass
from pks_kit.verification.report.added import QUESTIONS
from pks_kit.verification.report.answers import indeterminate
from pks_kit.verification.report.softening import Where, taken_away

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.verdict import Check, VerifyReport

Doubt = Literal["other_job", "not_given", "not_asked", "not_passing"]
"""Why a report is not taken:

* ``other_job``: it is about another file, size, version, kind of document or agreement;
* ``not_given``: it rests on what the job did not hold, or answers what the host alone asks;
* ``not_asked``: it answers what only the second child is asked, which alone reads the words;
* ``not_passing``: it says ``passed`` with a reason that no examination passes for.
"""

_HOST_ALONE = frozenset(
    {
        *("file.resources", "file.answers", "issued.ledger", "issued.final"),
        "signature.revocation",
    }
)
_HOST_AREAS = ("bundle.", "render.")
_LEDGER_REASONS = frozenset({"bought", "recorded", "not_in_ledger", "other_agreement"})
"""Of ``meterai.unique``."""

CHILD_NOTES = frozenset(
    {
        *("clock_skew", "cropped", "draft_mark", "issued_not_compared", "links", "no_receipt"),
        *("open_places", "revocation_unknown", "sheets_beside", "stopped_early", "term_test"),
        "white_over_words",
    }
)
"""What an examination notes; all others the host adds."""

_COMPARED = frozenset({"issued.prefix", "issued.revisions"})
_OF_TWO = frozenset(
    {"other_issued", "missing", "differs", "other_bytes", "issued_unreadable", "other", "same"}
)
"""Reasons of ``issued.receipt`` and ``issued.agreement`` that compare with what was given."""


def doubt_about(job: Examination, report: VerifyReport) -> Doubt | Literal[""]:
    """Return why a report, or an unfinished one, is not taken; empty when it is."""
    if not _is_about(job, report):
        return "other_job"
    if report.compared_with_issued != job.knows_issued:
        return "not_given"
    if any(note.code not in CHILD_NOTES for note in report.notes):
        return "not_given"
    if any(_rests_on_more(job, check) for check in report.checks):
        return "not_given"
    if any(check.code in QUESTIONS for check in report.checks):
        return "not_asked"
    if {one.anchor for one in report.signatures if one.trusted or one.anchor} - _anchors(job):
        return "not_given"
    passed = (check for check in report.checks if check.status == "passed")
    return "" if all(may_pass(check) for check in passed) else "not_passing"


def _is_about(job: Examination, report: VerifyReport) -> bool:
    return (
        report.sha256 == job.sha256
        and report.file.size == len(job.content)
        and report.kit_version == job.kit_version
        and report.bundle is None
        and report.jenis in _kinds(job, report.jenis)
        and (job.receipt is None or report.agreement_id in ("", job.receipt.agreement_id))
    )


def _kinds(job: Examination, told: str) -> tuple[str, ...]:
    """Return the kinds of document that this job may be judged by; empty before one is chosen."""
    if job.policy is not None:
        return (job.policy.kebijakan.nama,)
    if job.receipt is not None:
        return ("", PKS_FINAL + job.receipt.profile)
    return ("", UMUM, told if told.startswith(PKS_FINAL) else UMUM)


def _anchors(job: Examination) -> set[str]:
    pinned = {one.get("name", "") for one in job.pins.values() if one.get("kind") == "production"}
    return pinned | {one.name for one in job.anchors}


def _rests_on_more(job: Examination, check: Check) -> bool:
    """Return whether a check needs what the job does not hold, or is the host's own."""
    code, reason = check.code, check.reason
    if code in _HOST_ALONE or code.startswith(_HOST_AREAS):
        return True
    if code == "meterai.unique" and reason in _LEDGER_REASONS:
        return True
    if code in _COMPARED and not job.knows_issued:
        return True
    if code in ("issued.receipt", "issued.agreement") and reason in _OF_TWO:
        return job.receipt is None and job.issued is None
    if code == "signature.trust" and check.status == "passed":
        return not job.anchors and not job.pins
    return False


def restored(
    job: Examination, report: VerifyReport, partials: Iterable[VerifyReport]
) -> VerifyReport:
    """Return a report with whatever was not in order on the way and was taken away from it.

    Args:
        job: What was asked.
        report: A report that is taken.
        partials: The unfinished reports that are taken.
    """
    told = (check for partial in partials for check in partial.checks)
    gone = taken_away(told, report.checks, _where(job, report))
    return (
        report.with_checks(*gone, indeterminate("file.answers", "taken_away")) if gone else report
    )


def without_gaps(
    job: Examination, report: VerifyReport, answered: Collection[str] = ()
) -> VerifyReport:
    """Return a report that passes only when everything has passed that this job asks for.

    Args:
        job: What was asked.
        report: A report that is taken.
        answered: Codes of checks that another child answers.
    """
    missing = missing_for_pass(job, report) if report.verdict == "passed" else []
    missing = [code for code in missing if code not in answered]
    if not missing:
        return report
    return report.with_checks(indeterminate("file.answers", "incomplete", what=", ".join(missing)))


def _where(job: Examination, report: VerifyReport) -> Iterator[Where]:
    if report.jenis == UMUM:
        yield "any_file"
    if job.receipt is None and not job.knows_issued and not report.agreement_id:
        yield "foreign"

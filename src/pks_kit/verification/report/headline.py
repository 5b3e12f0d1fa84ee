"""Words about a whole report: its first line, its headline, its groups of checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.messages import Message, lookup
from pks_kit.policy.document_policy import PKS_FINAL

if TYPE_CHECKING:
    from pks_kit.verification.report.verdict import Check, Status, VerifyReport


def group_of(check: Check) -> str:
    """Return the group of a check: the first word of its code."""
    return check.code.partition(".")[0]


def warning_line(report: VerifyReport) -> Message | None:
    """Return the first line of a report in which a test authority took part, else None."""
    return lookup("report.test_warning") if report.test_authority else None


def speaks_of_agreement(report: VerifyReport) -> bool:
    """Return whether a report is about an agreement, and not about a file of somebody else."""
    known = report.compared_with_issued or bool(report.agreement_id)
    return known or report.jenis.startswith(PKS_FINAL)


def only_waits(report: VerifyReport) -> bool:
    """Return whether nothing is wrong with a file but that a step of its profile is still to come.

    The verdict is a failure all the same, and so is the exit code: nobody may take it for signed.
    """
    failed = [check for check in report.checks if check.status == "failed"]
    return (
        report.paper is None
        and bool(failed)
        and all(
            check.code == "parties.missing" and check.reason in ("signature", "stamp")
            for check in failed
        )
    )


def headline(report: VerifyReport) -> Message:
    """Return what was proven in one sentence; never a bare "valid".

    Places for others that stand empty in a file that passes are part of it: earlier issues of a
    kontrak elektronik have them, and nobody may take them for signed.
    """
    counts: dict[str, str | int] = {
        "failed": sum(check.status == "failed" for check in report.checks),
        "unknown": sum(check.status == "indeterminate" for check in report.checks),
        "passed": sum(check.status == "passed" for check in report.checks),
        "signatures": len(report.signatures),
    }
    name = f"report.verdict.{report.verdict}"
    if report.paper is not None:
        # whoever reads it must see that it was not the machine alone
        name += ".paper_decided" if report.paper.decided else ".paper"
    elif only_waits(report):
        # a signature of nobody knows whom is among what is unknown
        name += ".waits_unknown" if counts["unknown"] else ".waits"
    elif report.verdict == "passed":
        ours = ".issued" if report.compared_with_issued else ".alone"
        name += ours if speaks_of_agreement(report) else ".foreign"
    told = lookup(name).fill(counts)
    left = next((one for one in report.notes if one.code == "open_places"), None)
    if report.verdict != "passed" or left is None:
        return told
    more = lookup("report.verdict.open_places").fill({"count": left.params["count"]})
    return Message(f"{told.id} {more.id}", f"{told.en} {more.en}")


def shown_status(status: Status) -> Message:
    """Return the word for a state."""
    return lookup(f"report.status.{status}")

"""Words about a whole report: its first line, its headline, its groups of checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.messages import Message, lookup

if TYPE_CHECKING:
    from pks_kit.verification.report.verdict import Check, Status, VerifyReport


def group_of(check: Check) -> str:
    """Return the group of a check: the first word of its code."""
    return check.code.partition(".")[0]


def warning_line(report: VerifyReport) -> Message | None:
    """Return the first line of a report in which a test authority took part, else None."""
    return lookup("report.test_warning") if report.test_authority else None


def headline(report: VerifyReport) -> Message:
    """Return what was proven in one sentence; never a bare "valid"."""
    counts: dict[str, str | int] = {
        "failed": sum(check.status == "failed" for check in report.checks),
        "unknown": sum(check.status == "indeterminate" for check in report.checks),
        "passed": sum(check.status == "passed" for check in report.checks),
        "signatures": len(report.signatures),
    }
    name = f"report.verdict.{report.verdict}"
    if report.verdict == "passed":
        name += ".issued" if report.compared_with_issued else ".alone"
    return lookup(name).fill(counts)


def shown_status(status: Status) -> Message:
    """Return the word for a state."""
    return lookup(f"report.status.{status}")

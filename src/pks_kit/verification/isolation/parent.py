"""What the host asks of a guarded child, and the one place that reads what children answer.

The child may crash, hang or be talked into nonsense by a hostile file; the host always answers.
What comes back is JSON, never code, and the verdict must follow from the checks.
"""

from __future__ import annotations

import hashlib
import json
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pks_kit.errors import VerificationError
from pks_kit.verification.isolation.pool import GuardedPool, default_pool
from pks_kit.verification.isolation.wire import (
    CHANGES,
    MEMORY,
    PARTIAL,
    PICTURES,
    READY,
    REPORT,
    Parts,
    TemporaryFullError,
    job_head,
    job_parts,
)
from pks_kit.verification.limits import MIB, Limits
from pks_kit.verification.report.answers import ParserFailure, guarded, indeterminate
from pks_kit.verification.report.changes import describe_changes, with_changes
from pks_kit.verification.report.pictures import Examined, draw_pages, picture_from_dict
from pks_kit.verification.report.verdict import Check, Note, VerifyReport, report_from_dict

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.isolation.errand import Ended


def run_guarded(
    job: Examination, *, picture_dpi: int = 0, pool: GuardedPool | None = None
) -> Examined:
    """Examine in a child process that sees this one file and then ends.

    Args:
        job: What to examine; ``job.limits`` bind the child.
        picture_dpi: Resolution of the page pictures; 0 for none.
        pool: Guard to use; None: the one of this process.

    Raises:
        VerificationError: ``verify.no_guard`` on a system that cannot keep the limits,
            ``verify.no_child`` when the child cannot even start.
    """
    pool = pool or default_pool()
    if len(job.content) > job.limits.file_bytes or not job.content:
        return run_inline(job)  # decided without any parser
    answered, ended = _ask(pool, job_head(job, picture_dpi), job_parts(job), job.limits)
    return _from_child(job, answered, ended)


async def run_guarded_async(
    job: Examination, *, picture_dpi: int = 0, pool: GuardedPool | None = None
) -> Examined:
    """As :func:`run_guarded`, while the event loop stays free; cancelling ends the child.

    Raises:
        VerificationError: As :func:`run_guarded`.
    """
    pool = pool or default_pool()
    return await pool.in_background(lambda: run_guarded(job, picture_dpi=picture_dpi, pool=pool))


def run_task_guarded(
    task: str, parts: Parts, limits: Limits, *, pool: GuardedPool | None = None
) -> dict[str, Any] | Check:
    """Do one task of :mod:`pks_kit.verification.isolation.tasks` in a child process.

    Args:
        task: Its name.
        parts: The files that it needs.
        limits: Limits of the child.
        pool: Guard to use; None: the one of this process.

    Returns:
        Its answer; a check that says why there is none when a limit stopped it or it broke.

    Raises:
        VerificationError: As :func:`run_guarded`.
    """
    head = {"task": task, "limits": limits.as_dict()}
    answered, otherwise = _ask(pool or default_pool(), head, parts, limits)
    answer = answered.get(REPORT)
    return answer if isinstance(answer, dict) else otherwise


def _ask(
    pool: GuardedPool, head: dict[str, Any], parts: Parts, limits: Limits
) -> tuple[dict[str, Any], Check]:
    """Return what a child answered, and what to say when that is not enough."""
    try:
        ended = pool.ask(head, parts, limits)
    except TemporaryFullError as full:
        return {}, indeterminate("file.resources", "no_room", folder=full.folder)
    answered = _answers(ended.output)
    if READY not in answered:
        raise VerificationError("verify.no_child", reason=f"exit code {ended.exit_code}")
    return answered, _how_it_ended(ended, answered, limits)


def run_inline(job: Examination, *, picture_dpi: int = 0) -> Examined:
    """Examine in this process, without any guard: for tests, and for a caller who is a guard."""
    from pks_kit.verification.examine import examine

    report = examine(job)
    if not picture_dpi:
        return Examined(report=report)
    report = with_changes(report, describe_changes(job.content, report, job.issued))
    pictures = guarded(lambda: draw_pages(job.content, report, picture_dpi, job.issued))
    if isinstance(pictures, ParserFailure):
        return Examined(report=_without_pictures(report))
    return Examined(report=report, pictures=pictures)


def _answers(output: bytes) -> dict[str, Any]:
    """Read the lines of a child; broken ones are dropped."""
    found: dict[str, Any] = {}
    for line in output.splitlines():
        parsed = guarded(lambda line=line: json.loads(line))  # type: ignore[misc]
        if isinstance(parsed, dict) and len(parsed) == 1:
            found.update(parsed)
    return found


def _how_it_ended(ended: Ended, answered: dict[str, Any], limits: Limits) -> Check:
    """Say which limit was met. None of them says that the file is bad, only that nobody looked."""
    if answered.get(MEMORY):
        return indeterminate("file.resources", "too_much_memory", mib=limits.memory_bytes // MIB)
    if ended.late:
        return indeterminate("file.resources", "too_slow", seconds=f"{limits.wall_seconds:g}")
    spent = ended.exit_code == -signal.SIGKILL and ended.cpu_seconds >= limits.cpu_seconds
    if spent or ended.exit_code == -signal.SIGXCPU:
        return indeterminate("file.resources", "too_much_cpu", seconds=limits.cpu_seconds)
    if ended.exit_code == -signal.SIGKILL:
        return indeterminate("file.resources", "killed")
    return indeterminate("file.resources", "crashed", exit_code=ended.exit_code)


def _from_child(job: Examination, answered: dict[str, Any], otherwise: Check) -> Examined:
    report = _report(job, answered.get(REPORT))
    if report is None:
        return Examined(report=_stopped(job, _report(job, answered.get(PARTIAL)), otherwise))
    described = _described(report, answered.get(CHANGES, {}))
    report = report if isinstance(described, ParserFailure) else described
    if PICTURES not in answered:
        return Examined(report=_without_pictures(report))
    pictures = guarded(lambda: tuple(picture_from_dict(one) for one in answered[PICTURES]))
    if isinstance(pictures, ParserFailure):
        return Examined(report=_without_pictures(report))
    return Examined(report=report, pictures=pictures)


def _report(job: Examination, shown: Any) -> VerifyReport | None:
    """Return the report about this very file; None when it is none or about another one."""
    report = guarded(lambda: report_from_dict(shown))
    if (
        isinstance(report, ParserFailure)
        or report.sha256 != hashlib.sha256(job.content).hexdigest()
    ):
        return None
    return report


def _stopped(job: Examination, partial: VerifyReport | None, otherwise: Check) -> VerifyReport:
    """Return what was found before the child stopped; the reason for stopping never passes."""
    if partial is None:
        partial = VerifyReport(
            sha256=hashlib.sha256(job.content).hexdigest(),
            size=len(job.content),
            kit_version=job.kit_version,
            checks=(),
        )
    notes = tuple(note for note in partial.notes if note.code != "stopped_early")
    stopped = replace(partial, notes=(*notes, Note(code="stopped_early")))
    return stopped.with_checks(otherwise)


def _described(report: VerifyReport, changes: Any) -> VerifyReport | ParserFailure:
    return guarded(lambda: with_changes(report, changes))


def _without_pictures(report: VerifyReport) -> VerifyReport:
    return replace(report, notes=(*report.notes, Note(code="no_pictures")))

"""Examine a file in a child process with limits on memory and time.

The child may crash, hang or be talked into nonsense by a hostile file; the parent always answers.
What comes back is JSON, never code, and the verdict must follow from the checks.
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pks_kit
from pks_kit.errors import VerificationError
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.examine import Examination, examine
from pks_kit.verification.isolation.wire import (
    Parts,
    job_head,
    job_parts,
    open_nameless,
    write_parts,
)
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.answers import failed, indeterminate
from pks_kit.verification.report.changes import describe_changes, with_changes
from pks_kit.verification.report.pictures import Examined, draw_pages, picture_from_dict
from pks_kit.verification.report.verdict import Check, Note, VerifyReport, report_from_dict

READY, PARTIAL, REPORT = "ready", "partial", "report"
CHANGES, PICTURES = "changes", "pictures"


def run_guarded(job: Examination, *, picture_dpi: int = 0) -> Examined:
    """Examine in a child process.

    Args:
        job: What to examine; ``job.limits`` also limits the child.
        picture_dpi: Resolution of the page pictures; 0 for none.

    Raises:
        VerificationError: ``verify.no_child`` when the child cannot even start.
    """
    if len(job.content) > job.limits.file_bytes or not job.content:
        return run_inline(job)  # decided without any parser
    answered, ended = _run_child(job_head(job, picture_dpi), job_parts(job), job.limits)
    return _from_child(job, answered, ended)


def run_task_guarded(task: str, parts: Parts, limits: Limits) -> dict[str, Any] | None:
    """Do one task of :mod:`pks_kit.verification.isolation.tasks` in a child process.

    Args:
        task: Its name.
        parts: The files that it needs.
        limits: Limits of the child.

    Returns:
        Its answer; None when the child was stopped by a limit or broke.

    Raises:
        VerificationError: ``verify.no_child`` when the child cannot even start.
    """
    answered, _ = _run_child({"task": task, "limits": limits.as_dict()}, parts, limits)
    answer = answered.get(REPORT)
    return answer if isinstance(answer, dict) else None


def _run_child(head: dict[str, Any], parts: Parts, limits: Limits) -> tuple[dict[str, Any], Check]:
    """Return what a child answered, and what to say when that is not enough."""
    command = [sys.executable, "-P", "-B", "-m", "pks_kit.verification.isolation.child"]
    try:
        with open_nameless() as handed:
            write_parts(handed, head, parts)
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                command,
                stdin=handed,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall_seconds,
                check=False,
                cwd="/",
                env=_environment(),
            )
    except subprocess.TimeoutExpired as error:
        return _answers(error.stdout or b""), indeterminate("file.resources", "too_slow")
    except OSError as error:
        raise VerificationError("verify.no_child", reason=str(error)[:200]) from error
    answered = _answers(done.stdout)
    if READY not in answered:
        raise VerificationError("verify.no_child", reason=f"exit code {done.returncode}")
    return answered, _how_it_ended(done.returncode, answered)


def run_inline(job: Examination, *, picture_dpi: int = 0) -> Examined:
    """Examine in this process: for tests, and where the caller is itself a guarded process."""
    report = examine(job)
    if not picture_dpi:
        return Examined(report=report)
    report = with_changes(report, describe_changes(job.content, report, job.issued))
    pictures = guarded(lambda: draw_pages(job.content, report, picture_dpi, job.issued))
    if isinstance(pictures, ParserFailure):
        return Examined(report=_without_pictures(report))
    return Examined(report=report, pictures=pictures)


def _environment() -> dict[str, str]:
    """Return a bare environment: no secrets of the caller reach the child."""
    source = str(Path(pks_kit.__file__).resolve().parent.parent)
    return {"PYTHONPATH": source, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2", "TZ": "UTC"}


def _answers(output: bytes) -> dict[str, Any]:
    """Read the lines of the child: ``ready``, ``report``, ``pictures``; broken ones are dropped."""
    found: dict[str, Any] = {}
    for line in output.splitlines():
        parsed = guarded(lambda line=line: json.loads(line))  # type: ignore[misc]
        if isinstance(parsed, dict) and len(parsed) == 1:
            found.update(parsed)
    return found


def _how_it_ended(code: int, answered: dict[str, Any]) -> Check:
    if answered.get("memory"):
        return failed("file.resources", "too_much_memory")
    if code == -signal.SIGXCPU:
        return indeterminate("file.resources", "too_slow")
    return indeterminate("file.resources", "crashed", exit_code=code)


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

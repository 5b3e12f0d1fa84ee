"""What the host asks of a guarded child, and the one place that reads what children answer.

The child may crash, hang or be talked into nonsense by a hostile file; the host always answers.
What comes back is read strictly (:mod:`.protocol`), and the verdict is computed here.
"""

from __future__ import annotations

import hashlib
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

from pks_kit.errors import VerificationError
from pks_kit.limits import MIB
from pks_kit.verification.isolation.pool import GuardedPool, default_pool
from pks_kit.verification.isolation.protocol import (
    Answers,
    Job,
    Parts,
    examination_job,
    fitting,
    parse_answers,
)
from pks_kit.verification.isolation.second import complete
from pks_kit.verification.isolation.wire import TemporaryFullError
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.answers import indeterminate
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import Check, JudgedFile, Note, VerifyReport

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.isolation.child_request import Ended


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
    answered, ended, spent = _ask(pool, *examination_job(job, picture_dpi))
    examined = _from_child(job, answered, ended)
    if _about(job, answered.report) is not None:
        examined = complete(
            job,
            examined.report,
            answered,
            lambda *second: _ask(pool, *second)[:2],
            picture_dpi=picture_dpi,
            spent=spent,
        )
    notes = () if answered.ready is None else answered.ready.notes()
    if pool.lacking:
        notes = (*notes, Note(code="no_bubblewrap", params={"reason": pool.lacking}))
    if not notes:
        return examined
    report = replace(examined.report, notes=(*examined.report.notes, *notes))
    return replace(examined, report=report)


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
    job: Job, files: Parts, *, pool: GuardedPool | None = None
) -> tuple[Answers, tuple[Check, ...]]:
    """Do one task of :mod:`pks_kit.verification.isolation.tasks` in a child process.

    Args:
        job: The task.
        files: The files that it needs.
        pool: Guard to use; None: the one of this process.

    Returns:
        Its answer under the name of the task; None there when the file cannot be read so, or when
        a limit stopped the child or it broke. That is then said by a check, else there is none.

    Raises:
        VerificationError: As :func:`run_guarded`.
    """
    answered, ended, _ = _ask(pool or default_pool(), job, files)
    return answered, () if ended is None else (ended,)


def _ask(pool: GuardedPool, job: Job, files: Parts) -> tuple[Answers, Check | None, float]:
    """Return what a child answered, why that is not all if so, and its processor seconds."""
    try:
        ended = pool.ask(job, files)
    except TemporaryFullError as full:
        return Answers(), indeterminate("file.resources", "no_room", folder=full.folder), 0.0
    answered = parse_answers(ended.output)
    if answered.ready is None:
        raise VerificationError("verify.no_child", reason=f"exit code {ended.exit_code}")
    return answered, _how_it_ended(ended, answered, job.limits), ended.cpu_seconds


def run_inline(job: Examination, *, picture_dpi: int = 0) -> Examined:
    """Examine in this process, without any guard: for tests, and for a caller who is a guard."""
    from pks_kit.verification.examine import examine
    from pks_kit.verification.isolation.child import look_again_at, proven

    ranges = proven(job)
    report = examine(job, ranges=ranges)
    stored = fitting(ranges.stored) if ranges.has_open_chains else None
    first = Answers(signed=ranges.facts, stored=stored)

    def second(asked: Job, _: Parts) -> tuple[Answers, None]:
        found = Answers()
        if asked.second is not None:
            for said in look_again_at(job, asked.second, picture_dpi):
                found = replace(found, **said.given())
        return found, None

    return complete(job, report, first, second, picture_dpi=picture_dpi)


def _how_it_ended(ended: Ended, answered: Answers, limits: Limits) -> Check | None:
    """Say which limit was met. None of them says that the file is bad, only that nobody looked."""
    if answered.memory:
        return indeterminate("file.resources", "too_much_memory", mib=limits.memory_bytes // MIB)
    if ended.late:
        return indeterminate("file.resources", "too_slow", seconds=f"{limits.wall_seconds:g}")
    spent = ended.exit_code == -signal.SIGKILL and ended.cpu_seconds >= limits.cpu_seconds
    if spent or ended.exit_code == -signal.SIGXCPU:
        return indeterminate("file.resources", "too_much_cpu", seconds=limits.cpu_seconds)
    if ended.exit_code == -signal.SIGKILL:
        return indeterminate("file.resources", "killed")
    if ended.exit_code == -signal.SIGABRT:  # how C++ libraries answer when they get no memory
        return indeterminate("file.resources", "gave_up", mib=limits.memory_bytes // MIB)
    if ended.exit_code:
        return indeterminate("file.resources", "crashed", exit_code=ended.exit_code)
    return None


def _from_child(job: Examination, answered: Answers, ended: Check | None) -> Examined:
    """Return the report of the first child; its end speaks against it too.

    Args:
        job: What was asked.
        answered: What it said.
        ended: What its end says; None when it ended well.
    """
    report = _about(job, answered.report)
    if report is None:
        why = ended or indeterminate("file.resources", "crashed", exit_code=0)
        return Examined(report=_stopped(job, _about(job, answered.partial), why))
    return Examined(report=report if ended is None else report.with_checks(ended))


def _about(job: Examination, report: VerifyReport | None) -> VerifyReport | None:
    """Return the report if it is about this very file."""
    about = "" if report is None else report.sha256
    return report if about == hashlib.sha256(job.content).hexdigest() else None


def _stopped(job: Examination, partial: VerifyReport | None, otherwise: Check) -> VerifyReport:
    """Return what was found before the child stopped; the reason for stopping never passes."""
    if partial is None:
        partial = VerifyReport(
            file=JudgedFile(sha256=hashlib.sha256(job.content).hexdigest(), size=len(job.content)),
            kit_version=job.kit_version,
            checks=(),
        )
    notes = tuple(note for note in partial.notes if note.code != "stopped_early")
    stopped = replace(partial, notes=(*notes, Note(code="stopped_early")))
    return stopped.with_checks(otherwise)

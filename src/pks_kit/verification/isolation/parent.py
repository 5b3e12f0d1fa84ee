"""What the host asks of a guarded child, and the one place that reads what children answer.

The child may crash, hang or be talked into nonsense by a hostile file; the host always answers.
What comes back is read strictly (:mod:`.protocol`), and the verdict is computed here.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pks_kit.errors import VerificationError
from pks_kit.limits import MIB
from pks_kit.verification.isolation.belief import doubt_about, restored
from pks_kit.verification.isolation.pool import GuardedPool, default_pool
from pks_kit.verification.isolation.protocol import (
    Answers,
    Heard,
    Job,
    Parts,
    examination_job,
    fitting,
    hear,
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
    from pks_kit.verification.signatures.signed_ranges import SignedRanges


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
    heard, ended, spent = _ask(pool, *examination_job(job, picture_dpi))
    examined = _from_child(job, heard, ended)
    if heard.answers.report is not None and not doubt_about(job, heard.answers.report):
        examined = complete(
            job,
            examined.report,
            heard.answers,
            lambda *second: _answered(pool, *second),
            picture_dpi=picture_dpi,
            spent=spent,
        )
    ready = heard.answers.ready
    notes = () if ready is None else ready.notes()
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
        a limit stopped the child, it broke, or it said what no child of ours says. That is then
        said by a check, else there is none.

    Raises:
        VerificationError: As :func:`run_guarded`.
    """
    heard, ended, _ = _ask(pool or default_pool(), job, files)
    if ended is None:
        return heard.answers, ()
    return Answers(ready=heard.answers.ready), (ended,)


def _answered(pool: GuardedPool, job: Job, files: Parts) -> tuple[Answers, Check | None]:
    heard, ended, _ = _ask(pool, job, files)
    return heard.answers, ended


def _ask(pool: GuardedPool, job: Job, files: Parts) -> tuple[Heard, Check | None, float]:
    """Return what a child answered, why that is not all if so, and its processor seconds."""
    try:
        ended = pool.ask(job, files)
    except TemporaryFullError as full:
        return Heard(), indeterminate("file.resources", "no_room", folder=full.folder), 0.0
    heard = hear(ended.lines, ended.breach)
    if heard.answers.ready is None and not (heard.breach or ended.late):
        raise VerificationError("verify.no_child", reason=f"exit code {ended.exit_code}")
    return heard, how_it_ended(ended, heard, job.limits), ended.cpu_seconds


def run_inline(job: Examination, *, picture_dpi: int = 0) -> Examined:
    """Examine in this process, without any guard: for tests, and for a caller who is a guard."""
    from pks_kit.verification.examine import examine, prove

    ranges = prove(job)
    return completed_inline(job, examine(job, ranges=ranges), ranges, picture_dpi=picture_dpi)


def completed_inline(
    job: Examination, report: VerifyReport, ranges: SignedRanges, *, picture_dpi: int = 0
) -> Examined:
    """Do in this process what follows on the first look; see :func:`run_inline`.

    Args:
        job: What is examined.
        report: What the first look found.
        ranges: What had been proven before it.
        picture_dpi: Resolution of the page pictures; 0 for none.
    """
    from pks_kit.verification.isolation.child import look_again_at

    stored = fitting(ranges.stored) if ranges.has_open_chains else None
    first = Answers(signed=ranges.facts, stored=stored)

    def second(asked: Job, _: Parts) -> tuple[Answers, None]:
        found = Answers()
        if asked.second is not None:
            for said in look_again_at(job, asked.second, picture_dpi):
                found = replace(found, **said.given())
        return found, None

    return complete(job, report, first, second, picture_dpi=picture_dpi)


def how_it_ended(ended: Ended, heard: Heard, limits: Limits) -> Check | None:
    """Return why a child cannot be believed whole, if so; that never says that the file is bad.

    Args:
        ended: How it ended.
        heard: What it said.
        limits: What it could use.
    """
    if heard.breach:
        return indeterminate("file.answers", heard.breach)
    if heard.answers.memory:
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


def _from_child(job: Examination, heard: Heard, ended: Check | None) -> Examined:
    """Return what may be believed; only a whole answer of a child that ended well can pass.

    Args:
        job: What was asked.
        heard: What the child said.
        ended: What its end says; None when it ended well.
    """
    doubts = [doubt_about(job, one) for one in heard.partials]
    partials = [one for one, doubt in zip(heard.partials, doubts, strict=True) if not doubt]
    report = heard.answers.report
    doubt = "" if report is None else doubt_about(job, report)
    if report is None or doubt:
        why = indeterminate("file.answers", doubt) if doubt else ended or _nothing_told()
        return Examined(report=_stopped(job, partials, why))
    report = restored(job, report, partials)
    unlike = next(filter(None, doubts), "")
    if unlike:  # no child of ours says so on the way, and what it told there cannot be held to it
        report = report.with_checks(indeterminate("file.answers", unlike))
    return Examined(report=report if ended is None else report.with_checks(ended))


def _nothing_told() -> Check:
    return indeterminate("file.resources", "crashed", exit_code=0)


def _stopped(job: Examination, partials: Sequence[VerifyReport], why: Check) -> VerifyReport:
    """Return what was found before the child stopped; the reason for stopping never passes."""
    report = VerifyReport(
        file=JudgedFile(sha256=job.sha256, size=len(job.content)),
        kit_version=job.kit_version,
        checks=(),
    )
    if partials:
        report = restored(job, partials[-1], partials)
    notes = tuple(note for note in report.notes if note.code != "stopped_early")
    stopped = replace(report, notes=(*notes, Note(code="stopped_early")))
    return stopped.with_checks(why)

"""What the child does: read its job, enter its limits, examine, tell.

Runs only in a process that :mod:`pks_kit.verification.isolation.fork_server` forked for one file.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.isolation.lines import MOST_PICTURE_BYTES
from pks_kit.verification.isolation.protocol import (
    MOST_PICTURES,
    OUT_OF_MEMORY,
    Answers,
    ExaminationHead,
    Parts,
    encode_answer,
    examination_from,
)
from pks_kit.verification.isolation.wire import read_job
from pks_kit.verification.limits import Limits

if TYPE_CHECKING:
    from pks_kit.verification.report.pictures import Picture


def do_job(source: IO[bytes], answers: int) -> int:
    """Do one job and write ``ready``, then ``partial`` reports, ``report``, and what belongs to it.

    Args:
        source: The job, as :func:`~pks_kit.verification.isolation.wire.write_job` wrote it.
        answers: Descriptor to write to, one line of JSON for each answer.

    Returns:
        The exit code for this process: 0, or 1 when memory ran out.
    """
    from pks_kit.verification.isolation.kernel.places import readable_places
    from pks_kit.verification.isolation.sandbox import enter_limits

    job, files = read_job(source)
    profiles = [] if job.examination is None else [Path(job.examination.signing_root)]
    isolation = enter_limits(job.limits, readable_places(*profiles))
    _say(answers, Answers(ready=isolation))
    try:
        if job.examination is None:
            from pks_kit.verification.isolation.tasks import do_task

            done = guarded(lambda: do_task(job, files))
            if not isinstance(done, ParserFailure):
                _say(answers, done)
        else:
            _examine(job.examination, job.limits, files, answers)
    except MemoryError:
        _write(answers, OUT_OF_MEMORY)  # nothing is left to build words with
        return 1
    return 0


def _examine(head: ExaminationHead, limits: Limits, files: Parts, answers: int) -> None:
    from pks_kit.verification.examine import examine
    from pks_kit.verification.report.changes import describe_changes, with_changes

    job = examination_from(head, limits, files)
    report = examine(job, lambda so_far: _say(answers, Answers(partial=so_far)))
    _say(answers, Answers(report=report))
    changes = describe_changes(job.content, report, job.issued)
    _say(answers, Answers(changes=changes))
    if not head.picture_dpi:
        return _say(answers, Answers(pictures=()))
    from pks_kit.verification.report.pictures import draw_pages

    described = with_changes(report, changes)
    pictures = draw_pages(job.content, described, head.picture_dpi, job.issued)
    return _say(answers, Answers(pictures=_that_fit(pictures)))


def _that_fit(pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
    """Return the first ones, as many as the host takes."""
    room = MOST_PICTURE_BYTES
    kept: list[Picture] = []
    for one in pictures[:MOST_PICTURES]:
        rest = encode_answer(Answers(pictures=(replace(one, png=b""),)))
        room -= len(rest) + 2 * len(one.png)  # written as hex
        if room < 0:
            break
        kept.append(one)
    return tuple(kept)


def _say(answers: int, answer: Answers) -> None:
    _write(answers, encode_answer(answer))


def _write(answers: int, line: bytes) -> None:
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(answers, rest) :]

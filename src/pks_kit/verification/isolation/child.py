"""What the child does: read its job, enter its limits, examine, tell.

Runs only in a process that :mod:`pks_kit.verification.isolation.fork_server` forked for one file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
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
    SecondHead,
    encode_answer,
    examination_from,
    fitting,
)
from pks_kit.verification.isolation.wire import read_job
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.added import Added, has_pages_to_read

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.pictures import Picture


def do_job(source: IO[bytes], answers: int) -> int:
    """Do one job and write ``ready``, then what :mod:`~.protocol` says of it.

    Args:
        source: The job, as :func:`~pks_kit.verification.isolation.wire.write_job` wrote it.
        answers: Descriptor to write to, one line of JSON for each answer.

    Returns:
        The exit code for this process: 0, or 1 when memory ran out.
    """
    from pks_kit.verification.isolation.kernel.places import readable_places
    from pks_kit.verification.isolation.sandbox import enter_limits

    job, files = read_job(source)
    if job.asked is not None:
        from pks_kit.verification.isolation.tasks import prepare

        prepare(job)
    elif job.examination is not None:
        from pks_kit.verification.isolation.preload import preload_for

        preload_for(again=job.second is not None)
    profiles = [] if job.examination is None else [Path(job.examination.signing_root)]
    isolation = enter_limits(job.limits, readable_places(*profiles))
    _say(answers, Answers(ready=isolation))
    try:
        if job.examination is None:
            from pks_kit.verification.isolation.tasks import do_task

            done = guarded(lambda: do_task(job, files))
            if not isinstance(done, ParserFailure):
                _say(answers, done)
        elif job.second is None:
            _examine(job.examination, job.limits, files, answers)
        else:
            asked = examination_from(job.examination, job.limits, files)
            for answer in look_again_at(asked, job.second, job.examination.picture_dpi):
                _say(answers, answer)
    except MemoryError:
        _write(answers, OUT_OF_MEMORY)  # nothing is left to build words with
        return 1
    return 0


def _examine(head: ExaminationHead, limits: Limits, files: Parts, answers: int) -> None:
    """Prove signatures from the bytes, tell that, and only then let parsers see the file."""
    from pks_kit.verification.examine import examine, prove

    job = examination_from(head, limits, files)
    ranges = prove(job)
    _say(answers, Answers(signed=ranges.facts))
    report = examine(job, lambda so_far: _say(answers, Answers(partial=so_far)), ranges)
    if ranges.has_open_chains:
        _say(answers, Answers(stored=fitting(ranges.stored)))
    _say(answers, Answers(report=report))


def look_again_at(job: Examination, asked: SecondHead, picture_dpi: int) -> Iterator[Answers]:
    """Yield what the second child says: signatures proven again if need be, words, pictures.

    Args:
        job: What is examined.
        asked: What the second look needs beside it.
        picture_dpi: Resolution of the pictures; 0 for none.
    """
    from pks_kit.verification.report.changes import describe_changes
    from pks_kit.verification.second_look import draw, look_again

    report = asked.report
    if asked.stored:
        from pks_kit.verification.examine import prove

        yield Answers(signed=prove(job, asked.stored).facts)
    yield Answers(added=look_again(job, report) if has_pages_to_read(report) else Added())
    changes = describe_changes(job.content, report, job.issued)
    yield Answers(changes=changes)
    pictures = guarded(lambda: draw(job, report, changes, picture_dpi))
    if not isinstance(pictures, ParserFailure):
        yield Answers(pictures=_that_fit(pictures))


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

"""What the child does: read its job, enter its limits, examine, tell.

Runs only in a process that :mod:`pks_kit.verification.isolation.server` forked for one file.
"""

from __future__ import annotations

import json
import os
from typing import IO, Any

from pks_kit.verification.isolation.wire import (
    CHANGES,
    MEMORY,
    PARTIAL,
    PICTURES,
    READY,
    REPORT,
    Parts,
    job_from,
    read_parts,
)
from pks_kit.verification.limits import Limits


def do_job(source: IO[bytes], answers: int) -> int:
    """Do one job and write ``ready``, then ``partial`` reports, ``report``, and what belongs to it.

    Args:
        source: The job, as :func:`~pks_kit.verification.isolation.wire.write_parts` wrote it.
        answers: Descriptor to write to, one line of JSON for each answer.

    Returns:
        The exit code for this process: 0, or 1 when memory ran out.
    """
    from pks_kit.verification.isolation.box import enter_limits

    head, parts = read_parts(source)
    enter_limits(Limits(**head["limits"]))
    _say(answers, READY, True)
    try:
        if "task" in head:
            from pks_kit.verification.isolation.tasks import do_task

            _say(answers, REPORT, do_task(str(head["task"]), parts))
        else:
            _examine(head, parts, answers)
    except MemoryError:
        _write(answers, b'{"%s": true}\n' % MEMORY.encode())  # nothing is left to build words with
        return 1
    return 0


def _examine(head: dict[str, Any], parts: Parts, answers: int) -> None:
    from pks_kit.verification.examine import examine
    from pks_kit.verification.report.changes import describe_changes, with_changes

    job, dpi = job_from(head, parts)
    report = examine(job, lambda so_far: _say(answers, PARTIAL, so_far.as_dict()))
    _say(answers, REPORT, report.as_dict())
    changes = describe_changes(job.content, report, job.issued)
    _say(answers, CHANGES, changes)
    if not dpi:
        return _say(answers, PICTURES, [])
    from pks_kit.verification.report.pictures import draw_pages

    pictures = draw_pages(job.content, with_changes(report, changes), dpi, job.issued)
    return _say(answers, PICTURES, [picture.as_dict() for picture in pictures])


def _say(answers: int, name: str, value: object) -> None:
    _write(answers, json.dumps({name: value}).encode("ascii") + b"\n")


def _write(answers: int, line: bytes) -> None:
    rest = memoryview(line)
    while rest:
        rest = rest[os.write(answers, rest) :]

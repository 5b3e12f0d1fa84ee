"""The child process: limits first, then one examination from standard input to standard output.

Run only by :mod:`pks_kit.verification.isolation.parent`, as a module of its own.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO

_REFUSED = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.fork",
        "os.remove",
        "os.rename",
    }
)


def main() -> int:
    """Read a job, examine, write ``ready``, ``partial``, ``report``, ``changes``, ``pictures``."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries may print; nobody reads it
    from pks_kit.verification.examine import examine
    from pks_kit.verification.isolation.parent import CHANGES, PARTIAL, PICTURES, READY, REPORT
    from pks_kit.verification.isolation.wire import job_from, read_parts
    from pks_kit.verification.report.changes import describe_changes, with_changes

    head, parts = read_parts(sys.stdin.buffer)
    _limit(head["limits"])
    sys.addaudithook(_refuse)
    _say(answers, READY, True)
    try:
        if "task" in head:
            from pks_kit.verification.isolation.tasks import do_task

            _say(answers, REPORT, do_task(str(head["task"]), parts))
            return 0
        job, dpi = job_from(head, parts)
        report = examine(job, lambda so_far: _say(answers, PARTIAL, so_far.as_dict()))
        _say(answers, REPORT, report.as_dict())
        changes = describe_changes(job.content, report, job.issued)
        _say(answers, CHANGES, changes)
        if dpi:
            from pks_kit.verification.report.pictures import draw_pages

            report = with_changes(report, changes)
            pictures = draw_pages(job.content, report, dpi, job.issued)
            _say(answers, PICTURES, [picture.as_dict() for picture in pictures])
        else:
            _say(answers, PICTURES, [])
    except MemoryError:
        _say(answers, "memory", True)
        return 1
    return 0


def _say(answers: BinaryIO, name: str, value: object) -> None:
    line = memoryview(json.dumps({name: value}).encode("ascii") + b"\n")
    while line:
        line = line[answers.write(line) :]


def _limit(limits: dict[str, Any]) -> None:
    """Set the limits of this process; systems without ``resource`` only have the time-out."""
    try:
        import resource
    except ImportError:
        return
    memory, seconds = int(limits["memory_bytes"]), int(limits["cpu_seconds"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse network, processes and changes of files, whoever asks."""
    if event in _REFUSED:
        raise PermissionError(event)
    if event == "open":
        _, mode, flags = arguments
        writes = isinstance(mode, str) and set(mode) & set("wax+")
        if writes or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise PermissionError(event)


if __name__ == "__main__":
    raise SystemExit(main())

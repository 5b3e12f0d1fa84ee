"""How a job comes to the child: in a nameless file.

A job is one line of JSON, then the files as they are. Fifty megabytes written as base64 inside JSON
would be copied five times. Here the files follow the line byte for byte in a nameless file that
only lives in memory, and the child reads it as its standard input.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from typing import IO

from pks_kit.json_form import from_wire, to_wire
from pks_kit.verification.isolation.protocol import Job, Parts

_NO_ROOM = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.ENOENT}
)


class TemporaryFullError(Exception):
    """Neither memory nor the temporary folder holds the files of a job.

    Attributes:
        folder: The temporary folder.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(folder)


def spool(job: Job, files: Sequence[bytes]) -> IO[bytes]:
    """Return a nameless file that holds a job, in memory or else in the temporary folder.

    Raises:
        TemporaryFullError: There is no room, or no folder that can be written.
        OSError: The process has no more descriptors.
    """
    if hasattr(os, "memfd_create"):
        with contextlib.suppress(OSError):  # an old kernel, or no memory left: try the disk
            return _written(open_nameless(), job, files)
    folder = "?"
    try:
        folder = tempfile.gettempdir()
        return _written(tempfile.TemporaryFile(), job, files)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise TemporaryFullError(folder) from error
        raise


def _written(target: IO[bytes], job: Job, files: Sequence[bytes]) -> IO[bytes]:
    try:
        write_job(target, job, files)
    except BaseException:
        with contextlib.suppress(OSError):  # closing writes what is still held back
            target.close()
        raise
    return target


def open_nameless() -> IO[bytes]:
    """Open a file without a name, in memory where the system can do that (Linux)."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("pks-kit-job"), "w+b")
    return tempfile.TemporaryFile()


def write_job(target: IO[bytes], job: Job, files: Sequence[bytes]) -> None:
    """Write the line, then the files, and go back to the start."""
    sizes = tuple(len(content) for content in files)
    target.write(to_wire(replace(job, parts=sizes)) + b"\n")
    for content in files:
        target.write(content)
    target.flush()
    target.seek(0)


def read_job(source: IO[bytes] | io.BufferedReader) -> tuple[Job, Parts]:
    """Read what :func:`write_job` wrote.

    Raises:
        ValueError: It is no job, or cut off.
    """
    job = from_wire(Job, source.readline())
    files = tuple(source.read(size) for size in job.parts)
    if tuple(len(content) for content in files) != job.parts:
        raise ValueError("the job is cut off")
    return job, files

"""How host and child speak: a job one way, lines of JSON the other.

A job is one line of JSON, then the files as they are. Fifty megabytes written as base64 inside JSON
would be copied five times. Here the files follow the line byte for byte in a nameless file that
only lives in memory, and the child reads it as its standard input.

Each answer is one line, a JSON object with one of the names below.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pks_kit.verification.limits import Limits

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination

READY, PARTIAL, REPORT = "ready", "partial", "report"
CHANGES, PICTURES, MEMORY = "changes", "pictures", "memory"

Parts = tuple[bytes, ...]

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


def spool(head: dict[str, Any], parts: Sequence[bytes]) -> IO[bytes]:
    """Return a nameless file that holds a job, in memory or else in the temporary folder.

    Raises:
        TemporaryFullError: There is no room, or no folder that can be written.
        OSError: The process has no more descriptors.
    """
    if hasattr(os, "memfd_create"):
        with contextlib.suppress(OSError):  # an old kernel, or no memory left: try the disk
            return _written(open_nameless(), head, parts)
    folder = "?"
    try:
        folder = tempfile.gettempdir()
        return _written(tempfile.TemporaryFile(), head, parts)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise TemporaryFullError(folder) from error
        raise


def _written(target: IO[bytes], head: dict[str, Any], parts: Sequence[bytes]) -> IO[bytes]:
    try:
        write_parts(target, head, parts)
    except BaseException:
        with contextlib.suppress(OSError):  # closing writes what is still held back
            target.close()
        raise
    return target


def open_nameless(name: str = "pks-kit-job") -> IO[bytes]:
    """Open a file without a name, in memory where the system can do that (Linux)."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create(name), "w+b")
    return tempfile.TemporaryFile()


def write_parts(target: IO[bytes], head: dict[str, Any], parts: Sequence[bytes]) -> None:
    """Write the line, then the parts, and go back to the start."""
    line = json.dumps({**head, "parts": [len(part) for part in parts]})
    target.write(line.encode("ascii") + b"\n")
    for part in parts:
        target.write(part)
    target.flush()
    target.seek(0)


def read_parts(source: IO[bytes] | io.BufferedReader) -> tuple[dict[str, Any], Parts]:
    """Read what :func:`write_parts` wrote.

    Raises:
        ValueError: It is cut off.
    """
    head: dict[str, Any] = json.loads(source.readline())
    sizes = head.pop("parts")
    parts = tuple(source.read(size) for size in sizes)
    if [len(part) for part in parts] != sizes:
        raise ValueError("the job is cut off")
    return head, parts


def job_head(job: Examination, picture_dpi: int) -> dict[str, Any]:
    """Return everything about a job but its files, as JSON values."""
    return {
        "has_issued": job.issued is not None,
        "fetched_ocsps": len(job.fetched.ocsps),
        "receipt": job.receipt.to_json().decode() if job.receipt else None,
        "policy": job.policy.model_dump_json() if job.policy else None,
        "pins": {print_: dict(pin) for print_, pin in job.pins.items()},
        "anchors": [anchor.as_dict() for anchor in job.anchors],
        "signing_root": str(job.signing_root.resolve()),
        "now": job.now.isoformat(),
        "kit_version": job.kit_version,
        "limits": job.limits.as_dict(),
        "picture_dpi": picture_dpi,
    }


def job_parts(job: Examination) -> Parts:
    """Return the files of a job: the one to judge, the issued one if any, then what was fetched."""
    files = (job.content,) if job.issued is None else (job.content, job.issued)
    return (*files, *job.fetched.ocsps, *job.fetched.crls)


def job_from(head: dict[str, Any], parts: Parts) -> tuple[Examination, int]:
    """Return the job that the host wrote, and the resolution of the pictures."""
    from pks_kit.domain.receipt import Receipt
    from pks_kit.pki.anchors import anchor_from_dict
    from pks_kit.policy.document_policy import PolicyInForce
    from pks_kit.verification.examination import Examination, Material

    fetched = parts[2:] if head["has_issued"] else parts[1:]
    answers = int(head["fetched_ocsps"])
    receipt, policy = head["receipt"], head["policy"]
    job = Examination(
        content=parts[0],
        issued=parts[1] if head["has_issued"] else None,
        receipt=Receipt.model_validate_json(receipt) if receipt else None,
        policy=PolicyInForce.model_validate_json(policy) if policy else None,
        pins=head["pins"],
        anchors=tuple(anchor_from_dict(one) for one in head["anchors"]),
        signing_root=Path(head["signing_root"]),
        now=datetime.fromisoformat(head["now"]),
        kit_version=head["kit_version"],
        limits=Limits(**head["limits"]),
        fetched=Material(ocsps=fetched[:answers], crls=fetched[answers:]),
    )
    return job, int(head["picture_dpi"])

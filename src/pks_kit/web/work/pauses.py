"""Pauses of runs: a file that lets a run begin nothing more, and tells who wanted it and when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pks_kit.errors import InputError
from pks_kit.files import read_limited, write_atomic

FOLDER = "batch"
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A pause.

    Attributes:
        oleh: Who wanted it; empty when nobody wrote that down.
        pada: When; None likewise.
    """

    oleh: str
    pada: datetime | None


def pause_mark(folder: Path, batch_id: str, job_id: str) -> Path:
    """Return the file that lets a run begin nothing more.

    Args:
        folder: Folder of the portal.
        batch_id: The batch.
        job_id: The job that runs it.
    """
    return folder / FOLDER / batch_id / f"berhenti-{job_id}"


def write_pause(mark: Path, oleh: str, now: datetime) -> None:
    """Let a run begin nothing more; whoever wanted it first is the one who is named."""
    if not mark.exists():
        write_atomic(mark, json.dumps({"oleh": oleh, "pada": now.isoformat()}).encode())


def read_pause(mark: Path) -> Pause | None:
    """Return who paused a run; None when nobody did."""
    if not mark.is_file():
        return None
    try:
        told = json.loads(read_limited(mark, _MOST_BYTES))
        return Pause(oleh=str(told["oleh"]), pada=datetime.fromisoformat(told["pada"]))
    except (InputError, ValueError, KeyError, TypeError):
        return Pause(oleh="", pada=None)  # of an earlier version, which wrote nothing into it

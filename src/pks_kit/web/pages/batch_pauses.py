"""Who paused a run, as pages tell it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pks_kit.web.work.pauses import Pause, pause_mark, read_pause

if TYPE_CHECKING:
    from pks_kit.web.portal import Portal
    from pks_kit.web.state.jobs import Job

PAUSED = "batch.stopped"
"""Why a run stopped that somebody paused."""


def ended_early(job: Job) -> str:
    """Return why a run stopped before its work was done; empty for anything else."""
    if job.jenis != "jalan_batch":
        return ""
    return str((job.hasil.get("hasil") or {}).get("code", ""))


async def pause_of(portal: Portal, job: Job | None) -> Pause | None:
    """Return who paused a run: one at work, that stopped for it, or that nobody had begun.

    Args:
        portal: The portal.
        job: Any job; only of a run there is an answer.
    """
    if job is None or job.jenis != "jalan_batch" or job.keadaan == "gagal":
        return None
    if job.keadaan == "selesai" and ended_early(job) != PAUSED:
        return None  # it was done before the pause
    mark = pause_mark(portal.folder, str(job.isi["batch"]), job.id)
    found = await asyncio.to_thread(read_pause, mark)
    stopped = job.keadaan == "selesai"
    return found or (Pause(oleh="", pada=None) if stopped else None)

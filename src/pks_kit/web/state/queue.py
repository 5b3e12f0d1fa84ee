"""Jobs that wait or are worked on: how many, and for what one of them waits."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from pks_kit.web.state.jobs import BATCH_KINDS, BESIDE, Job, job_in
from pks_kit.web.state.tables import BUSY, pekerjaan


def ahead_of(connection: Connection, job: Job, kinds: Collection[str]) -> Job | None:
    """Return the job for which another one waits: of its batch, else of those that take its place.

    Who looks need not see what it is about, only what is done.

    Args:
        connection: The transaction.
        job: A job that waits.
        kinds: Kinds of jobs that are done in the same place.
    """
    batch_id = str(job.isi["batch"]) if job.jenis in BATCH_KINDS else ""
    asked = select(pekerjaan).where(pekerjaan.c.keadaan.in_(BUSY), pekerjaan.c.id < job.id)
    asked = asked.order_by(pekerjaan.c.keadaan, pekerjaan.c.id.desc()).limit(1)
    same_batch = asked.where(pekerjaan.c.batch == batch_id)
    is_in_turn = batch_id and job.jenis != BESIDE
    row = connection.execute(same_batch).one_or_none() if is_in_turn else None
    if row is None:
        row = connection.execute(asked.where(pekerjaan.c.jenis.in_(kinds))).one_or_none()
    return job_in(row) if row is not None else None


def counted(connection: Connection) -> dict[str, int]:
    """Return how many jobs wait and how many are worked on."""
    found = {}
    for keadaan in BUSY:
        asked = select(pekerjaan.c.id).where(pekerjaan.c.keadaan == keadaan)
        found[keadaan] = len(connection.execute(asked).all())
    return found

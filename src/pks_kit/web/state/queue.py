"""Jobs that wait or are worked on: how many, and for what one of them waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from pks_kit.web.state.holding import stands_before
from pks_kit.web.state.jobs import Job, job_in
from pks_kit.web.state.tables import BUSY, pekerjaan


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is done before a job that waits.

    Attributes:
        job: What is at work, else the one that is next to it.
        count: How many there are.
    """

    job: Job
    count: int


def ahead_of(connection: Connection, job: Job, kinds: Collection[str]) -> Ahead | None:
    """Return for what a job waits: others of its batch, and those that take its place.

    Who looks need not see what it is about, only what is done.

    Args:
        connection: The transaction.
        job: A job that waits.
        kinds: Kinds of jobs that are done in the same place.
    """
    one = select(pekerjaan).where(pekerjaan.c.id == job.id).subquery()
    of_batch = stands_before(pekerjaan, one) & (one.c.batch != "")
    asked = (
        select(pekerjaan, of_batch.label("of_batch"))
        .select_from(pekerjaan.join(one, pekerjaan.c.id < one.c.id))
        .where(pekerjaan.c.keadaan.in_(BUSY), or_(of_batch, pekerjaan.c.jenis.in_(kinds)))
    )
    # its own batch first, and of those what is at work, and then the last before it
    asked = asked.order_by(of_batch.desc(), pekerjaan.c.keadaan, pekerjaan.c.id.desc())
    rows = connection.execute(asked).all()
    return Ahead(job=job_in(rows[0]), count=len(rows)) if rows else None


def counted(connection: Connection) -> dict[str, int]:
    """Return how many jobs wait and how many are worked on."""
    found = {}
    for keadaan in BUSY:
        asked = select(pekerjaan.c.id).where(pekerjaan.c.keadaan == keadaan)
        found[keadaan] = len(connection.execute(asked).all())
    return found

"""Jobs that somebody holds: taken, held for longer, given back, or put aside for a while.

A job that waits has no holder and no lease, but for one that was put aside: its lease tells from
when on it may be taken again, and its holder who alone has what it needs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, or_, select, update

from pks_kit.web.state.jobs import BESIDE, BETWEEN, DELIVERY, LEASE, Job, job_in
from pks_kit.web.state.tables import BUSY, pekerjaan, stamp, unstamp

BUSY_SINCE = "sibuk_sejak"
"""What the progress of a job tells that waits because somebody else is at work in its place."""

MOST_BUSY = timedelta(minutes=10)
"""How long a job is put aside again and again, before it ends with the reason."""


def is_any(connection: Connection, holder: str, now: datetime, kinds: Sequence[str]) -> bool:
    """Return whether a holder might find a job to take, for whoever need not wait for writers.

    Args:
        connection: A transaction that reads.
        holder: Name of whoever asks.
        now: The present time.
        kinds: What it has room for.
    """
    asked = select(pekerjaan.c.id).where(
        pekerjaan.c.jenis.in_(kinds),
        or_(
            (pekerjaan.c.keadaan == "menunggu") & (pekerjaan.c.sewa <= stamp(now)),
            (pekerjaan.c.keadaan == "dikerjakan") & (pekerjaan.c.pemegang != holder),
        ),
    )
    return connection.execute(asked.limit(1)).one_or_none() is not None


def take(
    connection: Connection, holder: str, now: datetime, *, kinds: Sequence[str], gone: Sequence[str]
) -> Job | None:
    """Take the oldest job that waits or was left behind; None when there is none.

    Of a batch one is worked on at a time, in their order. What was put aside is told with since
    when its place is busy, which is forgotten here: it holds for this try alone.

    Args:
        connection: A transaction that writes.
        holder: Name of whoever takes it.
        now: The present time.
        kinds: What the holder has room for.
        gone: Holders that are known to be dead.
    """
    left = (pekerjaan.c.keadaan == "dikerjakan") & or_(
        pekerjaan.c.sewa <= stamp(now), pekerjaan.c.pemegang.in_(gone)
    )
    is_due = (pekerjaan.c.keadaan == "menunggu") & (pekerjaan.c.sewa <= stamp(now))
    waits = is_due & or_(
        pekerjaan.c.pemegang.in_(("", holder, *gone)), pekerjaan.c.sewa <= stamp(now - LEASE)
    )
    other = pekerjaan.alias()
    before = select(other.c.id).where(stands_before(other, pekerjaan))
    is_free = (pekerjaan.c.batch == "") | ~before.exists()
    asked = (
        select(pekerjaan)
        .where(pekerjaan.c.jenis.in_(kinds), or_(waits, left), is_free)
        .order_by(pekerjaan.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(asked).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == row.id)
        .values(
            keadaan="dikerjakan",
            pemegang=holder,
            sewa=stamp(now + LEASE),
            percobaan=row.percobaan + 1,
            **({"kemajuan": "{}"} if BUSY_SINCE in json.loads(row.kemajuan) else {}),
        )
    )
    now_held = connection.execute(select(pekerjaan).where(pekerjaan.c.id == row.id)).one()
    return replace(job_in(now_held), kemajuan=json.loads(row.kemajuan))


def stands_before(other: FromClause, one: FromClause) -> ColumnElement[bool]:
    """Return whether a job of the same batch must end before another one may begin.

    What only reads stands before nobody and waits for nobody; short work waits for no delivery.
    """
    goes_between = one.c.jenis.in_(BETWEEN) & (other.c.jenis == DELIVERY)
    return (
        (other.c.batch == one.c.batch)
        & other.c.keadaan.in_(BUSY)
        & (other.c.id < one.c.id)
        & (other.c.jenis != BESIDE)
        & (one.c.jenis != BESIDE)
        & ~goes_between
    )


def holders(connection: Connection) -> tuple[str, ...]:
    """Return everybody who holds a job, or has what a job needs that waits."""
    is_held = pekerjaan.c.keadaan.in_(BUSY) & (pekerjaan.c.pemegang != "")
    asked = select(pekerjaan.c.pemegang).where(is_held).distinct()
    return tuple(connection.execute(asked).scalars())


def renew(connection: Connection, holder: str, now: datetime) -> None:
    """Say that a holder lives."""
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.pemegang == holder, pekerjaan.c.keadaan == "dikerjakan")
        .values(sewa=stamp(now + LEASE))
    )


def is_held(connection: Connection, job_id: str, holder: str) -> bool:
    """Return whether a job is still worked on by a holder, and keep it so until the end."""
    asked = select(pekerjaan.c.id).where(
        pekerjaan.c.id == job_id,
        pekerjaan.c.keadaan == "dikerjakan",
        pekerjaan.c.pemegang == holder,
    )
    return connection.execute(asked.with_for_update()).one_or_none() is not None


def tried_again(connection: Connection, job_id: str, holder: str) -> Job:
    """Count one more try of a job that its holder keeps, and return it."""
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == job_id, pekerjaan.c.pemegang == holder)
        .values(percobaan=pekerjaan.c.percobaan + 1)
    )
    return job_in(connection.execute(select(pekerjaan).where(pekerjaan.c.id == job_id)).one())


def put_back(connection: Connection, job_id: str, holder: str) -> None:
    """Give a job back that was not begun after all, for example because the server stops."""
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == job_id, pekerjaan.c.pemegang == holder)
        .where(pekerjaan.c.keadaan == "dikerjakan")
        .values(keadaan="menunggu", pemegang="", sewa="", percobaan=pekerjaan.c.percobaan - 1)
    )


def put_aside(
    connection: Connection,
    job_id: str,
    holder: str,
    *,
    since: datetime,
    until: datetime,
    stays: bool,
) -> None:
    """Give a job back whose place somebody else is at work in; it waits until a moment.

    Args:
        connection: A transaction that writes.
        job_id: The job.
        holder: Who holds it.
        since: Since when its place is busy.
        until: From when on it may be taken again.
        stays: Whether its holder alone has what it needs; others take it once that is gone.
    """
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == job_id, pekerjaan.c.pemegang == holder)
        .where(pekerjaan.c.keadaan == "dikerjakan")
        .values(
            keadaan="menunggu",
            pemegang=holder if stays else "",
            sewa=stamp(until),
            percobaan=pekerjaan.c.percobaan - 1,
            kemajuan=json.dumps({BUSY_SINCE: stamp(since)}),
        )
    )


def busy_since(job: Job) -> datetime | None:
    """Return since when somebody else is at work in the place of a job; None when nobody was."""
    told = job.kemajuan.get(BUSY_SINCE)
    return unstamp(told) if told is not None else None

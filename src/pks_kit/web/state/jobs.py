"""Jobs: long work that is written down before it is promised, and taken up again after a kill.

A runner holds a job by a lease that it renews; a job whose lease ran out, or whose holder is a
process of this machine that is gone, belongs to whoever takes it next. Work may therefore begin
twice, and every kind of job is written so that nothing is paid or issued twice by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, case, delete, select, update

from pks_kit.web.scope import Area, Reach
from pks_kit.web.state.tables import (
    BUSY,
    area_columns,
    insert_new,
    pekerjaan,
    stamp,
    unstamp,
    within,
)

JobState = Literal["menunggu", "dikerjakan", "selesai", "gagal", "dibatalkan"]
BY_DELIVERY = "kiriman:"
"""How the key of a review begins that a delivery read: nobody ordered it by itself."""

LEASE = timedelta(seconds=30)
"""How long a holder is believed to live without a word."""

BATCH_KINDS = (
    *("rencana_batch", "setujui_batch", "jalan_batch", "ulangi_batch", "batalkan_batch"),
    *("tolak_batch", "tarik_batch", "terima_batch", "laporan_batch", "surat_batch"),
    *("pengingat_batch", "putusan_batch", "susulan_batch"),
)
"""Kinds of jobs that are about a batch, which their ``isi`` names."""

BESIDE = "laporan_batch"
"""What only reads a batch, and waits for no other job of it."""

DELIVERY = "terima_batch"

SMALL_DELIVERY = "susulan_batch"
"""A delivery of few sheets, a page that was corrected most of the time; it is short work."""

DELIVERIES = (DELIVERY, SMALL_DELIVERY)

BETWEEN = ("surat_batch", "pengingat_batch", "putusan_batch", SMALL_DELIVERY)
"""Short work of a batch for which somebody waits: it goes between what a delivery reads."""

_WITH_STATES = (
    *("jalan_batch", "ulangi_batch", "batalkan_batch", "terima_batch", "putusan_batch"),
    *("laporan_batch", "susulan_batch"),
)
"""Kinds that may be about a rehearsal."""

MOST_TRIES = 12
"""How often a job is begun at most: whose server is killed again and again is not to blame."""

MOST_DEATHS = 3
"""After so many deaths of the process that it was given to, while its server lived, a job is at an
end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work.

    Attributes:
        id: Its id.
        area: Whose it is.
        jenis: What is done.
        isi: With what; never a secret.
        perjanjian: Agreement that it is about; empty for none.
        keadaan: How far it is.
        kemajuan: What was told last of its progress.
        hasil: Its result, or its problem.
        percobaan: How often it was begun.
        oleh: Who ordered it.
        dibuat: When it was ordered.
        berakhir: When it ended; None while it has not.
    """

    id: str
    area: Area
    jenis: str
    isi: dict[str, Any]
    perjanjian: str
    keadaan: JobState
    kemajuan: dict[str, Any]
    hasil: dict[str, Any]
    percobaan: int
    oleh: str
    dibuat: datetime
    berakhir: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be written down.

    Attributes:
        id: Its id, unless there is one for the key already.
        area: Whose it is.
        jenis: What is to be done.
        isi: With what; never a secret.
        perjanjian: Agreement that it is about; empty for none.
        oleh: Who orders it.
        kunci: Idempotency key with the person who gave it: the same key is the same job.
        now: The present time.
    """

    id: str
    area: Area
    jenis: str
    isi: dict[str, Any]
    perjanjian: str
    oleh: str
    kunci: str
    now: datetime


def add(
    connection: Connection,
    new: NewJob,
    holder: str = "",
    unless: Callable[[Connection], None] | None = None,
) -> Job:
    """Write down a job, or return the one of its key.

    Args:
        connection: A transaction that writes.
        new: The job.
        holder: Who begins it at once; empty: whoever takes it next.
        unless: Raises for what stands in the way of a job that is new, in the same transaction.

    Raises:
        PksKitError: As ``unless``.
    """
    known = select(pekerjaan).where(pekerjaan.c.kunci == new.kunci)
    if unless is not None and connection.execute(known).one_or_none() is None:
        unless(connection)
    insert_new(
        connection,
        pekerjaan,
        id=new.id,
        **area_columns(new.area),
        jenis=new.jenis,
        isi=json.dumps(new.isi, ensure_ascii=False),
        perjanjian=new.perjanjian,
        batch=new.isi["batch"] if new.jenis in BATCH_KINDS else "",
        keadaan="dikerjakan" if holder else "menunggu",
        kemajuan="{}",
        hasil="{}",
        percobaan=1 if holder else 0,
        pemegang=holder,
        sewa=stamp(new.now + LEASE) if holder else "",
        oleh=new.oleh,
        kunci=new.kunci,
        dibuat=stamp(new.now),
        berakhir="",
    )
    return job_in(connection.execute(known).one())


def find(connection: Connection, job_id: str, reach: Reach) -> Job | None:
    """Return a job within a reach; None when there is none."""
    row = connection.execute(
        select(pekerjaan).where(pekerjaan.c.id == job_id, within(pekerjaan, reach))
    ).one_or_none()
    return job_in(row) if row is not None else None


def listed(
    connection: Connection, reach: Reach, *, keadaan: str, before: str, most: int
) -> tuple[Job, ...]:
    """Return jobs within a reach that somebody ordered, the newest first.

    Args:
        connection: The transaction.
        reach: Whose.
        keadaan: Only those of this state; empty for all.
        before: Only those before this id; empty for the first page.
        most: How many.
    """
    asked = select(pekerjaan).where(
        within(pekerjaan, reach), ~pekerjaan.c.kunci.startswith(BY_DELIVERY, autoescape=True)
    )
    if keadaan:
        asked = asked.where(pekerjaan.c.keadaan == keadaan)
    if before:
        asked = asked.where(pekerjaan.c.id < before)
    return tuple(map(job_in, connection.execute(asked.order_by(pekerjaan.c.id.desc()).limit(most))))


def of_batch(connection: Connection, batch_id: str, reach: Reach) -> tuple[Job, ...]:
    """Return the jobs that tell how a batch stands, the newest first.

    See :func:`of_batches`.
    """
    return of_batches(connection, [batch_id], reach).get(batch_id, ())


def of_batches(
    connection: Connection, batch_ids: Collection[str], reach: Reach
) -> dict[str, tuple[Job, ...]]:
    """Return for each batch the jobs that tell how it stands, the newest first.

    That are the newest of all, the one that waits or is worked on, and of each kind the newest that
    was not cancelled, the newest that ended well, and the same of those that were in earnest and no
    rehearsal; results of others are not read. A batch without jobs is not in the answer.
    """
    # only a run says whether it is a rehearsal; lists of rows of other kinds may be long
    of_run = case((pekerjaan.c.jenis.in_(_WITH_STATES), pekerjaan.c.isi), else_="{}")
    heads = (
        select(
            pekerjaan.c.id,
            pekerjaan.c.jenis,
            pekerjaan.c.keadaan,
            pekerjaan.c.batch,
            of_run.label("isi"),
        )
        .where(within(pekerjaan, reach), pekerjaan.c.batch.in_(batch_ids))
        .order_by(pekerjaan.c.id.desc())
    )
    wanted: dict[tuple[str, ...], str] = {}
    for one in connection.execute(heads):
        marks: list[tuple[str, ...]] = [()]
        earnest = () if json.loads(one.isi).get("gladi") else ("sungguhan",)
        if one.keadaan in BUSY:
            marks.append(("busy", one.keadaan))
        if one.keadaan != "dibatalkan":
            marks += [(one.jenis,), (one.jenis, *earnest)]
        if one.keadaan == "selesai":
            marks += [(one.jenis, "selesai"), (one.jenis, "selesai", *earnest)]
        for mark in marks:
            wanted.setdefault((one.batch, *mark), one.id)
    asked = select(pekerjaan).where(pekerjaan.c.id.in_(set(wanted.values())))
    found: dict[str, tuple[Job, ...]] = {}
    for row in connection.execute(asked.order_by(pekerjaan.c.id.desc())):
        found[row.batch] = (*found.get(row.batch, ()), job_in(row))
    return found


def known_ids(connection: Connection) -> frozenset[str]:
    """Return the ids of all jobs."""
    return frozenset(connection.execute(select(pekerjaan.c.id)).scalars())


def progressed(connection: Connection, job_id: str, kemajuan: dict[str, Any]) -> None:
    """Write down how far a job is."""
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == job_id)
        .values(kemajuan=json.dumps(kemajuan, ensure_ascii=False))
    )


def end(
    connection: Connection, job_id: str, keadaan: JobState, hasil: dict[str, Any], *, now: datetime
) -> None:
    """Write down how a job ended."""
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == job_id)
        .values(keadaan=keadaan, hasil=json.dumps(hasil, ensure_ascii=False), berakhir=stamp(now))
    )


def cancel(connection: Connection, job_id: str, reach: Reach, now: datetime) -> bool:
    """Cancel a job that waits; False when it was begun, since it may have paid for something."""
    done = connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == job_id, within(pekerjaan, reach))
        .where(pekerjaan.c.keadaan == "menunggu")
        .values(keadaan="dibatalkan", berakhir=stamp(now))
    )
    return done.rowcount == 1


def drop_old(connection: Connection, before: datetime) -> None:
    """Forget jobs that ended before a moment, but for what tells how a batch stands."""
    ended = (pekerjaan.c.berakhir != "") & (pekerjaan.c.berakhir <= stamp(before))
    old = ended & (pekerjaan.c.batch == "")
    connection.execute(delete(pekerjaan).where(old))


def job_in(row: Row[tuple[object, ...]]) -> Job:
    """Return the job of a row of the table."""
    return Job(
        id=row.id,
        area=Area(faskes=row.faskes, cabang=row.cabang, kedeputian=row.kedeputian),
        jenis=row.jenis,
        isi=json.loads(row.isi),
        perjanjian=row.perjanjian,
        keadaan=row.keadaan,
        kemajuan=json.loads(row.kemajuan),
        hasil=json.loads(row.hasil),
        percobaan=row.percobaan,
        oleh=row.oleh,
        dibuat=unstamp(row.dibuat),
        berakhir=unstamp(row.berakhir) if row.berakhir else None,
    )

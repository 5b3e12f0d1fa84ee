"""Jobs: long work that is written down before it is promised, and taken up again after a kill.

A runner holds a job by a lease that it renews; a job whose lease ran out, or whose holder is a
process of this machine that is gone, belongs to whoever takes it next. Work may therefore begin
twice, and every kind of job is written so that nothing is paid or issued twice by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, case, delete, or_, select, update

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
LEASE = timedelta(seconds=30)
"""How long a holder is believed to live without a word."""

BATCH_KINDS = (
    *("rencana_batch", "setujui_batch", "jalan_batch", "ulangi_batch", "batalkan_batch"),
    *("tolak_batch", "tarik_batch", "terima_batch", "laporan_batch", "surat_batch"),
    "pengingat_batch",
)
"""Kinds of jobs that are about a batch, which their ``isi`` names."""

BESIDE = "laporan_batch"
"""What only reads a batch, and waits for no other job of it."""

_WITH_STATES = ("jalan_batch", "ulangi_batch", "batalkan_batch", "terima_batch", "laporan_batch")
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
    """Return jobs within a reach, the newest first.

    Args:
        connection: The transaction.
        reach: Whose.
        keadaan: Only those of this state; empty for all.
        before: Only those before this id; empty for the first page.
        most: How many.
    """
    asked = select(pekerjaan).where(within(pekerjaan, reach))
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


def is_any(connection: Connection, holder: str, kinds: Sequence[str]) -> bool:
    """Return whether a holder might find a job to take, for whoever need not wait for writers.

    Args:
        connection: A transaction that reads.
        holder: Name of whoever asks.
        kinds: What it has room for.
    """
    asked = select(pekerjaan.c.id).where(
        pekerjaan.c.jenis.in_(kinds),
        or_(
            pekerjaan.c.keadaan == "menunggu",
            (pekerjaan.c.keadaan == "dikerjakan") & (pekerjaan.c.pemegang != holder),
        ),
    )
    return connection.execute(asked.limit(1)).one_or_none() is not None


def take(
    connection: Connection, holder: str, now: datetime, *, kinds: Sequence[str], gone: Sequence[str]
) -> Job | None:
    """Take the oldest job that waits or was left behind; None when there is none.

    Of a batch one is worked on at a time, in their order.

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
    other = pekerjaan.alias()
    in_order = (other.c.jenis != BESIDE) & (other.c.id < pekerjaan.c.id)
    before = select(other.c.id).where(
        other.c.batch == pekerjaan.c.batch, other.c.keadaan.in_(BUSY), in_order
    )
    is_free = (pekerjaan.c.batch == "") | (pekerjaan.c.jenis == BESIDE) | ~before.exists()
    asked = (
        select(pekerjaan)
        .where(pekerjaan.c.jenis.in_(kinds), or_(pekerjaan.c.keadaan == "menunggu", left), is_free)
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
        )
    )
    return job_in(connection.execute(select(pekerjaan).where(pekerjaan.c.id == row.id)).one())


def holders(connection: Connection) -> tuple[str, ...]:
    """Return everybody who holds a job."""
    asked = select(pekerjaan.c.pemegang).where(pekerjaan.c.keadaan == "dikerjakan").distinct()
    return tuple(connection.execute(asked).scalars())


def renew(connection: Connection, holder: str, now: datetime) -> None:
    """Say that a holder lives."""
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.pemegang == holder, pekerjaan.c.keadaan == "dikerjakan")
        .values(sewa=stamp(now + LEASE))
    )


def progressed(connection: Connection, job_id: str, kemajuan: dict[str, Any]) -> None:
    """Write down how far a job is."""
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == job_id)
        .values(kemajuan=json.dumps(kemajuan, ensure_ascii=False))
    )


def is_held(connection: Connection, job_id: str, holder: str) -> bool:
    """Return whether a job is still worked on by a holder, and keep it so until the end."""
    asked = select(pekerjaan.c.id).where(
        pekerjaan.c.id == job_id,
        pekerjaan.c.keadaan == "dikerjakan",
        pekerjaan.c.pemegang == holder,
    )
    return connection.execute(asked.with_for_update()).one_or_none() is not None


def end(
    connection: Connection, job_id: str, keadaan: JobState, hasil: dict[str, Any], *, now: datetime
) -> None:
    """Write down how a job ended."""
    connection.execute(
        update(pekerjaan)
        .where(pekerjaan.c.id == job_id)
        .values(keadaan=keadaan, hasil=json.dumps(hasil, ensure_ascii=False), berakhir=stamp(now))
    )


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

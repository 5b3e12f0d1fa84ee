"""Batches that were planned here; all else about them stands in their folders."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, select

from pks_kit.errors import UsageError
from pks_kit.web.scope import Area, Reach
from pks_kit.web.state.jobs import Job, of_batches
from pks_kit.web.state.tables import (
    BUSY,
    area_columns,
    batch,
    insert_new,
    pekerjaan,
    stamp,
    unstamp,
    within,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBatch:
    """A batch.

    Attributes:
        id: Its id, and the name of its folder.
        area: Whose it is.
        nama: How people call it.
        oleh: Who planned it.
        dibuat: When.
    """

    id: str
    area: Area
    nama: str
    oleh: str
    dibuat: datetime


def add(connection: Connection, one: StoredBatch, key: str) -> StoredBatch:
    """Write down a batch, or return the one of its idempotency key."""
    insert_new(
        connection,
        batch,
        id=one.id,
        **area_columns(one.area),
        nama=one.nama,
        oleh=one.oleh,
        kunci=key,
        dibuat=stamp(one.dibuat),
    )
    return _read(connection.execute(select(batch).where(batch.c.kunci == key)).one())


def find(connection: Connection, batch_id: str, reach: Reach) -> StoredBatch | None:
    """Return a batch within a reach; None when there is none."""
    row = connection.execute(
        select(batch).where(batch.c.id == batch_id, within(batch, reach))
    ).one_or_none()
    return _read(row) if row is not None else None


def names_of(connection: Connection, batch_ids: Collection[str], reach: Reach) -> dict[str, str]:
    """Return how people call some batches, those within a reach."""
    asked = select(batch.c.id, batch.c.nama).where(within(batch, reach), batch.c.id.in_(batch_ids))
    return {one: nama for one, nama in connection.execute(asked)}


def listed(
    connection: Connection, reach: Reach, *, before: str, most: int, withdrawn: bool | None
) -> tuple[StoredBatch, ...]:
    """Return batches within a reach, the newest first.

    Args:
        connection: The transaction.
        reach: Whose.
        before: Only those before this id; empty for the first page.
        most: How many.
        withdrawn: Only those whose plan was withdrawn, or only the others; None for all.
    """
    asked = select(batch).where(within(batch, reach))
    if withdrawn is not None:
        asked = asked.where(
            batch.c.id.in_(_WITHDRAWN) if withdrawn else ~batch.c.id.in_(_WITHDRAWN)
        )
    if before:
        asked = asked.where(batch.c.id < before)
    return tuple(map(_read, connection.execute(asked.order_by(batch.c.id.desc()).limit(most))))


@dataclass(frozen=True, slots=True, kw_only=True)
class UndecidedBatch:
    """A batch about whose plan nobody said anything yet.

    Attributes:
        one: The batch.
        known: The job that planned it.
    """

    one: StoredBatch
    known: tuple[Job, ...]


def undecided(connection: Connection, reach: Reach, *, most: int) -> tuple[UndecidedBatch, ...]:
    """Return batches within a reach whose plan waits for a word, the newest first.

    A plan by which nothing can be drafted is not among them: nobody can approve it.

    Args:
        connection: The transaction.
        reach: Whose.
        most: How many.
    """
    said = select(pekerjaan.c.id).where(
        pekerjaan.c.batch == batch.c.id,
        pekerjaan.c.jenis.in_(("setujui_batch", "tolak_batch", "tarik_batch")),
        pekerjaan.c.keadaan.in_((*BUSY, "selesai")),
    )
    asked = select(batch).where(within(batch, reach), ~said.exists())
    rows = connection.execute(asked.order_by(batch.c.id.desc()).limit(most)).all()
    plans = of_batches(connection, [row.id for row in rows], reach)
    found = []
    for row in rows:
        plan = next((job for job in plans.get(row.id, ()) if job.jenis == "rencana_batch"), None)
        if plan is not None and plan.keadaan == "selesai" and plan.hasil["hasil"].get("ready", 1):
            found.append(UndecidedBatch(one=_read(row), known=(plan,)))
    return tuple(found)


def withdrawn_count(connection: Connection, reach: Reach) -> int:
    """Return how many batches within a reach were withdrawn."""
    asked = select(func.count()).select_from(batch)
    found = connection.execute(asked.where(within(batch, reach), batch.c.id.in_(_WITHDRAWN)))
    return int(found.scalar_one())


_WITHDRAWN = select(pekerjaan.c.batch).where(
    pekerjaan.c.jenis == "tarik_batch", pekerjaan.c.keadaan == "selesai"
)
"""Batches whose plan was withdrawn; their jobs are kept as long as they are."""


def refuse_withdrawn(connection: Connection, batch_id: str) -> None:
    """Refuse to go on with a plan that was withdrawn, or is about to be.

    Ask it in the transaction that writes down what goes on: until its end nobody withdraws.

    Args:
        connection: A transaction that writes.
        batch_id: The batch.

    Raises:
        UsageError: ``web.batch_withdrawn``.
    """
    _held(connection, batch_id)
    asked = select(pekerjaan.c.id).where(
        pekerjaan.c.batch == batch_id,
        pekerjaan.c.jenis == "tarik_batch",
        pekerjaan.c.keadaan.not_in(("gagal", "dibatalkan")),
    )
    if connection.execute(asked.limit(1)).one_or_none() is not None:
        raise UsageError("web.batch_withdrawn")


def refuse_signed(connection: Connection, batch_id: str) -> None:
    """Refuse to withdraw a plan of which something was signed, or may still be.

    Ask it in the transaction that writes the withdrawal down: until its end nobody runs.

    Args:
        connection: A transaction that writes.
        batch_id: The batch.

    Raises:
        UsageError: ``web.batch_ran``.
    """
    _held(connection, batch_id)
    asked = select(pekerjaan.c.isi, pekerjaan.c.keadaan).where(
        pekerjaan.c.batch == batch_id,
        pekerjaan.c.jenis == "jalan_batch",
        pekerjaan.c.keadaan.in_(_NOT_IN_VAIN),
    )
    for row in connection.execute(asked):
        isi = json.loads(row.isi)
        if not isi["gladi"] and (row.keadaan != "selesai" or isi["sampai"] != "drafted"):
            raise UsageError("web.batch_ran")


def discard(connection: Connection, batch_id: str, reach: Reach) -> None:
    """Forget a batch of which there is no plan: what was handed in could not be planned.

    Its job stays, so that what was tried is still on record.

    Args:
        connection: A transaction that writes.
        batch_id: The batch.
        reach: Whose.

    Raises:
        UsageError: ``web.unknown``; ``web.batch_planned``: there is a plan, or there will be.
    """
    _held(connection, batch_id)
    if find(connection, batch_id, reach) is None:
        raise UsageError("web.unknown")
    asked = select(pekerjaan.c.id).where(
        pekerjaan.c.batch == batch_id, pekerjaan.c.keadaan.not_in(("gagal", "dibatalkan"))
    )
    if connection.execute(asked.limit(1)).one_or_none() is not None:
        raise UsageError("web.batch_planned")
    connection.execute(delete(batch).where(batch.c.id == batch_id))


_NOT_IN_VAIN = (*BUSY, "selesai")


def _held(connection: Connection, batch_id: str) -> None:
    """Let everybody else who asks about a batch wait until the end of the transaction."""
    connection.execute(select(batch.c.id).where(batch.c.id == batch_id).with_for_update())


def _read(row: Row[tuple[object, ...]]) -> StoredBatch:
    return StoredBatch(
        id=row.id,
        area=Area(faskes=row.faskes, cabang=row.cabang, kedeputian=row.kedeputian),
        nama=row.nama,
        oleh=row.oleh,
        dibuat=unstamp(row.dibuat),
    )

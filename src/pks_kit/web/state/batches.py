"""Batches that were planned here; all else about them stands in their folders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, select

from pks_kit.web.scope import Area, Reach
from pks_kit.web.state.tables import area_columns, batch, insert_new, stamp, unstamp, within


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


def listed(
    connection: Connection, reach: Reach, *, before: str, most: int
) -> tuple[StoredBatch, ...]:
    """Return batches within a reach, the newest first; before an id, unless it is empty."""
    asked = select(batch).where(within(batch, reach))
    if before:
        asked = asked.where(batch.c.id < before)
    return tuple(map(_read, connection.execute(asked.order_by(batch.c.id.desc()).limit(most))))


def _read(row: Row[tuple[object, ...]]) -> StoredBatch:
    return StoredBatch(
        id=row.id,
        area=Area(faskes=row.faskes, cabang=row.cabang, kedeputian=row.kedeputian),
        nama=row.nama,
        oleh=row.oleh,
        dibuat=unstamp(row.dibuat),
    )

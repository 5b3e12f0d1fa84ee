"""Files in the store: uploads, results, previews."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from pks_kit.web.scope import Area, Reach
from pks_kit.web.state.tables import area_columns, berkas, perjanjian, stamp, unstamp, within

_IDS_AT_ONCE = 500
Origin = Literal["unggahan", "hasil", "pratinjau"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file in the store.

    Attributes:
        id: Its id.
        area: Whose it is.
        perjanjian: Agreement that it belongs to; empty for none.
        asal: Where it came from.
        nama: Its name.
        media: Its media type.
        sha256: Its hash.
        ukuran: Its size in bytes.
        oleh: Who brought or ordered it.
        dibuat: When.
        buang: From when on it may go; None for never.
    """

    id: str
    area: Area
    perjanjian: str
    asal: Origin
    nama: str
    media: str
    sha256: str
    ukuran: int
    oleh: str
    dibuat: datetime
    buang: datetime | None


def add(connection: Connection, file: StoredFile) -> None:
    """Write down a file that is in the store."""
    connection.execute(
        insert(berkas).values(
            id=file.id,
            **area_columns(file.area),
            perjanjian=file.perjanjian,
            asal=file.asal,
            nama=file.nama,
            media=file.media,
            sha256=file.sha256,
            ukuran=file.ukuran,
            oleh=file.oleh,
            dibuat=stamp(file.dibuat),
            buang=stamp(file.buang) if file.buang else "",
        )
    )


def find(connection: Connection, file_id: str, reach: Reach) -> StoredFile | None:
    """Return a file within a reach; None when there is none."""
    row = connection.execute(
        select(berkas).where(berkas.c.id == file_id, within(berkas, reach))
    ).one_or_none()
    return _read(row) if row is not None else None


def known_of(connection: Connection, file_ids: Collection[str], reach: Reach) -> frozenset[str]:
    """Return which of some ids, no more than a page shows, are files within a reach."""
    asked = select(berkas.c.id).where(berkas.c.id.in_(file_ids), within(berkas, reach))
    return frozenset(connection.execute(asked).scalars())


def names_of(connection: Connection, file_ids: Collection[str], reach: Reach) -> dict[str, str]:
    """Return the names of some files, no more than a page shows, as far as they are in reach."""
    asked = select(berkas.c.id, berkas.c.nama).where(
        berkas.c.id.in_(file_ids), within(berkas, reach)
    )
    return {row.id: row.nama for row in connection.execute(asked).all()}


def newest_of(
    connection: Connection, agreement_ids: Sequence[str], reach: Reach
) -> dict[str, StoredFile]:
    """Return the file reached so far of agreements within a reach, by id of the agreement."""
    found: dict[str, StoredFile] = {}
    asked = (
        select(berkas, perjanjian.c.id.label("milik"))
        .join(perjanjian, perjanjian.c.terkini == berkas.c.id)
        .where(within(perjanjian, reach))
    )
    for start in range(0, len(agreement_ids), _IDS_AT_ONCE):
        some = agreement_ids[start : start + _IDS_AT_ONCE]
        for row in connection.execute(asked.where(perjanjian.c.id.in_(some))):
            found[row.milik] = _read(row)
    return found


def of_agreement(connection: Connection, agreement_id: str, reach: Reach) -> tuple[StoredFile, ...]:
    """Return the files of an agreement, the oldest first."""
    rows = connection.execute(
        select(berkas)
        .where(berkas.c.perjanjian == agreement_id, within(berkas, reach))
        .order_by(berkas.c.id)
    )
    return tuple(map(_read, rows))


def found_of(
    connection: Connection, file_ids: Collection[str], reach: Reach
) -> tuple[StoredFile, ...]:
    """Return some files, no more than a page shows, as far as they are in reach."""
    asked = select(berkas).where(berkas.c.id.in_(file_ids), within(berkas, reach))
    return tuple(map(_read, connection.execute(asked)))


def keep_for(
    connection: Connection, file_ids: Sequence[str], agreement_id: str, area: Area
) -> None:
    """Let files belong to an agreement: kept as long as it is, seen by whoever sees it."""
    connection.execute(
        update(berkas)
        .where(berkas.c.id.in_(file_ids), berkas.c.perjanjian == "")
        .values(perjanjian=agreement_id, buang="", **area_columns(area))
    )


def drop_old(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Forget the files whose time is over and return their ids."""
    old = (berkas.c.buang != "") & (berkas.c.buang <= stamp(now))
    found = tuple(connection.execute(select(berkas.c.id).where(old)).scalars())
    connection.execute(delete(berkas).where(old))
    return found


def _read(row: Row[tuple[object, ...]]) -> StoredFile:
    return StoredFile(
        id=row.id,
        area=Area(faskes=row.faskes, cabang=row.cabang, kedeputian=row.kedeputian),
        perjanjian=row.perjanjian,
        asal=row.asal,
        nama=row.nama,
        media=row.media,
        sha256=row.sha256,
        ukuran=row.ukuran,
        oleh=row.oleh,
        dibuat=unstamp(row.dibuat),
        buang=unstamp(row.buang) if row.buang else None,
    )

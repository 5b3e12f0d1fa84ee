"""Who saw or did what, and how it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from pks_kit.web.state.ids import new_id
from pks_kit.web.state.tables import akses, stamp, unstamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One access.

    Attributes:
        id: Its id.
        waktu: When.
        subjek: Id of the person.
        nama: Name of the person.
        tindakan: Method and address of the operation.
        sasaran: What it was about: id of an agreement, file, job or batch, with ``:`` and a number
            for a page of it; empty for nothing certain.
        status: HTTP status of the answer.
    """

    id: str
    waktu: datetime
    subjek: str
    nama: str
    tindakan: str
    sasaran: str
    status: int


def add(
    connection: Connection,
    *,
    subjek: str,
    nama: str,
    tindakan: str,
    sasaran: str,
    status: int,
    now: datetime,
) -> None:
    """Write down an access."""
    connection.execute(
        insert(akses).values(
            id=new_id(now),
            waktu=stamp(now),
            subjek=subjek,
            nama=nama,
            tindakan=tindakan,
            sasaran=sasaran[:80],
            status=status,
        )
    )


def listed(connection: Connection, *, sasaran: str, before: str, most: int) -> tuple[Access, ...]:
    """Return accesses, the newest first.

    Args:
        connection: The transaction.
        sasaran: Only those about this id, or a part of it; empty for all.
        before: Only those before this id; empty for the first page.
        most: How many.
    """
    asked = select(akses)
    if sasaran:
        asked = asked.where(or_(akses.c.sasaran == sasaran, _parts_of(connection, sasaran)))
    if before:
        asked = asked.where(akses.c.id < before)
    return tuple(
        Access(
            id=row.id,
            waktu=unstamp(row.waktu),
            subjek=row.subjek,
            nama=row.nama,
            tindakan=row.tindakan,
            sasaran=row.sasaran,
            status=row.status,
        )
        for row in connection.execute(asked.order_by(akses.c.id.desc()).limit(most))
    )


def opened(connection: Connection, sasaran: str, subjek: str) -> tuple[int, ...]:
    """Return the pages of an agreement, or agreements of a batch, that a person opened; sorted."""
    asked = select(akses.c.sasaran).where(
        akses.c.subjek == subjek, _parts_of(connection, sasaran), akses.c.status == 200
    )
    found = {one.rpartition(":")[2] for one in connection.execute(asked.distinct()).scalars()}
    return tuple(sorted(int(one) for one in found if one.isdecimal()))


def _parts_of(connection: Connection, sasaran: str) -> ColumnElement[bool]:
    """Return the condition that an access is about a part of something, found by the index."""
    if connection.dialect.name == "sqlite":  # its index does not serve LIKE; ; follows on :
        return akses.c.sasaran.between(f"{sasaran}:", f"{sasaran};")
    return akses.c.sasaran.startswith(f"{sasaran}:", autoescape=True)


def drop_old(connection: Connection, before: datetime) -> None:
    """Forget accesses before a moment."""
    connection.execute(delete(akses).where(akses.c.waktu <= stamp(before)))

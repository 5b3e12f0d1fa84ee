"""Who saw or did what, and how it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

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
        sasaran: What it was about: id of an agreement, file or job; empty for nothing certain.
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
        sasaran: Only those about this id; empty for all.
        before: Only those before this id; empty for the first page.
        most: How many.
    """
    asked = select(akses)
    if sasaran:
        asked = asked.where(akses.c.sasaran == sasaran)
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


def drop_old(connection: Connection, before: datetime) -> None:
    """Forget accesses before a moment."""
    connection.execute(delete(akses).where(akses.c.waktu <= stamp(before)))

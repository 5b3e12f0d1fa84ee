"""Drafts whose plan was withdrawn leave the list of agreements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from pks_kit.web.state.tables import berkas, pekerjaan, perjanjian, stamp


def take_back(connection: Connection, agreement_id: str, sha256: str, until: datetime) -> bool:
    """Take an agreement out that is nothing but a draft; False when it stays.

    One that the ledger knows stays, also one whose signature waits or is at work, and one whose
    file is another: then it was drafted by somebody else.

    Args:
        connection: A transaction that writes.
        agreement_id: The agreement.
        sha256: Of its issued file.
        until: From when on its files may go.
    """
    row = connection.execute(
        select(perjanjian)
        .join(berkas, berkas.c.id == perjanjian.c.terbit)
        .where(perjanjian.c.id == agreement_id, perjanjian.c.tahap == "")
        .where(perjanjian.c.terkini == perjanjian.c.terbit, berkas.c.sha256 == sha256)
    ).one_or_none()
    at_work = select(pekerjaan.c.id).where(
        pekerjaan.c.keadaan.in_(("menunggu", "dikerjakan")),
        pekerjaan.c.isi.contains(agreement_id, autoescape=True)
        | (pekerjaan.c.perjanjian == agreement_id),
        pekerjaan.c.jenis != "tarik_batch",
    )
    if row is None or connection.execute(at_work.limit(1)).one_or_none() is not None:
        return False
    connection.execute(delete(perjanjian).where(perjanjian.c.id == agreement_id))
    connection.execute(
        update(berkas)
        .where(berkas.c.id.in_((row.terbit, row.resi, row.data)))
        .values(buang=stamp(until))
    )
    return True

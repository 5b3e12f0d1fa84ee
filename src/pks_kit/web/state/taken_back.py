"""Drafts whose plan was withdrawn leave the list of agreements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from pks_kit.web.state import changes
from pks_kit.web.state.tables import BUSY, berkas, pekerjaan, perjanjian, stamp


def take_back(
    connection: Connection, batch_id: str, agreement_id: str, sha256: str, until: datetime
) -> bool:
    """Take an agreement out that is nothing but a draft of a batch; False when it stays.

    One that the ledger knows stays, also one whose signature waits or is at work. So does one that
    somebody else put there, alone or with another batch: the same data give the same file, so its
    hash does not tell. An agreement is written down with the end of the job that drafted it.

    Args:
        connection: A transaction that writes.
        batch_id: The batch; its jobs are never forgotten.
        agreement_id: The agreement.
        sha256: Of its issued file.
        until: From when on its files may go: all of them, also those that were handed in for it or
            made of it since, for nobody finds them without it.
    """
    by_batch = select(pekerjaan.c.berakhir).where(
        pekerjaan.c.batch == batch_id, pekerjaan.c.jenis == "jalan_batch"
    )
    row = connection.execute(
        select(perjanjian)
        .join(berkas, berkas.c.id == perjanjian.c.terbit)
        .where(perjanjian.c.id == agreement_id, perjanjian.c.tahap == "")
        .where(perjanjian.c.terkini == perjanjian.c.terbit, berkas.c.sha256 == sha256)
        .where(perjanjian.c.dibuat.in_(by_batch))
    ).one_or_none()
    at_work = select(pekerjaan.c.id).where(
        pekerjaan.c.keadaan.in_(BUSY),
        pekerjaan.c.isi.contains(agreement_id, autoescape=True)
        | (pekerjaan.c.perjanjian == agreement_id),
        pekerjaan.c.jenis != "tarik_batch",
    )
    if row is None or connection.execute(at_work.limit(1)).one_or_none() is not None:
        return False
    changes.told(connection)
    connection.execute(delete(perjanjian).where(perjanjian.c.id == agreement_id))
    connection.execute(
        update(berkas)
        .where(berkas.c.perjanjian == agreement_id, berkas.c.buang == "")
        .values(buang=stamp(until))
    )
    return True

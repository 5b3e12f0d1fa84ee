"""Facilities under the name that their agreement prints; that of the data can be sought too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pks_kit.domain.sebutan import nama_faskes_isian

revision = "0004"
down_revision = "0003"

_TABLE = "pks_portal_perjanjian"
_SOUGHT = ("selesai", "id", "nama", "sebutan", "nomor_kesatu", "nomor_kedua", "faskes", "tahap")


def upgrade() -> None:
    """Add the column, name the agreements anew, and make the indexes that hold both names."""
    op.add_column(_TABLE, sa.Column("sebutan", sa.Text, nullable=False, server_default=""))
    bind = op.get_bind()
    known = sa.table(_TABLE, *(sa.column(one) for one in ("id", "jenis", "nama", "sebutan")))
    renamed = [
        {"which": row.id, "nama": printed, "sebutan": row.nama}
        for row in bind.execute(sa.select(known.c.id, known.c.jenis, known.c.nama)).all()
        if (printed := nama_faskes_isian(row.jenis, row.nama)) != row.nama
    ]
    if renamed:
        bind.execute(sa.update(known).where(known.c.id == sa.bindparam("which")), renamed)
    if bind.dialect.name == "sqlite":
        for whose in ("cabang", "kedeputian"):
            name = f"{_TABLE}_{whose}_cari"
            op.drop_index(name, _TABLE)
            op.create_index(name, _TABLE, [whose, *_SOUGHT])

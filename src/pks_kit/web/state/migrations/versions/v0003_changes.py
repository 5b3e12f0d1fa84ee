"""How often agreements were changed; indexes that hold what is counted and looked through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TABLE = "pks_portal_perjanjian"
_WAITING = ("mulai", "nama", "id", "tahap", "cara_kontrak")
_SOUGHT = ("selesai", "id", "nama", "nomor_kesatu", "nomor_kedua", "faskes", "tahap")


def upgrade() -> None:
    """Add the table with its only row, and make the indexes."""
    made = op.create_table(
        "pks_portal_perubahan",
        sa.Column("apa", sa.String(40), primary_key=True),
        sa.Column("nomor", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(made, [{"apa": "perjanjian", "nomor": 0}])
    for whose in ("cabang", "kedeputian"):
        name = f"{_TABLE}_{whose}"
        op.create_index(f"{name}_cara", _TABLE, [whose, "cara_kontrak", "tahap"])
        op.create_index(f"{name}_mulai", _TABLE, [whose, *_WAITING])
        if op.get_bind().dialect.name == "sqlite":
            # a search looks through names and numbers of all; here they stand side by side, and
            # a server for databases would not use it for a part of a word
            op.create_index(f"{name}_cari", _TABLE, [whose, *_SOUGHT])

"""By which day the paper of an agreement must come back, and by which day somebody must act."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TABLE = "pks_portal_perjanjian"
_LISTED = ("tenggat", "nama", "id", "sebutan", "nomor_kesatu", "nomor_kedua", "faskes", "tahap")


def upgrade() -> None:
    """Add the columns; what was issued before is due at its end until a letter tells a day."""
    for name in ("kembali_sampai", "tenggat"):
        op.add_column(_TABLE, sa.Column(name, sa.String(10), nullable=False, server_default=""))
    known = sa.table(_TABLE, sa.column("selesai"), sa.column("tenggat"))
    bind = op.get_bind()
    bind.execute(sa.update(known).values(tenggat=known.c.selesai))
    for whose in ("cabang", "kedeputian"):
        # a server for databases does not look for a part of a word in an index
        columns = _LISTED if bind.dialect.name == "sqlite" else _LISTED[:3]
        op.create_index(f"{_TABLE}_{whose}_tenggat", _TABLE, [whose, *columns])

"""The table of events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "pks_peristiwa",
        sa.Column(
            "nomor",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("waktu", sa.String(27), nullable=False),
        sa.Column("perjanjian", sa.String(80), nullable=False),
        sa.Column("jenis", sa.String(40), nullable=False),
        sa.Column("isi", sa.Text, nullable=False),
        sa.Column("unik", sa.String(250), nullable=True),
        sa.Column("hash_sebelum", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("unik", name="pks_peristiwa_unik"),
        sa.UniqueConstraint("hash_sebelum", name="pks_peristiwa_hash_sebelum"),
        sa.UniqueConstraint("hash", name="pks_peristiwa_hash"),
    )
    op.create_index("pks_peristiwa_perjanjian", "pks_peristiwa", ["perjanjian"])

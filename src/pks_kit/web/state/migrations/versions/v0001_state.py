"""Jobs, answers, files, agreements, forms, batches, accesses, outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "pks_portal_akses",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("waktu", sa.String(27), nullable=False),
        sa.Column("subjek", sa.String(200), nullable=False),
        sa.Column("nama", sa.String(200), nullable=False),
        sa.Column("tindakan", sa.String(200), nullable=False),
        sa.Column("sasaran", sa.String(80), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
    )
    op.create_table(
        "pks_portal_batch",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("faskes", sa.String(80), nullable=False),
        sa.Column("cabang", sa.String(80), nullable=False),
        sa.Column("kedeputian", sa.String(80), nullable=False),
        sa.Column("nama", sa.Text, nullable=False),
        sa.Column("oleh", sa.String(200), nullable=False),
        sa.Column("kunci", sa.String(300), nullable=False),
        sa.Column("dibuat", sa.String(27), nullable=False),
        sa.UniqueConstraint("kunci", name="pks_portal_batch_kunci"),
    )
    op.create_table(
        "pks_portal_berkas",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("faskes", sa.String(80), nullable=False),
        sa.Column("cabang", sa.String(80), nullable=False),
        sa.Column("kedeputian", sa.String(80), nullable=False),
        sa.Column("perjanjian", sa.String(26), nullable=False),
        sa.Column("asal", sa.String(20), nullable=False),
        sa.Column("nama", sa.Text, nullable=False),
        sa.Column("media", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("ukuran", sa.BigInteger, nullable=False),
        sa.Column("oleh", sa.String(200), nullable=False),
        sa.Column("dibuat", sa.String(27), nullable=False),
        sa.Column("buang", sa.String(27), nullable=False),
    )
    op.create_table(
        "pks_portal_isian",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("faskes", sa.String(80), nullable=False),
        sa.Column("cabang", sa.String(80), nullable=False),
        sa.Column("kedeputian", sa.String(80), nullable=False),
        sa.Column("isi", sa.Text, nullable=False),
        sa.Column("versi", sa.Integer, nullable=False),
        sa.Column("oleh", sa.String(200), nullable=False),
        sa.Column("dibuat", sa.String(27), nullable=False),
        sa.Column("diubah", sa.String(27), nullable=False),
    )
    op.create_table(
        "pks_portal_kiriman",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("webhook", sa.String(40), nullable=False),
        sa.Column("jenis", sa.String(80), nullable=False),
        sa.Column("isi", sa.Text, nullable=False),
        sa.Column("keadaan", sa.String(20), nullable=False),
        sa.Column("percobaan", sa.Integer, nullable=False),
        sa.Column("berikut", sa.String(27), nullable=False),
        sa.Column("dibuat", sa.String(27), nullable=False),
        sa.Column("jawaban", sa.String(120), nullable=False),
    )
    op.create_table(
        "pks_portal_kunci",
        sa.Column("kunci", sa.String(300), primary_key=True),
        sa.Column("sidik", sa.String(64), nullable=False),
        sa.Column("keadaan", sa.String(20), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("tajuk", sa.Text, nullable=False),
        sa.Column("badan", sa.Text, nullable=False),
        sa.Column("dibuat", sa.String(27), nullable=False),
    )
    op.create_table(
        "pks_portal_pekerjaan",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("faskes", sa.String(80), nullable=False),
        sa.Column("cabang", sa.String(80), nullable=False),
        sa.Column("kedeputian", sa.String(80), nullable=False),
        sa.Column("jenis", sa.String(40), nullable=False),
        sa.Column("isi", sa.Text, nullable=False),
        sa.Column("perjanjian", sa.String(26), nullable=False),
        sa.Column("keadaan", sa.String(20), nullable=False),
        sa.Column("kemajuan", sa.Text, nullable=False),
        sa.Column("hasil", sa.Text, nullable=False),
        sa.Column("percobaan", sa.Integer, nullable=False),
        sa.Column("pemegang", sa.String(200), nullable=False),
        sa.Column("sewa", sa.String(27), nullable=False),
        sa.Column("oleh", sa.String(200), nullable=False),
        sa.Column("kunci", sa.String(300), nullable=False),
        sa.Column("dibuat", sa.String(27), nullable=False),
        sa.Column("berakhir", sa.String(27), nullable=False),
        sa.UniqueConstraint("kunci", name="pks_portal_pekerjaan_kunci"),
    )
    op.create_table(
        "pks_portal_perjanjian",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("faskes", sa.String(80), nullable=False),
        sa.Column("cabang", sa.String(80), nullable=False),
        sa.Column("kedeputian", sa.String(80), nullable=False),
        sa.Column("nama", sa.Text, nullable=False),
        sa.Column("nomor_kesatu", sa.Text, nullable=False),
        sa.Column("nomor_kedua", sa.Text, nullable=False),
        sa.Column("jenis", sa.String(40), nullable=False),
        sa.Column("cara_kontrak", sa.String(40), nullable=False),
        sa.Column("mulai", sa.String(10), nullable=False),
        sa.Column("selesai", sa.String(10), nullable=False),
        sa.Column("halaman", sa.Integer, nullable=False),
        sa.Column("terbit", sa.String(26), nullable=False),
        sa.Column("resi", sa.String(26), nullable=False),
        sa.Column("data", sa.String(26), nullable=False),
        sa.Column("terkini", sa.String(26), nullable=False),
        sa.Column("tahap", sa.String(30), nullable=False),
        sa.Column("dibuat", sa.String(27), nullable=False),
        sa.Column("diubah", sa.String(27), nullable=False),
    )
    op.create_table(
        "pks_portal_umpan",
        sa.Column("buku", sa.String(64), primary_key=True),
        sa.Column("nomor", sa.BigInteger, nullable=False),
    )
    for table, column in (
        ("pks_portal_akses", "waktu"),
        ("pks_portal_akses", "sasaran"),
        ("pks_portal_berkas", "perjanjian"),
        ("pks_portal_berkas", "sha256"),
        ("pks_portal_berkas", "buang"),
        ("pks_portal_kiriman", "berikut"),
        ("pks_portal_pekerjaan", "perjanjian"),
        ("pks_portal_pekerjaan", "keadaan"),
        ("pks_portal_perjanjian", "tahap"),
    ):
        op.create_index(f"{table}_{column}", table, [column])

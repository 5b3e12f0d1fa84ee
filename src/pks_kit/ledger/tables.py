"""The table of events, and the version of the schema that this code reads."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

PERISTIWA = "pks_peristiwa"
VERSI = "pks_versi_ledger"

KNOWN_VERSIONS = ("0001", "0002")
"""Versions of the schema, old to new; a test compares them with ``migrations/versions``."""

metadata = MetaData()

peristiwa = Table(
    PERISTIWA,
    metadata,
    Column(
        "nomor",
        BigInteger().with_variant(Integer(), "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("waktu", String(27), nullable=False),
    Column("perjanjian", String(80), nullable=False, index=True),
    Column("jenis", String(40), nullable=False),
    Column("isi", Text, nullable=False),
    Column("unik", String(250), unique=True),
    Column("hash_sebelum", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)
"""One row per event; ``isi`` is canonical JSON, ``waktu`` text in UTC, as they are hashed."""

versi = Table(VERSI, MetaData(), Column("version_num", String(32), primary_key=True))
"""What Alembic writes."""

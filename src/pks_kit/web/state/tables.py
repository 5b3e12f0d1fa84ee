"""The tables of the portal's state; moments are text in UTC that sorts by time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    or_,
)
from sqlalchemy import false as sql_false
from sqlalchemy import true as sql_true
from sqlalchemy.dialects import postgresql, sqlite

from pks_kit.web.scope import Area, Reach

VERSI = "pks_versi_portal"
KNOWN_VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Versions of the schema, old to new; a test compares them with ``migrations/versions``."""

BUSY = ("menunggu", "dikerjakan")
"""States of a job that has not ended."""

_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
metadata = MetaData()


def _area() -> list[Column[str]]:
    return [Column(name, String(80), nullable=False) for name in ("faskes", "cabang", "kedeputian")]


perjanjian = Table(
    "pks_portal_perjanjian",
    metadata,
    Column("id", String(26), primary_key=True),
    *_area(),
    Column("nama", Text, nullable=False),
    Column("nomor_kesatu", Text, nullable=False),
    Column("nomor_kedua", Text, nullable=False),
    Column("jenis", String(40), nullable=False),
    Column("cara_kontrak", String(40), nullable=False),
    Column("mulai", String(10), nullable=False),
    Column("selesai", String(10), nullable=False),
    Column("halaman", Integer, nullable=False),
    Column("terbit", String(26), nullable=False),
    Column("resi", String(26), nullable=False),
    Column("data", String(26), nullable=False),
    Column("terkini", String(26), nullable=False),
    Column("tahap", String(30), nullable=False, index=True),
    Column("sebutan", Text, nullable=False, server_default=""),
    Column("kembali_sampai", String(10), nullable=False, server_default=""),
    Column("tenggat", String(10), nullable=False, server_default=""),
    Column("dibuat", String(27), nullable=False),
    Column("diubah", String(27), nullable=False),
)
"""Agreements that were issued here: whose they are, and which files hold them.

``nama`` is the name that the agreement prints; ``sebutan`` that of the data, where it is another.
``kembali_sampai``: by when its paper must come back, as a letter tells; empty for no letter.
``tenggat``: the nearest day by which somebody must act, see ``due.py``.
"""

berkas = Table(
    "pks_portal_berkas",
    metadata,
    Column("id", String(26), primary_key=True),
    *_area(),
    Column("perjanjian", String(26), nullable=False, index=True),
    Column("asal", String(20), nullable=False),
    Column("nama", Text, nullable=False),
    Column("media", String(120), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("ukuran", BigInteger, nullable=False),
    Column("oleh", String(200), nullable=False),
    Column("dibuat", String(27), nullable=False),
    Column("buang", String(27), nullable=False, index=True),
)
"""Files in the store; ``buang``: from when on it may go, empty for never."""

pekerjaan = Table(
    "pks_portal_pekerjaan",
    metadata,
    Column("id", String(26), primary_key=True),
    *_area(),
    Column("jenis", String(40), nullable=False),
    Column("isi", Text, nullable=False),
    Column("perjanjian", String(26), nullable=False, index=True),
    Column("batch", String(26), nullable=False, index=True),
    Column("keadaan", String(20), nullable=False, index=True),
    Column("kemajuan", Text, nullable=False),
    Column("hasil", Text, nullable=False),
    Column("percobaan", Integer, nullable=False),
    Column("pemegang", String(200), nullable=False),
    Column("sewa", String(27), nullable=False),
    Column("oleh", String(200), nullable=False),
    Column("kunci", String(300), nullable=False, unique=True),
    Column("dibuat", String(27), nullable=False),
    Column("berakhir", String(27), nullable=False),
)
"""Long work; ``sewa``: until when its holder answers for it; ``batch``: empty for none."""

kunci = Table(
    "pks_portal_kunci",
    metadata,
    Column("kunci", String(300), primary_key=True),
    Column("sidik", String(64), nullable=False),
    Column("keadaan", String(20), nullable=False),
    Column("status", Integer, nullable=False),
    Column("tajuk", Text, nullable=False),
    Column("badan", Text, nullable=False),
    Column("dibuat", String(27), nullable=False),
)
"""Idempotency keys with the answer that was given."""

isian = Table(
    "pks_portal_isian",
    metadata,
    Column("id", String(26), primary_key=True),
    *_area(),
    Column("isi", Text, nullable=False),
    Column("versi", Integer, nullable=False),
    Column("oleh", String(200), nullable=False),
    Column("dibuat", String(27), nullable=False),
    Column("diubah", String(27), nullable=False),
)
"""Data of an agreement that somebody is still filling in."""

batch = Table(
    "pks_portal_batch",
    metadata,
    Column("id", String(26), primary_key=True),
    *_area(),
    Column("nama", Text, nullable=False),
    Column("oleh", String(200), nullable=False),
    Column("kunci", String(300), nullable=False, unique=True),
    Column("dibuat", String(27), nullable=False),
)
"""Batches planned here; their folders stand in the portal's folder."""

akses = Table(
    "pks_portal_akses",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("waktu", String(27), nullable=False, index=True),
    Column("subjek", String(200), nullable=False),
    Column("nama", String(200), nullable=False),
    Column("tindakan", String(200), nullable=False),
    Column("sasaran", String(80), nullable=False, index=True),
    Column("status", Integer, nullable=False),
)
"""Who saw or did what."""

kiriman = Table(
    "pks_portal_kiriman",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("webhook", String(40), nullable=False),
    Column("jenis", String(80), nullable=False),
    Column("isi", Text, nullable=False),
    Column("keadaan", String(20), nullable=False),
    Column("percobaan", Integer, nullable=False),
    Column("berikut", String(27), nullable=False, index=True),
    Column("dibuat", String(27), nullable=False),
    Column("jawaban", String(120), nullable=False),
)
"""The outbox: what has to be sent to whom."""

umpan = Table(
    "pks_portal_umpan",
    metadata,
    Column("buku", String(64), primary_key=True),
    Column("nomor", BigInteger, nullable=False),
)
"""Up to which event a ledger was put into the outbox."""

perubahan = Table(
    "pks_portal_perubahan",
    metadata,
    Column("apa", String(40), primary_key=True),
    Column("nomor", BigInteger, nullable=False),
)
"""How often something was changed, whoever changed it; see ``changes.py``."""

versi = Table(VERSI, MetaData(), Column("version_num", String(32), primary_key=True))
"""What Alembic writes."""


def insert_new(connection: Connection, table: Table, **values: Any) -> bool:
    """Insert a row unless one of its unique values is taken; whether it was inserted.

    Asking first would not do: between question and answer somebody else may insert.
    """
    back_end = sqlite if connection.dialect.name == "sqlite" else postgresql
    asked = back_end.insert(table).values(**values).on_conflict_do_nothing()
    first = next(iter(table.primary_key.columns))
    return connection.execute(asked.returning(first)).first() is not None


def stamp(moment: datetime) -> str:
    """Return a moment as it stands in the tables."""
    return moment.astimezone(UTC).strftime(_MOMENT)


def unstamp(text: str) -> datetime:
    """Return the moment that a text of the tables tells."""
    return datetime.fromisoformat(text)  # a tenth of the time of strptime, for each row of a list


def within(table: Table, reach: Reach) -> ColumnElement[bool]:
    """Return the condition that a row lies within a reach."""
    if reach.everything:
        return sql_true()
    found = [
        table.c[role].in_(reach.codes(role))
        for role in ("faskes", "cabang", "kedeputian")
        if reach.codes(role)
    ]
    return or_(*found) if found else sql_false()


def area_columns(area: Area) -> dict[str, str]:
    """Return the columns of an area."""
    return {"faskes": area.faskes, "cabang": area.cabang, "kedeputian": area.kedeputian}

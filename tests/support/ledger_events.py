"""Events for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pks_kit.ledger.kinds import FAKTA, Bentuk
from pks_kit.ledger.sql_ledger import SqlLedger

WAKTU = datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
SHA = "0123456789abcdef" * 4
PERJANJIAN = "01HZZZZZZZZZZZZZZZZZZZZZZZ"

EXAMPLES: dict[Bentuk, Any] = {
    Bentuk.TEKS: "kata «é» \U0001f58b",
    Bentuk.PENANDA: "p1_meterai",
    Bentuk.SHA256: SHA,
    Bentuk.BASE64: "iVBORw0KGgo=",
    Bentuk.HITUNGAN: 1,
    Bentuk.UKURAN: 0,
    Bentuk.TAHAP: "beli",
    Bentuk.METODE: "digital",
    Bentuk.KERTAS: "incomplete",
}


def facts(jenis: str, **changed: Any) -> dict[str, Any]:
    """Return right facts of one kind."""
    return {key: EXAMPLES[shape] for key, shape in FAKTA[jenis].wajib.items()} | changed


def write(ledger: SqlLedger, count: int, perjanjian: str = PERJANJIAN) -> None:
    """Append ``count`` different events."""
    for number in range(count):
        unik = f"uji:{perjanjian}:{number}" if number % 2 else None
        ledger.append(
            perjanjian, "langkah.gagal", facts("langkah.gagal", kode=f"kode {number}"),
            waktu=WAKTU, unik=unik,
        )  # fmt: skip

"""Ledgers that tell the story of a signed file, for tests of the verifier."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pks_kit.ledger import kinds
from pks_kit.ledger.store import SqlLedger, open_ledger
from support import signed_files

OTHER = "ZZZZ-YYYY-XXXX"


def buy(ledger: SqlLedger, agreement: str, sn: str) -> None:
    facts = {
        "kunci": f"k-{sn}",
        "sn": sn,
        "gambar_b64": "AAAA",
        "dokumen_sha256": "0" * 64,
        "penyedia": "uji",
    }
    ledger.append(
        agreement, kinds.METERAI_TERBIT, facts, waktu=signed_files.NOW, unik=kinds.sn_unik(sn)
    )


def file_facts(content: bytes) -> dict[str, object]:
    sha256 = hashlib.sha256(content).hexdigest()
    return {"file": "klinik-uji.pdf", "sha256": sha256, "size": len(content)}


def noise(ledger: SqlLedger) -> None:
    """Write something about another agreement, so that the chain runs through strangers."""
    facts = {"langkah": "p1_tanda_tangan", "kode": "uji"}
    ledger.append(OTHER, kinds.LANGKAH_GAGAL, facts, waktu=signed_files.NOW)


def book_of(
    path: Path,
    agreement: str,
    start: bytes,
    *,
    final: bytes | None = None,
    bought: tuple[str, ...] = (signed_files.SN_1, signed_files.SN_2),
) -> SqlLedger:
    """Return an open ledger in which one agreement was issued, stamped and perhaps finished."""
    ledger = open_ledger(path)
    noise(ledger)
    ledger.append(agreement, kinds.TERBIT, file_facts(start), waktu=signed_files.NOW)
    for sn in bought:
        buy(ledger, agreement, sn)
        noise(ledger)
    if final is not None:
        ledger.append(agreement, kinds.SELESAI, file_facts(final), waktu=signed_files.NOW)
    return ledger

"""Every event about a serial number is found, whoever wrote it."""

from __future__ import annotations

from pks_kit.ledger import kinds
from support.ledger_events import SHA, WAKTU, facts

SN = "AXCWSRL5JS0HJ15Z000299"
LIKE = "AXCWSRL5JS0HJ15Z000298"


def test_events_with_a_serial_number(ledger):
    bought = facts(kinds.METERAI_TERBIT, sn=SN)
    ledger.append("satu", kinds.METERAI_TERBIT, bought, waktu=WAKTU, unik=kinds.sn_unik(SN))
    other = facts(kinds.METERAI_TERBIT, sn=LIKE)
    ledger.append("satu", kinds.METERAI_TERBIT, other, waktu=WAKTU, unik=kinds.sn_unik(LIKE))
    stamped = {"kunci": "k", "sn": SN, "sesudah_sha256": SHA}
    ledger.append("dua", kinds.METERAI_TERBUBUH, stamped, waktu=WAKTU)
    both = facts(kinds.LANGKAH_SELESAI, sn=f"{LIKE}, {SN}")
    ledger.append("tiga", kinds.LANGKAH_SELESAI, both, waktu=WAKTU)
    assert [one.perjanjian for one in ledger.events_with_sn(SN)] == ["satu", "dua", "tiga"]
    assert [one.perjanjian for one in ledger.events_with_sn(LIKE)] == ["satu", "tiga"]
    assert ledger.events_with_sn("A" * 22) == ()

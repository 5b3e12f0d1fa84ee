"""The history of an agreement says who decided what, and what a letter asked for by when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pks_kit.domain.paper_review import CHOICES
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.web.work.told_events import decided_since, settled_by, told_of

SHEETS, OTHERS = "a" * 64, "b" * 64


def event(nomor: int, jenis: str, **isi: Any) -> Event:
    return Event(
        nomor=nomor, waktu=datetime(2026, 12, 1, tzinfo=UTC), perjanjian="x", jenis=jenis,
        isi=isi, unik=None, hash_sebelum="", hash="",
    )  # fmt: skip


def decided(place: str, decision: str, **more: Any) -> Event:
    isi = {"place": place, "decision": decision, "page": 7, "scan_page": 3} | more
    return event(2, kinds.PAPER_DECIDED, **isi)


@pytest.mark.parametrize(
    ("place", "decision", "said"),
    [
        ("TTD_PIHAK_KEDUA", "signed", "tanda tangan PIHAK KEDUA, halaman 7: Sudah ditandatangani"),
        ("PARAF_PIHAK_KEDUA_0007", "empty", "paraf PIHAK KEDUA, halaman 7: Masih kosong"),
        ("value_0007_1_2_3_4", "same", "nilai penting, halaman 7: Sama dengan terbitan"),
        ("missing_0007_1_2_3_4", "changed", "yang hilang, halaman 7: Mengubah isi"),
        ("sheet", "again", "lembar yang diragukan, halaman 7: Minta ulang"),
    ],
)
def test_what_was_decided_is_told(place: str, decision: str, said: str) -> None:
    message = told_of(decided(place, decision), (), {})
    assert message is not None
    assert message.id == said


@pytest.mark.parametrize("kind", ["METERAI_A", "STEMPEL_A", "TANGGAL_A", "TTD_A", "PARAF_A_0001",
                                  "disturbed_0001_1", "not_compared_0001", "addition_0001_1",
                                  "unprinted_0001_1", "sheet"])  # fmt: skip
def test_every_decision_has_words(kind: str) -> None:
    groups = {"disturbed": "value", "not": "value", "addition": "text", "unprinted": "text",
              "sheet": "sheet"}  # fmt: skip
    for decision in CHOICES[groups.get(kind.partition("_")[0], "place")]:
        message = told_of(decided(kind, decision, page=None, reason="jelas"), (), {})
        assert message is not None
        assert message.id.endswith("alasan: jelas")
        assert message.en.endswith("reason: jelas")


def test_a_reminder_tells_the_day_and_what_is_asked_for() -> None:
    isi = {"tanggal": "2026-12-01", "batas": "2026-12-11", "diminta": "Kirim halaman 2."}
    message = told_of(event(1, kinds.SURAT_PENGINGAT, **isi), (), {})
    assert message is not None
    assert message.id == "Batas waktu 11 Desember 2026. Diminta: Kirim halaman 2."
    bare = told_of(event(1, kinds.SURAT_PENGINGAT, tanggal="2026-12-01"), (), {})
    assert bare is not None
    assert bare.id.startswith("Tanpa tanggal. Diminta: mengirim kembali")


def test_a_covering_letter_tells_its_day() -> None:
    isi = {"tanggal": "2026-12-01", "batas": "2026-12-11"}
    message = told_of(event(1, kinds.SURAT_PENGANTAR, **isi), (), {})
    assert message is not None
    assert message.id == "Batas waktu 11 Desember 2026"
    assert told_of(event(1, kinds.SURAT_PENGANTAR, tanggal="2026-12-01"), (), {}) is None


def test_a_verdict_that_wanted_a_person_says_where_it_was_settled() -> None:
    def judged(nomor: int, verdict: str, sheets: str = SHEETS) -> Event:
        return event(nomor, kinds.PAPER_RECEIVED, verdict=verdict, scan_sha256=sheets)

    events = [judged(1, "needs_person"), judged(2, "needs_person", OTHERS), judged(4, "incomplete")]
    assert settled_by(events) == {1: 4}
    message = told_of(events[0], (), {1: 4})
    assert message is not None
    assert message.id == "sesudah itu diputuskan orang, lihat catatan 4"
    assert told_of(events[1], (), {1: 4}) is None


def test_a_decision_about_paper_that_was_judged_anew_is_not_told_of_the_place() -> None:
    before = decided("TTD_PIHAK_KEDUA", "signed")
    judged = event(3, kinds.PAPER_RECEIVED, verdict="needs_person", scan_sha256=SHEETS)
    assert decided_since([before, judged]) == {}
    assert decided_since([judged, before, decided("sheet", "again")]) == {
        "TTD_PIHAK_KEDUA": "signed"
    }

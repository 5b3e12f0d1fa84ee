"""The last word about a plan counts, also when it was said before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pks_kit.domain.tanggal import WIB
from pks_kit.ledger.plans import (
    approvals,
    left_out,
    record_approval,
    record_rejection,
    rejection,
)
from pks_kit.ledger.store import open_ledger

PLAN = "ab" * 32
NOW = datetime(2027, 12, 20, 10, tzinfo=WIB)


def _last_left_out(place: Path, *words: list[int]) -> list[frozenset[int]]:
    with open_ledger(place / "buku.sqlite") as ledger:
        for one in words:
            record_approval(
                ledger,
                PLAN,
                oleh="Budi Rekaan",
                pembuat="Sari Contohwati",
                baris=3,
                meterai=0,
                waktu=NOW,
                kecuali=one,
            )
        return [left_out(one) for one in approvals(ledger, PLAN)]


def test_leaving_out_again_after_approving_all_counts(tmp_path: Path) -> None:
    found = _last_left_out(tmp_path, [2], [], [2])
    assert found == [frozenset({2}), frozenset(), frozenset({2})]


def test_the_same_word_twice_is_one_event(tmp_path: Path) -> None:
    assert _last_left_out(tmp_path, [2], [2]) == [frozenset({2})]


def test_a_rejection_ends_what_was_approved_until_somebody_approves_again(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "buku.sqlite") as ledger:

        def approve() -> None:
            record_approval(
                ledger, PLAN, oleh="Budi Rekaan", pembuat="Sari Contohwati", baris=3, meterai=0,
                waktu=NOW,
            )  # fmt: skip

        def reject(why: str) -> int:
            return record_rejection(ledger, PLAN, oleh="Citra Rekaan", alasan=why, waktu=NOW).nomor

        approve()
        first = reject("rekening klinik 3 salah")
        assert reject("rekening klinik 3 salah") == first
        assert approvals(ledger, PLAN) == ()
        told = rejection(ledger, PLAN)
        assert told is not None
        assert (told.isi["oleh"], told.isi["alasan"]) == ("Citra Rekaan", "rekening klinik 3 salah")
        assert rejection(ledger, "cd" * 32) is None
        approve()  # the same person, the same words, and yet a new event
        assert len(approvals(ledger, PLAN)) == 1
        assert rejection(ledger, PLAN) is None
        assert reject("rekening klinik 3 salah") > first
        assert ledger.verify().intact

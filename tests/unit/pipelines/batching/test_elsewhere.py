"""What a ledger knows of a new plan's agreements is told with where and when, and only that."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from pks_kit.pipelines.batching.elsewhere import known_elsewhere


class Events:
    """A ledger with some events."""

    def __init__(self, *told: tuple[str, str, dict[str, str]]) -> None:
        when = datetime(2026, 12, 20, 18, tzinfo=UTC)  # the next day in WIB
        self._events = [
            SimpleNamespace(jenis=jenis, perjanjian=one, isi=isi, waktu=when)
            for jenis, one, isi in told
        ]

    def events(self, *, jenis: str) -> list[Any]:
        return [one for one in self._events if one.jenis == jenis]


def codes(ledger: object, agreement: str, number: str = "7/KTR") -> list[str]:
    known = known_elsewhere(ledger)  # type: ignore[arg-type]
    return [one.code for one in known.problems(agreement, number)]


def test_issued_signed_and_unknown() -> None:
    ledger = Events(
        ("terbit", "A", {"file": "a.pdf"}),
        ("terbit", "B", {"file": "b.pdf"}),
        ("langkah.selesai", "B", {"langkah": "x"}),
        ("metode.setuju", "C", {}),
    )
    assert codes(ledger, "A") == ["batch.row_issued"]
    assert codes(ledger, "B") == ["batch.row_signed"]
    assert codes(ledger, "C") == []
    assert codes(None, "A") == []
    (told,) = known_elsewhere(ledger).problems("B", "")  # type: ignore[arg-type]
    assert "b.pdf" in told.text.en
    assert "2026-12-21" in told.text.id


def test_a_number_of_another_agreement_that_was_issued() -> None:
    ledger = Events(
        ("terbit", "A", {"file": "a.pdf"}),
        ("perjanjian", "A", {"nomor_kesatu": "7/KTR"}),
        ("perjanjian", "B", {"nomor_kesatu": "8/KTR"}),
    )
    assert codes(ledger, "A") == ["batch.row_issued"]
    assert codes(ledger, "Z") == ["batch.row_number_issued"]
    assert codes(ledger, "Z", "8/KTR") == []  # never issued
    assert codes(ledger, "Z", "9/KTR") == []

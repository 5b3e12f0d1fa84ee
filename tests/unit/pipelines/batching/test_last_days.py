"""The last day of a batch lies within the term of every agreement that still runs."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.last_days import refuse_after_terms

TODAY = date(2026, 12, 1)


def ending(*days: date | None) -> Any:
    return [
        SimpleNamespace(number=number, name=f"Faskes {number}", selesai=day)
        for number, day in enumerate(days, 1)
    ]


def test_a_day_within_every_term_is_taken() -> None:
    rows = ending(date(2027, 12, 31), date(2027, 6, 30), None, date(2025, 12, 31))
    refuse_after_terms(date(2027, 6, 30), rows, TODAY)
    refuse_after_terms(None, rows, TODAY)


def test_a_later_day_is_refused_with_the_day_that_is_still_possible() -> None:
    last = date(2027, 12, 31)
    with pytest.raises(UsageError) as caught:
        refuse_after_terms(date(2028, 1, 15), ending(last, date(2028, 6, 30), *[last] * 3), TODAY)
    told = caught.value.text
    assert "melewati akhir masa berlaku 4 perjanjian" in told.id
    assert "Faskes 1 (31 Desember 2027); Faskes 3 (31 Desember 2027)" in told.id
    assert "Faskes 2" not in told.id
    assert told.hint_id == "Isi paling lambat 31 Desember 2027, akhir masa berlaku."

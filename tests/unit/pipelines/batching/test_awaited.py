"""A report tells by when papers are awaited as the lists do, and counts reminders."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from pks_kit.ledger import kinds
from pks_kit.pipelines.batching import awaited as module
from pks_kit.pipelines.batching.awaited import Awaited, awaited


def test_days_and_reminders_are_those_of_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    def events(perjanjian: str | None = None, jenis: str | None = None) -> tuple[object, ...]:
        assert jenis == kinds.SURAT_PENGINGAT  # no covering letter is a reminder
        return tuple(SimpleNamespace(perjanjian=one) for one in "aab")

    monkeypatch.setattr(module, "days_of_return", lambda *_: {"a": date(2027, 12, 1)})
    found = awaited(Path("x"), SimpleNamespace(events=events))
    assert found.day_of("a", "id") == "1 Desember 2027"
    assert found.day_of("b", "id") == "–"
    assert found.reminders == {"a": 2, "b": 1}


def test_without_a_ledger_nobody_knows() -> None:
    assert awaited(Path("x"), None) == Awaited()
    assert Awaited().day_of(None, "id") == "–"

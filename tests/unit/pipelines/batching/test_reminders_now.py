"""Reminders go to everybody on paper who has not answered, by a day that is no earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pks_kit.errors import UsageError
from pks_kit.ledger import kinds
from pks_kit.ledger.agreements import agreements
from pks_kit.ledger.store import open_ledger
from pks_kit.messages import lookup
from pks_kit.pipelines.batching import reminded, reminders_now
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.reminders_now import is_early, write_reminders
from support.batch_plans import plan_of, planned

LETTERS = date(2026, 12, 23)


def today() -> datetime:
    return datetime(2026, 12, 1, 5, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BatchFolder:
    """Four agreements: one is back, one is electronic, two are silent; of one no letter comes."""
    found = BatchFolder(tmp_path)
    methods = ("manual", "elektronik", "manual", "digital")
    rows = [planned(number, cara_kontrak=cara) for number, cara in enumerate(methods, 1)]
    found.save_plan(plan_of(rows))
    found.save_deadline(LETTERS)
    with closing(Book(found.book, found.plan().id, 4)) as book:
        book.write(
            [
                BookRow(number=one, state="done" if one == 1 else "with_other", stage="sent")
                for one in (1, 2, 3, 4)
            ]
        )

    def letters(asked: Sequence[PlannedRow], *more: Any) -> Any:
        path = found.reminders / f"{asked[0].number}.pdf"
        return {asked[0].number: {path: b"surat"}}, {
            one.number: lookup("batch.no_draft") for one in asked[1:]
        }

    monkeypatch.setattr(reminders_now, "letters_to", letters)
    monkeypatch.setattr(reminders_now, "complete_by_ledger", lambda *_: set())
    return found


def test_everybody_on_paper_who_is_silent_is_reminded(folder: BatchFolder) -> None:
    ledger: Any = None
    told = write_reminders(folder, ledger, LETTERS, clock=today)
    assert (told.written, told.refused, told.electronic) == (1, 1, 1)
    assert told.files == ("3.pdf",)
    assert (folder.reminders / "3.pdf").read_bytes() == b"surat"


def test_a_day_before_that_of_the_covering_letters_is_said_to_be_meant(folder: BatchFolder) -> None:
    ledger: Any = None
    early = date(2026, 12, 10)
    with pytest.raises(UsageError) as caught:
        write_reminders(folder, ledger, early, clock=today)
    assert caught.value.code == "batch.reminder_early"
    assert "23 Desember 2026" in caught.value.text.id
    assert write_reminders(folder, ledger, early, early=True, clock=today).written == 1
    with pytest.raises(UsageError) as caught:
        write_reminders(folder, ledger, date(2026, 11, 30), early=True, clock=today)
    assert caught.value.code == "value.deadline_over"


@pytest.mark.parametrize(("day", "early"), [(22, True), (23, False), (26, False)])
def test_of_a_day_at_a_weekend_the_working_day_before_counts(day: int, early: bool) -> None:
    assert is_early(date(2026, 12, day), LETTERS) is early
    assert not is_early(date(2026, 12, day), None)


def test_the_ledger_holds_what_a_letter_asked_for_and_by_when(
    folder: BatchFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The history of an agreement did not tell that its facility had been reminded."""
    monkeypatch.setattr(
        reminded, "asked_of_row", lambda *_: ("Kirim 3 halaman.", "Bubuhkan paraf.")
    )
    with closing(open_ledger(tmp_path / "buku.sqlite")) as ledger:
        write_reminders(folder, ledger, LETTERS, clock=today)
        (event,) = ledger.events()
        assert event.jenis == kinds.SURAT_PENGINGAT
        assert event.isi == {
            "tanggal": "2026-12-01",
            "batas": "2026-12-23",
            "diminta": "Kirim 3 halaman. Bubuhkan paraf.",
        }
        # the same letter again is no news, one by another day is
        write_reminders(folder, ledger, LETTERS, clock=today)
        assert len(ledger.events()) == 1
        write_reminders(folder, ledger, date(2026, 12, 28), clock=today)
        assert [one.isi["batas"] for one in ledger.events()] == ["2026-12-23", "2026-12-28"]
        # who was reminded has paper, although this ledger does not tell of its issue
        assert event.perjanjian == folder.plan().plan.rows[2].agreement_id
        (known,) = agreements(ledger.events(), ())
        assert known.tahap == "DI_ATAS_KERTAS"

"""The day of return is that of the last letter to a facility: covering letter or reminder."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pks_kit.ledger import kinds
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.pipelines.batching import days_of_return as module
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.days_of_return import days_of_return
from pks_kit.pipelines.batching.folder import BatchFolder
from support.batch_plans import plan_of, planned

COVERED, REMINDED = date(2026, 12, 18), date(2027, 1, 8)
SENT, ASKED = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BatchFolder:
    """Three agreements on paper: two wait, one is complete."""
    found = BatchFolder(tmp_path / "batch")
    found.path.mkdir()
    found.save_plan(plan_of([planned(number, cara_kontrak="manual") for number in (1, 2, 3)]))
    with closing(Book(found.book, found.plan().id, 3)) as book:
        book.write(
            [
                BookRow(number=one, state="done" if one == 3 else "with_other", stage="sent")
                for one in (1, 2, 3)
            ]
        )
    found.to_send.mkdir()
    letter = found.to_send / "1-pengantar.pdf"
    letter.write_bytes(b"surat")
    os.utime(letter, (SENT.timestamp(), SENT.timestamp()))
    monkeypatch.setattr(module, "issued_files", lambda *_: (Path("1.pdf"), Path("1.json")))
    return found


def ids(folder: BatchFolder) -> list[str]:
    return [one.agreement_id or "" for one in folder.plan().plan.rows]


def asked(ledger: SqlLedger, agreement_id: str, kind: str, **isi: str) -> None:
    ledger.append(agreement_id, kind, {"tanggal": "2026-12-01"} | isi, waktu=ASKED)


def test_a_reminder_moves_the_day_also_of_a_batch_that_knows_none(
    folder: BatchFolder, ledger: SqlLedger
) -> None:
    first, second, third = ids(folder)
    assert days_of_return(folder.path, ledger) == {}
    asked(ledger, first, kinds.SURAT_PENGINGAT, batas=REMINDED.isoformat())
    asked(ledger, third, kinds.SURAT_PENGINGAT, batas=REMINDED.isoformat())
    assert days_of_return(folder.path, ledger) == {first: REMINDED}
    folder.save_deadline(COVERED)
    assert days_of_return(folder.path, ledger) == {first: REMINDED, second: COVERED}
    # one that names no day takes nothing back
    asked(ledger, second, kinds.SURAT_PENGINGAT)
    assert days_of_return(folder.path, ledger)[second] == COVERED


def test_the_letter_that_was_written_last_counts(folder: BatchFolder, ledger: SqlLedger) -> None:
    first, *_ = ids(folder)
    folder.save_deadline(COVERED)
    asked(ledger, first, kinds.SURAT_PENGINGAT, batas=REMINDED.isoformat())
    asked(ledger, first, kinds.SURAT_PENGANTAR, batas="2026-12-11")
    assert days_of_return(folder.path, ledger)[first] == date(2026, 12, 11)
    later = datetime(2026, 12, 2, tzinfo=UTC).timestamp()
    os.utime(folder.to_send / "1-pengantar.pdf", (later, later))
    assert days_of_return(folder.path, ledger)[first] == COVERED

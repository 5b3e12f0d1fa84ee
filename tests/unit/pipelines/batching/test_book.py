"""The book of a run: what it keeps, and that it may be thrown away."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pks_kit.errors import InputError
from pks_kit.messages import Message
from pks_kit.pipelines.batching.book import Book, BookRow, count_book, read_book
from pks_kit.pipelines.batching.outcome import RowOutcome

PLAN = "a" * 64


def test_rows_are_kept_with_their_words(tmp_path: Path) -> None:
    words = Message("Salah.", "Wrong.", "Perbaiki.", "Mend it.")
    row = BookRow(number=7).after(
        RowOutcome(number=7, state="refused", stage="drafted", code="a.b", words=words, cpu=1.5),
        1000.0,
    )
    with closing(Book(tmp_path / "b.sqlite", PLAN, 9)) as book:
        book.write([row])
    known, runs = read_book(tmp_path / "b.sqlite", PLAN, 9)
    assert known == {7: row}
    assert (row.tries, row.cpu, row.changed) == (1, 1.5, 1000.0)
    assert runs == ()


def test_it_is_read_while_somebody_writes(tmp_path: Path) -> None:
    with closing(Book(tmp_path / "b.sqlite", PLAN, 9)) as book:
        run = book.begin_run(10.0, "verified")
        book.write([BookRow(number=1, state="working")])
        known, runs = read_book(tmp_path / "b.sqlite", PLAN, 9)
        assert known[1].state == "working"
        assert (runs[0].number, runs[0].ended, runs[0].until) == (run, None, "verified")
        book.beat(run, 12.0, ended=True)
        assert book.runs()[0].ended == 12.0


@pytest.mark.parametrize(("plan", "rows"), [("b" * 64, 9), (PLAN, 8)])
def test_the_book_of_another_plan_is_refused(tmp_path: Path, plan: str, rows: int) -> None:
    Book(tmp_path / "b.sqlite", PLAN, 9).close()
    with pytest.raises(InputError) as caught:
        Book(tmp_path / "b.sqlite", plan, rows)
    assert caught.value.code == "batch.other_book"


def test_a_damaged_book_is_told_and_how_to_make_another(tmp_path: Path) -> None:
    (tmp_path / "b.sqlite").write_bytes(b"this is no database, but it is long enough" * 99)
    with pytest.raises(InputError) as caught:
        read_book(tmp_path / "b.sqlite", PLAN, 9)
    assert caught.value.code == "batch.bad_book"
    assert "rebuild" in caught.value.text.hint_en


def test_no_book_is_no_error(tmp_path: Path) -> None:
    assert read_book(tmp_path / "b.sqlite", PLAN, 9) == ({}, ())
    assert list(tmp_path.iterdir()) == []


def test_it_is_read_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.sqlite"
    with closing(Book(path, PLAN, 9)) as book:
        book.write([BookRow(number=3, state="done")])
        book.begin_run(10.0, "verified")
    before = sorted(one.name for one in tmp_path.iterdir())
    connect = sqlite3.connect

    def refusing(address: str, **options: Any) -> sqlite3.Connection:
        """Say what a full disk says to a reader who needs a file beside the book."""
        if "mode=rw" in address:
            raise sqlite3.OperationalError("disk I/O error")
        return connect(address, **options)

    monkeypatch.setattr(sqlite3, "connect", refusing)
    known, runs = read_book(path, PLAN, 9)
    assert known[3].state == "done"
    assert len(runs) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == before


def test_a_reader_writes_nothing_and_sees_a_book_that_is_being_made(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    path.touch()
    assert read_book(path, PLAN, 9) == ({}, ())
    assert path.stat().st_size == 0


def test_rows_are_counted_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "b.sqlite"
    assert dict(count_book(path).stages) == {}
    sqlite3.connect(path).close()
    assert dict(count_book(path).stages) == {}, "somebody makes it at this moment"
    path.unlink()
    with closing(Book(path, PLAN, 9)) as book:
        book.begin_run(10.0, "drafted")
        book.write(
            [
                BookRow(number=1, state="done", stage="drafted"),
                BookRow(number=2, state="done", stage="signed"),
                BookRow(number=3, state="done", stage="signed"),
                BookRow(number=4, state="failed"),
            ]
        )
        counted = count_book(path)
    assert counted.stages == {("done", "drafted"): 1, ("done", "signed"): 2, ("failed", ""): 1}
    assert [one.until for one in counted.runs] == ["drafted"]
    path.write_bytes(b"this is no database, but it is long enough" * 99)
    with pytest.raises(InputError) as caught:
        count_book(path)
    assert caught.value.code == "batch.bad_book"

"""A letter that takes the place of another leaves the other one aside, and errors become words."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.covering_letters import (
    earlier_letters,
    keep_letter,
    let_try_again,
    stops_all,
    why_refused,
)
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED

NAME = "klinik-pengantar.pdf"


def test_every_letter_that_was_replaced_is_kept_and_none_twice(tmp_path: Path) -> None:
    place = BatchFolder(tmp_path)
    contents = [b"satu", b"satu", b"dua", b"satu", b"satu"]
    replaced = [keep_letter(place, NamedFile(NAME, one)) for one in contents]
    assert replaced == [False, False, True, True, False]
    assert (place.to_send / NAME).read_bytes() == b"satu"
    assert [one.read_bytes() for one in earlier_letters(place, NAME)] == [b"satu", b"dua"]
    assert earlier_letters(place, "lain-pengantar.pdf") == []


@pytest.mark.parametrize(
    ("error", "stops", "words"),
    [
        (UsageError("batch.no_deadline"), False, "."),
        (ValueError("rahasia"), False, "ValueError"),
        (InputError("file.not_found", file="a.pdf"), False, "a.pdf"),
    ],
)
def test_why_a_letter_lacks_is_told_without_calling_the_agreement_refused(
    error: Exception, stops: bool, words: str
) -> None:
    assert stops_all(error) is stops
    told = why_refused(error, "digital")
    by_pen = why_refused(error, "manual")
    assert "belum ditandatangani siapa pun; hanya surat pengantarnya" in by_pen.id
    assert "sudah ditandatangani" not in by_pen.id
    for text in (told.id, told.en):
        assert words in text
        assert "rahasia" not in text
    assert "sudah ditandatangani pihak ini; hanya surat pengantarnya" in told.id
    assert "--until sent" in told.hint_id


def test_a_full_disk_stops_everything() -> None:
    error = InputError("file.unwritable", file="a.pdf")
    error.__cause__ = OSError(28, "no space")
    assert stops_all(error)


def test_a_run_that_writes_letters_begins_again_with_those_that_were_refused() -> None:
    refused = BookRow(number=1, state="with_other", stage="sent", code=LETTER_REFUSED)
    others = [
        BookRow(number=2, state="with_other", stage="sent"),
        BookRow(number=3, state="with_other", stage="sent", code="batch.received.incomplete"),
        BookRow(number=4, state="done", stage="sent"),
    ]
    (found,) = let_try_again([refused, *others])
    assert (found.number, found.state, found.stage, found.code) == (1, "with_other", "signed", "")

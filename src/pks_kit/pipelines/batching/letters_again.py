"""Covering letters of a batch, without a run: those that lack, or all of them with another day."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pks_kit.domain.tanggal import WIB, refuse_past
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.covering_letters import stops_all, why_refused, write_letter
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.last_days import refuse_after_terms
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED, NO_WORDS
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.reminders import letter_stem
from pks_kit.pipelines.batching.returns import Stands, is_silent
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock

_STRANDED = ("waiting", "working", "refused")
"""What a row is called that a run left between its signature and its letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersWritten:
    """What became of the letters of a batch.

    Attributes:
        written: How many were written.
        replaced: How many of them took the place of an earlier one, which is kept aside.
        refused: How many could not be written; why stands in the book where none was before.
        kept: Of how many of those the earlier letter stands.
    """

    written: int
    replaced: int
    refused: int
    kept: int = 0


def write_letters(
    folder: BatchFolder,
    deadline: date,
    *,
    every: bool,
    progress: Callable[[int, int], None] = lambda _done, _whole: None,
    clock: Clock = system_clock,
) -> LettersWritten:
    """Write letters to those of whom nothing came back; nothing is signed or bought for it.

    Args:
        folder: Folder of the batch.
        deadline: Last day for the other party.
        every: Also to those who have a letter; else only where one lacks.
        progress: Called with how many are done, and of how many.
        clock: Gives the present time, with a time zone.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``, ``value.deadline_over``,
            ``batch.deadline_after_term``.
        InputError: The book is not the one that was made; a folder cannot be written.
    """
    today = moment(clock).astimezone(WIB).date()
    refuse_past(deadline, today)
    with folder.shortly():
        found = folder.plan()
        refuse_after_terms(deadline, found.plan.ready(), today)
        with closing(Book(folder.book, found.id, len(found.plan.rows))) as book:
            known = book.rows()
            meant = [
                (row, known[row.number])
                for row in found.plan.ready()
                if row.number in known and lacks_letter(row, known[row.number], every=every)
            ]
            written = replaced = refused = kept = 0
            for done, (row, one) in enumerate(meant):
                progress(done, len(meant))
                after, is_other = _after(folder, row, one, deadline, clock)
                written += not after.code
                refused += bool(after.code)
                replaced += is_other
                if after.code and _has_letter(one):
                    kept += 1  # the earlier one stands, and so does what the book says of it
                    continue
                book.write([after])
            progress(len(meant), len(meant))
            if written:  # what reminders tell is what letters told
                folder.save_deadline(deadline)
    return LettersWritten(written=written, replaced=replaced, refused=refused, kept=kept)


def _has_letter(one: Stands) -> bool:
    return one.stage == "sent" and one.code != LETTER_REFUSED


def lacks_letter(row: PlannedRow, one: Stands, *, every: bool) -> bool:
    """Return whether a letter is to be written to the other party of an agreement.

    Args:
        row: The row of the plan.
        one: What the book says of it.
        every: Whether those are meant too who have one.
    """
    if is_silent(one):
        return every or one.stage != "sent" or one.code == LETTER_REFUSED
    return one.state in _STRANDED and one.stage == "signed" and row.cara_kontrak != "elektronik"


def letters_named(folder: BatchFolder, rows: Iterable[PlannedRow]) -> list[tuple[str, Path]]:
    """Return the letters of a batch, each under a name by which a person finds its facility.

    Args:
        folder: Folder of the batch.
        rows: Rows of its plan.
    """
    found = []
    for row in rows:
        issued = issued_files(folder, row)
        path = folder.to_send / f"{issued[0].stem}-pengantar.pdf" if issued else None
        if path is not None and path.is_file():
            found.append((f"{letter_stem(row.number, row.name)}-pengantar.pdf", path))
    return found


def _after(
    folder: BatchFolder, row: PlannedRow, one: BookRow, deadline: date, clock: Clock
) -> tuple[BookRow, bool]:
    # since when it waits is told by the run: a letter that is written again changes nothing of it
    since = one.changed if one.state == "with_other" and one.changed else time.time()
    waits = replace(one, state="with_other", changed=since)
    try:
        issued = issued_files(folder, row)
        if issued is None:
            raise FileNotFoundError
        pdf, receipt = issued
        is_other = write_letter(
            folder,
            folder.finished / pdf.name,
            receipt,
            deadline,
            with_pages=row.cara_kontrak != "elektronik",
            clock=clock,
        )
    except Exception as error:
        if stops_all(error):
            raise
        words = why_refused(error, row.cara_kontrak)
        return replace(waits, code=LETTER_REFUSED, words=words), False
    return replace(waits, stage="sent", code="", words=NO_WORDS), is_other

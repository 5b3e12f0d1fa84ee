"""Reminders to everybody who has not answered, on a day that a person chooses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date

from pks_kit.domain.tanggal import WIB, format_tanggal, refuse_past, working_day_until
from pks_kit.errors import UsageError
from pks_kit.json_types import Count, Text
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.electronic import ELECTRONIC, complete_by_ledger
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.own_letters import OwnLetters
from pks_kit.pipelines.batching.reminded import record_reminders
from pks_kit.pipelines.batching.reminders import Reminding, letters_to
from pks_kit.pipelines.batching.returns import is_silent
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersWritten:
    """What became of the reminders of a batch.

    Attributes:
        files: Names of the letters, as PDF and DOCX.
        written: To how many agreements one was written.
        refused: How many could not be written.
        electronic: How many are silent and get no letter: they sign without paper.
    """

    files: tuple[Text, ...]
    written: Count
    refused: Count
    electronic: Count


def is_early(day: date, letters: date | None) -> bool:
    """Return whether a reminder would ask for an answer before the day of the covering letters."""
    return letters is not None and working_day_until(day) < working_day_until(letters)


def write_reminders(
    folder: BatchFolder,
    ledger: LedgerToAsk,
    deadline: date,
    *,
    early: bool = False,
    progress: Callable[[str], None] = lambda _name: None,
    clock: Clock = system_clock,
) -> RemindersWritten:
    """Write a letter to each party on paper of whom nothing came back.

    Args:
        folder: Folder of the batch.
        ledger: Its ledger: what is complete by it is not asked for.
        deadline: Last day that the letters name.
        early: Whether a day before that of the covering letters is meant.
        progress: Called with the name of each facility before its work.
        clock: Gives the present time, with a time zone.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``, ``value.deadline_over``,
            ``batch.reminder_early``.
        InputError: The book is not the one that was made; a folder cannot be written.
        LedgerError: The ledger cannot be read.
    """
    today = moment(clock).astimezone(WIB).date()
    refuse_past(deadline, today)
    with folder.shortly():
        found, letter_day = folder.plan(), folder.deadline()
        if letter_day is not None and is_early(deadline, letter_day) and not early:
            raise UsageError("batch.reminder_early", day=format_tanggal(letter_day))
        with closing(Book(folder.book, found.id, len(found.plan.rows))) as book:
            known = book.rows()
        silent = [
            one
            for one in found.plan.ready()
            if is_silent(known.get(one.number, BookRow(number=one.number)))
        ]
        complete = complete_by_ledger(ledger, silent)
        asked = [one for one in silent if one.agreement_id not in complete]
        on_paper = [one for one in asked if one.cara_kontrak != ELECTRONIC]
        wanted = Reminding(today=today, sent_by=letter_day, deadline=deadline)
        letters, unwritten = letters_to(on_paper, folder, folder, wanted, progress)
        written = {path: file for one in letters.values() for path, file in one.items()}
        alone = OwnLetters(folder).settle(folder.reminders, written)
        ours = [one for one in on_paper if {*letters.get(one.number, ())} - {*alone}]
        record_reminders(ledger, ours, folder, wanted, moment(clock))
    return RemindersWritten(
        files=tuple(path.name for path in sorted(written)),
        written=len(letters),
        refused=len(unwritten),
        electronic=len(asked) - len(on_paper),
    )

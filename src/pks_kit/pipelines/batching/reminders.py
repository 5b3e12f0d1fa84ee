"""Letters that ask facilities for agreements which have not come back: what is missing, by when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pks_kit.domain.asked_places import AskedPlace, asked_places
from pks_kit.domain.page_list import page_list
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.domain.surat import PengingatPengembalian
from pks_kit.domain.surat.dasar import BerkasPerjanjian
from pks_kit.domain.tanggal import working_day_until
from pks_kit.errors import InputError, PksKitError
from pks_kit.files import read_limited
from pks_kit.limits import RECEIPT_BYTES
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.row import issued_files, loaded_row
from pks_kit.pipelines.letter import LetterDraftRequest, letter_draft

KIND = "pengingat-pengembalian"
FORMATS = ("pdf", "docx")
REMIND_DAYS = 3
"""So many days before the last day of the covering letter an answer is near due."""
_TO_BE_FILLED_IN = "." * 30
"""Where the number of a letter is written by hand, from the office's own register."""
_ORDER = "{urut}"
_EACH = ("jejaring", "pengguna")
"""Roles of many people, who are asked together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """What all letters of one day have in common.

    Attributes:
        today: Their day.
        sent_by: Last day that the covering letters told; None when nobody knows.
        deadline: Last day that the letters tell; None: that of the covering letter.
        number: Their number, with ``{urut}`` where the number of the row stands; empty: a line to
            write it on.
    """

    today: date
    sent_by: date | None
    deadline: date | None
    number: str = ""

    def last_day(self) -> date | None:
        """Return the last day that a letter can ask for; None when it has passed."""
        wanted = self.deadline or self.sent_by
        if wanted is None:
            return None
        found = working_day_until(wanted)
        return found if found >= self.today else None


def due_from(last: date | None, days: int) -> date | None:
    """Return the first day on which an answer is due or near due; None when no last day is known.

    Args:
        last: Last day that the other party was told.
        days: How many days before it reminders begin.
    """
    return None if last is None else working_day_until(last) - timedelta(days=days)


def letters_to(
    rows: Sequence[PlannedRow],
    source: BatchFolder,
    place: BatchFolder,
    wanted: Reminding,
    progress: Callable[[str], None],
) -> tuple[dict[int, dict[Path, bytes]], dict[int, Message]]:
    """Return a letter to the facility of each row; what cannot be written stops no other.

    Args:
        rows: The rows.
        source: Folder of the batch, with the data of its rows.
        place: Where its issued files lie; another folder in a rehearsal.
        wanted: What all letters have in common.
        progress: Called with the name of each facility before its work.

    Returns:
        Files by number of the row, and why there are none.
    """
    letters: dict[int, dict[Path, bytes]] = {}
    unwritten: dict[int, Message] = {}
    for one in rows:
        progress(one.name)
        stem = place.reminders / letter_stem(one.number, one.name)
        try:
            made = reminder(source, place, one, wanted)
        except PksKitError as error:
            if isinstance(error, InputError) and error.code == "file.unwritable":
                raise
            unwritten[one.number] = error.text
            continue
        letters[one.number] = {stem.with_name(f"{stem.name}.{name}"): made[name] for name in made}
    return letters, unwritten


def letter_stem(number: int, name: str) -> str:
    """Return a file name that a person finds and that no name can lead astray."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in name)[:60].strip("-")
    return f"{number:05d}-{plain or 'faskes'}"


def number_of(name: str) -> int | None:
    """Return the number that :func:`letter_stem` put in front; None when there is none."""
    front = name.partition("-")[0]
    return int(front) if front.isascii() and front.isdecimal() and len(front) < 10 else None


def reminder(
    source: BatchFolder, place: BatchFolder, row: PlannedRow, wanted: Reminding
) -> dict[str, bytes]:
    """Return the letter to the facility of one row, by format.

    Args:
        source: Folder of the batch, with the data of its rows.
        place: Where its issued files lie; another folder in a rehearsal.
        row: The row.
        wanted: What all letters have in common.

    Raises:
        PksKitError: The letter cannot be drafted; see :func:`.letter.letter_draft`.
    """
    loaded = loaded_row(source, row)
    made = letter_draft(
        LetterDraftRequest(
            kind=KIND,
            source=PengingatPengembalian(
                perjanjian=BerkasPerjanjian(berkas=f"baris-{row.number}.yml"),
                nomor=wanted.number.replace(_ORDER, str(row.number)) or _TO_BE_FILLED_IN,
                tanggal=wanted.today,
                sifat="penting",
                belum_kembali=True,
                kekurangan=asked_of_row(place, row),
                batas_semula=wanted.sent_by,
                batas_waktu=wanted.last_day(),
            ),
            kontrak=loaded.kontrak,
            formats=FORMATS,
        )
    )
    return {name: file.content for name, file in made.files.items()}


def asked_of_row(place: BatchFolder, row: PlannedRow) -> tuple[str, ...]:
    """Return what the facility of a row has to send and to fill in, as sentences.

    Raises:
        InputError: Its issued files are not there.
    """
    return tuple(asked_for(_receipt(place, row)))


def _receipt(place: BatchFolder, row: PlannedRow) -> Receipt:
    found = issued_files(place, row)
    if found is None:
        raise InputError("batch.no_draft", name=row.name)
    return parse_receipt(read_limited(found[1], RECEIPT_BYTES), found[1].name)


def _with(one: AskedPlace) -> str:
    """Return what belongs to a signature, as the end of the code of its words."""
    if one.meterai is not None:
        return "meterai_stamp" if one.stempel is not None else "meterai"
    return "stamp" if one.stempel is not None else ""


def asked_for(receipt: Receipt) -> Iterator[str]:
    """Yield what the facility has to send and to fill in, as sentences."""

    def say(code: str, **params: object) -> str:
        return lookup(f"batch.reminder.{code}").fill(params).id

    yield say(f"pages.{receipt.profile}", count=receipt.pages)
    groups: dict[tuple[str, str, str], list[int]] = {}
    for one in asked_places(receipt, receipt.profile):
        role, name = one.place.peran, one.place.nama
        if role == "pihak_kesatu":
            continue
        whose = ("each", role) if role in _EACH else ("name", name)
        groups.setdefault((*whose, _with(one)), []).append(one.place.page)
    for (kind, value, beside), pages in groups.items():
        yield say(
            "signature",
            whose=say(f"whose.{value}") if kind == "each" else value,
            beside=say(f"beside.{beside}") if beside else "",
            pages=page_list(pages),
        )
    yield say("initials")

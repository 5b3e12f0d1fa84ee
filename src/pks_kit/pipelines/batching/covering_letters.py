"""The covering letter of an agreement of a batch: whether it could be written is a fact of its own.

An agreement that this side signed stays signed when its letter is refused, for example because its
last day has passed. A letter that is written once more takes the place of the earlier one, which is
kept aside: somebody may have sent it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from pks_kit.errors import PksKitError
from pks_kit.files import NamedFile, read_limited
from pks_kit.limits import PDF_BYTES
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED, NO_WORDS, outcome_of
from pks_kit.pipelines.cover import CoverRequest, cover
from pks_kit.pipelines.error_form import unforeseen
from pks_kit.pipelines.requests.clock import Clock, system_clock


def write_letter(
    place: BatchFolder,
    final: Path,
    receipt: Path,
    deadline: date,
    *,
    with_pages: bool,
    clock: Clock = system_clock,
) -> bool:
    """Write the covering letter of an agreement; return whether it took the place of another.

    Args:
        place: Folder of the batch, or of its rehearsal.
        final: The agreement as this side signed it.
        receipt: Its receipt.
        deadline: Last day for the other party.
        with_pages: Append the pages of the agreement, to be printed as one file.
        clock: Gives the present time, with a time zone.

    Raises:
        PksKitError: As :func:`pks_kit.pipelines.cover.cover`; the earlier letter stands.
    """
    made = cover(
        CoverRequest(
            pdf=final, receipt=receipt, batas_waktu=deadline, sertakan=with_pages, clock=clock
        )
    )
    return keep_letter(place, made.file)


def keep_letter(place: BatchFolder, letter: NamedFile) -> bool:
    """Put a letter where it is sent from; an earlier one that says something else is kept aside.

    Raises:
        InputError: ``file.unwritable``; the earlier one cannot be read.
    """
    path = place.to_send / letter.name
    before = read_limited(path, PDF_BYTES) if path.is_file() else letter.content
    if before != letter.content:
        known = earlier_letters(place, letter.name)
        keep({place.letters_before / f"{path.stem}-{len(known) + 1}{path.suffix}": before})
    letter.save(place.to_send, replace=True)
    return before != letter.content


def earlier_letters(place: BatchFolder, name: str) -> list[Path]:
    """Return the letters whose place a letter took, the first one first.

    Args:
        place: Folder of the batch, or of its rehearsal.
        name: File name of the letter.
    """
    stem, suffix = Path(name).stem, Path(name).suffix
    found: list[Path] = []
    while (one := place.letters_before / f"{stem}-{len(found) + 1}{suffix}").is_file():
        found.append(one)
    return found


def stops_all(error: Exception) -> bool:
    """Return whether no further letter may be tried after an error, for example on a full disk."""
    return isinstance(error, PksKitError) and outcome_of(error, 0, "signed").stops


def why_refused(error: Exception, cara_kontrak: str) -> Message:
    """Return in words why a letter was not written, and how its agreement stands all the same.

    Args:
        error: What happened.
        cara_kontrak: Method of the agreement; nobody has signed a kontrak manual yet.
    """
    text = (
        error.text
        if isinstance(error, PksKitError)
        else lookup("batch.unforeseen").fill(unforeseen(error))
    )
    code = f"{LETTER_REFUSED}_manual" if cara_kontrak == "manual" else LETTER_REFUSED
    return lookup(code).fill({"reason": Message(text.id, text.en)})


def let_try_again(rows: Iterable[BookRow]) -> list[BookRow]:
    """Return the rows whose letter was refused, as a run finds them that writes letters."""
    return [
        replace(one, stage="signed", code="", words=NO_WORDS)
        for one in rows
        if one.state == "with_other" and one.code == LETTER_REFUSED
    ]

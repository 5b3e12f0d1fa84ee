"""Whether the files of agreements that were done still stand as they were made.

Somebody may have deleted or changed them since. What was not touched since the row ended is not
read: the system's own time of the last change of a file tells, which a restored copy has anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pks_kit.domain.receipt import parse_receipt
from pks_kit.errors import InputError
from pks_kit.files import read_limited
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Ledger
from pks_kit.limits import PDF_BYTES, RECEIPT_BYTES
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.covering_letters import let_try_again
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.outcome import NO_WORDS, Reached
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.pipelines.batching.workshop import STAGES, ShopOrder, Stage, Workshop

Harm = Literal["gone", "changed"]
Which = Literal["issued", "signed", "letter"]
_ENDED = ("done", "with_other")
_BEFORE: Mapping[Which, tuple[Stage, Reached]] = {
    "issued": ("drafted", ""),
    "signed": ("signed", "drafted"),
    "letter": ("sent", "signed"),
}
"""Until which stage a run must go to make it again, and where it begins."""


def harmed(
    place: BatchFolder,
    rows: Iterable[PlannedRow],
    known: Mapping[int, BookRow],
    ledger: Ledger | None,
) -> dict[int, tuple[Which, Harm]]:
    """Return which rows that ended lack a file or have another one, the earliest file of each.

    Args:
        place: Folder of the batch, or of its rehearsal.
        rows: Ready rows of the plan.
        known: The book.
        ledger: Knows what was signed; None: changed signed files are not noticed.
    """
    found: dict[int, tuple[Which, Harm]] = {}
    for row in rows:
        one = known.get(row.number)
        if one is None or not one.stage or one.state not in _ENDED:
            continue
        harm = _harm(place, row, one, ledger)
        if harm is not None:
            found[row.number] = harm
    return found


def _harm(
    place: BatchFolder, row: PlannedRow, one: BookRow, ledger: Ledger | None
) -> tuple[Which, Harm] | None:
    issued = issued_files(place, row)
    if issued is None:
        return "issued", "gone"
    pdf, receipt = issued
    since = one.changed
    if (_touched(pdf, since) or _touched(receipt, since)) and not _is_of_receipt(pdf, receipt):
        return "issued", "changed"
    if one.stage == "drafted":
        return None
    final = place.finished / pdf.name
    if not final.is_file():
        return "signed", "gone"
    if ledger is not None and _touched(final, since) and not _is_known(final, row, ledger):
        return "signed", "changed"
    letter = place.to_send / f"{pdf.stem}-pengantar.pdf"
    # what came back on paper counts as sent, whether a letter was written or not
    waits = one.stage == "sent" and one.state == "with_other" and not one.code
    return ("letter", "gone") if waits and not letter.is_file() else None


def _touched(path: Path, since: float) -> bool:
    try:
        return path.stat().st_ctime > since
    except OSError:
        return True


def _is_of_receipt(pdf: Path, receipt: Path) -> bool:
    try:
        issued = parse_receipt(read_limited(receipt, RECEIPT_BYTES), receipt.name).issued
        return issued is not None and sha256_of(read_limited(pdf, PDF_BYTES)) == issued.sha256
    except InputError:
        return False


def _is_known(final: Path, row: PlannedRow, ledger: Ledger) -> bool:
    """Return whether the ledger knows a file; one of an earlier step is no other file."""
    try:
        sha256 = sha256_of(read_limited(final, PDF_BYTES))
    except InputError:
        return False
    names = {kinds.TERBIT: "sha256", kinds.SELESAI: "sha256",
             kinds.LANGKAH_SELESAI: "sesudah_sha256"}  # fmt: skip
    return any(
        one.isi[names[one.jenis]] == sha256
        for one in ledger.events(row.agreement_id or "")
        if one.jenis in names
    )


def begun_again(
    known: Mapping[int, BookRow], found: Mapping[int, tuple[Which, Harm]], until: Stage
) -> dict[int, BookRow]:
    """Return rows as a run must find them to make their files again.

    What a run does not go far enough for stays as it is, and is told again next time.
    """
    again: dict[int, BookRow] = {}
    for number, (which, _) in found.items():
        wanted, stage = _BEFORE[which]
        if STAGES.index(wanted) <= STAGES.index(until):
            again[number] = replace(
                known[number], state="waiting", stage=stage, code="", words=NO_WORDS
            )
    return again


def let_begin_again(
    book: Book,
    place: BatchFolder,
    order: ShopOrder,
    ready: Sequence[PlannedRow],
    until: Stage,
) -> dict[int, BookRow]:
    """Let rows begin again whose files do not stand as they were made; return them as they were.

    A run that writes letters also begins again with those that were refused.

    Args:
        book: The book of the run.
        place: Folder of the batch, or of its rehearsal.
        order: How the run signs; its ledger knows what was signed.
        ready: Ready rows of the plan.
        until: How far the run goes.

    Raises:
        InputError: The book cannot be written.
        LedgerError: The ledger cannot be read.
    """
    if until == "sent":
        book.write(let_try_again(book.rows().values()))
    known = book.rows()
    if not any(one.stage for one in known.values()):
        return {}
    with ExitStack() as closing_all:
        ledger = None
        if order.signing is not None:
            shop = Workshop(order)
            closing_all.callback(shop.close)
            ledger = shop.ledger
        again = begun_again(known, harmed(place, ready, known, ledger), until)
    book.write(again.values())
    return {number: known[number] for number in again}


def as_before(before: Mapping[int, BookRow], after: Mapping[int, BookRow]) -> list[BookRow]:
    """Return rows whose files were made again as far as they had been, and no farther.

    What came back on paper, and the verdict on it, hold as they did.

    Args:
        before: The rows before their files were made again.
        after: The book now.
    """
    order = ("", *STAGES)
    return [
        replace(was, tries=one.tries, cpu=one.cpu, changed=one.changed)
        for number, was in before.items()
        if (one := after[number]).state in _ENDED
        and order.index(one.stage) <= order.index(was.stage)
    ]

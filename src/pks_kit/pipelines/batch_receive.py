"""What comes back from a batch: sorted by page code, judged, written down, and who is missing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pks_kit.domain.tanggal import format_tanggal
from pks_kit.json_types import Count, Text
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.batching.plan import PlannedRow, ReadPlan
from pks_kit.pipelines.batching.summary import PARTLY, BatchStatus, status_of
from pks_kit.pipelines.fleet.book import FleetBook
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, system_clock
from pks_kit.pipelines.requests.given import FileInput, TextInput
from pks_kit.pipelines.returned import ReturnedRequest, ReturnedResult, verify_returned
from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReceiveRequest(Request):
    """What came back.

    Attributes:
        folder: Folder of the batch.
        scans: Scans, and folders with scans, of any agreements in any order.
        ledger: Ledger of the batch; each verdict is written into it.
        sessions: Folder of the signing sessions.
        trust: Authorities by which electronic signatures in the issued files are judged.
        deadline: Last day that reminders name; None: that of the covering letter.
        rehearsal: The rehearsal is meant.
        fleet: The book that machines share; None: that of the folder.
        clock: Tells the moment of the examination, with zone.
        progress: Called with the name of each file and of each agreement before its work.
    """

    folder: Path
    scans: Sequence[FileInput]
    ledger: LedgerToAsk
    sessions: Path
    trust: Sequence[TextInput] = ()
    deadline: date | None = None
    rehearsal: bool = False
    fleet: FleetBook | None = None
    clock: Clock = system_clock
    progress: Callable[[str], None] = field(default=lambda _name: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBack:
    """An agreement of which nothing came back.

    Attributes:
        name: Name of the facility.
        number: Number of PIHAK KESATU.
        file: Name of the text that reminds it.
    """

    name: Text
    number: Text
    file: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReceived:
    """What came of it; exit code 50 while some agreements have not come back complete.

    Attributes:
        returned: What was found on every sheet.
        status: How far the batch is.
        not_back: Agreements of which nothing came back.
        written: Names of the texts to send.
        unknown: Agreements that came back and are not in this batch.
    """

    returned: ReturnedResult
    status: BatchStatus
    not_back: tuple[NotBack, ...]
    written: tuple[Text, ...]
    unknown: Count

    @property
    def exit_code(self) -> int:
        """Return 0 when everything came back complete, otherwise 50."""
        return PARTLY if self.not_back or self.returned.exit_code else 0


@verb
def batch_receive(request: BatchReceiveRequest) -> BatchReceived:
    """Judge returned scans, bring the rows of the batch up to date, and write texts to send.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``; as ``verify_returned``.
        InputError: Plan or book are not those that were made; as ``verify_returned``.
        LedgerError: The ledger cannot be read or written.
    """
    folder = BatchFolder(request.folder)
    with folder.alone():
        # 1. What is on the sheets.
        found = folder.plan()
        place = folder.rehearsal if request.rehearsal else folder
        returned = verify_returned(
            ReturnedRequest(
                scans=request.scans,
                ledger=request.ledger,
                sessions=request.sessions,
                record=True,
                trust=request.trust,
                clock=request.clock,
                progress=request.progress,
            )
        )
        # 2. The rows.
        planned = {one.agreement_id: one for one in found.plan.ready()}
        with _opened(request, place, found) as book:
            known = book.rows()
            changed = _changed(returned, planned, known)
            book.write(changed.values())
            known |= changed
            status = status_of(found, known, book.runs(), None)
        # 3. Texts for those whose file lacks something, and for those that sent nothing.
        back = {one.agreement_id for one in returned.agreements}
        missing = [
            one
            for one in found.plan.ready()
            if one.cara_kontrak != "elektronik"
            and one.agreement_id not in back
            and known.get(one.number, BookRow(number=one.number)).state == "with_other"
        ]
        texts = {
            place.send_back / f"{_stem(number, one.name)}.txt": one.text.encode()
            for number, one in enumerate(returned.send_back, start=1)
        }
        reminders = {
            place.reminders / f"{_stem(one.number, one.name)}.txt": _reminder(one, request.deadline)
            for one in missing
        }
        keep(texts | reminders)
    return BatchReceived(
        returned=returned,
        status=status,
        not_back=tuple(
            NotBack(
                name=one.name, number=one.nomor_kesatu, file=f"{_stem(one.number, one.name)}.txt"
            )
            for one in missing
        ),
        written=tuple(path.name for path in (*texts, *reminders)),
        unknown=sum(one.agreement_id not in planned for one in returned.agreements),
    )


batch_receive_async = in_background(batch_receive)


@contextmanager
def _opened(
    request: BatchReceiveRequest, place: BatchFolder, found: ReadPlan
) -> Iterator[Book | FleetBook]:
    """Open the book that is meant."""
    if request.fleet is not None and not request.rehearsal:
        yield request.fleet
        return
    with closing(Book(place.book, found.id, len(found.plan.rows))) as book:
        yield book


def _changed(
    returned: ReturnedResult,
    planned: Mapping[str | None, PlannedRow],
    known: Mapping[int, BookRow],
) -> dict[int, BookRow]:
    """Return the rows that are another after what came back; complete paper ends a row."""
    changed: dict[int, BookRow] = {}
    for one in returned.agreements:
        row = planned.get(one.agreement_id)
        if row is None:
            continue
        before = known.get(row.number, BookRow(number=row.number))
        complete = one.verdict == "complete"
        code = "" if complete else f"batch.received.{one.verdict}"
        changed[row.number] = replace(
            before,
            state="done" if complete else "with_other",
            stage="sent",
            verdict=one.report.verdict,
            code=code,
            words=lookup(code) if code else BookRow(number=row.number).words,
            changed=time.time(),
        )
    return changed


def _reminder(one: PlannedRow, deadline: date | None) -> bytes:
    """Return the text that asks a facility for its agreement, in Indonesian."""
    day = format_tanggal(deadline) if deadline else lookup("batch.reminder.soon").id
    words = lookup("batch.reminder").id
    return words.format(name=one.name, number=one.nomor_kesatu, deadline=day).encode()


def _stem(number: int, name: str) -> str:
    """Return a file name that a person finds and that no name can lead astray."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in name)[:60].strip("-")
    return f"{number:05d}-{plain or 'faskes'}"

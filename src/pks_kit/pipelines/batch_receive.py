"""What comes back from a batch: sorted by page code, judged, written down, and who is missing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from pks_kit.domain.tanggal import WIB, refuse_past
from pks_kit.files import refuse_absent
from pks_kit.json_types import Count, Text
from pks_kit.ledger.canonical import time_text
from pks_kit.ledger.ports import Ledger
from pks_kit.messages import Message
from pks_kit.pipelines.batching.after_returned import (
    changed_rows,
    not_judged_now,
    texts_of,
)
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.electronic import (
    ELECTRONIC,
    Receiving,
    SignedElsewhere,
    complete_by_ledger,
    take_over,
)
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.kept_scans import KeptScans
from pks_kit.pipelines.batching.outcome import NO_WORDS
from pks_kit.pipelines.batching.own_letters import OwnLetters
from pks_kit.pipelines.batching.plan import PlannedRow, ReadPlan
from pks_kit.pipelines.batching.received_files import (
    ReceivedFile,
    received_files,
    with_issued,
)
from pks_kit.pipelines.batching.reminded import record_reminders
from pks_kit.pipelines.batching.reminders import (
    REMIND_DAYS,
    Reminding,
    due_from,
    letters_to,
)
from pks_kit.pipelines.batching.returns import is_silent, only_drafted
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.pipelines.batching.summary import PARTLY, BatchStatus, status_of
from pks_kit.pipelines.fleet.book import FleetBook
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import FileInput, TextInput
from pks_kit.pipelines.returned import ReturnedRequest, ReturnedResult, judge_returned
from pks_kit.pipelines.verifying.beside import Beside, Looked
from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReceiveRequest(Request):
    """What came back.

    Attributes:
        folder: Folder of the batch.
        scans: Scans, and folders with scans, of any agreements in any order; also PDF that continue
            an issued file because somebody signed it elsewhere.
        ledger: Ledger of the batch; each verdict is written into it.
        sessions: Folder of the signing sessions.
        trust: Authorities by which electronic signatures in the issued files are judged.
        deadline: Last day that reminders name; None: that of the covering letter.
        remind: Whether letters are written to those that returned nothing and whose answer is due
            or near due; each costs a second.
        remind_days: So many days before the last day an answer is near due.
        letter_number: Number of these letters, with ``{urut}`` where the number of the row stands;
            empty: a line on which it is written by hand.
        rehearsal: The rehearsal is meant.
        fleet: The book that machines share; None: that of the folder.
        clock: Tells the moment of the examination, with zone.
        progress: Called with the name of each file and of each agreement before its work.
        counted: Called with how many sheets were read, and of how many.
        looked: Called with each agreement that was judged and with pictures of what a person is to
            look at; None cuts none out.
        between: Whether it is short, and goes between the agreements of a delivery at work.
        handed_in: When files were handed in, with zone, by their names; others: now. Of two
            pictures of a page the one that was handed in last is the newest, whichever is read
            first.
    """

    folder: Path
    scans: Sequence[FileInput]
    ledger: LedgerToAsk
    sessions: Path
    trust: Sequence[TextInput] = ()
    deadline: date | None = None
    remind: bool = True
    remind_days: int = REMIND_DAYS
    letter_number: str = ""
    rehearsal: bool = False
    fleet: FleetBook | None = None
    clock: Clock = system_clock
    progress: Callable[[str], None] = field(default=lambda _name: None)
    counted: Callable[[int, int], None] = field(default=lambda _done, _whole: None)
    looked: Looked | None = None
    between: bool = False
    handed_in: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBack:
    """An agreement of which nothing came back.

    Attributes:
        name: Name of the facility.
        number: Number of PIHAK KESATU.
        cara_kontrak: Method; a kontrak elektronik gets no letter.
        files: Names of the letter that reminds it, as PDF and DOCX; none when it was not wanted.
        problem: Why a letter could not be written; null when it was, or was not wanted.
    """

    name: Text
    number: Text
    cara_kontrak: Text
    files: tuple[Text, ...] = ()
    problem: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReceived:
    """What came of it; exit code 50 while some agreements have not come back complete.

    Attributes:
        returned: What was found on every sheet.
        status: How far the batch is.
        not_back: Agreements of which nothing came back.
        written: Names of the texts to send.
        reminders_from: First day on which letters are written to those of which nothing came back;
            null when nobody knows a last day, or no letters are wanted.
        left_alone: Texts and letters that people changed, or put there; they were not replaced.
        unknown: Agreements that came back and are not in this batch, or not issued by it yet.
        only_drafted: Ids of those that are drafts in this batch; they are judged once it ran.
        electronic: Files that were signed elsewhere, with what came of each.
        files: Every file that was given, with what became of it.
    """

    returned: ReturnedResult
    status: BatchStatus
    not_back: tuple[NotBack, ...]
    written: tuple[Text, ...]
    reminders_from: date | None
    left_alone: tuple[Text, ...]
    unknown: Count
    only_drafted: tuple[Text, ...]
    electronic: tuple[SignedElsewhere, ...]
    files: tuple[ReceivedFile, ...]

    @property
    def exit_code(self) -> int:
        """Return 0 when everything came back complete, otherwise 50."""
        refused = any(one.problem is not None for one in self.electronic)
        return PARTLY if self.not_back or refused or self.returned.exit_code else 0


@verb
def batch_receive(request: BatchReceiveRequest) -> BatchReceived:
    """Judge returned scans, bring the rows of the batch up to date, and write texts to send.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``, ``value.deadline_over``; as
            ``verify_returned``.
        InputError: ``file.not_found``: a file or folder of scans is not there; plan or book are
            not those that were made; as ``verify_returned``.
        LedgerError: The ledger cannot be read or written.
    """
    refuse_past(request.deadline, moment(request.clock).astimezone(WIB).date())
    refuse_absent(request.scans)
    folder = BatchFolder(request.folder)
    with folder.shortly() if request.between else folder.alone() as turn:
        # 1. Files that were signed elsewhere, then what is on the sheets.
        found = folder.plan()
        place = folder.rehearsal if request.rehearsal else folder
        electronic, scans = _electronic(request, place, found)
        returned = _NOTHING
        at = {name: time_text(one) for name, one in request.handed_in.items()}
        present = time_text(moment(request.clock))
        if scans or not electronic:
            beside = Beside(
                kept=KeptScans(
                    place.scans, _settled(request, place, found), max(at.values(), default=present)
                ),
                handed=lambda name: at.get(name, present),
                alone=turn.closed,
                looked=request.looked,
                counted=request.counted,
            )
            with turn.opened():  # reading takes minutes, and changes nothing here
                returned = judge_returned(
                    ReturnedRequest(
                        scans=scans,
                        ledger=request.ledger,
                        sessions=request.sessions,
                        record=True,
                        until=request.deadline or place.deadline(),
                        trust=request.trust,
                        clock=request.clock,
                        progress=request.progress,
                    ),
                    beside,
                )
        returned = with_issued(returned, place, found.plan.ready())
        # 2. The rows.
        planned = {one.agreement_id: one for one in found.plan.ready()}
        with _opened(request, place, found) as book:
            known = book.rows()
            # an agreement that was not issued here yet is not believed to be with anybody
            planned = {
                id_: one for id_, one in planned.items()
                if known.get(one.number, BookRow(number=one.number)).stage
                or issued_files(place, one) is not None
            }  # fmt: skip
            drafts = only_drafted(returned, planned, known)
            planned = {id_: one for id_, one in planned.items() if id_ not in drafts}
            changed = changed_rows(returned, planned, known) | _signed(electronic, known)
            book.write(changed.values())
            known |= changed
            status = status_of(found, known, book.runs(), None)
        # 3. Texts for those whose file lacks something, and for those that sent nothing.
        back = {one.agreement_id for one in returned.agreements}
        silent = [
            one
            for one in found.plan.ready()
            if one.agreement_id not in back
            and is_silent(known.get(one.number, BookRow(number=one.number)))
        ]
        complete = complete_by_ledger(request.ledger, silent)
        missing = [one for one in silent if one.agreement_id not in complete]
        texts = texts_of(returned, planned, known, place)
        stays = not_judged_now(place, returned, planned, known)
        from_day = due_from(request.deadline or place.deadline(), request.remind_days)
        letters, unwritten = _letters(request, folder, place, missing, from_day)
        ours = OwnLetters(place)
        written = {path: file for one in letters.values() for path, file in one.items()}
        alone = ours.settle(place.send_back, texts, stays)
        alone += ours.settle(place.reminders, written)
        if not request.rehearsal:
            put = [one for one in missing if {*letters.get(one.number, ())} - {*alone}]
            now = moment(request.clock)
            record_reminders(request.ledger, put, place, _reminding(request, place), now)
    return BatchReceived(
        returned=returned,
        status=status,
        not_back=tuple(
            NotBack(
                name=one.name,
                number=one.nomor_kesatu,
                cara_kontrak=one.cara_kontrak,
                files=tuple(path.name for path in letters.get(one.number, ())),
                problem=unwritten.get(one.number),
            )
            for one in missing
        ),
        written=tuple(path.name for path in (*texts, *sorted(written)) if path not in alone),
        reminders_from=from_day if request.remind else None,
        left_alone=tuple(path.name for path in alone),
        unknown=sum(one.agreement_id not in planned for one in returned.agreements),
        electronic=tuple(electronic),
        files=received_files(returned, electronic, planned, drafts),
        only_drafted=tuple(sorted(one for one in drafts if one)),
    )


batch_receive_async = in_background(batch_receive)


_NOTHING = ReturnedResult(agreements=(), left=(), files=(), send_back=())


def _electronic(
    request: BatchReceiveRequest, place: BatchFolder, found: ReadPlan
) -> tuple[list[SignedElsewhere], list[FileInput]]:
    """Take over what was signed elsewhere; where nothing can be written, all are scans."""
    if not isinstance(request.ledger, Ledger):
        return [], list(request.scans)
    return take_over(
        request.scans,
        Receiving(
            place=place,
            rows={one.agreement_id: one for one in found.plan.ready() if one.agreement_id},
            ledger=request.ledger,
            sessions=request.sessions,
            trust=request.trust,
            clock=request.clock,
            progress=request.progress,
        ),
    )


def _settled(request: BatchReceiveRequest, place: BatchFolder, found: ReadPlan) -> set[str]:
    """Return the agreements that are complete; by the book, which is written after the ledger.

    One whose book was not written any more is judged with all of its scans once more.
    """
    with _opened(request, place, found) as book:
        known = book.rows()
    return {
        one.agreement_id
        for one in found.plan.ready()
        if one.agreement_id
        and (row := known.get(one.number)) is not None
        and (row.state, row.stage not in ("", "drafted")) == ("done", True)
    }


def _signed(
    electronic: Sequence[SignedElsewhere], known: Mapping[int, BookRow]
) -> dict[int, BookRow]:
    """Return the rows whose agreement is complete by a file that was signed elsewhere."""
    return {
        one.number: replace(
            known.get(one.number, BookRow(number=one.number)),
            state="done",
            stage="verified",
            verdict=one.verdict,
            code="",
            words=NO_WORDS,
            changed=time.time(),
        )
        for one in electronic
        if one.complete
    }


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


def _letters(
    request: BatchReceiveRequest,
    folder: BatchFolder,
    place: BatchFolder,
    missing: Sequence[PlannedRow],
    from_day: date | None,
) -> tuple[dict[int, dict[Path, bytes]], dict[int, Message]]:
    """Return letters to those on paper whose answer is due; none before, or when none is wanted."""
    wanted = _reminding(request, place)
    if not request.remind or from_day is None or wanted.today < from_day:
        return {}, {}
    on_paper = [one for one in missing if one.cara_kontrak != ELECTRONIC]
    return letters_to(on_paper, folder, place, wanted, request.progress)


def _reminding(request: BatchReceiveRequest, place: BatchFolder) -> Reminding:
    return Reminding(
        today=moment(request.clock).astimezone(WIB).date(),
        sent_by=place.deadline(),
        deadline=request.deadline,
        number=request.letter_number,
    )

"""What comes back from a batch: sorted by page code, judged, written down, and who is missing."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pks_kit.domain.tanggal import WIB
from pks_kit.errors import InputError, PksKitError
from pks_kit.files import refuse_absent
from pks_kit.json_types import Count, Text
from pks_kit.ledger.agreements import AgreementStage, agreements
from pks_kit.ledger.ports import Ledger
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.electronic import Receiving, SignedElsewhere, take_over
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.batching.outcome import NO_WORDS
from pks_kit.pipelines.batching.plan import PlannedRow, ReadPlan
from pks_kit.pipelines.batching.reminders import Reminding, reminder
from pks_kit.pipelines.batching.returns import after_paper, is_silent
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.pipelines.batching.summary import PARTLY, BatchStatus, status_of
from pks_kit.pipelines.fleet.book import FleetBook
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import FileInput, TextInput
from pks_kit.pipelines.returned import ReturnedRequest, ReturnedResult, verify_returned
from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import signing_root

_ELECTRONIC = "elektronik"
_COMPLETE = (AgreementStage.LENGKAP, AgreementStage.DIARSIPKAN)


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
        remind: Whether letters are written to those that returned nothing; each costs a second.
        letter_number: Number of these letters, with ``{urut}`` where the number of the row stands;
            empty: a line on which it is written by hand.
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
    remind: bool = True
    letter_number: str = ""
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
        files: Names of the letter that reminds it, as PDF and DOCX; none when it was not wanted.
        problem: Why no letter was written; null when it was, or was not wanted.
    """

    name: Text
    number: Text
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
        unknown: Agreements that came back and are not in this batch, or not issued by it yet.
        electronic: Files that were signed elsewhere, with what came of each.
    """

    returned: ReturnedResult
    status: BatchStatus
    not_back: tuple[NotBack, ...]
    written: tuple[Text, ...]
    unknown: Count
    electronic: tuple[SignedElsewhere, ...]

    @property
    def exit_code(self) -> int:
        """Return 0 when everything came back complete, otherwise 50."""
        refused = any(one.problem is not None for one in self.electronic)
        return PARTLY if self.not_back or refused or self.returned.exit_code else 0


@verb
def batch_receive(request: BatchReceiveRequest) -> BatchReceived:
    """Judge returned scans, bring the rows of the batch up to date, and write texts to send.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``; as ``verify_returned``.
        InputError: ``file.not_found``: a file or folder of scans is not there; plan or book are
            not those that were made; as ``verify_returned``.
        LedgerError: The ledger cannot be read or written.
    """
    refuse_absent(request.scans)
    folder = BatchFolder(request.folder)
    with folder.alone():
        # 1. Files that were signed elsewhere, then what is on the sheets.
        found = folder.plan()
        place = folder.rehearsal if request.rehearsal else folder
        electronic, scans = _electronic(request, place, found)
        returned = _NOTHING
        if scans or not electronic:
            returned = verify_returned(
                ReturnedRequest(
                    scans=scans,
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
            # an agreement that was not issued here yet is not believed to be with anybody
            planned = {
                id_: one for id_, one in planned.items()
                if known.get(one.number, BookRow(number=one.number)).stage
                or issued_files(place, one) is not None
            }  # fmt: skip
            changed = _changed(returned, planned, known) | _signed(electronic, known)
            book.write(changed.values())
            known |= changed
            status = status_of(found, known, book.runs(), None)
        # 3. Texts for those whose file lacks something, and for those that sent nothing.
        back = {one.agreement_id for one in returned.agreements}
        missing = [
            one
            for one in found.plan.ready()
            if one.agreement_id not in back
            and is_silent(known.get(one.number, BookRow(number=one.number)))
            and not _complete(request.ledger, one)
        ]
        on_paper = [one for one in missing if one.cara_kontrak != _ELECTRONIC]
        texts = _texts(returned, planned, known, place)
        letters = {} if not request.remind else _letters(request, folder, place, on_paper)
        written = {path for one in letters.values() if isinstance(one, dict) for path in one}
        keep(texts)
        _only(place.send_back, {*texts, *_not_judged_now(place, returned, planned, known)})
        if request.remind:
            _only(place.reminders, written)
    return BatchReceived(
        returned=returned,
        status=status,
        not_back=tuple(_not_back(one, letters.get(one.number)) for one in missing),
        written=tuple(path.name for path in (*texts, *sorted(written))),
        unknown=sum(one.agreement_id not in planned for one in returned.agreements),
        electronic=tuple(electronic),
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
        if one.problem is None
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
        after = after_paper(before, one.verdict)
        if after is not before:
            changed[row.number] = replace(after, verdict=one.report.verdict, changed=time.time())
    return changed


def _texts(
    returned: ReturnedResult,
    planned: Mapping[str | None, PlannedRow],
    known: Mapping[int, BookRow],
    place: BatchFolder,
) -> dict[Path, bytes]:
    """Return the texts to send back, under the number of the facility's first row.

    Nothing is asked for what was complete before.
    """
    first: dict[str, PlannedRow] = {}
    open_: set[str] = set()
    for one in returned.agreements:
        row = planned.get(one.agreement_id)
        if row is None or known[row.number].state != "done":
            open_.add(one.shown_name)
        if row is not None and row.number <= first.get(one.shown_name, row).number:
            first[one.shown_name] = row
    others = itertools.count(1)

    def stem(name: str) -> str:
        row = first.get(name)
        return f"lain-{_stem(next(others), name)}" if row is None else _stem(row.number, row.name)

    return {
        place.send_back / f"{stem(one.name)}.txt": one.text.encode()
        for one in returned.send_back
        if one.name in open_
    }


def _not_judged_now(
    place: BatchFolder,
    returned: ReturnedResult,
    planned: Mapping[str | None, PlannedRow],
    known: Mapping[int, BookRow],
) -> set[Path]:
    """Return texts of earlier days that still hold: nothing came now of their agreements."""
    now = {one.agreement_id for one in returned.agreements}
    return {
        place.send_back / f"{_stem(row.number, row.name)}.txt"
        for row in planned.values()
        if row.agreement_id not in now
        and row.number in known
        and known[row.number].code == "batch.received.incomplete"
    }


def _letters(
    request: BatchReceiveRequest,
    folder: BatchFolder,
    place: BatchFolder,
    missing: Sequence[PlannedRow],
) -> dict[int, dict[Path, bytes] | Message]:
    """Write a letter to each facility; what cannot be written stops no other."""
    wanted = Reminding(
        today=moment(request.clock).astimezone(WIB).date(),
        sent_by=place.deadline(),
        deadline=request.deadline,
        number=request.letter_number,
    )
    letters: dict[int, dict[Path, bytes] | Message] = {}
    for one in missing:
        request.progress(one.name)
        stem = place.reminders / _stem(one.number, one.name)
        try:
            made = reminder(folder, place, one, wanted)
        except PksKitError as error:
            if isinstance(error, InputError) and error.code == "file.unwritable":
                raise
            letters[one.number] = error.text
            continue
        files = {stem.with_name(f"{stem.name}.{name}"): made[name] for name in made}
        keep(files)
        letters[one.number] = files
    return letters


def _complete(ledger: LedgerToAsk, one: PlannedRow) -> bool:
    """Return whether a kontrak elektronik was signed elsewhere and taken over since."""
    if one.cara_kontrak != _ELECTRONIC:
        return False
    root = signing_root()
    profiles = [load_profile(root, name) for name in profile_names(root)]
    found = agreements(ledger.events(one.agreement_id), profiles)
    return any(each.tahap in _COMPLETE for each in found)


def _not_back(one: PlannedRow, letter: dict[Path, bytes] | Message | None) -> NotBack:
    if one.cara_kontrak == _ELECTRONIC:
        letter = lookup("batch.received.electronic")
    return NotBack(
        name=one.name,
        number=one.nomor_kesatu,
        files=tuple(path.name for path in letter) if isinstance(letter, dict) else (),
        problem=letter if isinstance(letter, Message) else None,
    )


def _only(folder: Path, wanted: Collection[Path]) -> None:
    """Take away what was written on an earlier day and holds no longer, so that nobody sends it."""
    for old in folder.glob("[0-9]*-*") if folder.is_dir() else ():
        if old not in wanted:
            old.unlink(missing_ok=True)


def _stem(number: int, name: str) -> str:
    """Return a file name that a person finds and that no name can lead astray."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in name)[:60].strip("-")
    return f"{number:05d}-{plain or 'faskes'}"

"""Judge many scans at once: sort sheets into agreements, judge each, write down what came back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pks_kit.domain.tanggal import WIB
from pks_kit.errors import InputError, UsageError
from pks_kit.foreign import HERE, Looks
from pks_kit.json_types import shown
from pks_kit.ledger.ports import Ledger
from pks_kit.ledger.returned import record_paper
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import FileInput, ReceiptInput, TextInput
from pks_kit.pipelines.verify import VerifyRequest, judging_issued, read_job
from pks_kit.pipelines.verifying.beside import Beside, keep
from pks_kit.pipelines.verifying.earlier_scans import AllFiles
from pks_kit.pipelines.verifying.issues import Issues
from pks_kit.pipelines.verifying.recording import event_facts, refusal
from pks_kit.pipelines.verifying.returned_agreement import (
    VERDICTS,
    PaperVerdict,
    ReadStack,
    ReturnedAgreement,
    Stack,
    judge_stack,
    read_stack,
    scan_sha256,
)
from pks_kit.pipelines.verifying.returned_files import ReturnedFile, TakenFile, take_in
from pks_kit.pipelines.verifying.returned_forms import (
    LeftReason,
    LeftSheet,
    NotReturned,
    ReturnedTotals,
    TextToSend,
)
from pks_kit.pipelines.verifying.sorting import Place, sort_sheets
from pks_kit.pipelines.verifying.stacks import concerns, stack_again, stacks_of, takers_of
from pks_kit.pipelines.verifying.texts_to_send import texts_to_send
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import EXIT_CODES, Status, worst

if TYPE_CHECKING:
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.pki.revocation_http import SourceMaker
    from pks_kit.verification.examination import Examination


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedResult:
    """What came of many scans.

    Attributes:
        agreements: One answer for each agreement, in the order in which its first page code came;
            then those of which no code could be read.
        left: Sheets that belong to none of them, as far as can be told.
        files: Every file that was given.
        send_back: What each facility is asked for.
        not_returned: Agreements whose issued file was named, but of which no sheet came back.
        format: Name of this form.
    """

    agreements: tuple[ReturnedAgreement, ...]
    left: tuple[LeftSheet, ...]
    files: tuple[ReturnedFile, ...]
    send_back: tuple[TextToSend, ...]
    not_returned: tuple[NotReturned, ...] = ()
    format: Literal["pks-kit-returned/1"] = "pks-kit-returned/1"

    @shown()
    def totals(self) -> ReturnedTotals:
        """How much came back."""
        verdicts = [one.verdict for one in self.agreements]
        return ReturnedTotals(
            files=len(self.files),
            sheets=sum(one.sheets for one in self.files),
            agreements=len(verdicts),
            complete=verdicts.count("complete"),
            incomplete=verdicts.count("incomplete"),
            needs_person=verdicts.count("needs_person"),
            left=len(self.left),
            files_open=sum(one.is_open for one in self.files),
        )

    @shown()
    def verdict(self) -> PaperVerdict:
        """The worst of all: ``incomplete`` before ``needs_person`` before ``complete``.

        Sheets and files that could not be judged need a person.
        """
        return VERDICTS[self._status]

    @property
    def exit_code(self) -> int:
        """Return the exit code of the command line for this verdict."""
        return EXIT_CODES[self._status]

    @property
    def _status(self) -> Status:
        statuses: list[Status] = [one.report.verdict for one in self.agreements]
        if self.left or any(one.is_open for one in self.files):
            statuses.append("indeterminate")
        return worst(statuses)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRequest(Request):
    """What came back, and what it is compared with.

    Attributes:
        scans: Scans, and folders with scans: PDF of pictures, JPEG, PNG, TIFF. One file may hold
            sheets of several agreements, and one agreement may lie in several files, in any order.
        issued: Issued files, and folders with issued files and the receipts beside them.
        receipt: A receipt whose issued file lies beside it.
        ledger: Ledger in which issued files are looked up; it decides which issue is in force.
        sessions: Folder of the signing sessions; holds the issued bytes.
        record: Write each verdict into the ledger, once for the same sheets and the same answer.
        until: Day by which papers must come back; texts to facilities tell it. None: not known.
        trust: PEM or DER files with certificates of authorities to trust.
        limits: What one file may cost.
        revocation: As in :class:`~pks_kit.pipelines.verify.VerifyRequest`.
        clock: Tells the moment of the examination, with zone.
        progress: Called with the name of each file and of each agreement before its work.
        isolated: As in :class:`~pks_kit.pipelines.verify.VerifyRequest`.
    """

    scans: Sequence[FileInput]
    issued: Sequence[FileInput] = ()
    receipt: ReceiptInput | None = None
    ledger: LedgerToAsk | None = None
    sessions: Path | None = None
    record: bool = False
    until: date | None = None
    trust: Sequence[TextInput] = ()
    limits: Limits = field(default_factory=Limits)
    revocation: SourceMaker | None = None
    clock: Clock = system_clock
    progress: Callable[[str], None] = field(default=lambda _name: None)
    isolated: bool = True


@verb
def verify_returned(request: ReturnedRequest) -> ReturnedResult:
    """Sort the sheets of many scans into agreements and judge each of these by its own sheets.

    A bad file, a sheet of nobody or an agreement whose issued file is not found is an answer, never
    an exception, and never stops the others.

    Raises:
        UsageError: ``returned.cannot_record`` without a ledger that can be written;
            ``returned.too_many_files``, ``paper.no_extra``, ``request.type``.
        InputError: ``returned.no_scans``: nothing was given that may be a scan; an issued file,
            receipt or trust file that was named cannot be used.
        LedgerError: The ledger cannot be read or written, or is broken.
        VerificationError: As ``verify``.
    """
    return judge_returned(request, Beside())


def judge_returned(request: ReturnedRequest, beside: Beside) -> ReturnedResult:
    """Do what :func:`verify_returned` does, together with scans that came before.

    Args:
        request: What came back now.
        beside: Who else takes part in it.

    Raises:
        PksKitError: As :func:`verify_returned`.
    """
    if request.record and not isinstance(request.ledger, Ledger):
        raise UsageError("returned.cannot_record")
    shared = VerifyRequest(
        pdf=b"", ledger=request.ledger, sessions=request.sessions, trust=request.trust,
        limits=request.limits, revocation=request.revocation, clock=request.clock,
        isolated=request.isolated,
    )  # fmt: skip
    _, base = read_job(shared)
    looks: Looks = LooksInside(limits=request.limits) if request.isolated else HERE
    issues = Issues(
        request.issued, request.receipt, ledger=request.ledger, sessions=request.sessions,
        limits=request.limits, looks=looks,
    )  # fmt: skip
    files: list[TakenFile] = []
    for one in take_in(request.scans, request.limits, isolated=request.isolated):
        request.progress(one.told.file)
        known = _recognised(one, issues)
        files.append(replace(known, handed=beside.handed(one.told.file)))
    if all(one.told.state == "passed_over" for one in files):
        raise InputError("returned.no_scans")
    sheets = sort_sheets([one.seen for one in files], named=issues.named)
    whole = AllFiles(files, sheets, beside.kept, request.limits, isolated=request.isolated)
    judged, left = _judge(request, shared, base, whole, issues, beside)
    returned = {one.agreement_id for one in judged}
    return ReturnedResult(
        agreements=tuple(judged),
        left=tuple(left),
        files=tuple(one.told for one in files),
        send_back=texts_to_send(
            judged, moment(request.clock).astimezone(WIB).date(), request.until
        ),
        not_returned=tuple(
            NotReturned(agreement_id=name, name=_known_name(issues, name))
            for name in dict.fromkeys(issues.named)
            if name not in returned
        ),
    )


verify_returned_async = in_background(verify_returned)


def _recognised(one: TakenFile, issues: Issues) -> TakenFile:
    """Say of a file that is no scan when it is an issued one that came back as it went."""
    if one.told.state not in ("signed_file", "no_pictures") or one.told.sha256 is None:
        return one
    agreement = issues.issued_as(one.told.sha256)
    if agreement is None:
        return one
    return replace(one, told=replace(one.told, state="issued", agreement_id=agreement))


def _judge(
    request: ReturnedRequest,
    shared: VerifyRequest,
    base: Examination,
    whole: AllFiles,
    issues: Issues,
    beside: Beside,
) -> tuple[list[ReturnedAgreement], list[LeftSheet]]:
    sheets = whole.sheets
    read: list[ReadStack] = []
    tried: set[Place] = set()
    done: set[Place] = set()
    every = {*sheets.offered, *(place for places in sheets.own.values() for place in places)}

    def read_one(stack: Stack) -> ReadStack:
        return read_stack(
            stack, base, whole.files, isolated=request.isolated, ledger=request.ledger,
            pictures=beside.looked is not None,
        )  # fmt: skip

    for stack in stacks_of(request.ledger, whole.files, sheets, issues):
        request.progress(stack.name or stack.agreement_id)
        beside.counted(len(done), len(every))
        one = read_one(stack)
        done.update(stack.places)
        tried.update(stack.offered)
        if stack.own or one.claimed():
            read.append(one)
    beside.counted(len(every), len(every))
    judged = []
    for index in range(len(read)):
        answer = None
        while answer is None:
            with beside.alone():
                if not whole.is_stale(read[index].stack.agreement_id):
                    answer = _judge_one(request, shared, whole, read, index, beside)
            if answer is None:  # what was read between is judged together with this
                for stack in stack_again(request.ledger, whole, read[index].stack, issues):
                    read[index] = read_one(stack)
        if beside.looked is not None:
            beside.looked(answer, read[index].read.pictures)
        judged.append(answer)
    takers = takers_of(read, whole.sheets)
    now = {place: several for place, several in takers.items() if place[0] < whole.now}
    return judged, [*_left(whole.files, now, tried)]


def _judge_one(
    request: ReturnedRequest,
    shared: VerifyRequest,
    whole: AllFiles,
    read: Sequence[ReadStack],
    index: int,
    beside: Beside,
) -> ReturnedAgreement:
    one, files = read[index], whole.files
    takers = takers_of(read, whole.sheets)
    twice = {place for place, several in takers.items() if len(several) > 1}
    dropped = whole.dropped(one)
    strange = {
        place for place in one.stack.offered
        if index not in takers[place] and not concerns(one, place, read, takers)
    }  # fmt: skip
    others = strange | (dropped - whole.replaced_now(one, dropped))
    own = [each for each in (*one.stack.own, *(one.claimed() - twice)) if each not in dropped]
    # while the others were read, persons may have decided about this one
    now_known = one.with_decisions(request.ledger)
    judging = judging_issued(shared, one.stack.known)
    answer = judge_stack(now_known, files, judging, others=others, twice=twice)
    why = _not_recorded(request, one, len(own))
    if why is None and beside.kept is not None:
        keep(beside.kept, one, {*own, *one.stack.offered} - strange - dropped, files)
        whole.note(one.stack.agreement_id)
    return _recorded(request, now_known, answer, why, own, files)


def _not_recorded(request: ReturnedRequest, one: ReadStack, sheets: int) -> Message | None:
    """Return why the verdict on an agreement is not written down; None when it is, or not asked."""
    if not request.record or not isinstance(request.ledger, Ledger):
        return None
    return refusal(one, request.ledger) if sheets else lookup("returned.not_recorded.not_judged")


def _recorded(
    request: ReturnedRequest,
    one: ReadStack,
    answer: ReturnedAgreement,
    why: Message | None,
    own: Sequence[Place],
    files: Sequence[TakenFile],
) -> ReturnedAgreement:
    """Write the verdict down before anybody is told of it: lost output is found again."""
    if why is not None:
        return replace(answer, not_recorded=why)
    if not request.record or not isinstance(request.ledger, Ledger):
        return answer
    handed = max(files[index].handed for index, _ in own)
    facts = event_facts(one, answer, scan_sha256(own, files), len(own), handed)
    recorded = record_paper(request.ledger, answer.agreement_id, facts, waktu=moment(request.clock))
    return replace(answer, recorded=recorded)


def _left(
    files: Sequence[TakenFile], takers: dict[Place, list[int]], tried: Collection[Place]
) -> Iterator[LeftSheet]:
    for (index, number), several in takers.items():
        if len(several) == 1:
            continue
        reason: LeftReason = "no_code" if (index, number) in tried else "nobody"
        if files[index].seen.sheets[number - 1].state == "unreadable":
            reason = "unreadable"
        elif several:
            reason = "claimed_twice"
        yield LeftSheet(file=files[index].told.file, sheet=number, reason=reason)


def _known_name(issues: Issues, agreement_id: str) -> str:
    found = issues.of(agreement_id).issues
    return found[-1].receipt.nama_kedua if found else ""

"""Judge one agreement among many by its own sheets, and what is told of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

from pks_kit.domain.paper import PaperFacts
from pks_kit.errors import InputError
from pks_kit.json_types import HIDDEN, IF_KNOWN, EmptyAsNull, Name, Ordinal, shown
from pks_kit.ledger.returned import RecordedPaper
from pks_kit.messages import Message
from pks_kit.pipelines.verifying.paper import (
    JudgeIssued,
    KnownBeside,
    ReadPaperResult,
    not_looked,
    paper_report,
    read_paper,
)
from pks_kit.pipelines.verifying.paper_decisions import with_decisions
from pks_kit.verification.report.answers import indeterminate
from pks_kit.verification.report.verdict import JudgedFile, Status, VerifyReport

if TYPE_CHECKING:
    from pks_kit.pipelines.verifying.issues import Issue
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.pipelines.verifying.returned_files import TakenFile
    from pks_kit.pipelines.verifying.sorting import Place
    from pks_kit.verification.examination import Examination

PaperVerdict = Literal["complete", "incomplete", "needs_person"]
VERDICTS: dict[Status, PaperVerdict] = {
    "passed": "complete",
    "failed": "incomplete",
    "indeterminate": "needs_person",
}


_FOUND = ("ok_without_code", "double", "double_differs", "less_ink")
"""What a sheet without a readable code is when it is a page of the agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOfFile:
    """Where a sheet of an agreement lies.

    Attributes:
        scan_page: Its number in the report.
        file: Name of the file.
        sheet: Its number in that file, from 1.
    """

    scan_page: Ordinal
    file: Name
    sheet: Ordinal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedAgreement:
    """What came back of one agreement.

    Attributes:
        agreement_id: Id of the agreement.
        edition: Edition of the issue that it was compared with; null when there is none.
        name: Name of the facility; null while nobody knows it.
        number: Number of the agreement, as PIHAK KESATU gave it; null likewise.
        issued_file: Name of the file that it was compared with; null likewise.
        sender: Name of the office of BPJS Kesehatan, which asks the facility; null likewise.
        sheets: Its sheets, with the numbers that the report uses.
        report: The report, as ``verify`` makes it for this agreement alone.
        recorded: The event in the ledger; absent when nothing was to be recorded.
        not_recorded: Why nothing was recorded, although it was asked for.
    """

    agreement_id: str
    edition: EmptyAsNull
    name: EmptyAsNull
    number: EmptyAsNull
    issued_file: EmptyAsNull
    sheets: tuple[SheetOfFile, ...]
    report: VerifyReport
    recorded: Annotated[RecordedPaper | None, IF_KNOWN] = None
    not_recorded: Annotated[Message | None, HIDDEN] = None
    sender: EmptyAsNull = ""

    @shown()
    def verdict(self) -> PaperVerdict:
        """``complete``, ``incomplete`` (to send back) or ``needs_person``."""
        return VERDICTS[self.report.verdict]

    @shown("not_recorded")
    def why_not_recorded(self) -> Message | None:
        """Why nothing was recorded, although it was asked for; else null."""
        return self.not_recorded

    @property
    def shown_name(self) -> str:
        """Return the name for people: the facility, else the id."""
        return self.name or self.agreement_id

    @property
    def wanted(self) -> str:
        """Return what the facility is asked for, in Indonesian; empty when nothing is."""
        for note in self.report.notes:
            if note.code == "paper_send_back":
                return str(note.params["what"])
        return ""

    @property
    def own_wanted(self) -> str:
        """Return which places BPJS Kesehatan itself must still fill; empty when none."""
        for note in self.report.notes:
            if note.code == "paper_own_places":
                return str(note.params["what"])
        return ""

    @property
    def is_changed(self) -> bool:
        """Return whether persons said that a printed value was changed, without an addendum."""
        return any(
            (one.code, one.reason, one.status) == ("paper.values", "changed", "failed")
            for one in self.report.checks
        )

    @property
    def own_only(self) -> bool:
        """Return whether nothing lacks but what BPJS Kesehatan itself must fill."""
        return VERDICTS[self.report.verdict] == "incomplete" and bool(
            self.own_wanted and not self.wanted
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The sheets of one agreement that are to be judged.

    Attributes:
        agreement_id: Id of the agreement.
        issue: What they are compared with; None when it was not found.
        known: What looking for it told.
        own: Sheets with its page code.
        offered: Sheets without a readable code that it may try.
        name: Name of the facility.
        number: Number of the agreement.
    """

    agreement_id: str
    issue: Issue | None
    known: KnownBeside
    own: tuple[Place, ...]
    offered: tuple[Place, ...] = ()
    name: str = ""
    number: str = ""

    @property
    def edition(self) -> str | None:
        """Return the edition of the issue; None when there is none."""
        return self.issue.receipt.edition if self.issue is not None else None

    @property
    def places(self) -> tuple[Place, ...]:
        """Return all sheets, each once."""
        return tuple(sorted({*self.own, *self.offered}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStack:
    """What was read of a stack.

    Attributes:
        stack: The stack.
        job: What is examined, with the issued file.
        read: What was seen.
        numbers: Sheet -> its number in the facts.
    """

    stack: Stack
    job: Examination
    read: ReadPaperResult
    numbers: dict[Place, int]

    def claimed(self) -> frozenset[Place]:
        """Return the sheets without a readable code that are pages of this agreement."""
        facts = self.read.facts
        known = {
            one.scan_page
            for one in (facts.pages if facts else ())
            if one.status in _FOUND and one.page is not None
        }
        return frozenset(one for one in self.stack.offered if self.numbers[one] in known)

    def with_decisions(self, ledger: LedgerToAsk | None) -> ReadStack:
        """Return the same with what persons decided to this moment.

        Raises:
            LedgerError: The ledger cannot be read, or is broken.
        """
        if ledger is None or self.read.facts is None:
            return self
        facts = with_decisions(self.read.facts, ledger, self.read.pictures)
        return replace(self, read=replace(self.read, facts=facts))

    @property
    def lacks_pages(self) -> bool:
        """Return whether pages are missing, so that an unread sheet may be one of them."""
        return bool(self.read.facts and self.read.facts.missing)


def read_stack(
    stack: Stack,
    base: Examination,
    files: Sequence[TakenFile],
    *,
    isolated: bool,
    ledger: LedgerToAsk | None,
    pictures: bool = False,
) -> ReadStack:
    """Read the sheets of one agreement and no others.

    Args:
        stack: The sheets.
        base: What all examinations share.
        files: All files of the call.
        isolated: Look in a child process.
        ledger: Ledger with what persons decided.
        pictures: Also cut out what a person is to look at.

    Raises:
        LedgerError: The ledger cannot be read, or is broken.
        UsageError: ``paper.no_extra``.
        VerificationError: As ``verify``.
    """
    numbers: dict[Place, int] = {}
    used = sorted({index for index, _ in stack.places}, key=lambda one: (files[one].turn, one))
    before = 0
    for index in used:
        for sheet in files[index].seen.sheets:
            numbers[index, sheet.number] = before + sheet.number
        before += len(files[index].seen.sheets)
    if stack.issue is None:
        return ReadStack(stack=stack, job=base, read=ReadPaperResult(), numbers=numbers)
    try:
        sent = [files[index].content(base.limits) for index in used]
        issued = stack.issue.read()
    except InputError as error:
        why = not_looked(error.text)
        return ReadStack(stack=stack, job=base, read=ReadPaperResult(why=why), numbers=numbers)
    job = replace(
        base,
        content=sent[0],
        issued=issued,
        receipt=stack.issue.receipt,
    )
    only = sorted(numbers[one] for one in stack.places)
    read = read_paper(job, sent, isolated=isolated, only=only, ledger=ledger, pictures=pictures)
    return ReadStack(stack=stack, job=job, read=read, numbers=numbers)


def judge_stack(
    one: ReadStack,
    files: Sequence[TakenFile],
    judge_issued: JudgeIssued,
    *,
    others: Collection[Place],
    twice: Collection[Place],
) -> ReturnedAgreement:
    """Say what the sheets of one agreement mean.

    Args:
        one: What was read.
        files: All files of the call.
        judge_issued: Judges the issued file for its electronic signatures.
        others: Sheets without a code that are no concern of this agreement.
        twice: Sheets without a code that several agreements take for theirs.
    """
    stack, read = one.stack, one.read
    if read.facts is not None:
        read = replace(read, facts=_own_facts(one, read.facts, others))
    places = sorted(stack.places, key=one.numbers.__getitem__)
    first = files[places[0][0]].told
    report = replace(
        paper_report(one.job, read, judge_issued, stack.known),
        file=JudgedFile(sha256=first.sha256 or "", size=first.size),
    )
    doubtful = sorted({*twice} & {*stack.offered})
    if doubtful:
        sheets = ", ".join(str(one.numbers[place]) for place in doubtful)
        report = report.with_checks(
            indeterminate("paper.sheets", "claimed_twice", "visual", sheets=sheets)
        )
    return ReturnedAgreement(
        agreement_id=stack.agreement_id,
        edition=(stack.issue.receipt.edition or "") if stack.issue else "",
        name=stack.name,
        number=stack.number,
        issued_file=stack.issue.name if stack.issue else "",
        sender=stack.issue.receipt.nama_kesatu if stack.issue else "",
        sheets=tuple(
            SheetOfFile(
                scan_page=one.numbers[place], file=files[place[0]].told.file, sheet=place[1]
            )
            for place in places
            if place not in others
        ),
        report=report,
    )


def scan_sha256(sheets: Sequence[Place], files: Sequence[TakenFile]) -> str:
    """Return one hash over sheets, whatever their order and the names of their files."""
    lines = sorted(f"{files[index].told.sha256}:{number}\n" for index, number in sheets)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _own_facts(one: ReadStack, facts: PaperFacts, others: Collection[Place]) -> PaperFacts:
    """Leave out what belongs to other agreements; each of them is told where it is judged."""
    strange = {one.numbers[place] for place in others if place in one.numbers}
    pages = tuple(
        page
        for page in facts.pages
        if page.scan_page not in strange and page.agreement_id in (None, facts.agreement_id)
    )
    return replace(facts, pages=pages)

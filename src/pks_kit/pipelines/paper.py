"""Let a person decide about a scan: what is to be looked at, and what was decided, by whom.

The machine's answer stays; decisions are events of the ledger beside it. The rules are in
:mod:`pks_kit.domain.paper_review`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.domain.paper import DecidedItem
from pks_kit.errors import InputError, UsageError
from pks_kit.json_form import from_json
from pks_kit.json_types import Count, Sha256
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, system_clock
from pks_kit.pipelines.requests.given import FileInput, ReceiptInput, TextInput, read_file
from pks_kit.pipelines.verify import PICTURE_DPI, VerifyRequest, judge, read_job
from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
from pks_kit.pipelines.verifying.paper_desk import (
    LedgerToWrite,
    PaperChoice,
    PaperListResult,
    ReviewDesk,
)
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import VerifyReport

CHOICES_BYTES = 4 << 20
_MOST_CHOICES = 1 << 14
_WHY = ("paper.issued", "paper.reading")
"""Answers that say why a scan was not compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScanRequest(Request):
    """Which scan a person is to look at.

    Attributes:
        scan: The scan, or its first file.
        more: Further files of it; a page in a later one replaces the same page of an earlier one.
        issued: The file as it was issued; in kontrak digital the one that is signed. None: found
            beside the receipt, or in the folder of the sessions by way of the ledger.
        receipt: Its receipt; None: the one inside it.
        sessions: Folder of the signing sessions.
        trust: PEM or DER files with certificates of authorities to trust.
        limits: What the files may cost.
        clock: Tells the moment, with zone.
        isolated: Read in a child process; see ``VerifyRequest``.
    """

    scan: FileInput
    more: Sequence[FileInput] = ()
    issued: FileInput | None = None
    receipt: ReceiptInput | None = None
    sessions: Path | None = None
    trust: Sequence[TextInput] = ()
    limits: Limits = field(default_factory=Limits)
    clock: Clock = system_clock
    isolated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperListRequest(_ScanRequest):
    """Which scan is to be read.

    Attributes:
        ledger: Ledger with what was decided before.
    """

    ledger: LedgerToAsk | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReviewRequest(_ScanRequest):
    """Which scan is reviewed, and by whom.

    Attributes:
        ledger: Where decisions are written; stays open as long as the review lasts.
        oleh: Name of the person who decides.
    """

    ledger: LedgerToWrite
    oleh: str


@verb
def paper_list(request: PaperListRequest) -> PaperListResult:
    """Read a scan for a person who is to look at it.

    Raises:
        UsageError: ``request.type``; ``paper.review.no_issued``: nothing tells what was issued;
            ``paper.review.no_scan``: the file is no scan; ``paper.review.not_compared``: it could
            not be compared, with the reason; ``paper.no_extra``.
        InputError: As ``verify``.
        LedgerError: The ledger cannot be read, or is broken.
        VerificationError: As ``verify``.
    """
    return _read(request, request.ledger)


paper_list_async = in_background(paper_list, stops=True)


def _read(request: _ScanRequest, ledger: LedgerToAsk | None) -> PaperListResult:
    if request.issued is None and request.receipt is None and ledger is None:
        raise UsageError("paper.review.no_issued")
    asked = VerifyRequest(
        pdf=request.scan,
        more=request.more,
        issued=request.issued,
        receipt=request.receipt,
        ledger=ledger,
        sessions=request.sessions,
        trust=request.trust,
        limits=request.limits,
        clock=request.clock,
        isolated=request.isolated,
    )
    name, job = read_job(asked)
    examined, job = judge(asked, job, picture_dpi=PICTURE_DPI)
    if examined.report.paper is None:
        raise _no_scan(name, examined.report)
    return PaperListResult(name=name, moment=job.now, examined=examined, job=job)


def _no_scan(name: str, report: VerifyReport) -> UsageError:
    """Return why there is nothing to review."""
    told = [one for one in report.checks if one.code in _WHY and one.status != "passed"]
    if not told:
        return UsageError("paper.review.no_scan", file=name)
    words = told[0].message
    return UsageError("paper.review.not_compared", file=name, why_id=words.id, why_en=words.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChoices:
    """The file that the page saves.

    Attributes:
        agreement_id: Agreement that the scan was compared with.
        edition: Its edition.
        files: Hash of each file of the scan.
        choices: What was chosen.
        format: Name of this form.
    """

    agreement_id: Annotated[str, Field(max_length=200)]
    edition: Annotated[str | None, Field(max_length=200)]
    files: Annotated[tuple[Sha256, ...], Field(max_length=4096, fail_fast=True)]
    choices: Annotated[tuple[PaperChoice, ...], Field(max_length=_MOST_CHOICES, fail_fast=True)]
    format: Literal["pks-kit-paper-decisions/1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDecideRequest(PaperReviewRequest):
    """What was decided, and about which scan.

    Attributes:
        choices: The file that the page saved, or the choices themselves.
    """

    choices: TextInput | Sequence[PaperChoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDecideResult:
    """What was written.

    Attributes:
        written: How many decisions are new; the same decision of the same person is written once.
        decided: What all decisions about this scan amount to.
        report: The report with them.
    """

    written: Count
    decided: tuple[DecidedItem, ...]
    report: VerifyReport


@verb
def paper_decide(request: PaperDecideRequest) -> PaperDecideResult:
    """Read a scan again and write what a person decided about it; all of it, or nothing.

    Raises:
        UsageError: ``request.type``; ``paper.decide.no_name``; what
            :func:`~pks_kit.domain.paper_review.refusal` says; ``paper.decide.no_item``,
            ``paper.decide.other_picture``; as :func:`paper_list`.
        InputError: ``paper.decide.no_choices``: the file is none of ours;
            ``paper.decide.other_scan``: it is about another scan; as :func:`paper_list`.
        LedgerError: A reason holds a NIK (``ledger.bad_event``), or it cannot be written.
    """
    chosen = request.choices
    if isinstance(chosen, Sequence) and not isinstance(chosen, str | bytes):
        file, choices = None, tuple(chosen)
    else:
        file = _read_choices(chosen)
        choices = file.choices
    desk = ReviewDesk(_read(request, request.ledger), request.ledger, request.oleh, request.clock)
    facts = desk.review.facts
    if file is not None and (file.agreement_id, file.edition, file.files) != (
        facts.agreement_id, facts.edition, facts.files,
    ):  # fmt: skip
        raise InputError("paper.decide.other_scan")
    written = desk.write(choices)
    return PaperDecideResult(
        written=written, decided=desk.review.facts.decided, report=desk.review.report
    )


paper_decide_async = in_background(paper_decide)


def _read_choices(given: TextInput) -> PaperChoices:
    read = read_file(given, CHOICES_BYTES, "choices")
    try:
        return from_json(PaperChoices, read.content)
    except ValueError as error:
        raise InputError("paper.decide.no_choices", file=read.shown) from error


@verb
def paper_review(request: PaperReviewRequest) -> ReviewDesk:
    """Read a scan and let a person work through it, each decision written at once.

    Raises:
        UsageError: ``paper.decide.no_name``; as :func:`paper_list`.
        InputError: As :func:`paper_list`.
        LedgerError: As :func:`paper_list`.
        VerificationError: As :func:`paper_list`.
    """
    review = _read(request, request.ledger)
    return ReviewDesk(review, request.ledger, request.oleh, request.clock)


paper_review_async = in_background(paper_review, stops=True)

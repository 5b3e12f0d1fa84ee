"""Judge what came back on paper: a scan against the issued, and in kontrak digital signed, file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pks_kit.domain.paper import PaperFacts
from pks_kit.domain.paper_pictures import PaperPicture
from pks_kit.domain.receipt import Receipt
from pks_kit.domain.tanda_tangan import PIHAK
from pks_kit.errors import InputError, NotLookedError
from pks_kit.foreign import HERE, Looks
from pks_kit.ledger import kinds
from pks_kit.messages import Message
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.inside.paper import CoveredPages, LookAtPaper, ReadPaper
from pks_kit.pipelines.verifying.other_kinds import other_kind
from pks_kit.pipelines.verifying.paper_decisions import with_decisions
from pks_kit.policy.document_policy import PKS_FINAL
from pks_kit.policy.signing_profile import load_profile
from pks_kit.verification.report.answers import indeterminate, passed
from pks_kit.verification.report.paper import paper_checks, paper_notes
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import Check, JudgedFile, Note, VerifyReport, worst

if TYPE_CHECKING:
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.limits import Limits

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_MOST_SIGNER = 300
_SIGNED = b"/ByteRange"
_HEAD_SECONDS = 20.0
_SECONDS_PER_SHEET = 3.0
_MOST_SECONDS = 900.0
_SHEET_BYTES = 1 << 15
"""What a sheet of black and white takes at least."""
_JUDGED = ("signature.", "meterai.", "file.", "issued.", "content.")

_OF_FACTS = ("paper.pages", "paper.sheets", "paper.places", "paper.values", "paper.text")
_NOTES_OF_FACTS = (
    "paper_visual", "paper_double", "paper_replaced", "paper_less_ink", "paper_decided",
    "paper_own_places", "paper_send_back",
)  # fmt: skip
"""What :func:`paper_checks` and :func:`paper_notes` say; it is said anew after a decision."""

JudgeIssued = Callable[["Examination"], Examined]
"""Judges the issued file as any other, for its electronic signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBeside:
    """What looking for the issued file told.

    Attributes:
        agreement_id: Agreement of the page codes, when no issue of it is at hand.
        checks: What the ledger says, or why there is no issued file.
        notes: What is to be told beside.
        in_ledger: Whether the ledger holds this issue, so that it can tell of its signatures too.
    """

    agreement_id: str = ""
    in_ledger: bool = False
    checks: tuple[Check, ...] = ()
    notes: tuple[Note, ...] = ()


NOTHING_BESIDE = KnownBeside()


def is_paper(
    job: Examination, jenis: str, *, more: bool, isolated: bool, has_ledger: bool = False
) -> bool:
    """Return whether a file is a scan that is to be compared with an issued agreement.

    A picture, or a PDF whose pages are pictures, without any signature of its own, that does not
    begin as the issued file does. Kinds of documents that are asked for by name stay what they are,
    and so does everything when nothing was given to compare with.

    Args:
        job: What is examined.
        jenis: Name of the policy that was asked for.
        more: Whether further files were given with it; only scans come in several files.
        isolated: Look in a child process.
        has_ledger: Whether a ledger was given, in which the issued file may be found.
    """
    if job.issued is None and job.receipt is None and not has_ledger:
        return False
    if jenis and not jenis.startswith(PKS_FINAL):
        return False
    content = job.content
    if not 0 < len(content) <= job.limits.file_bytes:
        return False
    if is_picture(content):
        return True
    if not may_be_pages(content):
        return False
    if job.issued is not None and content.startswith(job.issued[:4096]):
        return False
    looks: Looks = LooksInside() if isolated else HERE
    try:
        share = looks.ask(CoveredPages(), content)
    except (InputError, NotLookedError):
        return False  # the examination says what is wrong with it
    return share.pages > 0 and (share.covered * 2 >= share.pages or more)


def is_picture(content: bytes) -> bool:
    """Return whether a file begins as JPEG, PNG or TIFF do."""
    return content.startswith(_PICTURES)


def may_be_pages(content: bytes) -> bool:
    """Return whether a file is a PDF that nobody has signed: its pages may be pictures."""
    is_pdf = b"%PDF" in content[:1024] and other_kind(content) is None
    return is_pdf and _SIGNED not in content


def judge_paper(
    job: Examination,
    sent: Sequence[bytes],
    judge_issued: JudgeIssued,
    *,
    isolated: bool,
    known: KnownBeside = NOTHING_BESIDE,
    ledger: LedgerToAsk | None = None,
    pictures: bool = False,
) -> Examined:
    """Judge a scan.

    Args:
        job: What is examined; its content is the first file that was sent.
        sent: All files that were sent.
        judge_issued: Judges the issued file as any other, for its electronic signatures.
        isolated: Look in a child process.
        known: What looking for the issued file told.
        ledger: Ledger with what persons decided.
        pictures: Also cut out what a person is to look at.

    Raises:
        LedgerError: The ledger cannot be read, or is broken.
        UsageError: ``paper.no_extra``.
        VerificationError: As ``verify``.
    """
    read = read_paper(job, sent, isolated=isolated, ledger=ledger, pictures=pictures)
    kept = read.pictures if pictures else ()
    return Examined(report=paper_report(job, read, judge_issued, known), paper_pictures=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPaperResult:
    """What was read of the sheets of one agreement.

    Attributes:
        facts: What was seen, and what persons decided; None when nothing could be looked at.
        pictures: What a person is to look at, when that was asked for.
        why: Why not.
        notes: What is to be said of the machine that looked.
    """

    facts: PaperFacts | None = None
    pictures: tuple[PaperPicture, ...] = ()
    why: Check | None = None
    notes: tuple[Note, ...] = ()


def read_paper(
    job: Examination,
    sent: Sequence[bytes],
    *,
    isolated: bool,
    only: Sequence[int] = (),
    ledger: LedgerToAsk | None = None,
    pictures: bool = False,
) -> ReadPaperResult:
    """Read sheets against the issued file and the receipt of an examination.

    Args:
        job: What is examined.
        sent: All files that were sent.
        isolated: Look in a child process.
        only: Numbers of the sheets that are read, through all files; none: all of them.
        ledger: Ledger with what persons decided.
        pictures: Also cut out what a person is to look at.

    Raises:
        LedgerError: The ledger cannot be read, or is broken.
        UsageError: ``paper.no_extra``.
        VerificationError: As ``verify``.
    """
    if job.issued is None or job.receipt is None:
        reason = "no_issued" if job.issued is None else "no_receipt"
        return ReadPaperResult(why=indeterminate("paper.issued", reason))
    receipt = job.receipt
    profile = load_profile(job.signing_root, receipt.profile)
    looks = patient_looks(job.limits, sent, sheets=len(only))
    asked: Looks = looks if isolated else HERE
    some = ledger is not None and bool(ledger.events(receipt.agreement_id, kinds.PAPER_DECIDED))
    files = (job.issued, receipt.to_json(), *sent)
    shown: tuple[PaperPicture, ...] = ()
    method, wanted = profile.cara_kontrak, tuple(only)
    try:
        if pictures or some:  # a decision may be about a picture that came in another file
            read = asked.ask(LookAtPaper(cara_kontrak=method, only=wanted), *files)
            facts, shown = read.facts, read.pictures
        else:
            facts = asked.ask(ReadPaper(cara_kontrak=method, only=wanted), *files)
    except NotLookedError as error:
        return ReadPaperResult(why=not_looked(error.text), notes=looks.notes)
    # what files came, and what persons decided, no child is asked
    hashes = tuple(hashlib.sha256(one).hexdigest() for one in sent)
    facts = replace(
        facts, agreement_id=receipt.agreement_id, edition=receipt.edition, files=hashes, decided=()
    )
    if ledger is not None:
        facts = with_decisions(facts, ledger, shown)
    return ReadPaperResult(facts=facts, pictures=shown, notes=looks.notes)


def paper_report(
    job: Examination, read: ReadPaperResult, judge_issued: JudgeIssued, known: KnownBeside
) -> VerifyReport:
    """Say what the facts of a scan mean, and what the electronic signatures are worth.

    Args:
        job: What is examined.
        read: What :func:`read_paper` found.
        judge_issued: As :func:`judge_paper`.
        known: As :func:`judge_paper`.
    """
    receipt = job.receipt
    report = VerifyReport(
        file=JudgedFile(sha256=job.sha256, size=len(job.content)),
        kit_version=job.kit_version,
        agreement_id=receipt.agreement_id if receipt else known.agreement_id,
        checks=known.checks,
        notes=(*read.notes, *known.notes),
    )
    facts = read.facts if receipt is None or read.facts is None else _named(read.facts, receipt)
    if receipt is None or job.issued is None or facts is None:
        told = any(one.status != "passed" for one in known.checks)
        why = () if told or read.why is None else (read.why,)
        return report.with_checks(*why)
    report = replace(
        report.with_checks(*paper_checks(facts)), compared_with_issued=True, paper=facts,
        notes=(*report.notes, *paper_notes(facts)),
    )  # fmt: skip
    if not _signs_electronically(receipt):
        return report
    electronic = judge_issued(
        replace(job, content=job.issued, issued=None, receipt=receipt, policy=None)
    ).report
    return replace(report.with_checks(_electronic(electronic)), signatures=electronic.signatures)


def _named(facts: PaperFacts, receipt: Receipt) -> PaperFacts:
    """Return facts that tell of whom a place is where several persons have the same role."""
    known = {
        one.name: ", ".join(filter(None, (one.nama, one.jabatan)))[:_MOST_SIGNER]
        for one in receipt.places
        if one.peran not in PIHAK
    }
    places = tuple(replace(one, signer=known.get(one.id) or None) for one in facts.places)
    return replace(facts, places=places)


def not_looked(text: Message) -> Check:
    """Return the answer to paper at which nobody could look.

    Args:
        text: The reason.
    """
    return indeterminate("paper.reading", "not_looked", why_id=text.id, why_en=text.en)


def patient_looks(limits: Limits, sent: Sequence[bytes], *, sheets: int = 0) -> LooksInside:
    """Return looks that wait as long as that many sheets take.

    Args:
        limits: What a file may cost.
        sent: The files.
        sheets: How many sheets of them are read; 0 for all.
    """
    seconds = min(
        _MOST_SECONDS, _HEAD_SECONDS + _SECONDS_PER_SHEET * (sheets or _most_sheets(sent))
    )
    return LooksInside(limits=limits.lasting(max(seconds, limits.cpu_seconds)))


def _most_sheets(sent: Sequence[bytes]) -> int:
    """Return about how many sheets files hold, from their size alone.

    Only the patience rests on it.
    """
    return max(8, sum(len(one) for one in sent) // _SHEET_BYTES + len(sent))


def judged_again(report: VerifyReport, facts: PaperFacts) -> VerifyReport:
    """Return the report of a scan after more was decided about it.

    Args:
        report: The report before.
        facts: The same facts with all decisions.
    """
    kept = [one for one in report.checks if one.code not in _OF_FACTS]
    later = [one for one in kept if one.code == "paper.electronic"]
    before = [one for one in kept if one.code != "paper.electronic"]
    notes = tuple(one for one in report.notes if one.code not in _NOTES_OF_FACTS)
    return replace(
        report, paper=facts, checks=(*before, *paper_checks(facts), *later),
        notes=(*notes, *paper_notes(facts)),
    )  # fmt: skip


def _signs_electronically(receipt: Receipt) -> bool:
    return any(one.medium == "electronic" for one in receipt.places)


def _electronic(report: VerifyReport) -> Check:
    """Return what the electronic signatures of the issued file are worth, in one answer."""
    if not report.signatures:
        return indeterminate("paper.electronic", "unsigned")
    judged = [one for one in report.checks if one.code.startswith(_JUDGED)]
    status = worst(one.status for one in judged)
    if status == "passed":
        return passed("paper.electronic", "signed", "cryptographic", count=len(report.signatures))
    open_ones = [one for one in judged if one.status == status]
    words = open_ones[0].message
    return Check(
        code="paper.electronic", reason=status if status == "failed" else "undecided",
        status=status, evidence="cryptographic",
        params={"count": len(open_ones), "first": words.id, "first_en": words.en},
    )  # fmt: skip

"""Judge a file: read what was given, examine it in a guarded child process, report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.domain.companion import companion_kind
from pks_kit.errors import UsageError
from pks_kit.files import NamedFile
from pks_kit.limits import ANCHOR_FILE_BYTES
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import (
    FileInput,
    ReceiptInput,
    TextInput,
    read_file,
    read_receipt,
)
from pks_kit.pipelines.verifying.file_to_judge import EVIDENCE_TIMES, read_to_judge
from pks_kit.pipelines.verifying.given_issued import read_issued
from pks_kit.pipelines.verifying.judged import JudgedResult
from pks_kit.pipelines.verifying.known_issued import judge_known
from pks_kit.pki.anchors import TrustAnchor, read_anchors, read_pins
from pks_kit.resources import signing_root
from pks_kit.verification.evidence_file import FINAL, ISSUED, claims_to_be_ours, scans_in
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.parent import run_guarded, run_inline
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import (
    Check,
    EvidenceContainer,
    Note,
    Status,
    VerifyReport,
)

if TYPE_CHECKING:
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.pipelines.verifying.paper import JudgeIssued, KnownBeside
    from pks_kit.pki.revocation_http import SourceMaker
    from pks_kit.policy.document_policy import PolicyInForce

PICTURE_DPI = 90
_RERENDER_SECONDS = 60
"""What comparing all pages may take; who asks for the re-render proof waits longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRequest(Request):
    """What to judge, and by what.

    Attributes:
        pdf: The file to judge.
        more: Further files of the same scan; only a scan comes in several files.
        issued: The file as it was issued; the upload must begin with its bytes.
        receipt: Receipt written beside the issued file; holds its hash.
        ledger: Ledger in which the issued file, the final file and the meterai are looked up.
        sessions: Folder of the signing sessions; holds the issued bytes for a comparison.
        trust: PEM or DER files with certificates of authorities to trust.
        limits: What the file may cost.
        rerender: Also render the document again from the data inside it and compare; this takes
            as long as drafting it.
        jenis: Name of the policy to judge by (``signing/policies/``); empty: ``pks_final_*`` by the
            receipt, else ``umum`` with the open question who had to sign.
        revocation: Makes sources of revocation data that may use the network, for example
            ``HttpRevocation``; None: no network, the file alone tells. Only certificates that
            chain to a trusted anchor are asked about; the file is then examined twice.
        pictures: Also draw what :meth:`VerifyResult.page` shows: signed pages, boxes, changes.
        clock: Tells the moment of the examination, with zone.
        isolated: Examine in a child process. An escape for tests alone: False reads the file in
            this process, without any limit on what it may do.
    """

    pdf: FileInput
    more: Sequence[FileInput] = ()
    issued: FileInput | None = None
    receipt: ReceiptInput | None = None
    ledger: LedgerToAsk | None = None
    sessions: Path | None = None
    trust: Sequence[TextInput] = ()
    limits: Limits = field(default_factory=Limits)
    rerender: bool = False
    jenis: str = ""
    revocation: SourceMaker | None = None
    pictures: bool = False
    clock: Clock = system_clock
    isolated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult(JudgedResult):
    """What was found."""

    @property
    def verdict(self) -> Status:
        """Return ``passed``, ``indeterminate`` or ``failed``; it follows from the checks."""
        return self.report.verdict

    def page(self, language: str) -> NamedFile:
        """Return the report as one HTML page.

        Args:
            language: ``id`` or ``en``.
        """
        if self.examined.paper_pictures:
            return self.review_page(language)
        from pks_kit.verification.report.html import html_report

        text = html_report(self.examined, self.name, language, self.moment)
        stem = Path(self.name).stem or "berkas"
        return NamedFile(f"{stem}-pemeriksaan.html", text.encode("utf-8"))


@verb
def verify(request: VerifyRequest) -> VerifyResult:
    """Judge a file; a bad file is a verdict, never an exception.

    Raises:
        UsageError: ``request.type``; ``policy.unknown`` when there is no such kind of document.
        InputError: A file that was named does not exist or cannot be read, a receipt is none, a
            trust file holds no authority certificate, or ``verify.issued_unusable``.
        LedgerError: The ledger cannot be read, or is broken.
        VerificationError: ``verify.no_guard`` on a system that cannot keep the limits of the
            guarded process; ``verify.no_child`` when that process cannot start.
    """
    name, job = read_job(request)
    examined, _ = judge(request, job, picture_dpi=PICTURE_DPI if request.pictures else 0)
    return VerifyResult(name=name, moment=job.now, examined=examined)


verify_async = in_background(verify, stops=True)


def judge(
    request: VerifyRequest, job: Examination, *, picture_dpi: int
) -> tuple[Examined, Examination]:
    """Judge what was read; return report and pictures, and what was examined.

    Args:
        request: What to judge.
        job: What :func:`read_job` read.
        picture_dpi: Resolution of the pictures; 0 for none.

    Raises:
        LedgerError: The ledger cannot be read, or is broken.
        VerificationError: As :func:`verify`.
    """
    if claims_to_be_ours(job.content):
        return _judge_evidence(request, job, picture_dpi=picture_dpi)
    from pks_kit.pipelines.verifying.paper import is_paper

    further = bool(request.more)
    if is_paper(
        job, request.jenis, more=further, isolated=request.isolated,
        has_ledger=request.ledger is not None,
    ):  # fmt: skip
        sent = (job.content, *read_more(request))
        return _judge_scan(request, job, sent, pictures=picture_dpi > 0)
    if further:
        raise UsageError("verify.one_at_a_time", count=1 + len(request.more))
    return judge_file(request, job, picture_dpi=picture_dpi)


def _judge_scan(
    request: VerifyRequest, job: Examination, sent: Sequence[bytes], *, pictures: bool
) -> tuple[Examined, Examination]:
    from pks_kit.pipelines.verifying.paper import judge_paper
    from pks_kit.pipelines.verifying.scan_issue import with_issue

    job, known = with_issue(
        job, sent, receipt=request.receipt or job.receipt, ledger=request.ledger,
        sessions=request.sessions, isolated=request.isolated,
    )  # fmt: skip
    examined = judge_paper(
        job,
        sent,
        judging_issued(request, known),
        isolated=request.isolated,
        known=known,
        ledger=request.ledger,
        pictures=pictures,
    )
    return examined, job


def _judge_evidence(
    request: VerifyRequest, job: Examination, *, picture_dpi: int
) -> tuple[Examined, Examination]:
    """Check an evidence file, and judge the final PDF in it again, by trust from outside only."""
    from pks_kit.pipelines.verifying.evidence_check import (
        OpenedEvidence,
        events_inside,
        evidence_checks,
        evidence_notes,
        open_evidence,
    )

    packed = job.content
    limit = EVIDENCE_TIMES * job.limits.file_bytes
    opened = open_evidence(packed, job.kit_version, limit)
    if not isinstance(opened, OpenedEvidence):
        return Examined(report=opened), job
    scans = scans_in(opened.files)  # paper is compared with the file that was printed
    issued = opened.files[FINAL if scans else ISSUED]
    inside = replace(
        job,
        content=scans[0] if scans else opened.files[FINAL],
        issued=issued if job.issued is None else job.issued,
        receipt=opened.receipt if job.receipt is None else job.receipt,
    )
    moment = opened.manifest.examined_at
    again = _judge_again(request, inside, moment, events_inside(opened), scans)
    if scans:
        examined, inside = _judge_scan(request, inside, scans, pictures=picture_dpi > 0)
    else:
        examined, inside = judge_file(request, inside, picture_dpi=picture_dpi)
    report = examined.report
    checks = (*evidence_checks(opened, again, request.ledger), *report.checks)
    report = replace(
        report,
        checks=checks,
        notes=(*report.notes, *evidence_notes(opened, request.ledger)),
        bundle=EvidenceContainer(sha256=hashlib.sha256(packed).hexdigest(), size=len(packed)),
    )
    return replace(examined, report=report), inside


def _judge_again(
    request: VerifyRequest,
    job: Examination,
    moment: datetime,
    events: LedgerToAsk | None,
    scans: Sequence[bytes],
) -> Examined:
    """Judge as the maker of an evidence file did: at that moment, by what lies in it alone."""
    alone = VerifyRequest(pdf=b"", ledger=events, limits=job.limits, isolated=request.isolated)
    job = replace(job, now=moment)
    if scans:
        return _judge_scan(alone, job, scans, pictures=False)[0]
    return judge_file(alone, job, picture_dpi=PICTURE_DPI)[0]


def judging_issued(request: VerifyRequest, known: KnownBeside) -> JudgeIssued:
    """Return what judges the issued file of a scan, for its electronic signatures.

    Args:
        request: What was asked about the scan.
        known: What looking for the issued file told. A ledger that knows nothing of the issue is
            not asked about it; it may still hold decisions about the paper.
    """
    asked = request if known.in_ledger else replace(request, ledger=None)
    return lambda one: judge_file(asked, one)[0]


def judge_file(
    request: VerifyRequest, job: Examination, *, picture_dpi: int = 0
) -> tuple[Examined, Examination]:
    """Judge one file that is no scan; return report and pictures, and what was examined.

    Raises:
        LedgerError: The ledger cannot be read, or is broken.
        VerificationError: As :func:`verify`.
    """
    known = None
    if request.ledger is not None:
        from pks_kit.pipelines.verifying.ledger_lookup import ledger_checks, look_up

        known = look_up(
            job.content,
            request.ledger,
            issued=job.issued,
            receipt=job.receipt,
            sessions=request.sessions,
            limits=job.limits,
            isolated=request.isolated,
        )
        job = replace(job, issued=known.issued, receipt=known.receipt)
    run = run_guarded if request.isolated else run_inline
    by_bytes = None if picture_dpi else judge_known(job, isolated=request.isolated)
    examined = by_bytes or run(job, picture_dpi=picture_dpi)
    if request.revocation is not None:
        from pks_kit.pipelines.verifying.fetch_revocation import judge_with_fetched

        examined = judge_with_fetched(
            examined,
            job,
            request.revocation,
            lambda again: run(again, picture_dpi=picture_dpi),
            isolated=request.isolated,
        )
    report = examined.report
    kind = companion_kind(job.content)
    if kind is not None and not report.signatures:
        code = "letter" if kind == "surat" else "companion"
        report = replace(report, notes=(Note(code=code, params={"kind": kind}), *report.notes))
    if request.ledger is not None and known is not None:
        checks, notes = ledger_checks(known, job.content, report, request.ledger)
        report = replace(report.with_checks(*checks), notes=(*report.notes, *notes))
    if request.rerender:
        report = report.with_checks(*_rerendered(job, report))
    return replace(examined, report=report), job


def _rerendered(job: Examination, report: VerifyReport) -> tuple[Check, ...]:
    """Compare the unsigned base with what its own data gives; a broken file has no base."""
    from pks_kit.pipelines.verifying.rerender import rerender_checks

    ends = [one.end for one in report.revisions if one.kind == "base"]
    patient = job.limits.lasting(max(_RERENDER_SECONDS, job.limits.cpu_seconds))
    return rerender_checks(job.content[: max(ends)], patient) if ends else ()


def read_job(request: VerifyRequest) -> tuple[str, Examination]:
    """Read everything that a request holds, once; return the name of the file and the work.

    Raises:
        UsageError: ``policy.unknown``, ``request.clock``, ``request.path_as_text``.
        InputError: As :func:`verify`.
    """
    now = moment(request.clock)
    limit = request.limits.file_bytes
    name, content = read_to_judge(request.pdf, limit)
    issued = None
    if request.issued is not None:
        issued = read_issued(request.issued, request.limits, "issued")
    receipt = read_receipt(request.receipt, "receipt") if request.receipt is not None else None
    root = signing_root()
    pins = read_pins(root / "trust" / "anchors.yml")
    anchors: list[TrustAnchor] = []
    for index, given in enumerate(request.trust):
        read = read_file(given, ANCHOR_FILE_BYTES, f"trust[{index}]")
        anchors += read_anchors(read.content, read.name, pins)
    return name, Examination(
        content=content,
        issued=issued.content if issued is not None else None,
        receipt=receipt,
        policy=_policy(request.jenis, now.date()),
        anchors=tuple(anchors),
        pins=pins,
        signing_root=root,
        now=now,
        kit_version=_kit_version(),
        limits=request.limits,
    )


def read_more(request: VerifyRequest) -> tuple[bytes, ...]:
    """Return the further files of a scan.

    Raises:
        InputError: As :func:`verify`.
    """
    return tuple(
        read_file(one, request.limits.file_bytes, f"more[{index}]").content
        for index, one in enumerate(request.more)
    )


def _policy(jenis: str, day: date) -> PolicyInForce | None:
    if not jenis:
        return None
    from pks_kit.pipelines.verifying.policies import policy_in_force

    return policy_in_force(jenis, day)


@cache
def _kit_version() -> str:
    try:
        return version("pks-kit")
    except PackageNotFoundError:
        return "0"

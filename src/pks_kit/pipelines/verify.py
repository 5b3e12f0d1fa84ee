"""Judge a file: read what was given, examine it in a guarded child process, report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.errors import InputError
from pks_kit.files import NamedFile
from pks_kit.json_form import HasJsonForm
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
from pks_kit.pki.anchors import TrustAnchor, read_anchors, read_pins
from pks_kit.resources import signing_root
from pks_kit.verification.evidence_file import FINAL, ISSUED, looks_packed
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.parent import run_guarded, run_inline
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import Check, EvidenceContainer, Status, VerifyReport

if TYPE_CHECKING:
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
    from pks_kit.pki.revocation_http import SourceMaker
    from pks_kit.policy.document_policy import PolicyInForce

PICTURE_DPI = 90
_RERENDER_SECONDS = 60
"""What comparing all pages may take; who asks for the re-render proof waits longer."""
EVIDENCE_TIMES = 4
"""How many times the largest PDF an evidence file may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyRequest(Request):
    """What to judge, and by what.

    Attributes:
        pdf: The file to judge.
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
class VerifyResult(HasJsonForm):
    """What was found.

    Attributes:
        name: Name of the file, for people.
        moment: Moment of the examination.
        examined: Report and pictures.
    """

    name: str
    moment: datetime
    examined: Examined = field(repr=False)

    def json_form(self) -> VerifyReport:
        """Return the report."""
        return self.report

    @property
    def report(self) -> VerifyReport:
        """Return the report: verdict, checks, signatures, notes."""
        return self.examined.report

    @property
    def verdict(self) -> Status:
        """Return ``passed``, ``indeterminate`` or ``failed``; it follows from the checks."""
        return self.report.verdict

    def page(self, language: str) -> NamedFile:
        """Return the report as one HTML page.

        Args:
            language: ``id`` or ``en``.
        """
        from pks_kit.verification.report.html import html_report

        text = html_report(self.examined, self.name, language, self.moment)
        stem = Path(self.name).stem or "berkas"
        return NamedFile(f"{stem}-pemeriksaan.html", text.encode("utf-8"))


@verb
def verify(request: VerifyRequest) -> VerifyResult:
    """Judge a file; a bad file is a verdict, never an exception.

    Raises:
        UsageError: ``request.type``; ``policy.unknown`` when there is no such kind of document.
        InputError: A file that was named does not exist or cannot be read, a receipt is none, or
            a trust file holds no authority certificate.
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
    if looks_packed(job.content):
        return _judge_evidence(request, job, picture_dpi=picture_dpi)
    return _judge(request, job, picture_dpi=picture_dpi)


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
    inside = replace(
        job,
        content=opened.files[FINAL],
        issued=opened.files[ISSUED] if job.issued is None else job.issued,
        receipt=opened.receipt if job.receipt is None else job.receipt,
    )
    again = _judge_again(request, inside, opened.manifest.examined_at, events_inside(opened))
    examined, inside = _judge(request, inside, picture_dpi=picture_dpi)
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
    request: VerifyRequest, job: Examination, moment: datetime, events: LedgerToAsk | None
) -> Examined:
    """Judge as the maker of an evidence file did: at that moment, by what lies in it alone."""
    alone = VerifyRequest(pdf=b"", ledger=events, limits=job.limits, isolated=request.isolated)
    return _judge(alone, replace(job, now=moment), picture_dpi=PICTURE_DPI)[0]


def _judge(
    request: VerifyRequest, job: Examination, *, picture_dpi: int
) -> tuple[Examined, Examination]:
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
    examined = run(job, picture_dpi=picture_dpi)
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
    name, content = _read_to_judge(request.pdf, limit)
    issued = read_file(request.issued, limit, "issued") if request.issued is not None else None
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


def _policy(jenis: str, day: date) -> PolicyInForce | None:
    if not jenis:
        return None
    from pks_kit.pipelines.verifying.policies import policy_in_force

    return policy_in_force(jenis, day)


def _read_to_judge(given: FileInput, limit: int) -> tuple[str, bytes]:
    """Read at most one byte more than the limit, so that "too large" becomes a verdict.

    An evidence file holds the final file twice and pictures, so it may be larger.

    Raises:
        InputError: The file does not exist or is not a regular file.
    """
    if not isinstance(given, Path):
        return (given.name, given.content) if isinstance(given, NamedFile) else ("pdf", given)
    try:
        return given.name, read_file(given, limit, "pdf").content
    except InputError as error:
        if error.code != "file.too_large":
            raise
    with given.open("rb") as stream:
        content = stream.read(limit + 1)
        if looks_packed(content):
            content += stream.read((EVIDENCE_TIMES - 1) * limit)
        return given.name, content


def _kit_version() -> str:
    try:
        return version("pks-kit")
    except PackageNotFoundError:
        return "0"

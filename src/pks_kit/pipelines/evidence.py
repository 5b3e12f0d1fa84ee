"""Make one evidence file per agreement: what was issued, what came back, what was found, by what.

The file can be checked by anybody with ``pks-kit verify BUKTI.zip``, without network or ledger.
The same files, ledger and clock always give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pks_kit.domain.evidence import EvidenceManifest, LedgerHead, LedgerState, PackedFile
from pks_kit.errors import InputError, LedgerError
from pks_kit.files import NamedFile
from pks_kit.json_types import HIDDEN, Ordinal, Sha256, shown
from pks_kit.ledger.export import lines_of
from pks_kit.ledger.store import SqlLedger
from pks_kit.limits import RECEIPT_BYTES
from pks_kit.messages.nearest import meant
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, system_clock
from pks_kit.pipelines.requests.given import FileInput, TextInput, read_file
from pks_kit.pipelines.verify import PICTURE_DPI, VerifyRequest, judge, read_job, read_more
from pks_kit.pipelines.verifying.evidence_pages import (
    anchors_file,
    maker,
    pages,
    readme,
    report_file,
)
from pks_kit.pipelines.verifying.evidence_paper import paper_files
from pks_kit.pipelines.verifying.given_issued import read_issued
from pks_kit.verification import evidence_file as bundle
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import Status, VerifyReport

if TYPE_CHECKING:
    from pks_kit.ledger.stored import StoredEvent
    from pks_kit.verification.examination import Examination

MAXIMUM_CHAIN_ROWS = 50_000
"""Most numbers and hashes of the ledger that are written down; a longer stretch is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequest(Request):
    """What to put together.

    Attributes:
        pdf: The final file; or a scan of signed paper, or its first file.
        more: Further files of a scan.
        issued: The file as it was issued; for a scan in kontrak digital the one that BPJS signed.
        receipt: Receipt written beside it.
        ledger: Ledger with the events of the agreement; None for an evidence file without events.
        sessions: Folder of the signing sessions.
        trust: PEM or DER files with certificates of authorities to trust.
        rerender: Also render the document again from the data inside it.
        clock: Tells the moment of the examination, with zone.
        isolated: Examine in a child process. An escape for tests alone, as in ``VerifyRequest``.
    """

    pdf: FileInput
    more: Sequence[FileInput] = ()
    issued: FileInput
    receipt: TextInput
    ledger: SqlLedger | None = None
    sessions: Path | None = None
    trust: Sequence[TextInput] = ()
    rerender: bool = False
    clock: Clock = system_clock
    isolated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceResult:
    """What was made.

    Attributes:
        file: The evidence file.
        sha256: Its hash; keep it elsewhere, for nobody signs the manifest.
        size: Bytes.
        report: The report that lies in it.
        manifest: Its manifest.
    """

    file: NamedFile
    sha256: Sha256
    size: Ordinal
    report: Annotated[VerifyReport, HIDDEN]
    manifest: EvidenceManifest

    @shown()
    def verdict(self) -> Status:
        """Verdict of the report."""
        return self.report.verdict


@verb
def evidence(request: EvidenceRequest) -> EvidenceResult:
    """Judge the final file and put everything that proves the answer into one ZIP.

    An evidence file is made whatever the verdict is; it says what was found.

    Raises:
        UsageError: ``request.type``.
        InputError: A file is missing or none of its kind, ``evidence.too_large``.
        LedgerError: ``evidence.ledger_not_intact``, ``ledger.no_agreement``, or the ledger cannot
            be read.
        VerificationError: ``verify.no_child``.
    """
    limits = Limits()
    issued = read_issued(request.issued, limits, "issued")
    receipt = read_file(request.receipt, RECEIPT_BYTES, "receipt")
    asked = VerifyRequest(
        pdf=request.pdf,
        more=request.more,
        clock=request.clock,
        issued=issued.content,
        receipt=NamedFile(receipt.name, receipt.content),
        limits=limits,
        ledger=request.ledger,
        sessions=request.sessions,
        trust=request.trust,
        rerender=request.rerender,
        isolated=request.isolated,
    )
    name, read = read_job(asked)
    examined, job = judge(asked, read, picture_dpi=PICTURE_DPI)
    if len(job.content) > job.limits.file_bytes:
        raise InputError("evidence.too_large", file=name, limit=job.limits.file_bytes)
    report = examined.report
    base, final, paper = issued.content, job.content, {}
    if report.paper is not None:
        base, final = _issued_and_signed(issued.content, job), issued.content
        paper = paper_files(examined, (job.content, *read_more(asked)))
    files = {
        bundle.ISSUED: base,
        bundle.FINAL: final,
        **paper,
        bundle.RECEIPT: receipt.content,
        bundle.REPORT: report_file(report),
        **pages(examined, job.now),
    }
    if job.anchors:
        files[bundle.ANCHORS] = anchors_file(one.der for one in job.anchors)
    chain = None
    if request.ledger is not None:
        agreement = job.receipt.agreement_id if job.receipt else report.agreement_id
        chain, found = _events(request.ledger, agreement)
        files |= found
    files[bundle.README] = readme(report, files)
    manifest = _manifest(job, report, chain, files)
    content = bundle.pack({**files, bundle.MANIFEST: manifest.to_json()})
    return EvidenceResult(
        file=NamedFile(f"{Path(name).stem}-bukti.zip", content),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        report=report,
        manifest=manifest,
    )


evidence_async = in_background(evidence)


def _issued_and_signed(given: bytes, job: Examination) -> bytes:
    """Return the issued bytes of a file that may have been signed since."""
    known = job.receipt.issued if job.receipt else None
    if known is None:
        return given
    begin = given[: known.size]
    return begin if hashlib.sha256(begin).hexdigest() == known.sha256 else given


def _events(ledger: SqlLedger, agreement: str) -> tuple[LedgerState, dict[str, bytes]]:
    """Return the events of one agreement, and the hashes of the chain on which they hang."""
    report = ledger.verify()
    if not report.intact or report.head is None:
        raise LedgerError("evidence.ledger_not_intact", ledger=ledger.shown)
    own = tuple(ledger.stored(agreement))
    if not own:
        known = [event.perjanjian for event in ledger.events() if event.perjanjian]
        raise LedgerError(
            "ledger.no_agreement", perjanjian=agreement, meant=meant(agreement, known)
        )
    head = LedgerHead(nomor=report.head.nomor, hash=report.head.hash)
    anchor = ledger.anchor()
    name = anchor.ledger if anchor else None
    chain = LedgerState(id=name, count=report.count, head=head, events=len(own))
    files = {bundle.EVENTS: lines_of(own)}
    first, last = own[0].nomor - 1, own[-1].nomor
    if last - first < MAXIMUM_CHAIN_ROWS:
        files[bundle.CHAIN] = _stretch(ledger.stored(), first, last)
    return chain, files


def _stretch(events: Iterator[StoredEvent], first: int, last: int) -> bytes:
    """Return number and hash of every event of the ledger from one number to another."""
    lines = [f"{one.nomor} {one.hash}\n" for one in events if first <= one.nomor <= last]
    return "".join(lines).encode()


def _manifest(
    job: Examination, report: VerifyReport, chain: LedgerState | None, files: dict[str, bytes]
) -> EvidenceManifest:
    return EvidenceManifest(
        agreement_id=job.receipt.agreement_id if job.receipt else report.agreement_id,
        kit_version=report.kit_version,
        examined_at=job.now,
        verdict=report.verdict,
        maker=maker(),
        anchors=tuple(sorted(one.sha256 for one in job.anchors)),
        ledger=chain,
        files={
            name: PackedFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
            for name, content in files.items()
        },
    )

"""The whole road on sample data: draft, sign and stamp, archive, verify, refuse copies.

Where the extra ``kertas`` is installed, a short addendum on simulated paper is judged too.

Everything is made at run time with a sandbox authority that lives in memory; nothing needs a
network, and nothing made here has a legal effect.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.receipt import parse_receipt
from pks_kit.domain.tanggal import WIB
from pks_kit.errors import PksKitError
from pks_kit.files import NamedFile
from pks_kit.inputs import load_kontrak
from pks_kit.json_form import HasJsonForm
from pks_kit.pipelines.demo_paper import FoundOnPaper, missing_library, scan_paper
from pks_kit.pipelines.draft import DraftRequest, DraftResult, draft
from pks_kit.pipelines.extend import ExtendRequest, ExtendResult, extend
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.sign import sign
from pks_kit.pipelines.signing.sign_request import SignRequest, SignResult
from pks_kit.pipelines.verify import VerifyRequest, VerifyResult, verify
from pks_kit.resources import samples_root
from pks_kit.signing.sandbox.authority import (
    CRL_FILES,
    Sandbox,
    SandboxTimestamps,
    create_sandbox,
    people_of,
)
from pks_kit.signing.sandbox.meterai import SandboxMeterai
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import Status, VerifyReport

SAMPLE = "klinik-pratama-rawat-inap.yml"
PARTIES = ("pihak_kesatu", "pihak_kedua")
_PATIENCE = 60
"""Seconds for one verification: a demo is often the first thing a busy machine runs."""
ROOT_FILE = "otoritas-uji.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRequest(Request):
    """What the demo takes from outside.

    Attributes:
        progress: Called with a message code and its parameters before each step.
        random_bytes: Source of randomness for serial numbers.
        clock: Gives the present time, with a time zone.
    """

    progress: Callable[[str, Mapping[str, str]], None] = field(default=lambda _code, _params: None)
    random_bytes: Callable[[int], bytes] = secrets.token_bytes
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoForm:
    """What the demo made and found.

    Attributes:
        draft: Result of the draft.
        steps: Results of signing and stamping, in order.
        archive: Result of the archiving after the last step.
        final: The finished PDF.
        verdict: Verdict on the finished PDF.
        refused: Verdict on each alteration, by its message code.
        paper: What was found on the scan of a printed addendum; None without the extra ``kertas``.
        files: All files, in the order they were made.
    """

    draft: DraftResult
    steps: tuple[SignResult, ...]
    archive: ExtendResult
    final: NamedFile
    verdict: Status
    refused: dict[str, Status]
    paper: FoundOnPaper | None
    files: tuple[NamedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult(HasJsonForm):
    """What the demo made and found.

    Attributes:
        drafted: Result of the draft.
        steps: Four signing and stamping results, in order.
        archive: Result of the archiving after the last step.
        verified: Result of judging the finished PDF.
        altered: Altered copies of the finished PDF, by message code of the alteration.
        refused: The report that refused each of them, by the same code.
        paper: What was found on the scan of a printed addendum; None without the extra ``kertas``.
        files: All files but the altered copies, in the order they were made.
        signature_page: Page with the signatures of the parties.
    """

    drafted: DraftResult
    steps: tuple[SignResult, ...]
    archive: ExtendResult
    verified: VerifyResult
    altered: Mapping[str, NamedFile]
    refused: Mapping[str, VerifyReport]
    paper: FoundOnPaper | None
    files: tuple[NamedFile, ...]
    signature_page: int

    @property
    def final(self) -> NamedFile:
        """Return the finished PDF."""
        return self.archive.file

    def json_form(self) -> DemoForm:
        """Return the results, and of the reports the verdicts."""
        return DemoForm(
            draft=self.drafted,
            steps=self.steps,
            archive=self.archive,
            final=self.final,
            verdict=self.verified.verdict,
            refused={code: report.verdict for code, report in self.refused.items()},
            paper=self.paper,
            files=self.files,
        )


@verb
def demo(request: DemoRequest) -> DemoResult:
    """Run the whole road.

    Raises:
        PksKitError: ``demo.unexpected`` when the final file does not pass or an altered copy is
            not refused; or whatever a step raises.
    """
    request.progress("demo.step.draft", {"file": SAMPLE})
    drafted = draft(DraftRequest(source=_signed_on(moment(request.clock).astimezone(WIB).date())))
    request.progress("demo.step.keys", {})
    receipt = parse_receipt(drafted.files["receipt"].content, drafted.files["receipt"].name)
    sandbox = create_sandbox(moment(request.clock), people_of(receipt))
    root = NamedFile(ROOT_FILE, sandbox.root_pem, private=False)
    lists = tuple(
        NamedFile(f"otoritas-uji-{name}", content, private=False)
        for name, content in zip(CRL_FILES, sandbox.crls, strict=True)
    )
    steps = _sign_all(request, drafted, sandbox)
    archive = _archive(request, drafted, sandbox, root, lists, steps[-1].file)
    final = archive.file
    request.progress("demo.step.verify", {})
    verified = _judge(request, drafted, root, final)
    if verified.verdict != "passed":
        raise PksKitError("demo.unexpected", what=f"{final.name}: {verified.verdict}")
    altered, refused = _refuse_copies(request, drafted, root, steps, final)
    paper: FoundOnPaper | None = None
    printed: tuple[NamedFile, ...] = ()
    if not missing_library():
        request.progress("demo.step.paper", {})
        paper, printed = scan_paper(request.clock)
    signed = (step.file for step in steps)
    return DemoResult(
        drafted=drafted,
        steps=steps,
        archive=archive,
        verified=verified,
        altered=altered,
        refused=refused,
        paper=paper,
        files=(*drafted.files.values(), root, *lists, *signed, final, *printed),
        signature_page=next(one.page for one in verified.report.signatures if one.page),
    )


demo_async = in_background(demo)


def _signed_on(today: date) -> Kontrak:
    """Return the sample, signed today when its term has not begun: the demo signs it now."""
    kontrak = load_kontrak(samples_root() / SAMPLE).kontrak
    if today >= kontrak.jangka_waktu.tanggal_mulai:
        return kontrak
    first = kontrak.pihak_kesatu.model_copy(update={"tanggal_tanda_tangan": today})
    return kontrak.model_copy(update={"pihak_kesatu": first})


def _sign_all(
    request: DemoRequest, drafted: DraftResult, sandbox: Sandbox
) -> tuple[SignResult, ...]:
    timestamps = SandboxTimestamps(key=sandbox.tsa, clock=request.clock)
    meterai = SandboxMeterai(
        key=sandbox.meterai, timestamps=timestamps, random_bytes=request.random_bytes
    )
    current = drafted.files["pdf"]
    stem = Path(current.name).stem
    results: list[SignResult] = []
    for number, party in enumerate(PARTIES):
        role = party.replace("_", " ").upper()
        request.progress("demo.step.sign", {"role": role})
        asked = SignRequest(
            pdf=current,
            clock=request.clock,
            peran=party,
            signer=sandbox.signers[party],
            timestamps=timestamps,
            receipt=drafted.files["receipt"],
        )
        signed = _called(sign(asked), f"{stem}-{2 * number + 1}-ttd.pdf")
        request.progress("demo.step.stamp", {"role": role})
        asked = replace(asked, pdf=signed.file, signer=None, timestamps=None, meterai=meterai)
        stamped = _called(sign(asked), f"{stem}-{2 * number + 2}-meterai.pdf")
        results += [signed, stamped]
        current = stamped.file
    return tuple(results)


def _called(result: SignResult, name: str) -> SignResult:
    return replace(result, file=NamedFile(name, result.file.content))


def _archive(
    request: DemoRequest,
    drafted: DraftResult,
    sandbox: Sandbox,
    root: NamedFile,
    lists: tuple[NamedFile, ...],
    finished: NamedFile,
) -> ExtendResult:
    request.progress("demo.step.archive", {})
    result = extend(
        ExtendRequest(
            pdf=finished,
            clock=request.clock,
            timestamps=SandboxTimestamps(key=sandbox.tsa, clock=request.clock),
            trust=(root,),
            crls=lists,
            receipt=drafted.files["receipt"],
        )
    )
    name = f"{Path(drafted.files['pdf'].name).stem}-akhir.pdf"
    return replace(result, file=NamedFile(name, result.file.content))


def _judge(
    request: DemoRequest,
    drafted: DraftResult,
    root: NamedFile,
    pdf: NamedFile,
    *,
    pictures: bool = True,
) -> VerifyResult:
    return verify(
        VerifyRequest(
            pdf=pdf,
            clock=request.clock,
            issued=drafted.files["pdf"],
            receipt=drafted.files["receipt"],
            trust=(root,),
            pictures=pictures,
            limits=Limits().lasting(_PATIENCE),
        )
    )


def _refuse_copies(
    request: DemoRequest,
    drafted: DraftResult,
    root: NamedFile,
    steps: tuple[SignResult, ...],
    final: NamedFile,
) -> tuple[dict[str, NamedFile], dict[str, VerifyReport]]:
    request.progress("demo.step.tamper", {})
    original = final.content
    copies = {
        "demo.tamper.byte": NamedFile("satu-bita.pdf", change_one_byte(original)),
        "demo.tamper.appended": NamedFile("revisi-tambahan.pdf", append_revision(original)),
        "demo.tamper.stripped": NamedFile("tanpa-pihak-kedua.pdf", steps[1].file.content),
    }
    reports: dict[str, VerifyReport] = {}
    for code, copy in copies.items():
        reports[code] = _judge(request, drafted, root, copy, pictures=False).report
        if reports[code].verdict != "failed":
            raise PksKitError("demo.unexpected", what=f"{copy.name}: {reports[code].verdict}")
    return copies, reports


def change_one_byte(pdf: bytes) -> bytes:
    """Return the file with one byte changed inside the first content stream."""
    position = pdf.index(b"stream") + 200
    return pdf[:position] + bytes([pdf[position] ^ 0x01]) + pdf[position + 1 :]


def append_revision(pdf: bytes) -> bytes:
    """Return the file with a note added on page 1 in a further revision."""
    from pypdf import PdfWriter
    from pypdf.annotations import FreeText

    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    note = FreeText(text="Tarif diubah", rect=(80, 500, 300, 530))
    writer.add_annotation(page_number=0, annotation=note)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()

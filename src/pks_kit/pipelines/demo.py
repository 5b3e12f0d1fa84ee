"""The whole road on sample data: draft, sign and stamp, archive, verify, refuse copies.

Everything is made at run time with a sandbox authority that lives in memory; nothing needs a
network, and nothing made here has a legal effect.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pks_kit.errors import PksKitError
from pks_kit.files import write_atomic
from pks_kit.pipelines.draft import DraftRequest, DraftResult, draft
from pks_kit.pipelines.extend import ExtendRequest, ExtendResult, extend
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
from pks_kit.verification.report.verdict import VerifyReport

SAMPLE = "klinik-pratama-rawat-inap.yml"
PARTIES = ("pihak_kesatu", "pihak_kedua")
_PATIENCE = 60
"""Seconds for one verification: a demo is often the first thing a busy machine runs."""
ROOT_FILE = "otoritas-uji.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRequest:
    """Where to run the demo, and what it takes from outside.

    Attributes:
        output: Folder for the files; existing files of an earlier demo are replaced.
        clock: Gives the present time, with a time zone.
        random_bytes: Source of randomness for serial numbers.
        language: Language of the HTML report.
        progress: Called with a message code and its parameters before each step.
    """

    output: Path
    clock: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    language: str = "id"
    progress: Callable[[str, Mapping[str, str]], None] = field(default=lambda _code, _params: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo made and found.

    Attributes:
        drafted: Result of the draft.
        steps: Four signing and stamping results, in order.
        archive: Result of the archiving after the last step.
        final: The finished PDF.
        report: Report on the finished PDF.
        html: The report as a page.
        refused: Message code of each alteration to the report that refused it.
        files: All files, in the order they were made.
        signature_page: Page with the signatures of the parties.
    """

    drafted: DraftResult
    steps: tuple[SignResult, ...]
    archive: ExtendResult
    final: Path
    report: VerifyReport
    html: Path
    refused: Mapping[str, VerifyReport]
    files: tuple[Path, ...]
    signature_page: int


def run_demo(request: DemoRequest) -> DemoResult:
    """Run the whole road.

    Raises:
        PksKitError: ``demo.unexpected`` when the final file does not pass or an altered copy is
            not refused; or whatever a step raises.
    """
    request.progress("demo.step.draft", {"file": SAMPLE})
    drafted = draft(DraftRequest(source=samples_root() / SAMPLE, output=request.output, force=True))
    request.progress("demo.step.keys", {})
    sandbox = create_sandbox(request.clock(), people_of(drafted.files["receipt"]))
    root = request.output / ROOT_FILE
    write_atomic(root, sandbox.root_pem)
    steps = _sign_all(request, drafted, sandbox)
    archive = _archive(request, drafted, sandbox, root, steps[-1].output)
    final = archive.output
    request.progress("demo.step.verify", {})
    html = request.output / "laporan-pemeriksaan.html"
    result = _judge(request, drafted, root, final)
    report = result.report
    write_atomic(html, result.page(request.language).content)
    if report.verdict != "passed":
        raise PksKitError("demo.unexpected", what=f"{final.name}: {report.verdict}")
    refused = _refuse_copies(request, drafted, root, steps, final)
    signed = (step.output for step in steps)
    made = (*drafted.files.values(), root, *_lists_of(request), *signed, final, html)
    return DemoResult(
        drafted=drafted,
        steps=steps,
        archive=archive,
        final=final,
        report=report,
        html=html,
        refused=refused,
        files=made,
        signature_page=next(one.page for one in report.signatures if one.page),
    )


def _sign_all(
    request: DemoRequest, drafted: DraftResult, sandbox: Sandbox
) -> tuple[SignResult, ...]:
    timestamps = SandboxTimestamps(key=sandbox.tsa, clock=request.clock)
    meterai = SandboxMeterai(
        key=sandbox.meterai, timestamps=timestamps, random_bytes=request.random_bytes
    )
    current = drafted.files["pdf"]
    stem = current.stem
    results: list[SignResult] = []
    for number, party in enumerate(PARTIES):
        role = party.replace("_", " ").upper()
        request.progress("demo.step.sign", {"role": role})
        signed = request.output / f"{stem}-{2 * number + 1}-ttd.pdf"
        results.append(
            sign(
                SignRequest(
                    pdf=current,
                    output=signed,
                    clock=request.clock,
                    peran=party,
                    signer=sandbox.signers[party],
                    timestamps=timestamps,
                    receipt=drafted.files["receipt"],
                    force=True,
                )
            )
        )
        request.progress("demo.step.stamp", {"role": role})
        stamped = request.output / f"{stem}-{2 * number + 2}-meterai.pdf"
        results.append(
            sign(
                SignRequest(
                    pdf=signed,
                    output=stamped,
                    clock=request.clock,
                    peran=party,
                    meterai=meterai,
                    receipt=drafted.files["receipt"],
                    force=True,
                )
            )
        )
        current = stamped
    return tuple(results)


def _lists_of(request: DemoRequest) -> tuple[Path, ...]:
    """Return where the demo puts the revocation lists of its authorities."""
    return tuple(request.output / f"otoritas-uji-{name}" for name in CRL_FILES)


def _archive(
    request: DemoRequest, drafted: DraftResult, sandbox: Sandbox, root: Path, finished: Path
) -> ExtendResult:
    request.progress("demo.step.archive", {})
    lists = _lists_of(request)
    for path, content in zip(lists, sandbox.crls, strict=True):
        write_atomic(path, content)
    return extend(
        ExtendRequest(
            pdf=finished,
            output=request.output / f"{drafted.files['pdf'].stem}-akhir.pdf",
            clock=request.clock,
            timestamps=SandboxTimestamps(key=sandbox.tsa, clock=request.clock),
            trust=(root,),
            crls=lists,
            receipt=drafted.files["receipt"],
            force=True,
        )
    )


def _judge(
    request: DemoRequest, drafted: DraftResult, root: Path, pdf: Path, *, pictures: bool = True
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
    root: Path,
    steps: tuple[SignResult, ...],
    final: Path,
) -> dict[str, VerifyReport]:
    request.progress("demo.step.tamper", {})
    folder = request.output / "salinan-diubah"
    original = final.read_bytes()
    copies = {
        "demo.tamper.byte": ("satu-bita.pdf", change_one_byte(original)),
        "demo.tamper.appended": ("revisi-tambahan.pdf", append_revision(original)),
        "demo.tamper.stripped": ("tanpa-pihak-kedua.pdf", steps[1].output.read_bytes()),
    }
    reports: dict[str, VerifyReport] = {}
    for code, (name, content) in copies.items():
        write_atomic(folder / name, content)
        copy = _judge(request, drafted, root, folder / name, pictures=False)
        reports[code] = copy.report
        if reports[code].verdict != "failed":
            raise PksKitError("demo.unexpected", what=f"{name}: {reports[code].verdict}")
    return reports


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

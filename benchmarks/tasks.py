"""One measured task per process; prints its figures as JSON on the last line.

Usage: ``python tasks.py TASK FOLDER``. Tasks use the results of earlier ones in FOLDER.
"""

from __future__ import annotations

import json
import resource
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests")]

if TYPE_CHECKING:
    from pks_kit.pipelines.draft import DraftResult


def now() -> datetime:
    return datetime.now(UTC)


def draft(folder: Path) -> dict[str, float]:
    """Our draft: PDF, DOCX, text, receipt."""
    from pks_kit.pipelines.draft import DraftRequest, draft
    from pks_kit.resources import samples_root

    sample = samples_root() / "klinik-pratama-rawat-inap.yml"
    result = draft(DraftRequest(source=sample))
    _save(result, folder / "draft")
    return {"pages": result.pages}


def draft_pdf_only(folder: Path) -> dict[str, float]:
    """Our draft, PDF and receipt only: by part, furniture, fields, attachments, self-check."""
    from pks_kit.pipelines.draft import DraftRequest, draft
    from pks_kit.resources import samples_root

    sample = samples_root() / "klinik-pratama-rawat-inap.yml"
    result = draft(DraftRequest(source=sample, formats=("pdf",)))
    _save(result, folder / "pdf")
    return {"pages": result.pages}


def _save(result: DraftResult, folder: Path) -> None:
    for file in result.files.values():
        file.save(folder, replace=True)


def one_pass_render(folder: Path) -> dict[str, float]:
    """Named alternative: WeasyPrint renders the same pages in one pass, nothing else."""
    from cpu import Watch
    from peers import State, weasyprint

    from pks_kit.resources import samples_root

    watch = Watch()
    sample = samples_root() / "klinik-pratama-rawat-inap.yml"
    weasyprint(State(folder), watch, source=str(sample))
    return {"task": watch.spent["weasyprint"]}


def _issued(folder: Path) -> tuple[Path, Path]:
    (pdf,) = (folder / "pdf").glob("*.pdf")
    return pdf, pdf.with_name(f"{pdf.stem}.receipt.json")


def sign(folder: Path) -> dict[str, float]:
    """Our signature with the checks before and after it; also makes the final file."""
    from pks_kit.domain.receipt import parse_receipt
    from pks_kit.pipelines.sign import sign
    from pks_kit.pipelines.signing.sign_request import SignRequest
    from pks_kit.signing.sandbox.authority import SandboxTimestamps, create_sandbox, people_of
    from pks_kit.signing.sandbox.meterai import SandboxMeterai

    pdf, receipt = _issued(folder)
    sandbox = create_sandbox(now(), people_of(parse_receipt(receipt.read_bytes(), receipt.name)))
    timestamps = SandboxTimestamps(key=sandbox.tsa, clock=now)
    meterai = SandboxMeterai(
        key=sandbox.meterai, timestamps=timestamps, random_bytes=secrets.token_bytes
    )
    (folder / "root.pem").write_bytes(sandbox.root_pem)
    started = process_time()
    seconds = 0.0
    current = pdf
    for number, (party, stamp) in enumerate(
        (party, stamp) for party in ("pihak_kesatu", "pihak_kedua") for stamp in (False, True)
    ):
        out = folder / f"signed-{number}.pdf"
        keys = (
            {"meterai": meterai}
            if stamp
            else {"signer": sandbox.signers[party], "timestamps": timestamps}
        )
        request = SignRequest(pdf=current, clock=now, peran=party, receipt=receipt, **keys)
        out.write_bytes(sign(request).file.content)
        if number == 0:
            seconds = process_time() - started
        current = out
    return {"task": seconds}


def pyhanko_sign(folder: Path) -> dict[str, float]:
    """Named alternative: pyHanko's own high-level call on the same file, same level, no checks."""
    import asyncio

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    from pks_kit.signing.sandbox.authority import SandboxTimestamps, create_sandbox

    pdf, _ = _issued(folder)
    sandbox = create_sandbox(now(), {"pihak_kesatu": "Nama Uji"})
    timestamper = SandboxTimestamps(key=sandbox.tsa, clock=now).timestamper()
    identity = asyncio.run(sandbox.signers["pihak_kesatu"].identity(now()))
    signer: Any = getattr(identity, "signer", identity)
    started = process_time()
    with pdf.open("rb") as stream:
        signers.sign_pdf(
            IncrementalPdfFileWriter(stream),
            signers.PdfSignatureMetadata(
                field_name="TTD_PIHAK_KESATU",
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
            ),
            signer=signer,
            timestamper=timestamper,
        )
    return {"task": process_time() - started}


def verify(folder: Path) -> dict[str, float]:
    """Our verification of the finished file against the issued one, in a child process."""
    from pks_kit.pipelines.verify import VerifyRequest, verify
    from pks_kit.verification.limits import Limits

    pdf, receipt = _issued(folder)
    report = verify(
        VerifyRequest(
            pdf=folder / "signed-3.pdf",
            clock=now,
            issued=pdf,
            receipt=receipt,
            trust=(folder / "root.pem",),
            limits=Limits().lasting(120),  # a busy machine is no reason to stop measuring
        )
    ).report
    if report.verdict != "passed":
        raise SystemExit(f"the finished file did not pass: {report.verdict}")
    if len(report.signatures) != 4 or (report.file.pages or 0) < 70:
        raise SystemExit("not a file of at least 70 pages with four signatures")
    return {"pages": report.file.pages or 0, "signatures": len(report.signatures)}


def pyhanko_validate(folder: Path) -> dict[str, float]:
    """Named alternative: pyHanko's own validation of the same file, signature by signature."""
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    root = load_cert_from_pemder(str(folder / "root.pem"))
    with (folder / "signed-3.pdf").open("rb") as stream:
        reader = PdfFileReader(stream)
        for signature in reader.embedded_signatures:
            status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))
            if not status.intact:
                raise SystemExit("pyHanko calls a signature broken")
    return {}


ENTRIES = 50
"""How often the guard is entered, and an interpreter started: one alone is too short to tell."""


def enter_guard(folder: Path) -> dict[str, float]:
    """Entering the guard of a child, with every rule the kernel knows, in a fork of its own."""
    import os
    import struct

    from pks_kit.verification.isolation.kernel.enter import enter
    from pks_kit.verification.isolation.kernel.places import readable_places

    readable_places()
    spent = 0.0
    for _ in range(ENTRIES):
        told, tells = os.pipe()
        child = os.fork()
        if child == 0:
            started = process_time()
            enter(readable_places())
            os.write(tells, struct.pack("d", process_time() - started))
            os._exit(0)
        os.close(tells)
        with os.fdopen(told, "rb") as answer:
            spent += struct.unpack("d", answer.read())[0]
        os.waitpid(child, 0)
    return {"task": spent}


def start_python(folder: Path) -> dict[str, float]:
    """Named alternative: starting an isolated interpreter that does nothing."""
    import subprocess

    before = cpu()
    for _ in range(ENTRIES):
        subprocess.run([sys.executable, "-I", "-S", "-c", ""], check=True)
    return {"task": cpu() - before}


TASKS: dict[str, Callable[[Path], dict[str, float]]] = {
    "draft": draft,
    "draft-pdf-only": draft_pdf_only,
    "one-pass-render": one_pass_render,
    "sign": sign,
    "pyhanko-sign": pyhanko_sign,
    "verify": verify,
    "pyhanko-validate": pyhanko_validate,
    "enter-guard": enter_guard,
    "start-python": start_python,
}


def cpu() -> float:
    """Return user and system CPU seconds of this process and its ended children."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    """Run one task and print its figures.

    ``cpu`` is the whole process with imports; ``task`` leaves out start-up where the task itself
    says how long it took.
    """
    name, folder = sys.argv[1], Path(sys.argv[2])
    figures = TASKS[name](folder)
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    whole = cpu()
    print(json.dumps({"cpu": whole, "peak_mib": peak / 1024, "task": whole, **figures}))


if __name__ == "__main__":
    main()

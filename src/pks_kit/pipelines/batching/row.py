"""The steps of one agreement of a batch: draft, sign and stamp, verify; each only when it is due.

Running a row again is always right: what stands on the disk and in the ledger is found and not
done twice. It returns an outcome, also for what went wrong.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.collector import collector_paused
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import InputError, PksKitError, RenderError, UsageError
from pks_kit.files import read_limited
from pks_kit.inputs.contract_file import MAXIMUM_BYTES, LoadedKontrak, parse_kontrak
from pks_kit.inputs.plain_data import NO_TREE
from pks_kit.limits import PDF_BYTES, RECEIPT_BYTES
from pks_kit.messages import lookup
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines.batching.covering_letters import stops_all, why_refused, write_letter
from pks_kit.pipelines.batching.driver import PageRoad, RowTask
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED, Reached, RowOutcome, outcome_of
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.workshop import STAGES, Stage, Workshop
from pks_kit.pipelines.draft import prepare
from pks_kit.pipelines.drafting.beside import beside_of
from pks_kit.pipelines.drafting.issue import Prepared, issue, laid_out
from pks_kit.pipelines.drafting.proof import proven_pages
from pks_kit.pipelines.drafting.proof_marks import Structure
from pks_kit.pipelines.error_form import unforeseen
from pks_kit.pipelines.sign_all import SessionRequest, sign_all
from pks_kit.pipelines.verify import VerifyRequest, verify

_RECEIPT = ".receipt.json"

if TYPE_CHECKING:
    from pks_kit.render.pdf import PdfLayout


def run_row(shop: Workshop, task: RowTask) -> RowOutcome:
    """Bring one agreement as far as wanted and possible; never raises for what is wrong with it.

    Args:
        shop: Keys, ledger and folder of this process.
        task: The agreement, and how far.
    """
    started, row = time.thread_time(), task.row
    try:
        found = _steps(shop, task)
    except _StoppedError as stopped:
        found = outcome_of(stopped.error, row.number, stopped.stage)
    except Exception as error:  # noqa: BLE001 - one row never stops the others
        words = lookup("batch.unforeseen").fill(unforeseen(error))
        found = RowOutcome(number=row.number, state="failed", code="batch.unforeseen", words=words)
    return replace(found, cpu=time.thread_time() - started)


class _StoppedError(Exception):
    """An error of ours, with how far the row was."""

    def __init__(self, error: PksKitError, stage: Reached) -> None:
        super().__init__(error.code)
        self.error = error
        self.stage = stage


def _steps(shop: Workshop, task: RowTask) -> RowOutcome:
    row, until = task.row, task.until
    stage: Reached = ""
    try:
        # 1. The data, exactly as they were planned and approved.
        loaded = loaded_row(shop.folder, row)
        # 2. The issued file, unless it stands there.
        with collector_paused():
            issued = _issued(shop, task, loaded)
        stage = "drafted"
        ended = RowOutcome(
            number=row.number,
            state="done",
            stage=stage,
            file=issued.pdf.name,
            note=issued.note,
            proved=issued.proved,
        )
        if until == "drafted":
            return ended
        # 3. Signatures and meterai of this side; the session finds by itself what is done.
        profile = issued.receipt.profile
        clock = shop.clock(loaded.kontrak)
        final = shop.place.finished / issued.pdf.name
        # what was signed here before waits for a party that does not sign here
        waits = profile != "elektronik" or not shop.signs_for(profile)
        steps: tuple[str, ...] = ()
        if not (task.begun in ("signed", "verified", "sent") and final.is_file()):
            result = sign_all(
                SessionRequest(
                    pdf=issued.pdf,
                    folder=shop.sessions,
                    ledger=shop.ledger,
                    tools=shop.tools(issued.receipt, clock),
                    output=final,
                    receipt=issued.receipt_file,
                    archive=shop.archive if profile != "manual" else None,
                    clock=clock,
                )
            )
            steps = tuple(one.step for one in result.done)
            waits = profile != "elektronik" or bool(result.waiting)
        stage = "signed"
        ended = replace(ended, stage=stage, steps=steps)
        if waits:
            ended = replace(ended, state="with_other")
            return _with_letter(shop, ended, issued, final) if until == "sent" else ended
        if until == "signed":
            return ended
        # 4. The verdict, by the bytes that were issued.
        judged = verify(
            VerifyRequest(
                pdf=final,
                issued=issued.pdf,
                receipt=issued.receipt_file,
                trust=shop.trust,
                clock=clock,
            )
        )
        stage = "sent" if until == "sent" else "verified"
        ended = replace(ended, stage=stage, verdict=judged.verdict)
        if judged.verdict != "failed":
            return ended
        words = next(one.message for one in judged.report.checks if one.status == "failed")
        return replace(
            ended, state="failed", stage="verified", code="batch.not_passed", words=words
        )
    except PksKitError as error:
        raise _StoppedError(error, stage) from error


def _with_letter(shop: Workshop, signed: RowOutcome, issued: _Issued, final: Path) -> RowOutcome:
    """Write what the other party gets: instructions, on paper with the pages to print.

    A letter that is refused takes nothing back from an agreement that this side signed.
    """
    try:
        if shop.order.deadline is None:
            raise UsageError("batch.no_deadline")
        write_letter(
            shop.place,
            final,
            issued.receipt_file,
            shop.order.deadline,
            with_pages=issued.receipt.profile != "elektronik",
        )
    except Exception as error:
        if stops_all(error):
            raise
        words = why_refused(error, issued.receipt.profile)
        return replace(signed, code=LETTER_REFUSED, words=words)
    return replace(signed, stage="sent")


def reached(stage: Reached, until: Stage) -> bool:
    """Return whether a row is as far as wanted."""
    return bool(stage) and STAGES.index(stage) >= STAGES.index(until)


def issued_files(folder: BatchFolder, row: PlannedRow) -> tuple[Path, Path] | None:
    """Return PDF and receipt of a row that was issued; None when they do not stand both."""
    place = _place(folder, row)
    receipts = sorted(place.glob(f"*{_RECEIPT}")) if place.is_dir() else []
    for receipt in receipts:
        pdf = receipt.with_name(receipt.name.removesuffix(_RECEIPT) + ".pdf")
        if pdf.is_file():
            return pdf, receipt
    return None


def _place(folder: BatchFolder, row: PlannedRow) -> Path:
    return folder.drafts / (row.agreement_id or f"baris-{row.number}")


def loaded_row(folder: BatchFolder, row: PlannedRow) -> LoadedKontrak:
    """Return the data of a row exactly as they were planned.

    Raises:
        InputError: ``batch.row_not_ready``, ``batch.changed_data``.
    """
    if row.data is None:
        raise InputError("batch.row_not_ready", number=row.number)
    content = folder.row_data(row.data)
    if len(content) > MAXIMUM_BYTES:
        raise InputError("batch.changed_data", file=folder.data.name)
    read = parse_kontrak(content, f"{row.file}#{row.key or row.number}")
    return LoadedKontrak(
        kontrak=read.kontrak, source=read.source, source_bytes=content, tree=lambda: NO_TREE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issued:
    """The issued file of a row.

    Attributes:
        pdf: Where it stands.
        receipt_file: Where its receipt stands.
        receipt: The receipt.
        note: Code of what was noticed while its pages were made; empty otherwise.
        proved: Whether pages of its structure are known to be those of the layout engine.
    """

    pdf: Path
    receipt_file: Path
    receipt: Receipt
    note: str = ""
    proved: bool = False


def _issued(shop: Workshop, task: RowTask, loaded: LoadedKontrak) -> _Issued:
    row = task.row
    found = _standing(shop, row)
    if found is not None:
        return found
    prepared = prepare(loaded, shop.order.as_of, beside_of(shop.settings), shop.order.compiled)
    structure = structure_of(row)
    is_marked = task.road == "first" and shop.proofs.stands(structure, prepared)
    proves = task.road == "prove" or (task.road == "first" and not is_marked)
    layout, differs = _pages(prepared, task.road, shop.order.compiled, proves=proves)
    result = issue(prepared, shop.order.formats, lambda _step: None, layout=layout)
    place = _place(shop.place, row)
    keep({place / one.name: one.content for one in result.files.values()})
    if proves and differs is None:
        keep(shop.proofs.mark(structure, prepared))
    receipt_file = place / result.files["receipt"].name
    return _Issued(
        pdf=place / result.files["pdf"].name,
        receipt_file=receipt_file,
        receipt=parse_receipt(result.files["receipt"].content, receipt_file.name),
        note=differs.code if differs is not None else "",
        proved=is_marked or (proves and differs is None),
    )


def _pages(
    prepared: Prepared, road: PageRoad, compiled: Path | None, *, proves: bool
) -> tuple[PdfLayout, RenderError | None]:
    if proves:
        return proven_pages(prepared, compiled)
    return laid_out(prepared, road="plain" if road == "plain" else "quick", compiled=compiled), None


def structure_of(row: PlannedRow) -> Structure:
    """Return what agreements of one text, kind and method have in common."""
    return row.versi, row.jenis, row.cara_kontrak


def _standing(shop: Workshop, row: PlannedRow) -> _Issued | None:
    """Return what was issued before; a file that is half there or not its receipt's is not."""
    found = issued_files(shop.place, row)
    if found is None:
        return None
    pdf, receipt_file = found
    receipt = parse_receipt(read_limited(receipt_file, RECEIPT_BYTES), receipt_file.name)
    content = read_limited(pdf, PDF_BYTES)
    if receipt.issued is None or sha256_of(content) != receipt.issued.sha256:
        return None
    return _Issued(pdf=pdf, receipt_file=receipt_file, receipt=receipt)

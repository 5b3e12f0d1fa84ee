"""Report how far a batch is: a page to read and a workbook to count with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pks_kit.files import NamedFile
from pks_kit.json_types import Count, Sha256
from pks_kit.ledger.ports import Ledger
from pks_kit.pipelines.batch_rows import BatchStatusRequest, batch_status
from pks_kit.pipelines.batching.advice import page_with_folder
from pks_kit.pipelines.batching.asked_texts import with_asked
from pks_kit.pipelines.batching.awaited import Awaited, awaited
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.report import BatchReport
from pks_kit.pipelines.batching.summary import BatchStatus
from pks_kit.pipelines.fleet.book import FleetBook
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock

PAGE, BOOK = "laporan.html", "laporan.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReportRequest(Request):
    """What to report.

    Attributes:
        folder: Folder of the batch.
        ledger: Where approvals are looked up; None: not at all.
        rehearsal: Report the rehearsal.
        fleet: The book that machines share; None: that of the folder.
        language: Language of page and workbook.
        name: How people call the batch; empty: the name of its folder.
        clock: Gives the present time, with a time zone.
    """

    folder: Path
    ledger: Ledger | None = None
    rehearsal: bool = False
    fleet: FleetBook | None = None
    language: Literal["id", "en"] = "id"
    name: str = ""
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReported:
    """The report, nothing of it written; exit code 50 while some agreements are not done.

    Attributes:
        plan: Hash of the plan.
        rows: Agreements in the plan.
        states: How many agreements are in each state.
        page: The page.
        workbook: The workbook, with all agreements.
        exit_code: 0 when every agreement is done or waits for the other party, otherwise 50.
    """

    plan: Sha256
    rows: Count
    states: dict[str, int]
    page: NamedFile
    workbook: NamedFile
    exit_code: Count


@verb
def batch_report(request: BatchReportRequest) -> BatchReported:
    """Return page and workbook about every agreement of a batch; also while a run is at work.

    Raises:
        UsageError: ``batch.no_plan``, ``request.type``.
        InputError: Plan or book are not those that were made.
        LedgerError: The ledger cannot be read.
    """
    status = batch_status(
        BatchStatusRequest(
            folder=request.folder,
            ledger=request.ledger,
            rehearsal=request.rehearsal,
            fleet=request.fleet,
        )
    )
    place = BatchFolder(request.folder)
    report = BatchReport(
        with_asked(status, place.rehearsal if request.rehearsal else place),
        request.language,
        moment(request.clock),
        rehearsed=request.rehearsal,
        folder=str(request.folder),
        name=request.name or request.folder.resolve().name,
        awaited=Awaited() if request.rehearsal else awaited(request.folder, request.ledger),
    )
    return written(status, report, page_with_folder(report.html(), request.folder))


batch_report_async = in_background(batch_report)


def written(status: BatchStatus, report: BatchReport, page: bytes) -> BatchReported:
    """Return page and workbook of a report.

    Args:
        status: What is told.
        report: The report of it.
        page: Its page, with what stands for the folder filled in where it advises commands.
    """
    return BatchReported(
        plan=status.plan,
        rows=status.planned,
        states=status.states,
        page=NamedFile(PAGE, page),
        workbook=NamedFile(BOOK, report.book()),
        exit_code=status.exit_code,
    )

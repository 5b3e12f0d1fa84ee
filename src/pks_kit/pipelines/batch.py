"""A batch: plan many agreements and have the plan approved, or rejected.

Like a signing session, a batch outlives its process: its requests name a folder that is written to
while they work. ``pipelines/batch_run.py`` runs a plan, ``pipelines/batch_rows.py`` looks after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from pks_kit.domain.nama_orang import surely_different
from pks_kit.errors import UsageError
from pks_kit.files import NamedFile
from pks_kit.json_types import Count, Sha256, Text
from pks_kit.ledger.plans import record_approval, record_rejection
from pks_kit.ledger.ports import Ledger
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import ReadPlan, chosen_rows, person_named
from pks_kit.pipelines.batching.planning import Planning, make_plan
from pks_kit.pipelines.batching.preview_files import BOOK, PAGE, Previewing, write_preview
from pks_kit.pipelines.batching.sample import Sampled
from pks_kit.pipelines.batching.signing_days import SigningDay, signing_days
from pks_kit.pipelines.batching.summary import PARTLY
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.settings.model import SigningSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlanRequest(Request):
    """What to plan.

    Attributes:
        sources: Contract data (YAML) and workbooks, compared with each other.
        folder: Folder of the batch; made when missing, and empty of plans.
        by: Who plans; another person approves.
        earlier: Contract data and workbooks of last year; what differs is told.
        settings: Settings of signing; None when nothing will be signed.
        settings_bytes: The same as they stand in their file, to be told apart from others.
        as_of: Date of the rules; None means the start of each term.
        sample: How many agreements are drafted for the preview, with pictures of their pages;
            each costs seconds. Which others should be looked at is told anyway.
        language: Language of the preview.
        compiled: Folder with compiled templates for the sample; None reads nothing.
        clock: Gives the present time, with a time zone.
        progress: Called with how many rows are checked, and of how many.
        ledger: Tells which agreements were issued or signed before, which the plan says of their
            rows; None: nobody looks.
    """

    sources: Sequence[Path | NamedFile]
    folder: Path
    by: str
    earlier: Sequence[Path | NamedFile] = ()
    settings: SigningSettings | None = None
    settings_bytes: bytes | None = None
    as_of: date | None = None
    sample: int = 3
    language: Literal["id", "en"] = "id"
    compiled: Path | None = None
    clock: Clock = system_clock
    progress: Callable[[int, int], None] = field(default=lambda _done, _all: None)
    ledger: Ledger | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlanned:
    """What was planned; exit code 50 when some agreements cannot be drafted.

    Attributes:
        plan: Hash of the plan; an approval names it.
        folder: Folder of the batch.
        rows: Agreements in the plan.
        ready: How many of them can be drafted as their data stand.
        exceptions: How many a person must look at, among them those that cannot be drafted.
        unread: How many files could not be read, or have something wrong as a whole.
        meterai: How many meterai this side will buy.
        methods: How many agreements there are by method.
        facilities: How many there are by kind of facility.
        preview: The page that a person reads before approving.
        workbook: The same as a workbook, with all agreements.
        signing_days: Printed days of signing beside the day of the plan; none when nothing will be
            signed.
        sampled: PDFs that were drafted for the preview.
        sample_failed: Agreements of the sample that could not be drafted; the preview says why.
    """

    plan: Sha256
    folder: Text
    rows: Count
    ready: Count
    exceptions: Count
    unread: Count
    meterai: Count
    methods: dict[str, int]
    facilities: dict[str, int]
    preview: Text
    workbook: Text
    signing_days: tuple[SigningDay, ...]
    sampled: tuple[Text, ...]
    sample_failed: Count

    @property
    def exit_code(self) -> int:
        """Return 0, or 50 when something cannot go on."""
        stopped = self.ready < self.rows or self.unread or self.sample_failed
        return PARTLY if stopped else 0


@verb
def batch_plan(request: BatchPlanRequest) -> BatchPlanned:
    """Check every agreement and write a plan that never changes; what is wrong is in the plan.

    A preview is written beside it, as page and workbook, with some agreements as pictures.

    Raises:
        UsageError: ``batch.planned``, ``batch.nothing``, ``batch.no_name``, ``request.type``.
        InputError: A file cannot be copied or written.
        LedgerError: The ledger cannot be read.
    """
    folder = BatchFolder(request.folder)
    planning = Planning(
        sources=request.sources,
        earlier=request.earlier,
        by=person_named(request.by),
        settings=request.settings,
        settings_bytes=request.settings_bytes,
        as_of=request.as_of,
        now=moment(request.clock),
        progress=request.progress,
        ledger=request.ledger,
    )
    with folder.alone():
        found = make_plan(planning, folder)
        wanted = Previewing(
            sample=request.sample,
            language=request.language,
            settings=request.settings,
            compiled=request.compiled,
        )
        return _planned(found, folder, write_preview(found, folder, wanted))


batch_plan_async = in_background(batch_plan)


def _planned(found: ReadPlan, folder: BatchFolder, sample: Sequence[Sampled]) -> BatchPlanned:
    """Return what a plan holds, in numbers."""
    plan = found.plan
    return BatchPlanned(
        plan=found.id,
        folder=str(folder.path),
        rows=len(plan.rows),
        ready=sum(one.is_ready for one in plan.rows),
        exceptions=sum(one.is_exception for one in plan.rows),
        unread=len(plan.unread),
        meterai=plan.meterai(),
        methods=plan.counts("cara_kontrak"),
        facilities=plan.counts("jenis"),
        preview=str(folder.path / PAGE),
        workbook=str(folder.path / BOOK),
        signing_days=signing_days(plan.ready(), plan.made_at) if plan.parties else (),
        sampled=tuple(str(folder.path / one.pdf) for one in sample if one.pdf),
        sample_failed=sum(one.problem is not None for one in sample),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchApproveRequest(Request):
    """Which plan a person approves.

    Attributes:
        folder: Folder of the batch.
        by: Who approves; not who planned.
        ledger: Where the approval is written down.
        leave_out: Agreements that are not approved and not run, by ``kunci_faskes``, code, name, or
            number in the plan.
        looked_at: Names of the agreements that this person looked at.
        clock: Gives the present time, with a time zone.
    """

    folder: Path
    by: str
    ledger: Ledger
    leave_out: Sequence[str] = ()
    looked_at: Sequence[str] = ()
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchApproved:
    """An approval that stands in the ledger.

    Attributes:
        plan: Hash of the plan.
        by: Who approved it.
        event: Number of the event.
        rows: Agreements that may be signed by it.
        meterai: Meterai that may be bought by it.
    """

    plan: Sha256
    by: Text
    event: Count
    rows: Count
    meterai: Count


@verb
def batch_approve(request: BatchApproveRequest) -> BatchApproved:
    """Write into the ledger that a person approved exactly this plan.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.no_name``, ``batch.same_person``,
            ``batch.nothing_ready``, ``batch.no_row``; ``batch.drafts_only`` when the plan was made
            without settings.
        InputError: The plan is not the one that was made.
        LedgerError: It cannot be written down.
    """
    found = BatchFolder(request.folder).plan()
    by, plan = person_named(request.by), found.plan
    if not plan.parties:
        raise UsageError("batch.drafts_only")
    if not surely_different(by, plan.made_by):
        raise UsageError("batch.same_person", name=by)
    out = (
        {one.number for one in chosen_rows(plan, request.leave_out)} if request.leave_out else set()
    )
    approved = [one for one in plan.ready() if one.number not in out]
    if not approved:
        raise UsageError("batch.nothing_ready")
    meterai = sum(one.meterai for one in approved)
    event = record_approval(
        request.ledger,
        found.id,
        oleh=by,
        pembuat=plan.made_by,
        baris=len(approved),
        meterai=meterai,
        kecuali=sorted(out),
        waktu=moment(request.clock),
        dilihat="; ".join(request.looked_at),
    )
    return BatchApproved(
        plan=found.id, by=by, event=event.nomor, rows=len(approved), meterai=meterai
    )


batch_approve_async = in_background(batch_approve)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRejectRequest(Request):
    """Which plan a person rejects.

    Attributes:
        folder: Folder of the batch.
        by: Who rejects; may be who planned, to take a plan back.
        reason: Why; whoever planned reads it.
        ledger: Where the rejection is written down.
        clock: Gives the present time, with a time zone.
    """

    folder: Path
    by: str
    reason: str
    ledger: Ledger
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRejected:
    """A rejection that stands in the ledger.

    Attributes:
        plan: Hash of the plan.
        by: Who rejected it.
        reason: Why.
        event: Number of the event.
    """

    plan: Sha256
    by: Text
    reason: Text
    event: Count


@verb
def batch_reject(request: BatchRejectRequest) -> BatchRejected:
    """Write into the ledger that a person rejected exactly this plan.

    Earlier approvals end with it: no run begins until somebody approves again. A run that is at
    work is not stopped by it.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.no_name``, ``batch.no_reason``.
        InputError: The plan is not the one that was made.
        LedgerError: It cannot be written down.
    """
    found = BatchFolder(request.folder).plan()
    by, reason = person_named(request.by), " ".join(request.reason.split())
    if not reason:
        raise UsageError("batch.no_reason")
    event = record_rejection(
        request.ledger, found.id, oleh=by, alasan=reason, waktu=moment(request.clock)
    )
    return BatchRejected(plan=found.id, by=by, reason=reason, event=event.nomor)


batch_reject_async = in_background(batch_reject)

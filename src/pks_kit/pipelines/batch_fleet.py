"""Run a batch on many machines: put its rows into the queue, take them out on each machine."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pks_kit.errors import SigningError, UsageError
from pks_kit.json_types import Count, Sha256, Text
from pks_kit.ledger import kinds
from pks_kit.messages import Message
from pks_kit.pipelines.batch_run import CALLERS, refuse_unready, talks_to_services
from pks_kit.pipelines.batching.alive import seen_lately
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.compiles import compile_for
from pks_kit.pipelines.batching.decisions import Decided, beside_plan, settle
from pks_kit.pipelines.batching.driver import Driver, Lane
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.next_step import is_done
from pks_kit.pipelines.batching.pool import PoolDriver
from pks_kit.pipelines.batching.row import reached
from pks_kit.pipelines.batching.signing_days import SigningDay, signed_already, signing_days
from pks_kit.pipelines.batching.summary import BatchStatus, status_of
from pks_kit.pipelines.batching.workshop import ShopOrder, WithSettings
from pks_kit.pipelines.fleet.book import FleetBook
from pks_kit.pipelines.fleet.place import fleet_place
from pks_kit.pipelines.fleet.queue import Queue, prepare_queue
from pks_kit.pipelines.fleet.worker import STALLED, Machine, work_on
from pks_kit.pipelines.requests.background import in_background, in_own_loop
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock

FleetStage = Literal["drafted", "signed", "verified"]
"""How far machines bring an agreement; what is sent to the other party is made on one machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEnqueueRequest(Request):
    """Which batch to put into the queue.

    Attributes:
        folder: Folder of the batch.
        signing: Keys, services and the database.
        settings_bytes: The settings as they stand in their file; they must be those of the plan.
        until: How far to bring each agreement.
        clock: Gives the present time, with a time zone.
    """

    folder: Path
    signing: WithSettings
    settings_bytes: bytes | None = None
    until: FleetStage = "verified"
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEnqueued:
    """What was put into the queue.

    Attributes:
        plan: Hash of the plan.
        rows: How many agreements wait in the queue because of this.
        done: How many need nothing any more.
        signing_days: Printed days of signing of those that are to be signed, beside today.
    """

    plan: Sha256
    rows: Count
    done: Count
    signing_days: tuple[SigningDay, ...]


@verb
def batch_enqueue(request: BatchEnqueueRequest) -> BatchEnqueued:
    """Put every agreement that is not as far as wanted into the queue, whatever the queue believes.

    Plan and ledger decide; a job that is there twice finds its agreement done, or busy.

    Raises:
        UsageError: ``fleet.needs_server``, ``fleet.not_installed``, ``batch.no_plan``,
            ``batch.not_approved``, ``batch.nothing_ready``.
        InputError: ``batch.other_settings``; the plan is not the one that was made.
        SigningError: ``batch.settings_bad``, ``batch.other_person``, ``batch.quota``.
        LedgerError: The ledger cannot be used.
    """
    found = BatchFolder(request.folder).plan()
    tools = request.signing.signing_tools(request.clock)
    place = fleet_place(tools)
    out: Mapping[int, Decided] = beside_plan(BatchFolder(request.folder))
    if request.until != "drafted":
        not_run = refuse_unready(request, request.signing, found, request.until)
        out = {**out, **not_run}
    ready = [one for one in found.plan.ready() if one.number not in out]
    prepare_queue(place)
    with tools.open_ledger() as ledger, closing(FleetBook(place, found.id)) as book:
        if request.until != "drafted":
            settle(book, out)
        complete = {one.perjanjian for one in ledger.events(jenis=kinds.SELESAI)}
        known = book.rows()
        rows = [known.get(one.number, BookRow(number=one.number)) for one in ready]
        signed = {one.number for one in ready if one.agreement_id in complete}
        # what the book calls signed and the ledger does not know is not believed
        rows = [one if one.number in signed else _unsigned(one) for one in rows]
        wanted = [replace(one, state="waiting") for one in rows if not is_done(one, request.until)]
        book.write([*wanted, *(one for one in rows if is_done(one, request.until))])
        book.order(request.until, len(found.plan.rows))
        days: tuple[SigningDay, ...] = ()
        if request.until != "drafted":
            days = signing_days(ready, moment(request.clock), signed_already(ledger))
        in_own_loop(_put(Queue(place, found.id), [one.number for one in wanted]))
    return BatchEnqueued(
        plan=found.id, rows=len(wanted), done=len(rows) - len(wanted), signing_days=days
    )


batch_enqueue_async = in_background(batch_enqueue)


def _unsigned(one: BookRow) -> BookRow:
    """Return a row that the ledger does not call complete as it can be at most."""
    if one.state == "done" and reached(one.stage, "signed"):
        return replace(one, state="waiting", stage="drafted", verdict="")
    return one


async def _put(queue: Queue, numbers: Sequence[int]) -> None:
    async with queue.app.open_async():
        await queue.put(numbers, "cpu")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWorkerRequest(Request):
    """How one machine works on a batch that stands in the queue.

    Attributes:
        folder: Folder of the batch; all machines see the same one.
        signing: Keys, services and the database.
        settings_bytes: The settings as they stand in their file; they must be those of the plan.
        jobs: How many processes; None: one for each processor.
        compiled: Folder with compiled templates of this machine; what many of the agreements need
            and is not there is compiled first. None neither reads nor writes.
        formats: Formats beside the PDF.
        stalled: Seconds after which another machine that says nothing is taken for dead.
        proves: Whether the first agreement of each structure, and one in a thousand, is laid out
            again and compared.
        compiling: Called now and then with how many texts are compiled, and of how many.
        stopping: Returns whether this machine may begin no further agreement.
        clock: Gives the present time, with a time zone.
    """

    folder: Path
    signing: WithSettings
    settings_bytes: bytes | None = None
    jobs: int | None = None
    compiled: Path | None = None
    formats: Sequence[str] = ("pdf",)
    stalled: float = STALLED
    proves: bool = True
    compiling: Callable[[int, int], None] = field(default=lambda _done, _all: None)
    stopping: Callable[[], bool] = field(default=lambda: False)
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWorked:
    """What one machine did; exit code 50 when agreements are left, 20 when the plan was stopped.

    Attributes:
        status: How far the batch is, on all machines.
        tried: Attempts of this machine.
        cpu: Processor seconds of its agreements, without guarded children.
        given_back: Agreements of dead machines that it put back into the queue.
        code: Why no agreement may be begun any more; empty otherwise.
        reason: The same in words.
        advice: What to do about it.
        compiled: Kinds and methods of texts that this machine compiled before its agreements.
        not_compiled: Why some were not, so that their agreements took longer; null: none failed.
    """

    status: BatchStatus
    tried: Count
    cpu: float
    given_back: Count
    code: Text
    reason: Message
    advice: Message
    compiled: Count
    not_compiled: Message | None

    @property
    def exit_code(self) -> int:
        """Return 0 when all is done, 50 when agreements are left, 20 when the plan was stopped."""
        return SigningError.exit_code if self.code else self.status.exit_code


@verb
def batch_worker(request: BatchWorkerRequest) -> BatchWorked:
    """Take agreements of a batch from the queue until none is left, on this machine.

    Raises:
        UsageError: ``fleet.needs_server``, ``fleet.not_installed``, ``fleet.not_enqueued``,
            ``batch.no_plan``, ``batch.not_approved``.
        InputError: ``batch.other_settings``; the plan is not the one that was made.
        SigningError: ``batch.settings_bad``: a key or service does not work on this machine.
        LedgerError: The database cannot be used, or went away.
    """
    found = BatchFolder(request.folder).plan()
    place = fleet_place(request.signing.signing_tools(request.clock))
    prepare_queue(place)
    with closing(FleetBook(place, found.id)) as book:
        order, known = book.ordered(), book.rows()
    if order is None:
        raise UsageError("fleet.not_enqueued", folder=str(request.folder))
    out: Mapping[int, Decided] = beside_plan(BatchFolder(request.folder))
    if order.until != "drafted":
        not_run = refuse_unready(request, request.signing, found, order.until)
        out = {**out, **not_run}
    ready = [one for one in found.plan.ready() if one.number not in out]
    services = order.until != "drafted" and talks_to_services(request.signing.settings)
    shop = ShopOrder(
        folder=request.folder.resolve(),
        as_of=found.plan.as_of,
        signing=request.signing if order.until != "drafted" else None,
        compiled=request.compiled,
        formats=tuple(dict.fromkeys(("pdf", *request.formats))),
    )
    processes = min(request.jobs or os.cpu_count() or 1, max(1, len(ready)))
    compiles = compile_for(
        request.compiled,
        ready,
        known,
        processes,
        progress=request.compiling,
        stopping=request.stopping,
    )
    done = in_own_loop(
        work_on(
            Machine(
                place=place,
                plan_id=found.id,
                rows=ready,
                until=order.until,
                processes=processes,
                callers=CALLERS if services else 0,
                driver=_Pools(shop),
                stalled=request.stalled,
                proves=request.proves,
                stopping=request.stopping,
            )
        )
    )
    with closing(FleetBook(place, found.id)) as book:
        order = book.ordered() or order
        runs = book.runs()
        status = status_of(found, book.rows(), runs, None, seen_lately(runs, time.time()))
    return BatchWorked(
        status=status,
        tried=done.tried,
        cpu=done.cpu,
        given_back=done.given_back,
        code=order.code,
        reason=Message(order.words.id, order.words.en),
        advice=Message(order.words.hint_id, order.words.hint_en),
        compiled=compiles.made,
        not_compiled=compiles.problem,
    )


batch_worker_async = in_background(batch_worker)


@dataclass(frozen=True, slots=True)
class _Pools:
    """Makes the worker processes of a lane."""

    order: ShopOrder

    def __call__(self, lane: Lane, slots: int) -> Driver:
        if lane == "cpu":
            return PoolDriver(self.order, slots)
        return PoolDriver(self.order, 0, slots)

"""Run the plan of a batch: every agreement as far as wanted, from where an earlier run ended."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from pks_kit.domain.tanggal import WIB, refuse_past
from pks_kit.errors import InputError, SigningError, UsageError
from pks_kit.json_types import Count, Text
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Ledger
from pks_kit.ledger.purchases import purchases
from pks_kit.messages import Message
from pks_kit.pipelines.batching.book import Book, read_book
from pks_kit.pipelines.batching.compiles import compile_for, texts_of
from pks_kit.pipelines.batching.coordinator import PATIENCE_SECONDS, Coordinator, Hooks, Progress
from pks_kit.pipelines.batching.decisions import (
    Decided,
    beside_plan,
    decisions,
    refuse_unapproved,
    settle,
)
from pks_kit.pipelines.batching.driver import Driver
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.intact import as_before, let_begin_again
from pks_kit.pipelines.batching.last_days import refuse_after_terms
from pks_kit.pipelines.batching.people import refuse_strangers
from pks_kit.pipelines.batching.plan import PlannedRow, ReadPlan
from pks_kit.pipelines.batching.pool import PoolDriver
from pks_kit.pipelines.batching.signing_days import signed_on_other_days
from pks_kit.pipelines.batching.summary import BatchStatus, status_of
from pks_kit.pipelines.batching.workshop import (
    Rehearse,
    ShopOrder,
    Stage,
    WithSettings,
    keep_root,
)
from pks_kit.pipelines.requests.background import in_background, in_own_loop
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.settings_check import SettingsCheckRequest, settings_check
from pks_kit.pipelines.signing.tools import SigningTools
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.settings import model
from pks_kit.signing.ports import HasQuota
from pks_kit.signing.sandbox.rehearsal import carried_authority

CALLERS = 8
"""Rows at once in the process that talks to services: a call waits most of its time."""
_PURCHASES = (kinds.METERAI_NIAT, kinds.METERAI_TERBIT, kinds.METERAI_LEPAS)
_LOCAL_KEYS = (model.Pkcs12Settings, model.PemSettings, model.SandboxSignerSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRunRequest(Request):
    """How to run a batch.

    Attributes:
        folder: Folder of the batch.
        until: How far to bring each agreement.
        signing: Keys and services; None when nothing is signed.
        settings_bytes: The settings as they stand in their file; they must be those of the plan.
        rehearse: Sign everything with test keys and specimens instead, in a folder of its own;
            needs no approval and is worth nothing.
        proves: Whether the first agreement of each structure, and one in a thousand, is laid out
            again by the layout engine alone and compared.
        jobs: How many processes; None: one for each processor.
        cluster: Scheduler of a Dask cluster, ``tls://host:port``, whose workers take the place of
            these processes and see the same folder; empty: there is none.
        compiled: Folder with compiled templates; what many of the agreements need and is not there
            is compiled first, in a cluster on each of its machines. None neither reads nor writes.
        formats: Formats beside the PDF.
        deadline: Last day for the other party; needed to send.
        patience: Seconds without any agreement that ended after which services are not waited for
            any longer.
        progress: Called every second with how far the run is.
        compiling: Called now and then with how many texts are compiled, and of how many; in a
            cluster with how many machines are through with them.
        stopping: Returns whether no further agreement may be begun.
        clock: Gives the present time, with a time zone.
    """

    folder: Path
    until: Stage = "verified"
    signing: WithSettings | None = None
    settings_bytes: bytes | None = None
    rehearse: bool = False
    proves: bool = True
    jobs: int | None = None
    cluster: str = ""
    compiled: Path | None = None
    formats: Sequence[str] = ("pdf",)
    deadline: date | None = None
    patience: float = PATIENCE_SECONDS
    progress: Callable[[Progress], None] = field(default=lambda _one: None)
    compiling: Callable[[int, int], None] = field(default=lambda _done, _all: None)
    stopping: Callable[[], bool] = field(default=lambda: False)
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRan:
    """How a run ended; exit code 50 when agreements are left, 20 when it had to stop.

    Attributes:
        status: How far the batch is.
        seconds: How long the run took.
        cpu: Processor seconds of its agreements, without guarded children.
        tried: Attempts of this run.
        code: Why it stopped before its agreements were done; empty otherwise.
        reason: The same in words.
        advice: What to do about it.
        rehearsed: Whether nothing of it is worth anything.
        remade: Agreements that were done and whose files had been deleted or changed since; they
            were made again, or found where they are kept.
        signed_other_day: Agreements of the plan that were signed, in this run or before, on another
            day in WIB than the printed one; 0 also when the ledger could not be read in the end.
        compiled: Kinds and methods of texts that were compiled before its agreements.
        not_compiled: Why some were not, so that their agreements took longer; null: none failed.
    """

    status: BatchStatus
    seconds: float
    cpu: float
    tried: Count
    code: Text
    reason: Message
    advice: Message
    rehearsed: bool
    remade: Count
    signed_other_day: Count
    compiled: Count
    not_compiled: Message | None

    @property
    def exit_code(self) -> int:
        """Return 0 when all is done, 50 when agreements are left, 20 when the run had to stop."""
        if self.code and self.code not in ("batch.stopped", "batch.out_of_patience"):
            return SigningError.exit_code
        return self.status.exit_code


@verb
def batch_run(request: BatchRunRequest) -> BatchRan:
    """Bring every agreement of a plan as far as wanted; go on where an earlier run ended.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``, ``batch.not_approved``, ``batch.rejected``,
            ``batch.no_settings``, ``batch.two_ways``, ``batch.nothing_ready``.
        InputError: ``batch.other_settings``; plan, data or book are not those that were made.
        SigningError: ``batch.settings_bad``: a key or service of the settings does not work;
            ``batch.other_person``, ``batch.quota``.
        LedgerError: The ledger cannot be used.
    """
    # 1. The plan, and that nobody else runs it.
    folder = BatchFolder(request.folder)
    with folder.alone():
        found = folder.plan()
        place = folder.rehearsal if request.rehearse else folder
        order = _order(request, found)
        # 2. What must be true before the first signature: approval, working keys, quota.
        out: Mapping[int, Decided] = {} if request.rehearse else beside_plan(folder)
        if isinstance(order.signing, WithSettings):
            out = {**out, **refuse_unready(request, order.signing, found, request.until)}
        elif isinstance(order.signing, Rehearse):
            keep_root(place, order.signing.authority.root_pem)
        if request.until == "sent" and request.deadline is not None:
            place.save_deadline(request.deadline)
        # 3. The rows.
        ready = [one for one in found.plan.ready() if one.number not in out]
        services = isinstance(order.signing, WithSettings) and talks_to_services(
            order.signing.settings
        )
        jobs = min(request.jobs or os.cpu_count() or 1, max(1, len(ready)))
        known, _ = read_book(place.book, found.id, len(found.plan.rows))
        callers = CALLERS if services and request.until != "drafted" else 0
        driver: Driver
        if request.cluster:
            from pks_kit.pipelines.batching.dask_driver import DaskDriver

            alone = PoolDriver(order, 0, callers) if callers else None
            driver = dask = DaskDriver(request.cluster, order, alone)
            with _closed_by_an_error(driver):
                compiles = dask.compile(
                    request.compiled,
                    Counter(texts_of(ready, known)),
                    request.compiling,
                    request.stopping,
                )
        else:
            compiles = compile_for(
                request.compiled,
                ready,
                known,
                jobs,
                progress=request.compiling,
                stopping=request.stopping,
            )
            driver = PoolDriver(order, jobs, callers)
        with (
            _closed_by_an_error(driver),
            closing(Book(place.book, found.id, len(found.plan.rows))) as book,
        ):
            if out or isinstance(order.signing, WithSettings):
                settle(book, out)
            # what somebody deleted or changed since is made again, and costs nothing anew
            before = let_begin_again(book, place, order, ready, request.until)
            end = Coordinator(
                ready,
                request.until,
                book,
                driver,
                Hooks(
                    progress=request.progress,
                    stopping=request.stopping,
                    proves=request.proves,
                    patience=request.patience,
                ),
                with_services=bool(callers),
            ).run()
            remade = as_before(before, book.rows())
            book.write(remade)
            rows, runs = book.rows(), book.runs()
        driver.close()
    return BatchRan(
        status=status_of(found, rows, runs, None),
        seconds=end.seconds,
        cpu=end.cpu,
        tried=end.tried,
        code=end.code,
        reason=Message(end.words.id, end.words.en),
        advice=Message(end.words.hint_id, end.words.hint_en),
        rehearsed=request.rehearse,
        remade=len(remade),
        signed_other_day=_on_other_days(order, request.clock, ready),
        compiled=compiles.made,
        not_compiled=compiles.problem,
    )


batch_run_async = in_background(batch_run)


@contextmanager
def _closed_by_an_error(driver: Driver) -> Iterator[None]:
    """Leave nothing of a driver behind when a run does not come to its end."""
    try:
        yield
    except BaseException:
        driver.close(at_once=True)
        raise


def _on_other_days(order: ShopOrder, clock: Clock, rows: Sequence[PlannedRow]) -> int:
    if not isinstance(order.signing, WithSettings):
        return 0
    return signed_on_other_days(order.signing.signing_tools(clock).open_ledger, rows)


def talks_to_services(settings: model.SigningSettings) -> bool:
    """Return whether signing by these settings needs anybody outside this process."""
    for party in settings.pihak.values():
        key = settings.penanda_tangan.get(party.penanda_tangan or "")
        if key is not None and not isinstance(key, _LOCAL_KEYS):
            return True
        stamps = settings.meterai.get(party.meterai or "")
        if stamps is not None and not isinstance(stamps, model.SandboxMeteraiSettings):
            return True
    return any(isinstance(one, model.HttpTimestampSettings) for one in settings.waktu.values())


def _order(request: BatchRunRequest, found: ReadPlan) -> ShopOrder:
    if request.until == "sent" and request.deadline is None:
        raise UsageError("batch.no_deadline")
    today = moment(request.clock).astimezone(WIB).date()
    refuse_past(request.deadline, today)
    refuse_after_terms(request.deadline, found.plan.ready(), today)
    signing: WithSettings | Rehearse | None = None
    if request.rehearse:
        if request.signing is not None:
            raise UsageError("batch.two_ways")
        if not any(found.plan.ready()):
            raise UsageError("batch.nothing_ready")
        signing = Rehearse(authority=carried_authority(_before(found.plan.ready())))
    elif request.until != "drafted":
        if request.signing is None:
            raise UsageError("batch.no_settings")
        signing = request.signing
    return ShopOrder(
        folder=request.folder.resolve(),
        as_of=found.plan.as_of,
        signing=signing,
        compiled=request.compiled,
        formats=tuple(dict.fromkeys(("pdf", *request.formats))),
        deadline=request.deadline,
    )


def _before(rows: Iterable[PlannedRow]) -> datetime:
    """Return a moment before the first day on which one of the rows is signed."""
    first = min(one.signed_on for one in rows if one.signed_on is not None)
    return datetime.combine(first, time(0), WIB) - timedelta(days=1)


class Ordered(Protocol):
    """What every way to run a batch is told."""

    @property
    def folder(self) -> Path:
        """Return the folder of the batch."""
        ...

    @property
    def settings_bytes(self) -> bytes | None:
        """Return the settings as they were read."""
        ...

    @property
    def clock(self) -> Clock:
        """Return what tells the time."""
        ...


def refuse_unready(
    request: Ordered, signing: WithSettings, found: ReadPlan, until: Stage
) -> dict[int, Decided]:
    """Refuse to begin what nobody approved, or what cannot succeed.

    Returns:
        Which agreements are not run, because the last approval leaves them out or somebody took
        them out since.
    """
    plan = found.plan
    if request.settings_bytes is not None:
        given = hashlib.sha256(request.settings_bytes).hexdigest()
        if given != plan.settings_sha256:
            raise InputError("batch.other_settings")
    tools = signing.signing_tools(request.clock)
    with tools.open_ledger() as ledger:
        refuse_unapproved(ledger, found)
        out = decisions(ledger, found)
        rows = [one for one in plan.ready() if one.number not in out]
        needed = {str(role): _unbought(rows, role, ledger) for role in tools.settings.pihak}
    # a wrong PIN or password is noticed here, once, and not by every process
    tried = settings_check(SettingsCheckRequest(tools=tools, parties=tuple(needed)))
    bad = next((one for one in tried.tried if one.state == "bad"), None)
    if bad is not None:
        raise SigningError("batch.settings_bad", part=bad.part, reason=bad.message)
    refuse_strangers(tools.settings, tried.names, rows, BatchFolder(request.folder), until)
    in_own_loop(_refuse_small_quota(tools, needed))
    return out


def _unbought(rows: Sequence[PlannedRow], role: str, ledger: Ledger) -> int:
    """Return how many meterai one party will buy for agreements that it has not bought yet."""
    wanted = {one.agreement_id for one in rows if _stamps(one.cara_kontrak, role)}
    events = [one for kind in _PURCHASES for one in ledger.events(jenis=kind)]
    bought = {
        one.perjanjian
        for one in purchases(sorted(events, key=lambda event: event.nomor))
        if one.peran == role and one.sn is not None
    }
    return len(wanted - bought)


def _stamps(cara_kontrak: str, role: str) -> bool:
    profile = load_profile(signing_root(), cara_kontrak)
    return any(step.jenis == "meterai" and step.peran == role for step in profile.langkah)


async def _refuse_small_quota(tools: SigningTools, needed: Mapping[str, int]) -> None:
    """Refuse to begin a night that the distributor's account cannot pay to its end.

    Raises:
        SigningError: ``batch.quota``.
    """
    accounts = {str(role): party.meterai or "" for role, party in tools.settings.pihak.items()}
    by_account: Counter[str] = Counter()
    for role, count in needed.items():
        by_account[accounts[role]] += count
    for role, one in tools.tools().items():
        if isinstance(one.meterai, HasQuota):
            account = accounts[role]
            left = await one.meterai.left()
            if left < by_account[account]:
                raise SigningError(
                    "batch.quota", service=account, left=left, needed=by_account[account]
                )

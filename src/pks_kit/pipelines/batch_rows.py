"""Look how far a batch is; try rows again, take rows out, make the book anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from pks_kit.json_types import Count, Text
from pks_kit.ledger import kinds
from pks_kit.ledger.plans import record_put_back, record_taken_out
from pks_kit.ledger.ports import Event, Ledger
from pks_kit.ledger.returned import returned, standing
from pks_kit.pipelines.batching.alive import at_work, seen_lately
from pks_kit.pipelines.batching.book import Book, BookRow, read_book
from pks_kit.pipelines.batching.decisions import (
    LEFT_OUT,
    TAKEN_OUT,
    Decided,
    back_again,
    beside_plan,
    decisions,
    settle,
    words_about,
    words_of,
)
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.intact import harmed
from pks_kit.pipelines.batching.plan import PlannedRow, chosen_rows, person_named
from pks_kit.pipelines.batching.returns import after_paper
from pks_kit.pipelines.batching.row import issued_files
from pks_kit.pipelines.batching.summary import BatchStatus, status_of
from pks_kit.pipelines.fleet.book import FleetBook
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatusRequest(Request):
    """Which batch to look at.

    Attributes:
        folder: Folder of the batch.
        ledger: Where approvals are looked up; None: not at all.
        rehearsal: Look at the rehearsal.
        fleet: The book that machines share; None: that of the folder.
    """

    folder: Path
    ledger: Ledger | None = None
    rehearsal: bool = False
    fleet: FleetBook | None = None


@verb
def batch_status(request: BatchStatusRequest) -> BatchStatus:
    """Return how far every agreement is; also while a run is at work.

    Raises:
        UsageError: ``batch.no_plan``, ``request.type``.
        InputError: Plan or book are not those that were made.
        LedgerError: The ledger cannot be read.
    """
    folder = BatchFolder(request.folder)
    found = folder.plan()
    place = folder.rehearsal if request.rehearsal else folder
    if request.fleet is not None and not request.rehearsal:
        rows, runs = request.fleet.rows(), request.fleet.runs()
        alive = seen_lately(runs, time.time())
    else:
        rows, runs = read_book(place.book, found.id, len(found.plan.rows))
        alive = at_work(folder, runs, time.time())
    said = None if request.ledger is None else words_about(request.ledger, found)
    ledger = None if request.rehearsal else request.ledger
    harms = harmed(place, found.plan.ready(), rows, ledger)
    return status_of(found, rows, runs, said, alive, [how for _, how in harms.values()])


batch_status_async = in_background(batch_status)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRowsRequest(Request):
    """Which agreements of a batch are meant.

    Attributes:
        folder: Folder of the batch.
        keys: Their ``kunci_faskes``, names of facilities, codes, or numbers in the plan; none
            means all that the verb is for.
        rehearsal: The rehearsal is meant.
        fleet: The book that machines share; None: that of the folder. What is to be tried again
            is taken up when it is put into the queue again.
        by: Who decides it; needed with a ledger.
        ledger: Where the decision is written down; None: in a file beside the plan.
        clock: Gives the present time, with a time zone.
    """

    folder: Path
    keys: Sequence[str] = ()
    rehearsal: bool = False
    fleet: FleetBook | None = None
    by: str = ""
    ledger: Ledger | None = None
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRowsChanged:
    """Which agreements were changed.

    Attributes:
        rows: How many.
        names: Their names.
        still_out: Names of those that were meant and stay out, because the last approval leaves
            them out.
    """

    rows: Count
    names: tuple[Text, ...]
    still_out: tuple[Text, ...]


@verb
def batch_retry(request: BatchRowsRequest) -> BatchRowsChanged:
    """Let failed, refused and parked agreements be tried again by the next run.

    What somebody took out comes back when it is named, and when an approval does not leave it out.
    What a plan refused needs a new plan.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``, ``batch.no_row``, ``batch.no_name``,
            ``request.type``.
        InputError: Plan or book are not those that were made.
        LedgerError: The decision cannot be written down; then nothing is changed.
    """
    states = ("failed", "refused", "parked", *(("cancelled",) if request.keys else ()))
    return _changed(request, states, record_put_back, lambda one, _by: back_again(one))


batch_retry_async = in_background(batch_retry)


@verb
def batch_cancel(request: BatchRowsRequest) -> BatchRowsChanged:
    """Take agreements out of the batch that are not done; what was bought for them stays bought.

    With a ledger it is an event bound to the plan, with who decided it, otherwise a line in a file
    beside the plan: both outlive the book.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``, ``batch.no_row``, ``batch.no_name``,
            ``request.type``.
        InputError: Plan or book are not those that were made.
        LedgerError: The decision cannot be written down; then nothing is changed.
    """
    return _changed(
        request,
        ("waiting", "working", "parked", "refused", "failed"),
        record_taken_out,
        lambda one, by: replace(
            one,
            state="cancelled",
            code=TAKEN_OUT,
            words=words_of(Decided(TAKEN_OUT, by)),
            changed=time.time(),
        ),
    )


batch_cancel_async = in_background(batch_cancel)


def _changed(
    request: BatchRowsRequest,
    states: Sequence[str],
    record: Callable[..., None],
    change: Callable[[BookRow, str], BookRow],
) -> BatchRowsChanged:
    folder = BatchFolder(request.folder)
    found = folder.plan()
    meant = chosen_rows(found.plan, request.keys)
    ledger = None if request.rehearsal else request.ledger
    by = " ".join(request.by.split()) if ledger is None else person_named(request.by)

    def beside(numbers: Sequence[int]) -> None:
        """Keep the decision beside the plan; what is put back leaves that file in any case."""
        known = folder.taken_out()
        out = {number: one for number, one in known.items() if number not in numbers}
        if ledger is None and record is record_taken_out:
            out |= dict.fromkeys(numbers, by)
        folder.keep_taken_out(out)

    def changed_in(
        book: Book | FleetBook, states: Sequence[str]
    ) -> tuple[list[BookRow], list[BookRow]]:
        known = book.rows()
        rows = [known.get(one.number, BookRow(number=one.number)) for one in meant]
        chosen = [one for one in rows if one.state in states]
        if ledger is not None and chosen:
            numbers = [one.number for one in chosen]
            record(ledger, found.id, numbers, oleh=by, waktu=moment(request.clock))
        if not request.rehearsal:
            beside([one.number for one in chosen])
        book.write(change(one, by) for one in chosen)
        if ledger is not None:  # what an approval leaves out comes back by another approval alone
            settle(book, beside_plan(folder) | decisions(ledger, found))
        after = book.rows()
        stays = [one for one in chosen if after[one.number].code == LEFT_OUT]
        return [one for one in chosen if one not in stays], stays

    if request.fleet is not None and not request.rehearsal:
        # other machines are at work: what one of them does now is brought to its end
        chosen, stays = changed_in(request.fleet, [one for one in states if one != "working"])
    else:
        place = folder.rehearsal if request.rehearsal else folder
        with (
            folder.alone(),
            closing(Book(place.book, found.id, len(found.plan.rows))) as book,
        ):
            # nobody runs while the folder is ours: what is still called working was killed
            chosen, stays = changed_in(book, states)
    names = {one.number: one.name for one in meant}
    return BatchRowsChanged(
        rows=len(chosen),
        names=tuple(names[one.number] for one in chosen),
        still_out=tuple(names[one.number] for one in stays),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRebuildRequest(Request):
    """Of which batch to make the book anew.

    Attributes:
        folder: Folder of the batch.
        ledger: What was signed stands there; None: only drafts are looked up.
    """

    folder: Path
    ledger: Ledger | None = None


@verb
def batch_rebuild(request: BatchRebuildRequest) -> BatchStatus:
    """Throw the book of the run away and make it anew from plan, ledger and folder.

    What failed or was refused is not written down anywhere else: the next run takes it up again.
    What was taken out stands in the ledger, or beside the plan, and stays out.

    Raises:
        UsageError: ``batch.no_plan``, ``batch.busy``, ``request.type``.
        InputError: The plan is not the one that was made.
        LedgerError: The ledger cannot be read.
    """
    folder = BatchFolder(request.folder)
    with folder.alone():
        found = folder.plan()
        known = _known(request.ledger)
        for old in folder.path.glob(f"{folder.book.name}*"):
            old.unlink()
        with closing(Book(folder.book, found.id, len(found.plan.rows))) as book:
            now = time.time()
            book.write(
                one for row in found.plan.ready() if (one := _found(folder, row, known, now))
            )
            out = beside_plan(folder)
            if request.ledger is not None:
                out |= decisions(request.ledger, found)
            settle(book, out)
            return status_of(found, book.rows(), book.runs(), None)


batch_rebuild_async = in_background(batch_rebuild)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger says of agreements.

    Attributes:
        final: Name of the final file of every agreement that is complete on this side.
        paper: The last answer on what came back on paper.
    """

    final: Mapping[str, str]
    paper: Mapping[str, str]


def _known(ledger: Ledger | None) -> _Known:
    if ledger is None:
        return _Known({}, {})
    came: dict[str, list[Event]] = {}
    for event in ledger.events(jenis=kinds.PAPER_RECEIVED):
        came.setdefault(event.perjanjian, []).append(event)
    return _Known(
        final={one.perjanjian: str(one.isi["file"]) for one in ledger.events(jenis=kinds.SELESAI)},
        paper={
            one: stands.verdict
            for one, events in came.items()
            if (stands := standing(returned(events))) is not None
        },
    )


def _found(folder: BatchFolder, row: PlannedRow, known: _Known, now: float) -> BookRow | None:
    name = row.agreement_id or ""
    final = known.final.get(name)
    if final is not None and (folder.finished / final).is_file():
        done = row.cara_kontrak == "elektronik"
        found = BookRow(
            number=row.number,
            state="done" if done else "with_other",
            stage="signed",
            file=final,
            changed=now,
        )
        return after_paper(found, known.paper[name]) if name in known.paper else found
    issued = issued_files(folder, row)
    if issued is None:
        return None
    return BookRow(
        number=row.number, state="done", stage="drafted", file=issued[0].name, changed=now
    )

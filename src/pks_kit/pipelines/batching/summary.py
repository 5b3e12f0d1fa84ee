"""How far a batch is, by facility name: what ``batch status`` and the report say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Literal

from pks_kit.json_types import AgreementId, Count, Moment, Name, Ordinal, Sha256, Text, shown
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.book import BookRow, Run
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED, Reached, ShownState
from pks_kit.pipelines.batching.plan import PlannedRow, ReadPlan
from pks_kit.pipelines.batching.returns import RECEIVED

PARTLY = 50
"""Exit code when some agreements are not done."""
INTERRUPTED = "batch.interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStatus:
    """One agreement of a batch.

    Attributes:
        number: Number in the plan.
        name: Name of the facility.
        key: Its ``kunci_faskes``; empty for a file of its own.
        agreement_id: Id of the agreement; null when it was never drafted.
        jenis: Kind of facility; empty when unknown.
        cara_kontrak: Method; empty when unknown.
        place: File, sheet and row of its data.
        state: What it is doing; ``refused`` also for a row that the plan refused; ``interrupted``
            for one that was being done when its run ended without warning.
        stage: How far it is: empty, drafted, signed, verified or sent.
        verdict: Verdict on the finished file; empty before.
        file: Name of the file reached so far; empty before.
        code: Why it does not go on; empty otherwise.
        reason: The same in words.
        advice: What to do about it.
        note: Code of what a person should know although it went on; empty otherwise.
        service: Who could not be reached; empty otherwise.
        tries: How often it was tried.
        changed: When that was; null when nobody has begun it, or when the plan refused it.
    """

    number: Ordinal
    name: Name
    key: Text
    agreement_id: AgreementId | None
    jenis: Text
    cara_kontrak: Text
    place: Text
    state: ShownState
    stage: Reached
    verdict: Text
    file: Name
    code: Text
    reason: Message
    advice: Message
    note: Text
    service: Text
    tries: Count
    changed: Moment | None

    @shown()
    def state_text(self) -> Message:
        """The state in words."""
        return lookup(f"batch.state.{self.detail}")

    @shown()
    def detail(self) -> str:
        """The state, and where it alone says too little, which of its kinds.

        ``with_other.incomplete``, ``with_other.incomplete_own`` (this side's pen alone lacks) and
        ``with_other.needs_person``: it came back;
        ``with_other.manual``: both parties sign with a pen, also whoever runs the batch;
        ``done.drafted``: it is a draft and nobody signed it; ``refused.plan``: the plan held it
        back.
        """
        if self.state == "refused" and self.changed is None:
            return HELD_BACK
        return detail_of(self.state, self.stage, self.code, self.cara_kontrak)

    @shown()
    def stage_detail(self) -> str:
        """How far it is: ``returned`` once something came back, ``complete`` when that is all.

        ``none`` before a draft.
        """
        if self.state == "with_other" and self.code.startswith(RECEIVED):
            return "returned"
        if self.state == "done" and self.stage == "sent":
            return "complete"  # what was ready to send has come back since, and nothing lacks
        return self.stage or "none"


HELD_BACK = "refused.plan"
"""What the plan held back; no run had to do with it."""
DRAFT_ALONE = "done.drafted"
"""What is done as a draft and was not signed."""
DETAILS = (
    *("failed", "refused", HELD_BACK, "interrupted", "parked", "with_other.needs_person"),
    *(
        "with_other.incomplete_own",
        "with_other.incomplete",
        "cancelled",
        "with_other.manual",
        "with_other",
        "waiting",
    ),
    *("working", DRAFT_ALONE, "done"),
)
"""States with what is to be done there, those that need somebody first."""
STATES: tuple[ShownState, ...] = (
    *("done", "with_other", "working", "interrupted", "waiting", "parked", "refused", "failed"),
    "cancelled",
)
"""States in the order in which people ask for them."""

IN_ORDER: tuple[str, ...] = tuple(
    one
    for state in STATES
    for one in (state, *(detail for detail in DETAILS if detail.startswith(f"{state}.")))
)
"""The same with their kinds behind each."""
NAMED = 5
"""So many facilities are named for each of them."""


def detail_of(state: str, stage: str, code: str, cara_kontrak: str) -> str:
    """Return the state of a row that a run had to do with, and which of its kinds.

    Args:
        state: Its state.
        stage: How far it is.
        code: Why it does not go on; empty otherwise.
        cara_kontrak: Method.
    """
    if state == "done" and stage == "drafted":
        return DRAFT_ALONE
    if state != "with_other":
        return state
    if code.startswith(RECEIVED):
        return f"with_other.{code.removeprefix(RECEIVED)}"
    return "with_other.manual" if cara_kontrak == "manual" else "with_other"


def of_state(code: str) -> Message:
    """Return the words of a state with all of its kinds, for whoever tells none of them apart."""
    return lookup("batch.state.waits" if code == "with_other" else f"batch.state.{code}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedState:
    """Which agreements are in one state.

    Attributes:
        state: The state; where it alone says too little, which of its kinds:
            ``with_other.incomplete``, ``with_other.needs_person``, ``with_other.manual``,
            ``done.drafted``, ``refused.plan``.
        count: How many.
        names: Names of the first of them, by the order of the plan.
        more: How many are not named.
    """

    state: Text
    count: Count
    names: tuple[Text, ...]
    more: Count

    @shown()
    def text(self) -> Message:
        """The state in words."""
        return lookup(f"batch.state.{self.state}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """One run of a batch.

    Attributes:
        host: Machine.
        process: Process number.
        started: When it began.
        beat: When it was last seen alive.
        ended: When it ended; null while it runs, or when it was killed.
        state: ``ended``, ``running``, or ``cut_off`` when nobody is at work any more.
        until: How far it was to go.
    """

    host: Text
    process: Count
    started: Moment
    beat: Moment
    ended: Moment | None
    state: Literal["ended", "running", "cut_off"]
    until: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a plan may not be run.

    Attributes:
        by: Who rejected it.
        reason: Why.
        at: When.
    """

    by: Text
    reason: Text
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsAboutPlan:
    """What the ledger says of a plan.

    Attributes:
        approved_by: Who approved it, since nobody rejected it.
        rejected: Its rejection; None when the last word is another one.
    """

    approved_by: tuple[str, ...]
    rejected: Rejection | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """How far a batch is; exit code 50 while some agreements are not done.

    Attributes:
        plan: Hash of the plan.
        planned: Agreements in the plan, also those that it refused.
        approved_by: Who approved the plan; null when nobody looked whether it is.
        rejected: Who rejected the plan, and why; null when that is not its last word, or when
            nobody looked.
        rows: Every agreement, in the order of the plan.
        runs: Every run, the latest last.
        files_gone: Agreements that ended and whose PDF, receipt or letter was deleted since.
        files_changed: Agreements that ended and whose PDF or receipt was changed since.
    """

    plan: Sha256
    planned: Count
    approved_by: tuple[Text, ...] | None
    rejected: Rejection | None
    rows: tuple[RowStatus, ...]
    runs: tuple[RunStatus, ...]
    files_gone: Count
    files_changed: Count

    @shown()
    def states(self) -> dict[str, int]:
        """How many agreements are in each state."""
        return dict(sorted(Counter(one.state for one in self.rows).items()))

    @shown()
    def facilities(self) -> tuple[NamedState, ...]:
        """Which facilities are in each state: what needs somebody first, a few names of each."""
        found: dict[str, list[RowStatus]] = {}
        for one in self.rows:
            found.setdefault(one.detail, []).append(one)
        return tuple(
            NamedState(
                state=state,
                count=len(found[state]),
                names=tuple(one.name or one.place for one in found[state][:NAMED]),
                more=max(0, len(found[state]) - NAMED),
            )
            for state in DETAILS
            if state in found
        )

    @shown()
    def at_work(self) -> bool:
        """Whether a run is at work now."""
        return any(one.state == "running" for one in self.runs)

    @property
    def exit_code(self) -> int:
        """Return 0 when every agreement is done or waits for the other party, otherwise 50.

        One whose files were deleted or changed is not, nor one whose covering letter was refused.
        """
        ended = {one.state for one in self.rows} <= {"done", "with_other"}
        ended = ended and not any(one.code == LETTER_REFUSED for one in self.rows)
        return 0 if ended and not self.files_gone and not self.files_changed else PARTLY


def status_of(
    plan: ReadPlan,
    book: Mapping[int, BookRow],
    runs: Sequence[Run],
    said: WordsAboutPlan | None,
    alive: Collection[int] = frozenset(),
    harms: Collection[str] = (),
) -> BatchStatus:
    """Put plan and book together.

    Args:
        plan: The plan.
        book: What the book says of each row.
        runs: Runs that the book knows.
        said: What the ledger says of the plan; None when nobody looked.
        alive: Numbers of the runs that are at work now.
        harms: What became of files since their agreements ended, ``gone`` or ``changed`` each.
    """
    counted = Counter(harms)
    return BatchStatus(
        plan=plan.id,
        planned=len(plan.plan.rows),
        approved_by=None if said is None else said.approved_by,
        rejected=None if said is None else said.rejected,
        rows=tuple(
            _row(one, book.get(one.number), is_at_work=bool(alive)) for one in plan.plan.rows
        ),
        runs=tuple(
            RunStatus(
                host=one.host,
                process=one.process,
                started=_moment(one.started),
                beat=_moment(one.beat),
                ended=None if one.ended is None else _moment(one.ended),
                state=_run_state(one, alive),
                until=one.until,
            )
            for one in runs
        ),
        files_gone=counted["gone"],
        files_changed=counted["changed"],
    )


def _run_state(one: Run, alive: Collection[int]) -> Literal["ended", "running", "cut_off"]:
    if one.ended is not None:
        return "ended"
    return "running" if one.number in alive else "cut_off"


def _row(planned: PlannedRow, known: BookRow | None, *, is_at_work: bool) -> RowStatus:
    if not planned.is_ready:
        known = _refused_by_plan(planned)
    known = known or BookRow(number=planned.number)
    state: ShownState = known.state
    code, words = known.code, known.words
    if state == "working" and not is_at_work:
        state, code, words = "interrupted", INTERRUPTED, lookup(INTERRUPTED)
    return RowStatus(
        number=planned.number,
        name=planned.name,
        key=planned.key,
        agreement_id=planned.agreement_id,
        jenis=planned.jenis,
        cara_kontrak=planned.cara_kontrak,
        place=", ".join(filter(None, (PurePath(planned.file).name, planned.place))),
        state=state,
        stage=known.stage,
        verdict=known.verdict,
        file=known.file,
        code=code,
        reason=Message(words.id, words.en),
        advice=Message(words.hint_id, words.hint_en),
        note=known.note,
        service=known.service,
        tries=known.tries,
        changed=_moment(known.changed) if known.changed else None,
    )


def _refused_by_plan(planned: PlannedRow) -> BookRow:
    """Return what the plan says of a row that cannot go on; the first of its reasons."""
    reason = next((one for one in planned.said if one.level in ("error", "blocking")), None)
    return BookRow(
        number=planned.number,
        state="refused",
        code=reason.code if reason else "batch.row_not_ready",
        words=reason.message if reason else lookup("batch.row_not_ready"),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone()

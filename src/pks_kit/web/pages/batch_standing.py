"""How a batch stands, in one word with its counts: for the list, and for what may still be done.

All pages take the counts of a batch from here, and call each state what the report calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.summary import DRAFT_ALONE, HELD_BACK, IN_ORDER, of_state
from pks_kit.web.pages.batch_pauses import PAUSED, ended_early
from pks_kit.web.state.tables import BUSY

if TYPE_CHECKING:
    from pks_kit.web.portal import Portal
    from pks_kit.web.state.jobs import Job

_WORDS = ("setujui_batch", "tolak_batch", "tarik_batch")
"""Jobs that write a word about the plan into the ledger."""
_WITH_STATES = (
    *("jalan_batch", "ulangi_batch", "batalkan_batch", "terima_batch", "putusan_batch"),
    "susulan_batch",
)
"""Jobs whose result tells how many agreements are in each state."""
_TOO_EARLY = frozenset({"batch.not_approved", "batch.rejected", "batch.same_person"})
"""Why a run or an approval was refused that came before its turn; nothing was done by it."""
_WRONG = ("failed", "refused", "parked", "interrupted")
_SHORT_ID = 6
_UNSIGNED = (
    *("planned", "approved", "rejected", "cancelled", "run_failed"),
    *("drafted", "partly", "paused", "with_wrong"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a batch stands.

    Attributes:
        code: ``planning``, ``plan_failed``, ``planned``, ``rejected``, ``withdrawn``, ``approved``,
            ``running``, ``run_failed``, ``done``, ``drafted``, ``with_other``, ``with_wrong``,
            ``partly``, ``paused`` or ``cancelled``.
        kind: How grave it looks.
        since: Since when, as far as that is known.
        params: Counts and names that its words need.
        counted: How many agreements are in each state; None while nobody began any.
    """

    code: str
    kind: str
    since: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    counted: Counted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many agreements of a batch are in each state.

    Attributes:
        states: The states of all rows of the plan.
        drafted: How many of those that are done are drafts alone.
        details: The same with the kinds of each state; empty when nobody asked for them.
        to_print: How many wait for a pen on their print; 0 when nobody asked.
        unwritten: How many wait for another party and have no covering letter; 0 when nobody asked.
        written: How many of those that wait have one; 0 when nobody asked.
        letters_refused: Of how many the letter could not be written; 0 when nobody asked.
        letter_day: The last day that letters tell; None when there are none, or nobody asked.
        not_back: Name and number of those of which nothing came back, the first of them; None when
            nobody asked.
    """

    states: Mapping[str, int]
    drafted: int
    details: Mapping[str, int] = field(default_factory=dict)
    to_print: int = 0
    unwritten: int = 0
    written: int = 0
    letters_refused: int = 0
    letter_day: date | None = None
    not_back: tuple[tuple[str, str], ...] | None = None


def short_id(batch_id: str) -> str:
    """Return the end of an id, by which people tell batches of the same name apart."""
    return batch_id[-_SHORT_ID:]


def may_be_withdrawn(standing: Standing) -> bool:
    """Return whether nothing of a batch was signed, as far as its standing tells."""
    if standing.params.get("done") or standing.params.get("other"):
        return False
    return standing.code in _UNSIGNED


def in_turn(known: tuple[Job, ...]) -> tuple[Job, ...]:
    """Return jobs without those that only came too early: they say nothing of how a batch stands.

    Such work is refused before it becomes a job; one that was accepted before, or between whose
    acceptance and begin somebody rejected the plan, is left.
    """
    return tuple(
        one
        for one in known
        if one.keadaan != "gagal" or (one.hasil.get("masalah") or {}).get("code") not in _TOO_EARLY
    )


def last_word(known: tuple[Job, ...]) -> Job | None:
    """Return the job that wrote the last word about the plan; None when nobody said anything."""
    return next((one for one in known if one.jenis in _WORDS and one.keadaan == "selesai"), None)


def wrong_in(now: Counted, planned: Mapping[str, Any] | None) -> int:
    """Return of how many agreements a run came to a bad end; what the plan held back is none."""
    return sum(now.states.get(one, 0) for one in _WRONG) - _held(now, planned or {})


def _held(now: Counted, planned: Mapping[str, Any]) -> int:
    held = max(0, int(planned.get("rows", 0)) - int(planned.get("ready", 0)))
    return min(now.states.get("refused", 0), held)


def told_states(now: Counted, planned: Mapping[str, Any] | None) -> list[tuple[Message, int]]:
    """Return the states of a batch in words with how many agreements are in each; they add up."""
    if now.details:
        return [(lookup(f"batch.state.{one}"), now.details[one]) for one in IN_ORDER
                if now.details.get(one)]  # fmt: skip
    held = _held(now, planned or {})
    counts = {**now.states, DRAFT_ALONE: now.drafted, HELD_BACK: held}
    counts["done"] = now.states.get("done", 0) - now.drafted
    counts["refused"] = now.states.get("refused", 0) - held
    return [(of_state(one), counts[one]) for one in IN_ORDER if counts.get(one)]


async def counted_now(
    portal: Portal,
    known: Mapping[str, tuple[Job, ...]],
    *,
    rehearsal: bool = False,
    in_detail: bool = False,
) -> dict[str, Counted]:
    """Return of batches how many agreements are in each state now.

    Those that nobody began are not in the answer.

    Args:
        portal: The portal.
        known: The jobs of each batch by its id, the newest first.
        rehearsal: The rehearsals are meant.
        in_detail: Also the kinds of each state, which reads every row.

    Raises:
        ToldError: It cannot be found out.
    """
    asked = []
    for batch_id, jobs in known.items():
        plan = next((one for one in jobs if one.jenis == "rencana_batch"), None)
        begun = any(one.jenis in _WITH_STATES and one.isi["gladi"] is rehearsal for one in jobs)
        if plan is not None and begun:
            told = plan.hasil.get("hasil") or {}
            rows, ready = int(told.get("rows", 0)), int(told.get("ready", 0))
            asked.append({"id": batch_id, "gladi": rehearsal, "baris": rows, "siap": ready,
                          "rinci": in_detail})  # fmt: skip
    if not asked:
        return {}
    found = (await portal.ask("hitung_batch", {"batch": asked})).hasil
    return {
        name: Counted(
            states=one["keadaan"],
            drafted=one["draf"],
            details=one.get("rinci", {}),
            to_print=one.get("cetak", 0),
            unwritten=one.get("tanpa_surat", 0),
            written=one.get("bersurat", 0),
            letters_refused=one.get("surat_ditolak", 0),
            letter_day=date.fromisoformat(one["hari_surat"]) if one.get("hari_surat") else None,
            not_back=_named(one["belum_kembali"]) if "belum_kembali" in one else None,
        )
        for name, one in found.items()
    }


def _named(told: list[dict[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((one["nama"], one["nomor"]) for one in told)


def standing_of(known: tuple[Job, ...], now: Counted | None = None) -> Standing:
    """Return how a batch stands; rehearsals change nothing of it.

    Args:
        known: Its jobs, the newest first; see ``jobs.of_batches``.
        now: How many agreements are in each state; None where nobody can say: then what the last
            job told.
    """
    found = _standing(in_turn(known), now)
    return found if found.counted or now is None else replace(found, counted=now)


def _standing(known: tuple[Job, ...], now: Counted | None) -> Standing:
    plan = next((one for one in known if one.jenis == "rencana_batch"), None)
    if plan is None or plan.keadaan in ("gagal", "dibatalkan"):
        return Standing(code="plan_failed", kind="wrong", since=plan.berakhir if plan else None)
    if plan.keadaan in BUSY:
        return Standing(code="planning", kind="note", since=plan.dibuat)
    word = last_word(known)
    if word is not None and word.jenis == "tarik_batch":
        return _said("withdrawn", "plain", word)
    earnest = [one for one in known if one.jenis in _WITH_STATES and not one.isi["gladi"]]
    running = next(
        (one for one in earnest if one.jenis == "jalan_batch" and one.keadaan in BUSY), None
    )
    if running is not None:
        return Standing(code="running", kind="note", since=running.dibuat)
    tried = next((one for one in earnest if one.jenis == "jalan_batch"), None)
    newest = next((one for one in earnest if _states(one)), None)
    out = _left_out(plan, word)
    counts_now = now or _by_jobs(newest, tried, out)
    broke = (
        tried is not None and tried.keadaan == "gagal" and (newest is None or newest.id < tried.id)
    )
    since = tried if broke else _unchanged_since(earnest) or tried
    if counts_now is not None and since is not None:
        found = _after(counts_now, since.berakhir, tried, plan, out)
        if found is not None:
            return replace(found, code="run_failed", kind="wrong") if broke else found
    if broke:
        return Standing(code="run_failed", kind="wrong", since=since.berakhir if since else None)
    taken_out = {"out": counts_now.states.get("cancelled", 0)} if counts_now else {}
    if word is not None:
        if word.jenis == "tolak_batch":
            return _said("rejected", "wrong", word)
        found = _said("approved", "note", word)
        return replace(found, params={**found.params, **taken_out})
    said = plan.hasil.get("hasil", {})
    counts = {name: int(said.get(name, 0)) for name in ("ready", "rows")} | taken_out
    return Standing(code="planned", kind="look", since=plan.berakhir, params=counts)


def _said(code: str, kind: str, word: Job) -> Standing:
    told = word.hasil.get("hasil", {})
    params = {"name": told.get("by", ""), "rows": int(told.get("rows", 0))}
    return Standing(code=code, kind=kind, since=word.berakhir, params=params)


def _states(one: Job) -> Mapping[str, int]:
    found = (one.hasil.get("hasil") or {}).get("status", {}).get("states", {})
    return found if isinstance(found, Mapping) else {}


def _unchanged_since(earnest: list[Job]) -> Job | None:
    """Return the job after which each agreement has been in its state of now, as far as jobs tell.

    A run that only wrote a letter anew, or a delivery of what was there, moves nothing.
    """
    told = [one for one in earnest if _states(one) and one.keadaan == "selesai"]
    found = next(iter(told), None)
    for one in told[1:]:
        if (
            found is None
            or _states(one) != _states(found)
            or ended_early(one) != ended_early(found)
        ):
            break
        found = one
    return found


def _left_out(plan: Job, word: Job | None) -> int:
    """Return how many agreements the approval leaves out."""
    if word is None or word.jenis != "setujui_batch":
        return 0
    ready, rows = (int(one.hasil.get("hasil", {}).get(name, 0))
                   for one, name in ((plan, "ready"), (word, "rows")))  # fmt: skip
    return max(0, ready - rows)


def _by_jobs(newest: Job | None, tried: Job | None, out: int) -> Counted | None:
    """Return what the last job told; for a batch whose book is not there any more."""
    if newest is None:
        return None
    states = _states(newest)
    done = states.get("done", 0)
    only_drafts = tried is not None and tried.isi["sampai"] == "drafted"
    # what was drafted before an approval left it out is done as a draft alone
    drafted = done if only_drafts else min(done, max(0, out - states.get("cancelled", 0)))
    return Counted(states=states, drafted=drafted)


def _after(
    now: Counted, since: datetime | None, tried: Job | None, plan: Job, left_out: int
) -> Standing | None:
    """Return how it stands by the states of its agreements; None when nothing was begun."""
    states, held = now.states, _held(now, plan.hasil.get("hasil", {}))
    out, done = states.get("cancelled", 0), states.get("done", 0)
    drafts = min(now.drafted, max(0, left_out - out))
    params = {
        "done": done - now.drafted,
        "drafted": now.drafted - drafts,
        "other": states.get("with_other", 0),
        "wrong": wrong_in(now, plan.hasil.get("hasil", {})),
        "out": out + drafts,
        "held": held,
    }
    left = params["left"] = sum(states.values()) - sum(params.values())

    def told(code: str, kind: str) -> Standing:
        return Standing(code=code, kind=kind, since=since, params=params, counted=now)

    if params["out"] and not done and not params["other"] and not left:
        return told("cancelled", "plain")
    if tried is None or tried.keadaan == "dibatalkan":
        return None
    if left and ended_early(tried) == PAUSED:
        return told("paused", "look")
    if params["wrong"]:
        return told("with_wrong", "wrong")
    signed = params["done"] + params["other"]
    if left or (signed and params["drafted"]):
        return told("partly", "look")
    if params["other"]:
        return told("with_other", "note")
    return told("drafted" if params["drafted"] else "done", "note" if params["drafted"] else "done")

"""How a batch stands, in one word with its counts: for the list, and for what may still be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pks_kit.web.state.jobs import Job

BUSY = ("menunggu", "dikerjakan")
_WORDS = ("setujui_batch", "tolak_batch", "tarik_batch")
"""Jobs that write a word about the plan into the ledger."""
_WITH_STATES = ("jalan_batch", "ulangi_batch", "batalkan_batch", "terima_batch")
"""Jobs whose result tells how many agreements are in each state."""
_WRONG = ("failed", "refused", "parked", "interrupted")
_SHORT_ID = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a batch stands.

    Attributes:
        code: ``planning``, ``plan_failed``, ``planned``, ``rejected``, ``withdrawn``, ``approved``,
            ``running``, ``run_failed``, ``done``, ``drafted``, ``with_other``, ``with_wrong``,
            ``partly`` or ``cancelled``.
        kind: How grave it looks.
        since: Since when, as far as that is known.
        params: Counts and names that its words need.
    """

    code: str
    kind: str
    since: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def short_id(batch_id: str) -> str:
    """Return the end of an id, by which people tell batches of the same name apart."""
    return batch_id[-_SHORT_ID:]


def last_word(known: tuple[Job, ...]) -> Job | None:
    """Return the job that wrote the last word about the plan; None when nobody said anything."""
    return next((one for one in known if one.jenis in _WORDS and one.keadaan == "selesai"), None)


def standing_of(known: tuple[Job, ...]) -> Standing:
    """Return how a batch stands; rehearsals change nothing of it.

    Args:
        known: Its jobs, the newest first; see ``jobs.of_batches``.
    """
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
        told = running.kemajuan
        counts = {"done": int(told.get("selesai", 0)), "whole": int(told.get("semua", 0))}
        return Standing(code="running", kind="note", since=running.dibuat, params=counts)
    tried = next((one for one in earnest if one.jenis == "jalan_batch"), None)
    newest = next((one for one in earnest if _states(one)), None)
    if newest is not None and (tried is None or tried.keadaan != "gagal" or newest.id > tried.id):
        found = _after(newest, tried, plan, word)
        if found is not None:
            return found
    if tried is not None and tried.keadaan == "gagal":
        return Standing(code="run_failed", kind="wrong", since=tried.berakhir)
    if word is not None:
        if word.jenis == "tolak_batch":
            return _said("rejected", "wrong", word)
        return _said("approved", "note", word)
    said = plan.hasil.get("hasil", {})
    counts = {name: int(said.get(name, 0)) for name in ("ready", "rows")}
    return Standing(code="planned", kind="look", since=plan.berakhir, params=counts)


def _said(code: str, kind: str, word: Job) -> Standing:
    told = word.hasil.get("hasil", {})
    params = {"name": told.get("by", ""), "rows": int(told.get("rows", 0))}
    return Standing(code=code, kind=kind, since=word.berakhir, params=params)


def _states(one: Job) -> Mapping[str, int]:
    found = (one.hasil.get("hasil") or {}).get("status", {}).get("states", {})
    return found if isinstance(found, Mapping) else {}


def _left_out(plan: Job, word: Job | None) -> int:
    """Return how many agreements the approval leaves out."""
    if word is None or word.jenis != "setujui_batch":
        return 0
    ready, rows = (int(one.hasil.get("hasil", {}).get(name, 0))
                   for one, name in ((plan, "ready"), (word, "rows")))  # fmt: skip
    return max(0, ready - rows)


def _after(newest: Job, tried: Job | None, plan: Job, word: Job | None) -> Standing | None:
    """Return how it stands by the states of its agreements; None when nothing was begun."""
    states, planned = _states(newest), plan.hasil.get("hasil", {})
    # what the plan held back from the beginning is no failure of a run
    held = min(
        states.get("refused", 0),
        max(0, int(planned.get("rows", 0)) - int(planned.get("ready", 0))),
    )
    out, done = states.get("cancelled", 0), states.get("done", 0)
    # what was drafted before an approval left it out is done as a draft alone
    drafts = min(done, max(0, _left_out(plan, word) - out))
    drafted = tried is not None and tried.isi["sampai"] == "drafted"
    params = {
        "drafted" if drafted else "done": done - drafts,
        "other": states.get("with_other", 0),
        "wrong": sum(states.get(one, 0) for one in _WRONG) - held,
        "out": out + drafts,
        "held": held,
    }
    left = params["left"] = sum(states.values()) - sum(params.values())

    def told(code: str, kind: str) -> Standing:
        return Standing(code=code, kind=kind, since=newest.berakhir, params=params)

    if params["out"] and not done and not params["other"] and not left:
        return told("cancelled", "plain")
    if tried is None or tried.keadaan == "dibatalkan":
        return None
    if params["wrong"]:
        return told("with_wrong", "wrong")
    if left:
        return told("partly", "look")
    if params["other"]:
        return told("with_other", "note")
    return told("drafted" if drafted else "done", "note" if drafted else "done")

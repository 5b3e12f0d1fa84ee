"""What comes next of a batch that ran: what can still be brought on, and what is done first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pks_kit.web.pages.batch_standing import Counted, wrong_in
from pks_kit.web.pages.states import AWAITED, awaited_in
from pks_kit.web.portal import Portal
from pks_kit.web.state.jobs import BESIDE, DELIVERIES

ACTS = ("approve", "go_on", "mend", "incomplete", "print", "all", "returned", "report")
"""What may be done, in the order in which buttons stand behind the first one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What comes next.

    Attributes:
        acts: What may be done now, of :data:`ACTS`; the first is the one to do.
        reasons: Why there is something to go on with, each with its count; empty when there is not.
    """

    acts: tuple[str, ...]
    reasons: Mapping[str, int]


def reasons_to_go_on(now: Counted, out: int) -> dict[str, int]:
    """Return what another run would bring on, each with its count.

    Args:
        now: How many agreements are in each state.
        out: How many the approval leaves out; nobody brings them on.
    """
    states = now.states
    rest = max(0, out - states.get("cancelled", 0))
    waiting = states.get("waiting", 0)
    drafted = max(0, now.drafted - max(0, rest - waiting))
    found = {
        "waiting": max(0, waiting - rest),
        "interrupted": states.get("interrupted", 0),
        "parked": states.get("parked", 0),
        "drafted": drafted,
        "letters": now.unwritten,
    }
    return {name: count for name, count in found.items() if count}


def what_next(
    now: Counted,
    planned: Mapping[str, Any],
    out: int,
    returned: Mapping[str, Any] | None,
    *,
    is_approved: bool,
    is_reported: bool,
) -> Next:
    """Return what comes next of a batch that ran in earnest and of which nobody does anything now.

    Args:
        now: How many agreements are in each state.
        planned: What the job of the plan told.
        out: How many the approval leaves out.
        returned: What the last job told that took files that came back; None when none did.
        is_approved: Whether the plan is approved; nothing but drafts is made before.
        is_reported: Whether a report was written since.
    """
    reasons = reasons_to_go_on(now, out)
    waits = now.states.get("with_other", 0)
    made = now.states.get("done", 0) + waits
    wrong = wrong_in(now, planned) - reasons.get("interrupted", 0) - reasons.get("parked", 0)
    unfinished = bool(reasons.keys() - {"letters"})
    awaited = awaited_in(now.details)
    may = {
        "approve": not is_approved and unfinished,
        "go_on": is_approved and unfinished,
        "mend": wrong > 0,
        "incomplete": bool(any(awaited[one] for one in AWAITED if one != "belum_kembali")),
        "print": bool(now.to_print),
        "returned": bool(waits),
        "report": bool(made) and not is_reported,
        "all": bool(made),
    }
    # prints are out once something came back, and what comes back is what one waits for
    first = ("print", "returned") if returned is None else ("returned", "print")
    order = [one for one in ("approve", "go_on", "mend", "incomplete", *first, *ACTS) if may[one]]
    acts = dict.fromkeys([*order[:1], *(one for one in ACTS if may[one])])
    return Next(acts=tuple(acts), reasons=reasons)


_LEAVES_FILES = (*DELIVERIES, "putusan_batch", "pengingat_batch", BESIDE)
"""Work that changes nothing of what is printed or was made."""


def still_there(busy: str, earnest: Counted | None) -> dict[str, int]:
    """Return of how many agreements each ZIP can be downloaded while something is at work.

    How large they are is not told: the page asks every other second.

    Args:
        busy: Kind of the job that is at work, empty for none.
        earnest: How many agreements of the batch itself, no rehearsal, are in each state.
    """
    if earnest is None or busy not in _LEAVES_FILES:
        return {}
    made = sum(earnest.states.get(one, 0) for one in ("done", "with_other"))
    return {name: count for name, count in (("cetak", earnest.to_print), ("semua", made)) if count}


Turn = Literal[
    "other",
    "yours",
    "somebody",
    "rejected",
    "start_yours",
    "start_planner",
    "working",
    "reading",
    "go_on_yours",
    "go_on_planner",
    "mend_yours",
    "mend_planner",
    "facility",
    "nobody",
]
"""Whose turn it is; ``start_...``: the plan is approved and nobody began, ``go_on_...``: somebody
did, ``mend_...``: nothing goes on before something is mended."""

_AFTER: Mapping[str, str] = {
    "planning": "working",
    "running": "working",
    "plan_failed": "mend",
    "withdrawn": "mend",
    "run_failed": "go_on",
    "partly": "go_on",
    "paused": "go_on",
    "with_wrong": "mend",
    "with_other": "facility",
    "done": "nobody",
    "cancelled": "nobody",
}
"""What is to be done in each standing that is none of :data:`UNSIGNED`."""

UNSIGNED = ("planned", "rejected", "approved", "drafted")
"""Standings of a batch of which nothing was signed, so that it is somebody's turn."""

NOTHING_HELD: Mapping[str, Any] = {"count": 0, "names": ()}
"""What :func:`held_back` returns of a plan that holds nothing back, or that is past."""


def whose_turn(
    planner: Literal["own", "alike", "another"],
    *,
    is_approved: bool,
    is_rejected: bool,
    may_approve: bool,
    may_run: bool,
) -> Turn:
    """Return whose turn it is with a plan by which nothing was signed yet.

    Args:
        planner: Whether whoever looks made the plan, see ``routes.batch.planner_is``.
        is_approved: Whether somebody approved it.
        is_rejected: Whether the last word about it is another one.
        may_approve: Whether whoever looks may approve plans.
        may_run: Whether whoever looks may run them.
    """
    if is_rejected:
        return "rejected"
    if is_approved:
        return "start_yours" if may_run and planner != "another" else "start_planner"
    if planner != "another":
        return "other"
    return "yours" if may_approve else "somebody"


def turn_after(
    standing: str,
    planner: Literal["own", "alike", "another"],
    *,
    may_run: bool,
    may_go_on: bool,
    busy: str,
) -> Turn:
    """Return whose turn it is once a plan was begun, or where there is none to decide about.

    Args:
        standing: How the batch stands, none of :data:`UNSIGNED`.
        planner: Whether whoever looks made the plan, see ``routes.batch.planner_is``.
        may_run: Whether whoever looks may run plans.
        may_go_on: Whether another run would bring something on.
        busy: Kind of the job that is at work, empty for none. Whoever waits for scans to be read
            may decide meanwhile what is doubtful.
    """
    if busy:
        return "reading" if busy in DELIVERIES else "working"
    what = _AFTER[standing]
    if what == "mend" and may_go_on:
        what = "go_on"
    if what not in ("go_on", "mend"):
        return what  # type: ignore[return-value]
    return f"{what}_{'yours' if may_run and planner != 'another' else 'planner'}"  # type: ignore[return-value]


async def held_back(portal: Portal, batch_id: str, planned: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return how many agreements the plan holds back (``count``), and the first ``names`` of them.

    Args:
        portal: The portal.
        batch_id: A batch that whoever asks may see; its plan never changes.
        planned: What the job of the plan told.

    Raises:
        ToldError: The plan cannot be read.
    """
    count = int(planned.get("rows", 0)) - int(planned.get("ready", 0))
    if count <= 0:
        return NOTHING_HELD

    async def ask() -> bytes:
        return json.dumps((await portal.ask("tertahan_batch", {"batch": batch_id})).hasil).encode()

    found = json.loads(await portal.kept.of(("tertahan", batch_id), ask))
    return {"count": count, "names": found["nama"]}


def by_pen_in(planned: Mapping[str, Any] | None) -> int:
    """Return how many agreements of a plan the other party signs with a pen."""
    methods = (planned or {}).get("methods", {})
    return sum(int(methods.get(one, 0)) for one in ("digital", "manual"))

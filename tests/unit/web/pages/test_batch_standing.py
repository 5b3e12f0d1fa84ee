"""How a batch stands is told by its jobs, whatever happened in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pks_kit.web.pages.batch_standing import (
    Counted,
    Standing,
    last_word,
    may_be_withdrawn,
    short_id,
    standing_of,
    wrong_in,
)
from pks_kit.web.scope import Area
from pks_kit.web.state.jobs import Job, JobState

NOW = datetime(2026, 12, 8, tzinfo=UTC)
READY = {"ready": 3, "rows": 4}


def jobs(*told: tuple[str, JobState, dict[str, Any]]) -> tuple[Job, ...]:
    """Return jobs that were ordered one after the other, the newest first."""
    return tuple(
        Job(
            id=f"{number:026}", area=Area(), jenis=f"{kind}_batch", perjanjian="", keadaan=state,
            isi={"gladi": more.get("gladi", False), "sampai": more.get("sampai", "verified")},
            kemajuan=more.get("kemajuan", {}), hasil={"hasil": more.get("hasil", {})},
            percobaan=1, oleh="a", dibuat=NOW, berakhir=NOW,
        )
        for number, (kind, state, more) in enumerate(told)
    )[::-1]  # fmt: skip


def states(**found: int) -> dict[str, Any]:
    return {"hasil": {"status": {"states": found}}}


def paused(**found: int) -> dict[str, Any]:
    return {"hasil": {"status": {"states": found}, "code": "batch.stopped"}}


PLAN = ("rencana", "selesai", {"hasil": READY})
YES = ("setujui", "selesai", {"hasil": {"by": "Rini", "rows": 3}})
NO = ("tolak", "selesai", {"hasil": {"by": "Rini"}})
BACK = ("tarik", "selesai", {"hasil": {"by": "Agus"}})


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ([], "plan_failed"),
        ([("rencana", "dikerjakan", {})], "planning"),
        ([("rencana", "gagal", {})], "plan_failed"),
        ([PLAN], "planned"),
        ([PLAN, NO], "rejected"),
        ([PLAN, NO, YES], "approved"),
        ([PLAN, YES, NO], "rejected"),
        ([PLAN, BACK], "withdrawn"),
        ([PLAN, ("tarik", "gagal", {})], "planned"),
        ([PLAN, ("jalan", "selesai", {"gladi": True, **states(done=3)})], "planned"),
        ([PLAN, YES, ("jalan", "dikerjakan", {"kemajuan": {"selesai": 1, "semua": 3}})], "running"),
        ([PLAN, YES, ("jalan", "gagal", {})], "run_failed"),
        ([PLAN, ("jalan", "selesai", {"sampai": "drafted", **states(done=3)})], "drafted"),
        ([PLAN, YES, ("jalan", "selesai", states(done=2, cancelled=1))], "done"),
        ([PLAN, YES, ("jalan", "selesai", states(done=1, with_other=2))], "with_other"),
        ([PLAN, YES, ("jalan", "selesai", states(done=1, failed=1, waiting=1))], "with_wrong"),
        ([PLAN, YES, ("jalan", "selesai", states(done=1, waiting=2))], "partly"),
        ([PLAN, YES, ("jalan", "selesai", paused(done=1, waiting=2))], "paused"),
        ([PLAN, YES, ("jalan", "selesai", paused(done=1, failed=1, waiting=1))], "paused"),
        ([PLAN, YES, ("jalan", "selesai", paused(done=3))], "done"),  # it was pressed too late
        ([PLAN, YES, ("jalan", "selesai", states(with_other=1)),
          ("terima", "selesai", states(done=1))], "done"),
        ([PLAN, ("batalkan", "selesai", states(cancelled=1, waiting=2))], "planned"),
        ([PLAN, ("batalkan", "selesai", states(cancelled=3, refused=1))], "cancelled"),
        ([PLAN, YES, ("jalan", "selesai", states(failed=1, done=2)),
          ("batalkan", "selesai", states(cancelled=1, done=2))], "done"),
    ],
)  # fmt: skip
def test_how_a_batch_stands(told: list[Any], code: str) -> None:
    assert standing_of(jobs(*told)).code == code


def test_it_is_told_with_counts_names_and_a_day() -> None:
    planned = standing_of(jobs(PLAN))
    assert (dict(planned.params), planned.since) == (READY, NOW)
    assert standing_of(jobs(PLAN, YES)).params == {"name": "Rini", "rows": 3}
    ran = standing_of(jobs(PLAN, YES, ("jalan", "selesai",
                                       states(done=1, failed=1, parked=1, refused=1))))  # fmt: skip
    assert (ran.params["done"], ran.params["wrong"], ran.kind) == (1, 2, "wrong")
    assert (ran.params["held"], ran.params["left"]) == (1, 0)
    some = ("setujui", "selesai", {"hasil": {"by": "Rini", "rows": 2}})
    draft = standing_of(jobs(PLAN, some, ("jalan", "selesai", states(done=3, refused=0))))
    assert (draft.params["done"], draft.params["out"]) == (2, 1)


def test_the_last_word_is_the_newest_that_was_written() -> None:
    word = last_word(jobs(PLAN, YES, NO, ("setujui", "gagal", {})))
    assert word is not None
    assert word.jenis == "tolak_batch"
    assert last_word(jobs(PLAN)) is None
    assert short_id("01JE0000000000000000ABCDEF") == "ABCDEF"


RAN = ("jalan", "selesai", states(done=1, waiting=2))


@pytest.mark.parametrize(
    ("told", "drafted", "now", "code", "params"),
    [
        # the facility signed since, and nobody ran anything
        ([PLAN, YES, ("jalan", "selesai", states(with_other=3))], 0, {"done": 3}, "done",
         {"done": 3, "other": 0}),
        # the run broke off in the middle: it is told, and so is how far it came
        ([PLAN, YES, ("jalan", "gagal", {})], 0, {"done": 1, "interrupted": 1, "waiting": 1},
         "run_failed", {"done": 1, "wrong": 1, "left": 1}),
        ([PLAN, YES, RAN, ("jalan", "gagal", {})], 0, {"done": 2, "waiting": 1}, "run_failed",
         {"done": 2, "left": 1}),
        # tried again, and nothing done yet
        ([PLAN, YES, ("jalan", "selesai", states(done=2, failed=1)),
          ("ulangi", "selesai", {"hasil": {}})], 0, {"done": 2, "waiting": 1}, "partly",
         {"done": 2, "left": 1, "wrong": 0}),
        # drafts are told from what was signed, whatever the last run was asked for
        ([PLAN, YES, RAN], 3, {"done": 3, "refused": 1}, "drafted", {"drafted": 3, "done": 0}),
        ([PLAN, YES, RAN], 1, {"done": 3}, "partly", {"drafted": 1, "done": 2}),
        ([PLAN, ("setujui", "selesai", {"hasil": {"by": "Rini", "rows": 2}}), RAN], 1,
         {"done": 3}, "done", {"drafted": 0, "done": 2, "out": 1}),
    ],
)  # fmt: skip
def test_the_counts_are_those_of_now(
    told: list[Any], drafted: int, now: dict[str, int], code: str, params: dict[str, int]
) -> None:
    found = standing_of(jobs(*told), Counted(states=now, drafted=drafted))
    assert found.code == code
    assert {name: found.params[name] for name in params} == params


@pytest.mark.parametrize(
    ("code", "params", "may"),
    [
        ("planned", READY, True),
        ("run_failed", {}, True),
        ("drafted", {"done": 0, "drafted": 3}, True),
        ("partly", {"done": 0, "drafted": 2, "left": 1}, True),
        ("run_failed", {"done": 1}, False),
        ("with_wrong", {"done": 0, "other": 1, "wrong": 1}, False),
        ("partly", {"done": 1, "left": 1}, False),
        ("running", {"done": 0}, False),
        ("withdrawn", {}, False),
        ("done", {"done": 3}, False),
    ],
)
def test_what_nothing_was_signed_of_may_be_withdrawn(
    code: str, params: dict[str, int], may: bool
) -> None:
    assert may_be_withdrawn(Standing(code=code, kind="plain", params=params)) is may


def test_what_was_taken_out_of_a_plan_that_waits_is_counted() -> None:
    taken = ("batalkan", "selesai", states(cancelled=1, waiting=2))
    now = Counted(states={"cancelled": 1, "waiting": 2}, drafted=0)
    assert standing_of(jobs(PLAN, taken), now).params["out"] == 1
    assert standing_of(jobs(PLAN, YES, taken), now).params["out"] == 1


def test_what_the_plan_held_back_or_a_person_took_out_went_not_wrong() -> None:
    now = Counted(states={"refused": 3, "failed": 1, "cancelled": 2, "parked": 1}, drafted=0)
    assert wrong_in(now, {"rows": 9, "ready": 7}) == 3
    assert wrong_in(now, None) == 5


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("jalan", "batch.not_approved"),
        ("jalan", "batch.rejected"),
        ("setujui", "batch.same_person"),
    ],
)
def test_what_only_came_too_early_leaves_no_trace(kind: str, code: str) -> None:
    plan: tuple[str, JobState, dict[str, Any]] = ("rencana", "selesai", {"hasil": READY})
    (early, planned) = jobs(plan, (kind, "gagal", {}))
    early = replace(early, hasil={"masalah": {"code": code}})
    assert standing_of((early, planned)).code == "planned"
    broken = replace(early, hasil={"masalah": {"code": "batch.other_settings"}})
    assert standing_of((broken, planned)).code == ("run_failed" if kind == "jalan" else "planned")


def test_a_run_that_changed_no_state_moves_nothing() -> None:
    """A run that wrote refused letters once more made the batch wait since then."""
    later = NOW + timedelta(days=2)
    same = ("jalan", "selesai", states(with_other=3))
    found = list(jobs(PLAN, YES, same, same))
    found[0] = replace(found[0], berakhir=later)
    assert standing_of(tuple(found)).since == NOW
    found = list(jobs(PLAN, YES, ("jalan", "selesai", states(waiting=3)), same))
    found[0] = replace(found[0], berakhir=later)
    assert standing_of(tuple(found)).since == later

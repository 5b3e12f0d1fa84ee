"""Who goes on with a plan and who withdraws it are not both heard."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from pks_kit.errors import UsageError
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import batches, jobs
from pks_kit.web.state.batches import StoredBatch
from pks_kit.web.state.database import State
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import Job, JobState, NewJob

NOW = system_clock()
AREA = Area(cabang="0901")
BATCH = "B" * 26


@pytest.fixture
def planned(state: State) -> State:
    with state.write() as connection:
        one = StoredBatch(id=BATCH, area=AREA, nama="Desember", oleh="a", dibuat=NOW)
        batches.add(connection, one, "k")
    return state


def ordered(
    state: State,
    kind: str,
    unless: Callable[[Connection], None] | None = None,
    key: str = "",
    **isi: Any,
) -> Job:
    new = NewJob(
        id=new_id(NOW), area=AREA, jenis=kind, isi={"batch": BATCH, **isi}, perjanjian="",
        oleh="a", kunci=key or f"{kind}-{new_id(NOW)}", now=NOW,
    )  # fmt: skip
    with state.write() as connection:
        return jobs.add(connection, new, unless=unless)


NOT_WITHDRAWN = partial(batches.refuse_withdrawn, batch_id=BATCH)
NOT_SIGNED = partial(batches.refuse_signed, batch_id=BATCH)
RUN = {"gladi": False, "sampai": "verified"}


@pytest.mark.parametrize(
    ("isi", "ends", "refused"),
    [
        (RUN, None, True),
        (RUN, "selesai", True),
        (RUN, "gagal", False),
        (RUN | {"gladi": True}, None, False),
        (RUN | {"sampai": "drafted"}, "selesai", False),
        (RUN | {"sampai": "drafted"}, None, True),
    ],
)
def test_what_signs_keeps_a_plan(
    planned: State, isi: dict[str, Any], ends: JobState | None, refused: bool
) -> None:
    run = ordered(planned, "jalan_batch", **isi)
    if ends:
        with planned.write() as connection:
            jobs.end(connection, run.id, ends, {}, now=NOW)
    if refused:
        with pytest.raises(UsageError) as caught:
            ordered(planned, "tarik_batch", NOT_SIGNED)
        assert caught.value.code == "web.batch_ran"
    else:
        ordered(planned, "tarik_batch", NOT_SIGNED)


def test_a_withdrawn_plan_is_not_run_and_the_same_form_is_answered_again(planned: State) -> None:
    first = ordered(planned, "jalan_batch", NOT_WITHDRAWN, key="sama", **RUN)
    with planned.write() as connection:
        jobs.end(connection, first.id, "gagal", {}, now=NOW)
    ordered(planned, "tarik_batch", NOT_SIGNED)
    with pytest.raises(UsageError) as caught:
        ordered(planned, "jalan_batch", NOT_WITHDRAWN, **RUN)
    assert caught.value.code == "web.batch_withdrawn"
    assert ordered(planned, "jalan_batch", NOT_WITHDRAWN, key="sama", **RUN).id == first.id


def test_of_a_run_and_a_withdrawal_at_once_one_is_heard(planned: State) -> None:
    """Each was asked for before the other was written down."""
    told: list[str] = []
    both = threading.Barrier(2)

    def comes(kind: str, unless: Callable[[Connection], None], **isi: Any) -> None:
        both.wait(10)
        try:
            ordered(planned, kind, unless, **isi)
        except UsageError as error:
            told.append(error.code)

    threads = [
        threading.Thread(target=comes, args=("jalan_batch", NOT_WITHDRAWN), kwargs=RUN),
        threading.Thread(target=comes, args=("tarik_batch", NOT_SIGNED)),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(told) == 1, told


@pytest.mark.parametrize(
    ("kind", "ends", "refused"),
    [
        ("rencana_batch", None, True),
        ("rencana_batch", "selesai", True),
        ("rencana_batch", "gagal", False),
        ("rencana_batch", "dibatalkan", False),
    ],
)
def test_only_what_has_no_plan_is_thrown_away(
    planned: State, kind: str, ends: JobState | None, refused: bool
) -> None:
    job = ordered(planned, kind)
    mine, others = (Reach(frozenset({Scope("cabang", one)})) for one in ("0901", "0902"))
    with planned.write() as connection:
        if ends:
            jobs.end(connection, job.id, ends, {}, now=NOW)
        with pytest.raises(UsageError) as stranger:
            batches.discard(connection, BATCH, others)
        assert stranger.value.code == "web.unknown"
    with planned.write() as connection:
        if refused:
            with pytest.raises(UsageError) as caught:
                batches.discard(connection, BATCH, mine)
            assert caught.value.code == "web.batch_planned"
        else:
            batches.discard(connection, BATCH, mine)
        assert (batches.find(connection, BATCH, mine) is None) is not refused
        assert jobs.find(connection, job.id, mine) is not None, "what was tried is on record"

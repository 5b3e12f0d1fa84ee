"""Whoever waits is told for what."""

from __future__ import annotations

import itertools
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.messages import lookup
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.jobs import alongside
from pks_kit.web.scope import Area
from pks_kit.web.state import holding, jobs, queue
from pks_kit.web.state.database import State
from pks_kit.web.state.deliveries import FEW_FILES, FEW_SHEETS_BYTES, kind_of_delivery
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import Job, NewJob

NOW = system_clock()
_MOMENTS = itertools.count()


def given(state: State, batch: str, jenis: str = "terima_batch") -> Job:
    moment = NOW + timedelta(seconds=next(_MOMENTS))
    new = NewJob(
        id=new_id(moment), area=Area(cabang="0901"), jenis=jenis, isi={"batch": batch},
        perjanjian="", oleh="a", kunci=new_id(moment), now=NOW,
    )  # fmt: skip
    with state.write() as connection:
        return jobs.add(connection, new)


def next_of(state: State, *kinds: str) -> str:
    with state.write() as connection:
        found = holding.take(connection, "satu", NOW, kinds=kinds, gone=())
    return found.id if found else ""


def test_who_waits_is_told_for_what(state: State) -> None:
    def ahead(job: Job) -> str:
        with state.read() as connection:
            found = queue.ahead_of(connection, job, ["terima_batch", "tinjauan"])
        return found.job.id if found else ""

    first = given(state, "a")
    assert ahead(first) == ""
    assert next_of(state, "terima_batch") == first.id
    elsewhere, own = given(state, "b"), given(state, "a")
    letter = given(state, "c", "surat_batch")
    assert ahead(own) == first.id
    assert ahead(elsewhere) == first.id, "it takes the place where scans are read"
    with state.read() as connection:
        assert queue.ahead_of(connection, letter, ["surat_batch"]) is None


def test_who_waits_is_told_how_many_are_before(state: State) -> None:
    for batch in "aab":
        given(state, batch)
    last = given(state, "a")
    assert next_of(state, "terima_batch")
    with state.read() as connection:
        found = queue.ahead_of(connection, last, ["terima_batch"])
    assert found is not None
    assert found.count == 3


def test_short_work_waits_for_no_delivery_of_its_batch(state: State) -> None:
    """A decision of 20:12 was counted at 20:21, and reminders were not written at all."""
    given(state, "a")
    assert next_of(state, "terima_batch")
    for kind in ("putusan_batch", "pengingat_batch", "surat_batch"):
        short = given(state, "a", kind)
        with state.read() as connection:
            assert queue.ahead_of(connection, short, [kind]) is None
        assert next_of(state, kind) == short.id
        with state.write() as connection:
            jobs.end(connection, short.id, "selesai", {}, now=NOW)
    run, behind = given(state, "a", "jalan_batch"), given(state, "a", "pengingat_batch")
    assert next_of(state, "jalan_batch", "pengingat_batch") == "", "a run waits for the delivery"
    with state.read() as connection:
        found = queue.ahead_of(connection, behind, ["pengingat_batch"])
    assert found is not None
    assert found.job.id == run.id


def test_a_corrected_page_does_not_wait_for_a_large_delivery(state: State) -> None:
    """One page waited for eight minutes behind thirty agreements."""
    given(state, "a")
    waiting = given(state, "a")
    assert next_of(state, "terima_batch")
    page = given(state, "a", "susulan_batch")
    with state.read() as connection:
        assert queue.ahead_of(connection, page, alongside("susulan_batch")) is None
        found = queue.ahead_of(connection, waiting, alongside("terima_batch"))
    assert found is not None
    assert found.count == 1, "nor is anybody told to stand behind it"
    assert next_of(state, "terima_batch") == ""
    assert next_of(state, *alongside("susulan_batch")) == page.id
    second = given(state, "a", "susulan_batch")
    assert next_of(state, *alongside("susulan_batch")) == "", "small ones are read in their order"
    with state.read() as connection:
        found = queue.ahead_of(connection, second, alongside("susulan_batch"))
    assert found is not None
    assert found.job.id == page.id


@pytest.mark.parametrize(
    ("files", "rehearsal", "kind"),
    [
        ([("image/jpeg", 9 << 20)], False, "susulan_batch"),
        ([("application/pdf", 300_000)] * 3, False, "susulan_batch"),
        ([("application/pdf", 300_000)] * 3, True, "terima_batch"),
        ([("image/jpeg", 1 << 20)] * 4, False, "terima_batch"),
        ([("application/pdf", 2 << 20)], False, "terima_batch"),
        ([("image/tiff", 2 << 20)], False, "terima_batch"),
        ([("image/png", 9 << 20), ("application/pdf", 1 << 20)], False, "susulan_batch"),
    ],
)
def test_a_delivery_of_few_sheets_is_a_small_one(
    files: list[tuple[str, int]], rehearsal: bool, kind: str
) -> None:
    scans: Any = [SimpleNamespace(media=media, ukuran=size) for media, size in files]
    assert kind_of_delivery(scans, rehearsal=rehearsal) == kind


def test_the_rule_of_small_deliveries_is_told_as_it_is() -> None:
    """«Paling banyak tiga foto atau PDF» stood there, and one PDF of 2 MB waited."""
    told = lookup("desk.batch.queue_about")
    filled = told.fill({"files": str(FEW_FILES), "size": str(FEW_SHEETS_BYTES >> 20)})
    assert "paling banyak 3 berkas" in filled.id
    assert "paling besar 1 MB" in filled.id
    assert "at most 3 files" in filled.en
    assert "JPEG" in filled.en

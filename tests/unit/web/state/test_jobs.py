"""A job is done by one, given to another when that one is gone, and never by two at once."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Area, Reach, Scope
from pks_kit.web.state import holding, jobs, queue
from pks_kit.web.state.database import State
from pks_kit.web.state.ids import new_id
from pks_kit.web.state.jobs import LEASE, Job, NewJob

NOW = system_clock()
OFFICE = Reach(frozenset({Scope("pusat")}))


def ordered(state: State, key: str, area: Area | None = None) -> Job:
    new = NewJob(
        id=new_id(NOW), area=area or Area(cabang="0901"), jenis="x", isi={"a": 1}, perjanjian="",
        oleh="a", kunci=key, now=NOW,
    )  # fmt: skip
    with state.write() as connection:
        return jobs.add(connection, new)


def taken(
    state: State, holder: str, after: timedelta = timedelta(), gone: tuple[str, ...] = ()
) -> Job | None:
    with state.write() as connection:
        return holding.take(connection, holder, NOW + after, kinds=["x"], gone=gone)


def test_the_same_key_is_the_same_job(state: State) -> None:
    first = ordered(state, "k")
    assert ordered(state, "k") == first
    assert ordered(state, "l").id != first.id


def test_a_job_is_taken_once(state: State) -> None:
    job = ordered(state, "k")
    found = taken(state, "satu")
    assert found is not None
    assert (found.id, found.keadaan, found.percobaan) == (job.id, "dikerjakan", 1)
    assert taken(state, "dua") is None


def test_only_what_there_is_room_for_is_taken(state: State) -> None:
    ordered(state, "k")
    with state.write() as connection:
        assert holding.take(connection, "satu", NOW, kinds=["lain"], gone=()) is None
        assert not holding.is_any(connection, "satu", NOW, ["lain"])
        assert holding.is_any(connection, "satu", NOW, ["x"])
    assert taken(state, "satu") is not None
    with state.read() as connection:
        assert not holding.is_any(connection, "satu", NOW, ["x"])  # it has it itself
        assert holding.is_any(connection, "dua", NOW, ["x"])  # and may take it over one day


def test_the_job_of_a_dead_holder_is_taken_over(state: State) -> None:
    ordered(state, "k")
    taken(state, "satu")
    assert taken(state, "dua", LEASE / 2) is None
    with state.write() as connection:
        holding.renew(connection, "satu", NOW + LEASE / 2)
    assert taken(state, "dua", LEASE) is None  # it lives
    over = taken(state, "dua", 2 * LEASE)
    assert over is not None
    assert over.percobaan == 2
    with state.write() as connection:
        assert not holding.is_held(connection, over.id, "satu")  # who was late writes nothing
        assert holding.is_held(connection, over.id, "dua")
    assert taken(state, "tiga", 2 * LEASE, gone=("dua",)) is not None  # known to be dead: at once


def test_a_job_that_was_given_back_counts_no_try(state: State) -> None:
    job = ordered(state, "k")
    taken(state, "satu")
    with state.write() as connection:
        holding.put_back(connection, job.id, "satu")
    again = taken(state, "satu")
    assert again is not None
    assert again.percobaan == 1


def test_only_one_that_waits_can_be_cancelled(state: State) -> None:
    job, other = ordered(state, "k"), ordered(state, "l")
    with state.write() as connection:
        stranger = Reach(frozenset({Scope("cabang", "0902")}))
        assert not jobs.cancel(connection, job.id, stranger, NOW)
        assert jobs.cancel(connection, job.id, OFFICE, NOW)
    assert taken(state, "satu").id == other.id  # type: ignore[union-attr]
    with state.write() as connection:
        assert not jobs.cancel(connection, other.id, OFFICE, NOW)
        jobs.end(connection, other.id, "selesai", {"hasil": {}}, now=NOW)
        assert queue.counted(connection) == {"menunggu": 0, "dikerjakan": 0}
        jobs.drop_old(connection, NOW)
        assert jobs.listed(connection, OFFICE, keadaan="", before="", most=9) == ()


def test_many_at_once_take_each_job_once(state: State) -> None:
    ids = {ordered(state, f"k{number}").id for number in range(20)}
    found: list[str] = []

    def work(holder: str) -> None:
        while (job := taken(state, holder)) is not None:
            found.append(job.id)

    threads = [threading.Thread(target=work, args=(f"h{number}",)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == sorted(ids)


def test_pages_hold_every_job_once(state: State) -> None:
    ids = sorted((ordered(state, f"k{number}").id for number in range(5)), reverse=True)
    found: list[str] = []
    with state.read() as connection:
        before = ""
        while page := jobs.listed(connection, OFFICE, keadaan="menunggu", before=before, most=2):
            found += [one.id for one in page]
            before = found[-1]
    assert found == ids


_MOMENTS = itertools.count()


def of_batch(state: State, kind: str, key: str, batch: str = "B1") -> Job:
    moment = NOW + timedelta(seconds=next(_MOMENTS))  # the later one has the larger id
    new = NewJob(
        id=new_id(moment), area=Area(cabang="0901"), jenis=kind, isi={"batch": batch},
        perjanjian="", oleh="a", kunci=key, now=NOW,
    )  # fmt: skip
    with state.write() as connection:
        return jobs.add(connection, new)


def test_of_a_batch_the_jobs_are_read_that_tell_how_it_stands(state: State) -> None:
    plan = of_batch(state, "rencana_batch", "a")
    runs = [of_batch(state, "jalan_batch", f"r{one}") for one in range(20)]
    failed = of_batch(state, "jalan_batch", "f")
    cancelled = of_batch(state, "laporan_batch", "c")
    waiting = of_batch(state, "terima_batch", "w")
    of_batch(state, "rencana_batch", "o", batch="B2")
    with state.write() as connection:
        for one in (plan, *runs):
            jobs.end(connection, one.id, "selesai", {"hasil": {}}, now=NOW)
        jobs.end(connection, failed.id, "gagal", {"masalah": {}}, now=NOW)
        jobs.cancel(connection, cancelled.id, OFFICE, NOW)
        found = jobs.of_batch(connection, "B1", OFFICE)
        assert jobs.of_batch(connection, "B1", Reach(frozenset({Scope("cabang", "0902")}))) == ()
    assert [one.id for one in found] == [waiting.id, failed.id, runs[-1].id, plan.id]


def test_of_many_batches_the_runs_in_earnest_are_read_beside_rehearsals(state: State) -> None:
    plan, earnest = of_batch(state, "rencana_batch", "a"), of_batch(state, "jalan_batch", "b")
    moment = NOW + timedelta(seconds=next(_MOMENTS))
    gladi = NewJob(
        id=new_id(moment), area=Area(cabang="0901"), jenis="jalan_batch",
        isi={"batch": "B1", "gladi": True}, perjanjian="", oleh="a", kunci="g", now=NOW,
    )  # fmt: skip
    other = of_batch(state, "rencana_batch", "c", batch="B2")
    with state.write() as connection:
        rehearsed = jobs.add(connection, gladi)
        for one in (plan, earnest, rehearsed, other):
            jobs.end(connection, one.id, "selesai", {"hasil": {}}, now=NOW)
        jobs.drop_old(connection, NOW + timedelta(days=400))  # they tell how a batch stands
        found = jobs.of_batches(connection, ["B1", "B2", "B3"], OFFICE)
    told = {batch: [one.id for one in several] for batch, several in found.items()}
    assert told == {"B1": [rehearsed.id, earnest.id, plan.id], "B2": [other.id]}


def given(state: State, batch: str, jenis: str = "terima_batch") -> Job:
    return of_batch(state, jenis, new_id(NOW), batch=batch)


def next_of(state: State, *kinds: str) -> str:
    with state.write() as connection:
        found = holding.take(connection, "satu", NOW, kinds=kinds, gone=())
    return found.id if found else ""


def test_deliveries_of_a_batch_are_read_one_after_another(state: State) -> None:
    """A second one would find the folder taken, and fail."""
    first, second = given(state, "a"), given(state, "a")
    other, report = given(state, "b"), given(state, "a", "laporan_batch")
    assert [next_of(state, "terima_batch") for _ in range(3)] == [first.id, other.id, ""]
    assert next_of(state, "laporan_batch") == report.id, "who only reads waits for nobody"
    with state.write() as connection:
        jobs.end(connection, first.id, "gagal", {}, now=NOW)
    assert next_of(state, "terima_batch") == second.id


def put_aside(state: State, job: Job, holder: str, *, stays: bool = False) -> None:
    with state.write() as connection:
        holding.put_aside(
            connection, job.id, holder,
            since=NOW, until=NOW + timedelta(seconds=5), stays=stays,
        )  # fmt: skip


def test_what_is_put_aside_is_taken_again_after_a_while_and_counts_no_try(state: State) -> None:
    job = ordered(state, "k")
    taken(state, "satu")
    put_aside(state, job, "satu")
    assert taken(state, "dua", timedelta(seconds=4)) is None
    with state.read() as connection:
        assert not holding.is_any(connection, "dua", NOW + timedelta(seconds=4), ["x"])
        assert holding.is_any(connection, "dua", NOW + timedelta(seconds=5), ["x"])
    again = taken(state, "dua", timedelta(seconds=5))
    assert again is not None
    assert (again.percobaan, holding.busy_since(again)) == (1, NOW)
    # it holds for this try alone: whoever is given back after an hour of work was not busy
    with state.write() as connection:
        holding.put_back(connection, job.id, "dua")
    later = taken(state, "satu", timedelta(seconds=5))
    assert later is not None
    assert holding.busy_since(later) is None


def test_what_a_person_gave_for_a_job_stays_with_it_while_it_is_aside(state: State) -> None:
    job = ordered(state, "k")
    taken(state, "satu")
    put_aside(state, job, "satu", stays=True)
    due = timedelta(seconds=6)
    assert taken(state, "dua", due) is None
    with state.write() as connection:
        assert holding.holders(connection) == ("satu",)
    again = taken(state, "satu", due)
    assert again is not None
    put_aside(state, job, "satu", stays=True)
    assert taken(state, "dua", due, gone=("satu",)) is not None
    put_aside(state, job, "dua", stays=True)
    assert taken(state, "tiga", due + LEASE) is not None  # on another machine, and silent

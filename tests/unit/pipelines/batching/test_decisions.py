"""What people decided: it outlives the book, and only people take it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pks_kit.errors import InputError, UsageError
from pks_kit.ledger.plans import record_approval, record_put_back, record_taken_out, taken_out
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batch_rows import (
    BatchRebuildRequest,
    BatchRowsRequest,
    batch_cancel,
    batch_rebuild,
    batch_retry,
)
from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.decisions import decisions, settle
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import ReadPlan
from support.batch_plans import plan_of, planned

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path / "buku.sqlite") as opened:
        yield opened


@pytest.fixture
def plan() -> ReadPlan:
    return plan_of([planned(number) for number in range(1, 6)])


def states(folder: Path, plan: ReadPlan) -> dict[int, str]:
    with closing(Book(BatchFolder(folder).book, plan.id, 5)) as book:
        return {number: one.state for number, one in sorted(book.rows().items())}


def test_what_was_taken_out_stays_out_when_the_book_is_lost(
    tmp_path: Path, ledger: SqlLedger, plan: ReadPlan
) -> None:
    folder = tmp_path / "r"
    BatchFolder(folder).save_plan(plan)
    out = BatchRowsRequest(folder=folder, keys=("K2", "4"), by="Budi  Rekaan", ledger=ledger)
    assert batch_cancel(out).rows == 2
    batch_cancel(out)  # a second time is no second event
    assert taken_out(ledger, plan.id) == {2: "Budi Rekaan", 4: "Budi Rekaan"}
    assert len(ledger.events()) == 1
    BatchFolder(folder).book.unlink()
    again = batch_rebuild(BatchRebuildRequest(folder=folder, ledger=ledger))
    assert again.states == {"cancelled": 2, "waiting": 3}
    assert "Budi Rekaan" in again.rows[1].reason.id
    # only by name, and by somebody, does it come back
    batch_retry(BatchRowsRequest(folder=folder, by="Budi Rekaan", ledger=ledger))
    assert states(folder, plan) == {2: "cancelled", 4: "cancelled"}
    batch_retry(BatchRowsRequest(folder=folder, keys=("K2",), by="Citra Rekaan", ledger=ledger))
    assert states(folder, plan) == {2: "waiting", 4: "cancelled"}
    assert taken_out(ledger, plan.id) == {4: "Budi Rekaan"}
    assert ledger.verify().intact


def test_nobody_decides_without_a_name(tmp_path: Path, ledger: SqlLedger, plan: ReadPlan) -> None:
    folder = tmp_path / "r"
    BatchFolder(folder).save_plan(plan)
    with pytest.raises(UsageError) as caught:
        batch_cancel(BatchRowsRequest(folder=folder, keys=("2",), ledger=ledger))
    assert caught.value.code == "batch.no_name"
    assert ledger.events() == ()
    assert not BatchFolder(folder).book.exists() or states(folder, plan) == {}


def test_the_last_approval_and_whoever_took_out_are_told(
    tmp_path: Path, ledger: SqlLedger, plan: ReadPlan
) -> None:
    def approve(*out: int) -> None:
        record_approval(
            ledger, plan.id, oleh="Budi Rekaan", pembuat="Sari Contoh", baris=3, meterai=0,
            waktu=NOW, kecuali=out,
        )  # fmt: skip

    approve(1, 3)
    record_taken_out(ledger, plan.id, [3, 5], oleh="Citra Rekaan", waktu=NOW)
    found = decisions(ledger, plan)
    assert {number: (one.code, one.by) for number, one in found.items()} == {
        1: ("batch.left_out", "Budi Rekaan"),
        3: ("batch.taken_out", "Citra Rekaan"),
        5: ("batch.taken_out", "Citra Rekaan"),
    }
    with closing(Book(tmp_path / "b.sqlite", plan.id, 5)) as book:
        book.write([BookRow(number=5, state="done"), BookRow(number=2, state="cancelled")])
        settle(book, found)
        known = {number: (one.state, one.code) for number, one in book.rows().items()}
        assert known == {
            1: ("cancelled", "batch.left_out"),
            2: ("cancelled", ""),
            3: ("cancelled", "batch.taken_out"),
            5: ("done", ""),
        }
        # approved as a whole, and put back: both may run again
        approve()
        record_put_back(ledger, plan.id, [3, 5, 2], oleh="Citra Rekaan", waktu=NOW)
        settle(book, decisions(ledger, plan))
        assert {one.state for one in book.rows().values()} == {"waiting", "done", "cancelled"}
        assert [n for n, one in book.rows().items() if one.state == "cancelled"] == [2]


def test_what_one_plan_says_is_nothing_to_another(ledger: SqlLedger, plan: ReadPlan) -> None:
    record_taken_out(ledger, plan.id, [1], oleh="Budi Rekaan", waktu=NOW)
    other = plan_of([planned(number) for number in range(1, 7)])
    assert taken_out(ledger, other.id) == {}


@pytest.mark.slow
def test_without_a_ledger_what_was_taken_out_stays_out_too(tmp_path: Path, plan: ReadPlan) -> None:
    folder = tmp_path / "r"
    place = BatchFolder(folder)
    place.save_plan(plan)

    def lose_the_book() -> None:
        for one in folder.glob("buku-jalan*"):
            one.unlink()

    batch_cancel(BatchRowsRequest(folder=folder, keys=("2", "3", "4"), by="Budi Rekaan"))
    batch_retry(BatchRowsRequest(folder=folder, keys=("3",)))
    batch_cancel(BatchRowsRequest(folder=folder, keys=("5",)))
    lose_the_book()
    ran = batch_run(BatchRunRequest(folder=folder, until="drafted", jobs=1))
    told = {one.number: (one.state, one.reason.id) for one in ran.status.rows}
    assert told[2] == told[4] == ("cancelled", "Dikeluarkan dari pengerjaan oleh Budi Rekaan.")
    assert told[5] == ("cancelled", "Dikeluarkan dari pengerjaan.")
    assert {told[1][0], told[3][0]} == {"refused"}  # tried: their data are not there
    lose_the_book()
    assert batch_rebuild(BatchRebuildRequest(folder=folder)).states["cancelled"] == 3
    batch_retry(BatchRowsRequest(folder=folder, keys=("2", "4", "5")))
    lose_the_book()
    assert "cancelled" not in batch_rebuild(BatchRebuildRequest(folder=folder)).states
    # a rehearsal is worth nothing, and decides nothing
    batch_cancel(BatchRowsRequest(folder=folder, keys=("1",), rehearsal=True))
    assert place.taken_out() == {}
    (folder / "dikeluarkan.json").write_text("[1")
    with pytest.raises(InputError) as caught:
        batch_run(BatchRunRequest(folder=folder, until="drafted", jobs=1))
    assert caught.value.code == "batch.bad_taken_out"


def test_what_the_last_approval_leaves_out_is_told_to_stay_out(
    tmp_path: Path, ledger: SqlLedger, plan: ReadPlan
) -> None:
    folder = tmp_path / "r"
    BatchFolder(folder).save_plan(plan)
    record_approval(
        ledger, plan.id, oleh="Budi Rekaan", pembuat="Sari Contoh", baris=4, meterai=0,
        waktu=NOW, kecuali=[2],
    )  # fmt: skip
    with closing(Book(BatchFolder(folder).book, plan.id, 5)) as book:
        book.write([BookRow(number=3, state="failed")])
        settle(book, decisions(ledger, plan))
    asked = BatchRowsRequest(folder=folder, keys=("2", "3"), by="Citra Rekaan", ledger=ledger)
    done = batch_retry(asked)
    assert (done.rows, done.names) == (1, ("Klinik Pratama Contoh 00003",))
    assert done.still_out == ("Klinik Pratama Contoh 00002",)
    assert states(folder, plan) == {2: "cancelled", 3: "waiting"}

"""The verb: page and workbook of a batch, also of one that nobody ran, and of a rehearsal."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pks_kit.errors import UsageError
from pks_kit.json_form import to_json
from pks_kit.pipelines.batch_report import BatchReportRequest, batch_report
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from support.batch_plans import plan_of, planned, unreadable


def batch(folder: Path) -> BatchFolder:
    place = BatchFolder(folder)
    place.save_plan(plan_of([planned(1), planned(2), unreadable(3)]))
    return place


def test_a_batch_that_nobody_ran_has_a_report(tmp_path: Path) -> None:
    place = batch(tmp_path / "b")
    found = batch_report(BatchReportRequest(folder=place.path))
    assert found.states == {"refused": 1, "waiting": 2}
    assert (found.rows, found.exit_code) == (3, 50)
    assert [found.page.name, found.workbook.name] == ["laporan.html", "laporan.xlsx"]
    assert found.page.private
    assert not place.book.exists()
    assert b"Rencana ini belum pernah dijalankan." in found.page.content
    assert (to_json(found)["page"], to_json(found)["workbook"]) == ("laporan.html", "laporan.xlsx")


def test_a_rehearsal_has_a_report_of_its_own(tmp_path: Path) -> None:
    place = batch(tmp_path / "b")
    plan = place.plan()
    with closing(Book(place.rehearsal.book, plan.id, 3)) as book:
        book.write([BookRow(number=1, state="done", stage="verified", changed=1.0)])
    assert batch_report(BatchReportRequest(folder=place.path)).states["waiting"] == 2
    found = batch_report(BatchReportRequest(folder=place.path, rehearsal=True, language="en"))
    assert found.states == {"done": 1, "refused": 1, "waiting": 1}
    assert b"REHEARSAL" in found.page.content


def test_a_folder_without_a_plan_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        batch_report(BatchReportRequest(folder=tmp_path))
    assert told.value.code == "batch.no_plan"

"""What a preview writes, and that nobody but its owner may read it."""

from __future__ import annotations

from pathlib import Path

from pks_kit.files import write_atomic
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.preview_files import Previewing, write_preview
from support.batch_plans import plan_of, planned, unreadable


def wanted(sample: int, language: str = "id") -> Previewing:
    return Previewing(sample=sample, language=language, settings=None, compiled=None)


def test_page_and_workbook_are_written_for_their_owner_alone(tmp_path: Path) -> None:
    chosen = write_preview(plan_of([planned(1)]), BatchFolder(tmp_path), wanted(0))
    assert [one.row.number for one in chosen] == [1]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pratinjau.html", "pratinjau.xlsx"]
    assert {one.stat().st_mode & 0o077 for one in tmp_path.iterdir()} == {0}


def test_a_preview_may_be_made_again_in_the_other_language(tmp_path: Path) -> None:
    found = plan_of([unreadable(1)])
    for language, title in (("id", "Pratinjau rencana"), ("en", "Preview of a plan")):
        write_preview(found, BatchFolder(tmp_path), wanted(3, language))
        assert title in (tmp_path / "pratinjau.html").read_text(encoding="utf-8")


def test_a_sample_that_fails_still_leaves_a_preview(tmp_path: Path) -> None:
    write_atomic(tmp_path / "data.jsonl", b"bukan data")
    (one,) = write_preview(plan_of([planned(1)]), BatchFolder(tmp_path), wanted(1))
    assert one.problem is not None
    assert "gagal disusun" in (tmp_path / "pratinjau.html").read_text(encoding="utf-8")

"""What a delivery tells of the files that hold sheets of an agreement."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.web.work.batch_rows import name_scans, to_download
from pks_kit.web.work.pauses import FOLDER
from pks_kit.web.work.task import Task
from support.batch_plans import plan_of, planned


def test_a_file_of_two_agreements_is_named_at_both_with_the_sheets_of_each() -> None:
    def told(*sheets: tuple[str, int]) -> dict[str, Any]:
        return {
            "files": sorted({name for name, _ in sheets}),
            "sheets": [{"file": name, "sheet": number} for name, number in sheets],
        }

    first = told(("a.pdf", 3), ("a.pdf", 1), ("dulu.pdf", 1))
    second = told(("a.pdf", 2), ("b.pdf", 1))
    name_scans([first, second], {"a.pdf": "A", "b.pdf": "B"})
    # what came with an earlier delivery was told with that one
    assert first["scans"] == [{"id": "A", "nama": "a.pdf", "bersama": True, "lembar": [1, 3]}]
    assert second["scans"] == [
        {"id": "A", "nama": "a.pdf", "bersama": True, "lembar": [2]},
        {"id": "B", "nama": "b.pdf", "bersama": False, "lembar": [1]},
    ]


def test_an_agreement_has_one_number_however_much_of_its_batch_is_done(tmp_path: Path) -> None:
    rows = [planned(1), planned(2), planned(3)]
    folder = BatchFolder(tmp_path / FOLDER / "b")
    folder.save_plan(plan_of(rows))
    shop: Any = SimpleNamespace(folder=tmp_path)
    seen = []
    for done in ([3], [1, 3]):
        with closing(Book(folder.book, folder.plan().id, len(rows))) as book:
            book.write([BookRow(number=one, state="with_other", stage="sent") for one in done])
        found = to_download(shop, Task(kind="unduhan_batch", isi={"batch": "b"})).hasil
        assert found["semua"] == 3
        seen.append([one["nomor"] for one in found["baris"]])
    assert seen == [[3], [1, 3]]

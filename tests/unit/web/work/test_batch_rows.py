"""What a page shows of the rows of a batch, and what it offers to download."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.returns import RECEIVED
from pks_kit.web.work.batch_rows import counted, to_download
from pks_kit.web.work.pauses import FOLDER
from pks_kit.web.work.task import Task
from support.batch_plans import plan_of, planned


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


def test_whoever_sent_nothing_is_named_with_the_counts(tmp_path: Path) -> None:
    rows = [planned(1), planned(2), planned(3)]
    folder = BatchFolder(tmp_path / FOLDER / "b")
    folder.save_plan(plan_of(rows))
    with closing(Book(folder.book, folder.plan().id, len(rows))) as book:
        book.write([
            BookRow(number=1, state="with_other", stage="sent"),
            BookRow(number=2, state="with_other", stage="sent", code=f"{RECEIVED}incomplete"),
            BookRow(number=3, state="done", stage="verified"),
        ])  # fmt: skip
    shop: Any = SimpleNamespace(folder=tmp_path)
    asked = [{"id": "b", "gladi": False, "baris": 3, "siap": 3, "rinci": True}]
    found = counted(shop, Task(kind="hitung_batch", isi={"batch": asked})).hasil["b"]
    assert found["belum_kembali"] == [{"nama": rows[0].name, "nomor": rows[0].nomor_kesatu}]

"""A batch is found by an agreement that it waits for."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.web.work.batch_papers import waited_for
from pks_kit.web.work.pauses import FOLDER
from pks_kit.web.work.task import Task
from support.batch_plans import plan_of, planned


@pytest.mark.parametrize(
    ("state", "found"), [("with_other", "b"), ("done", ""), ("waiting", ""), ("", "")]
)
def test_a_batch_waits_for_what_is_with_the_other_party(
    tmp_path: Path, state: Any, found: str
) -> None:
    rows = [planned(1), planned(2)]
    for name, own in (("a", rows[:1]), ("b", rows)):
        folder = BatchFolder(tmp_path / FOLDER / name)
        folder.save_plan(plan_of(own))
        made = folder.plan()
        with closing(Book(folder.book, made.id, len(own))) as book:
            if state:
                book.write([BookRow(number=one.number, state=state, stage="sent") for one in own])
    shop: Any = SimpleNamespace(folder=tmp_path)
    isi = {"perjanjian": rows[1].agreement_id, "batch": ["gone", "a", "b"]}
    assert waited_for(shop, Task(kind="batch_perjanjian", isi=isi)).hasil == {"batch": found}

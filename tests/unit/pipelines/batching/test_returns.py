"""What paper makes of a row: complete paper stays complete, as in the ledger."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.returns import after_paper, is_silent, only_drafted
from pks_kit.pipelines.batching.summary import detail_of


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["complete"], "done"),
        (["incomplete"], "with_other"),
        (["incomplete", "complete"], "done"),
        (["complete", "incomplete"], "done"),
        (["complete", "needs_person"], "with_other"),
        (["needs_person", "incomplete"], "with_other"),
    ],
)
def test_the_paper_that_stands(answers: list[str], expected: Any) -> None:
    row = BookRow(number=1, state="with_other", stage="sent")
    assert is_silent(row)
    for answer in answers:
        row = after_paper(row, answer)
    assert row.state == expected
    assert not is_silent(row)


def test_a_row_that_lacks_our_own_part_alone_asks_nothing_of_the_facility() -> None:
    row = BookRow(number=1, state="with_other", stage="sent")
    ours, theirs = (after_paper(row, "incomplete", own_only=own) for own in (True, False))
    assert theirs.code == "batch.received.incomplete"
    assert ours.code == "batch.received.incomplete_own"
    assert not is_silent(ours)
    assert detail_of("with_other", "sent", ours.code, "manual") == "with_other.incomplete_own"
    assert "bagian kantor cabang belum" in ours.words.id
    assert "kepada faskes" not in ours.words.hint_id
    assert "kirim-balik" in theirs.words.hint_id


@pytest.mark.parametrize(
    ("row", "recorded", "drafted"),
    [
        (None, None, True),
        (BookRow(number=1, state="done", stage="drafted"), None, True),
        (BookRow(number=1, state="done", stage="drafted"), object(), False),
        (BookRow(number=1, state="with_other", stage="signed"), None, False),
        (BookRow(number=1, state="with_other", stage="sent"), None, False),
    ],
)
def test_paper_of_a_draft_does_not_change_it(
    row: BookRow | None, recorded: Any, drafted: bool
) -> None:
    came: Any = SimpleNamespace(
        agreements=[
            SimpleNamespace(agreement_id="A", recorded=recorded),
            SimpleNamespace(agreement_id="C", recorded=None),
        ]
    )
    planned: Any = {"A": SimpleNamespace(number=1), "B": SimpleNamespace(number=2)}
    found = only_drafted(came, planned, {} if row is None else {1: row})
    assert list(found) == (["A"] if drafted else [])

"""What paper makes of a row: complete paper stays complete, as in the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.returns import after_paper, is_silent


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

"""A scan that lacks pages was judged without what came back before, and is told of so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.messages import lookup
from pks_kit.web.pages.upload_pages import seen_alone


def report(missing: tuple[int, ...] | None) -> Any:
    return SimpleNamespace(paper=None if missing is None else SimpleNamespace(missing=missing))


@pytest.mark.parametrize(
    ("missing", "of_agreement", "of_batch", "told"),
    [
        ((1, 2), True, True, "verdict.this_file_to_batch"),
        ((1, 2), True, False, "verdict.this_file_alone"),
        ((1, 2), False, False, ""),
        ((), True, True, ""),
        (None, True, True, ""),
    ],
)
def test_what_lacks_pages_is_told_as_one_file(
    missing: tuple[int, ...] | None, of_agreement: bool, of_batch: bool, told: str
) -> None:
    assert seen_alone(report(missing), of_agreement=of_agreement, of_batch=of_batch) == told
    if told:
        assert "Hanya berkas ini" in lookup(f"desk.{told}").id
        assert "faskes" not in lookup(f"desk.{told}").hint_id  # nobody is to be asked

"""To whom a letter is written when letters are asked for without a run."""

from __future__ import annotations

from typing import Any

import pytest

from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.letters_again import lacks_letter
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED
from support.planned import planned_row


@pytest.mark.parametrize(
    ("state", "stage", "code", "lacking", "every"),
    [
        ("with_other", "signed", "", True, True),
        ("with_other", "sent", "", False, True),
        ("with_other", "sent", LETTER_REFUSED, True, True),
        ("with_other", "signed", LETTER_REFUSED, True, True),
        ("with_other", "sent", "batch.received.incomplete", False, False),
        ("done", "sent", "", False, False),
        ("done", "drafted", "", False, False),
        ("waiting", "drafted", "", False, False),
        ("waiting", "signed", "", True, True),
        ("refused", "signed", "value.deadline_over", True, True),
        ("cancelled", "signed", "", False, False),
        ("failed", "verified", "", False, False),
    ],
)
def test_who_lacks_a_letter(state: Any, stage: Any, code: str, lacking: bool, every: bool) -> None:
    one = BookRow(number=1, state=state, stage=stage, code=code)
    row = planned_row(1, cara="digital")
    assert lacks_letter(row, one, every=False) is lacking
    assert lacks_letter(row, one, every=True) is every


def test_what_both_sign_electronically_and_was_signed_is_no_stranded_letter() -> None:
    one = BookRow(number=1, state="refused", stage="signed")
    row = planned_row(1, cara="elektronik")
    assert not lacks_letter(row, one, every=True)

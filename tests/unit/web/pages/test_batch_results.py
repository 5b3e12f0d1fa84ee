"""What was handed in and is no scan comes with what to do now."""

from __future__ import annotations

from typing import get_args

import pytest

from pks_kit.messages import lookup
from pks_kit.pipelines.batching.received_files import FileOutcome
from pks_kit.web.pages.at_desk import at_desk
from pks_kit.web.pages.batch_results import ADVISED

SETTLED = {"complete", "taken_over", "same_file", "passed_over"}


@pytest.mark.parametrize("outcome", sorted(set(get_args(FileOutcome)) - SETTLED))
def test_every_file_that_is_not_taken_has_advice(outcome: str) -> None:
    """«Bukan pindaian» stood there alone."""
    assert outcome in ADVISED
    advice = lookup(f"desk.batch.outcome_advice.{outcome}")
    for text, language in ((advice.id, "id"), (advice.en, "en")):
        assert text == at_desk(text, language)


def test_what_is_settled_has_none() -> None:
    assert not ADVISED & SETTLED

"""Days that somebody types at the desk."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.errors import UsageError
from pks_kit.web.pages.agreement_acts import day_given


def typed(text: str) -> Any:
    return SimpleNamespace(sent=SimpleNamespace(one=lambda _name: text))


@pytest.mark.parametrize("text", ["1-11-2026", "01-11-2026", "1 November 2026", "2026-11-01"])
def test_a_day_with_hyphens_begins_with_the_day(text: str) -> None:
    assert day_given(typed(text), "hari") == date(2026, 11, 1)


def test_slashes_that_can_mean_two_days_are_asked_about() -> None:
    with pytest.raises(UsageError) as caught:
        day_given(typed("01/02/2027"), "hari")
    told = caught.value.text
    assert "dapat berarti 1 Februari 2027 atau 2 Januari 2027" in told.id
    assert "1 Februari 2027" in told.hint_id
    assert day_given(typed("31/12/2027"), "hari") == date(2027, 12, 31)


@pytest.mark.parametrize("text", ["31 Februari 2027", "besok", "31-02-2027", "00/00/2027"])
def test_what_is_no_day_is_told_so(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        day_given(typed(text), "hari")
    assert caught.value.code == "web.no_day"

"""The collector passes over what is there when a server opens, and no longer."""

from __future__ import annotations

import gc

import pytest

from pks_kit.web.settled import settle, unsettle


@pytest.mark.slow
def test_what_is_there_is_passed_over_until_the_end() -> None:
    settle(ahead=False)
    try:
        assert gc.get_freeze_count() > 1000
    finally:
        unsettle()
    assert gc.get_freeze_count() == 0

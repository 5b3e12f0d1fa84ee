"""How fast a service is called."""

from __future__ import annotations

import itertools
import random

import pytest

from pks_kit.net.pace import Pace


@pytest.mark.parametrize("rate", [1, 10, 2.5])
def test_never_more_calls_in_a_second_than_allowed(rate: float) -> None:
    dice, now, starts = random.Random(7), 0.0, []  # noqa: S311 - no secret
    pace = Pace(rate, clock=lambda: now)
    for _ in range(300):
        starts.append(now + pace.turn())
        now += dice.choice([0.0, 0.0, 0.01, 3.0])
    starts.sort()
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert min(gaps) >= 1 / rate - 1e-9  # also without a bunch at the beginning

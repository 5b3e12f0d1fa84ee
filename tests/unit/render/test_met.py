"""What was met before is known again, for as long as it is met."""

from __future__ import annotations

from pks_kit.render import met as module
from pks_kit.render.met import Met


def test_the_first_time_is_noted_and_the_second_known() -> None:
    met = Met()
    assert [met.again(one) for one in (1, 2, 1, 2, 3)] == [False, False, True, True, False]


def test_what_is_met_again_and_again_outlives_what_is_not() -> None:
    met = Met()
    met.again(-1)
    known = []
    for number in range(3 * module._MOST):
        met.again(number)
        known.append(number % 1000 or met.again(-1))
    assert all(known)
    assert not met.again(0)
    assert len(met._young) + len(met._old) <= 2 * module._MOST

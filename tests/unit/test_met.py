"""What was met before is known again, for as long as it is met."""

from __future__ import annotations

from pks_kit import met as module
from pks_kit.met import Lately, Met, MetTwice


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


def test_what_is_asked_for_lately_stays_and_no_more_than_two_generations_do() -> None:
    lately = Lately[int, str](3)
    for number in range(20):
        lately.keep(number, str(number))
        assert lately.get(0) == "0"
    assert lately.get(1) is None
    assert len(lately._young) + len(lately._old) <= 6


def test_what_is_asked_for_once_is_not_kept() -> None:
    twice = MetTwice[str, object](2)
    first = twice.get("satu", object)
    second = twice.get("satu", object)
    assert first is not second
    assert twice.get("satu", object) is second
    for key in ("dua", "tiga"):
        kept = [twice.get(key, object) for _ in range(3)][-1]
        assert twice.get(key, object) is kept
    assert len(twice._known) == 2
    assert twice.get("satu", object) is not second

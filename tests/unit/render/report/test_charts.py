"""Geometry of charts: what is drawn is in proportion, inside the picture, and adds up."""

from __future__ import annotations

import itertools

import pytest

from pks_kit.render.report.charts import WIDE, bar_chart, line_chart, time_steps


def test_bars_are_in_proportion_and_leave_room_for_their_number() -> None:
    chart = bar_chart([("a", {"x": 10, "y": 30}), ("b", {"x": 20, "y": 0}), ("c", {"x": 0})])
    first, second, third = chart.bars
    assert first.end == pytest.approx(2 * second.end, abs=0.2)
    assert [part.name for part in first.parts] == ["x", "y"]
    assert first.parts[1].x == first.parts[0].wide
    assert [part.name for part in second.parts] == ["x"]
    assert (third.total, third.parts, third.end) == (0, (), 0.0)
    assert max(one.end for one in chart.bars) < WIDE
    assert [one.total for one in chart.bars] == [40, 20, 0]
    assert chart.bars[-1].y < chart.high


def test_no_bars_is_a_chart_too() -> None:
    assert bar_chart([]).bars == ()
    assert bar_chart([("a", {"x": 0})]).bars[0].total == 0


@pytest.mark.parametrize("most", [0, 1, 4, 5, 9, 40, 41, 12_345, 26_000])
def test_the_axis_has_round_numbers_up_to_the_highest(most: int) -> None:
    numbers = [int(tick.text) for tick in line_chart([("a", 0), ("b", most)]).up]
    assert numbers[0] == 0
    assert numbers[-1] >= most
    assert 2 <= len(numbers) <= 6
    assert len({two - one for one, two in itertools.pairwise(numbers)}) == 1


def test_the_line_rises_from_the_lower_left_and_stays_inside() -> None:
    chart = line_chart([("awal", 0), ("", 3), ("akhir", 8)])
    places = [tuple(map(float, one.split(","))) for one in chart.line.split()]
    assert places[0] == (chart.left, chart.bottom)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    assert all(0 <= x <= WIDE and 0 <= y <= chart.bottom for x, y in places)
    assert [tick.text for tick in chart.across] == ["awal", "akhir"]
    assert chart.area.startswith(f"{places[0][0]},{chart.bottom}")


def test_steps_of_time_count_every_moment_once() -> None:
    moments = [1_000.0 + 7 * one for one in range(200)]
    length, steps = time_steps(moments, 16, (10, 60, 600))
    assert length == 600
    assert len(steps) <= 17
    assert steps[0][1] == 0
    assert steps[-1][1] == len(moments)
    for end, count in steps:
        assert count == sum(one < end for one in moments)


def test_one_moment_is_a_step_and_long_times_get_longer_steps() -> None:
    assert time_steps([50.0], 16, (10,)) == (10.0, [(50.0, 0), (60.0, 1)])
    length, steps = time_steps([0.0, 10_000.0], 16, (10, 60))
    assert length == 960
    assert steps[-1][1] == 2

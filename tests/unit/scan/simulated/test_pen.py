"""Strokes have the sizes they are asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.scan.simulated.pen import figures, initials, signature, smooth, words
from pks_kit.scan.simulated.sheet import Stroke

SEEDS = st.integers(0, 10_000)


def extent(strokes: tuple[Stroke, ...]) -> tuple[float, float]:
    joined = np.concatenate([one.points for one in strokes])
    low, high = joined.min(axis=0), joined.max(axis=0)
    return float(high[0] - low[0]), float(high[1] - low[1])


def length(strokes: tuple[Stroke, ...]) -> float:
    return sum(float(np.linalg.norm(np.diff(one.points, axis=0), axis=1).sum()) for one in strokes)


@pytest.mark.slow
@given(SEEDS, st.floats(14, 50), st.floats(8, 20))
@settings(max_examples=25, deadline=None)
def test_signature_fills_its_box(seed: int, width: float, height: float) -> None:
    strokes = signature(np.random.default_rng(seed), width, height)
    assert extent(strokes) == pytest.approx((width, height), abs=0.1)
    assert max(float(one.widths.max()) for one in strokes) <= 0.78
    assert length(strokes) > width


@given(SEEDS, st.floats(8, 40))
@settings(max_examples=25, deadline=None)
def test_initials_have_their_length(seed: int, wanted: float) -> None:
    assert length(initials(np.random.default_rng(seed), wanted)) == pytest.approx(wanted, rel=1e-6)


def test_figures_stand_in_a_row() -> None:
    strokes = figures(np.random.default_rng(4), "18-12-2026", 3.5)
    width, height = extent(strokes)
    assert 20 < width < 35
    assert 2.5 < height < 5
    with pytest.raises(KeyError):
        figures(np.random.default_rng(4), "x", 3.5)


def test_words_reach_their_length() -> None:
    width, _ = extent(words(np.random.default_rng(5), 40))
    assert 36 < width < 58


def test_a_curve_goes_through_its_knots() -> None:
    knots = np.array([(0, 0), (3, 4), (6, 0), (9, 1.0)])
    line = smooth(knots)
    for knot in knots:
        assert np.linalg.norm(line - knot, axis=1).min() < 1e-9

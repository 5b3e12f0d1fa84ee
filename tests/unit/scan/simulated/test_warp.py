"""The way of a point through a device is the same in both directions and in the picture."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.scan.simulated.warp import Warp, Wave, grid_of, taken_through

SMALL = st.floats(-1, 1)


def some_warp(turn: float, lean: float, push: float, lens: float) -> Warp:
    cosine, sine = 0.6 * np.cos(turn * 0.2), 0.6 * np.sin(turn * 0.2)
    matrix = np.array([[cosine, sine, 20], [-sine, cosine, 30], [lean * 1e-5, lean * 2e-5, 1]])
    waves = (Wave(push=(push * 2, push * 5), turns=(0.004, 0.006), begin=lean),)
    return Warp(matrix=matrix, waves=waves, lens=lens * 2e-8, centre=(600, 800))


@given(SMALL, SMALL, SMALL, SMALL, st.floats(0, 2000), st.floats(0, 2500))
@settings(max_examples=50, deadline=None)
def test_there_and_back(
    turn: float, lean: float, push: float, lens: float, x: float, y: float
) -> None:
    warp = some_warp(turn, lean, push, lens)
    point = np.array([(x, y)])
    assert np.abs(warp.back(warp.forward(point)) - point).max() < 1e-2


def test_maps_are_the_way_back() -> None:
    warp = some_warp(0.5, 0.3, 1.0, -1.0)
    x, y = warp.maps(300, 200)
    points = np.array([(10.5, 20.5), (299.5, 199.5), (150.5, 0.5)])
    found = [(x[int(b), int(a)], y[int(b), int(a)]) for a, b in points]
    assert np.abs(warp.back(points) - found).max() < 0.01


def test_grid_goes_the_way_of_the_points() -> None:
    placed = np.array([[3.0, 0, 0], [0, -3.0, 2526], [0, 0, 1]])
    steps = (some_warp(0.2, 0.5, 1.0, 1.0), some_warp(-0.4, 0, 0.2, 0))
    grid = grid_of(placed, steps, 595.28, 841.89)
    points = np.random.default_rng(1).uniform((0, 0), (595, 841), (200, 2))
    way = points @ placed[:2, :2].T + placed[:2, 2]
    for step in steps:
        way = step.forward(way)
    assert np.abs(grid.where(points) - way).max() < 0.15


def test_a_dot_is_seen_where_it_goes() -> None:
    warp = some_warp(0.7, 0.2, 1.0, 0.5)
    source = np.full((1200, 1000), 255, dtype=np.uint8)
    source[598:603, 398:403] = 0
    picture, inside = taken_through(warp, source, 800, 900)
    weight = (255.0 - picture) * inside
    rows, columns = np.mgrid[0:900, 0:800] + 0.5
    centre = np.array([(weight * columns).sum(), (weight * rows).sum()]) / weight.sum()
    assert np.abs(centre - warp.forward(np.array([(400.5, 600.5)]))[0]).max() < 0.15

"""Lines drawn along a ruler are found also where other ink hangs on them; a hand's are none."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from pks_kit.scan.lines import ruled
from pks_kit.scan.view import PER_MM


def sheet() -> Any:
    return np.zeros((300, 500), np.uint8)


def drawn(picture: Any, points: Any, thick: int = 2) -> Any:
    bent = np.array(points, np.int32)[:, None]
    return cv2.polylines(picture, [bent], False, 255, thick)


def curve(steps: Any, high: float) -> Any:
    return np.stack([60 + 300 * steps, 150 + high * np.sin(np.pi * steps) * np.sin(22 * steps)], 1)


def test_a_line_is_taken_out_and_what_hangs_on_it_stays() -> None:
    picture = drawn(sheet(), [(30, 100), (430, 130)])
    bow = drawn(sheet(), curve(np.linspace(0, 1, 200), 60), thick=4)
    (line,) = ruled((picture | bow) > 0)
    assert line[picture > 0].mean() > 0.9
    assert line[(bow > 0) & (picture == 0)].mean() < 0.15


def test_lines_that_cross_are_lines_for_themselves() -> None:
    picture = drawn(drawn(sheet(), [(30, 60), (430, 210)]), [(60, 250), (400, 40)])
    lines = ruled(picture > 0)
    assert len(lines) == 2
    assert sum(one.sum() for one in lines) > 0.9 * (picture > 0).sum()


def test_a_hand_draws_no_line() -> None:
    for high in (25, 70):
        assert not ruled(drawn(sheet(), curve(np.linspace(0, 1, 200), high)) > 0)
    short = round(8 * PER_MM)
    assert not ruled(drawn(sheet(), [(100, 100), (100 + short, 100)]) > 0)


def test_nothing_is_no_line() -> None:
    assert not ruled(sheet() > 0)
    assert not ruled(sheet()[:20, :20] > 0)

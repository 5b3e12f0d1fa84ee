"""Lines drawn along a ruler, folds and straight hairs, also where other ink hangs on them.

A stroke is measured as a whole, so a dark line that touches the pale ink of another sheet would
lend it its darkness, and the ink its bends. Whatever is straighter and longer than a hand draws is
therefore taken out before strokes are measured, pixel by pixel.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pks_kit.scan import thresholds
from pks_kit.scan.view import PER_MM

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Floats, Mask

_GAP = 1.2
"""Millimetres that a line may be broken for, as where it crosses print."""
_BESIDE = 0.7
"""Millimetres beside a line in which its own ink is looked for."""
_END = 1.0
"""Millimetres around an end of a line in which a hand would go on."""
_FULL = 0.85
"""Part of a line along which there is ink."""
_MOST = 24
"""Candidates that are looked at; a stamp holds more straight pieces than a ruler draws."""


def ruled(ink: Mask) -> list[Mask]:
    """Return the pixels of each straight line in a part of a view.

    Args:
        ink: Extra ink of the part.
    """
    import cv2
    import numpy as np

    shortest = thresholds.LINE_SHORTEST * PER_MM
    if max(ink.shape) < shortest or ink.sum() < shortest:
        return []
    plane = ink.astype(np.uint8) * 255
    found: Any = cv2.HoughLinesP(
        plane, 1, math.pi / 360, round(0.6 * shortest), None, shortest, _GAP * PER_MM
    )
    if found is None:
        return []
    taken = np.zeros(ink.shape, bool)
    ends = np.reshape(found, (-1, 4)).astype(np.float64)
    order = np.argsort(-np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]))
    ys, xs = np.nonzero(ink)
    lines: list[Mask] = []
    for x0, y0, x1, y1 in ends[order[:_MOST]]:
        x, y = max(2, round((x0 + x1) / 2)), max(2, round((y0 + y1) / 2))
        if taken[y - 2 : y + 3, x - 2 : x + 3].any():
            continue
        own = _line(xs, ys, (x0, y0, x1, y1))
        if own is not None:
            line = np.zeros(ink.shape, bool)
            line[ys[own], xs[own]] = True
            lines.append(line & ~taken)
            taken |= line
    # what has more straight strokes than anybody rules is a hand's zigzag
    return lines if len(lines) <= thresholds.LINES_MOST else []


def _line(xs: Floats, ys: Floats, ends: tuple[float, float, float, float]) -> Mask | None:
    """Return which pixels of ink are a line's; None where no line is straight enough.

    Args:
        xs: Columns of ink.
        ys: Rows of ink.
        ends: Where the line begins and ends, roughly.
    """
    import numpy as np

    x0, y0, x1, y1 = ends
    for _ in range(2):  # the second time along what the first has fitted
        length = math.hypot(x1 - x0, y1 - y0)
        u, v = (x1 - x0) / length, (y1 - y0) / length
        along = (xs - x0) * u + (ys - y0) * v
        beside = (ys - y0) * u - (xs - x0) * v
        near = (np.abs(beside) < _BESIDE * PER_MM) & (along > -1) & (along < length + 1)
        bins = np.clip((along[near] / (0.5 * PER_MM)).astype(int), 0, None)
        count = np.bincount(bins)
        mean = np.bincount(bins, beside[near]) / np.maximum(1, count)
        seen = count > 0
        where = (np.flatnonzero(seen) + 0.5) * 0.5 * PER_MM
        if len(where) < 8:
            return None
        slope, shift = np.polyfit(where, mean[seen], 1)
        off = mean[seen] - (slope * where + shift)
        x0, y0, x1, y1 = (
            x0 - shift * v, y0 + shift * u,
            x0 + length * u - (shift + slope * length) * v,
            y0 + length * v + (shift + slope * length) * u,
        )  # fmt: skip
    # other ink that hangs on it pulls the mean aside: most of a line is straight
    strays = float(np.percentile(np.abs(off), 80)) / PER_MM
    width = float(np.percentile(count[seen], 40)) / (0.5 * PER_MM) / PER_MM
    if seen.mean() < _FULL or strays > thresholds.LINE_STRAYS or width > thresholds.LINE_WIDEST:
        return None
    own = near & (np.abs(beside) < (width / 2 + 0.12) * PER_MM)
    reach = _END * PER_MM
    first, last = float(along[own].min()), float(along[own].max())
    turns = [
        int((~own & (np.hypot(along - end, beside) < reach)).sum()) > reach
        for end in (first, last)
    ]  # fmt: skip
    return None if all(turns) else own  # a hand's zigzag goes on at both ends

"""Round stamps of less than 12 millimetres radius, such as practices have.

A loop of a pen may be as large. A small stamp is a circle that is nearly whole, with a second one
around the same middle or with letters that hang on nothing; a hand draws neither.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pks_kit.scan import thresholds
from pks_kit.scan.rings import Ring, best_circle, circles, inked, shrunk, unshrunk
from pks_kit.scan.view import PER_MM, Box, View

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Floats, Mask

_MOST = 6
_LIKE = 0.3
"""How well a circle must fit to be looked at."""
_ANGLES = 96
_LINE_MM = 0.45
"""Millimetres beside a circle in which its ink may lie."""
_SHIFT_MM = 0.6
_WHOLE, _SECOND = 0.86, 0.8
"""Part of a circle that must be inked, and of the second one."""
_FULL = 0.6
"""Part of a disc that is inked where it is a blot."""
_LETTERS = 3
_LETTER = (0.7, 7.0)


@lru_cache(maxsize=1)
def _sizes() -> tuple[tuple[float, Any], ...]:
    return circles(thresholds.RING_TINY, thresholds.RING_SMALLEST)


def small_rings(view: View, box: Box, without: Mask) -> list[Ring]:
    """Return the small round stamps in a box.

    Args:
        view: The sheet.
        box: Where to look.
        without: Pixels that belong to something else.
    """
    import numpy as np

    left, top, right, bottom = box
    part = (slice(top, bottom), slice(left, right))
    found: list[Ring] = []
    ink = inked(view, part) & ~without[part]
    small = shrunk(ink)
    y, x = np.ogrid[0 : small.shape[0], 0 : small.shape[1]]
    for _ in range(_MOST):
        if small.sum() < 25:
            break
        value, across, down, radius = best_circle(small, _sizes())
        if value < _LIKE:
            break
        middle = unshrunk(across), unshrunk(down)
        one = _stamp(view, part, ink, middle, radius * PER_MM)
        if one is not None:
            found.append(one)
        reach = radius * PER_MM * 1.08 if one is not None else radius * PER_MM * 0.3
        small[np.hypot(unshrunk(x) - middle[0], unshrunk(y) - middle[1]) < reach] = 0
        if one is None:  # a little of its line is enough for it not to be met again
            near = np.abs(
                np.hypot(unshrunk(x) - middle[0], unshrunk(y) - middle[1]) - radius * PER_MM
            )
            small[near < 0.8 * PER_MM] *= 0.5
    return found


def _stamp(
    view: View, part: tuple[slice, slice], ink: Mask, middle: tuple[float, float], radius: float
) -> Ring | None:
    """Return the stamp on a circle, or None; pixels of the part."""
    import numpy as np

    x, y, outer, around = _fitted(ink, middle, radius)
    if around < _WHOLE:
        return None
    rows, columns = np.ogrid[0 : ink.shape[0], 0 : ink.shape[1]]
    away = np.hypot(columns - x, rows - y) / outer
    if ink[away < 1].mean() > _FULL:
        return None
    letters = _letters(ink, away)
    second = max(
        (_inked_around(ink, x, y, part_of * outer) for part_of in np.arange(0.4, 0.92, 0.03)
         if (1 - part_of) * outer > 0.9 * PER_MM),
        default=0.0,
    )  # fmt: skip
    if letters < _LETTERS and second < _SECOND:
        return None
    left, top = part[1].start, part[0].start
    return Ring(
        x=x + left, y=y + top, radius=outer, coverage=around, letters=letters,
        band=float(ink[(away > 0.5) & (away < 0.93)].mean()), run=around, lined=1.0,
        strength=view.strength(part, ink & (np.abs(away - 1) * outer < 0.8 * PER_MM)),
        around=around, murk=float(ink[(away > 1.1) & (away < 1.4)].mean()), small=True,
    )  # fmt: skip


def _fitted(
    ink: Mask, middle: tuple[float, float], radius: float
) -> tuple[float, float, float, float]:
    """Return middle and radius of the circle near one that is inked best, and the inked part."""
    import numpy as np

    best = (*middle, radius, 0.0)
    shifts = np.arange(-_SHIFT_MM, _SHIFT_MM + 0.01, 0.2) * PER_MM
    for across in shifts:
        for down in shifts:
            for wider in shifts:
                x, y, size = middle[0] + across, middle[1] + down, radius + wider
                around = _inked_around(ink, x, y, size)
                # of circles that are inked alike the outer one is the edge
                if around + 0.001 * size / PER_MM > best[3] + 0.001 * best[2] / PER_MM:
                    best = x, y, size, around
    return best


def _inked_around(ink: Mask, x: float, y: float, radius: float) -> float:
    """Return the part of a circle beside which ink lies."""
    import numpy as np

    angles = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    reach = max(1, round(_LINE_MM * PER_MM))
    seen = np.zeros(_ANGLES, bool)
    for step in range(-reach, reach + 1):
        columns = np.round(x + (radius + step) * np.cos(angles)).astype(int)
        rows = np.round(y + (radius + step) * np.sin(angles)).astype(int)
        inside = (columns >= 0) & (rows >= 0) & (columns < ink.shape[1]) & (rows < ink.shape[0])
        seen[inside] |= ink[rows[inside], columns[inside]]
    return float(seen.mean())


def _letters(ink: Mask, away: Floats) -> int:
    """Return how many pieces of the size of letters lie wholly inside a circle."""
    import cv2
    import numpy as np

    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    low, high = (one * PER_MM for one in _LETTER)
    outside = set(np.unique(labels[(away > 0.95) & (away < 1.3)]))
    within = np.unique(labels[away < 0.9])
    return sum(
        number not in outside and low < max(stats[number, 2], stats[number, 3]) < high
        for number in within
        if number
    )

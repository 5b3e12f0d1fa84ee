"""Round stamps: rings of 12 to 23 millimetres radius with letters inside, whole or in part."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pks_kit.scan import thresholds
from pks_kit.scan.view import PER_MM, Box, View

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Floats, Mask

_STEP = 3
_SECTORS = 48
_PAD = 44
_COLOURED = 0.004
"""Part of a picture from which it holds coloured ink."""
_SAME_MM = 4.0
"""Millimetres between the middles of two rings of one stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A ring.

    Attributes:
        x: Middle in pixels of the view; may lie outside the sheet.
        y: As above.
        radius: In pixels of the view.
        coverage: Part of the circle that is inked, 0 to 1.
        band: How much ink lies where the letters of a stamp stand.
        letters: Pieces of ink of the size of letters along it.
        run: Longest part of the circle that is inked without a gap, 0 to 1.
        lined: Part of what is inked of the circle that has ink of letters beside it, 0 to 1; of
            thick letters no piece stands for itself.
        strength: How dark or coloured its ink is, 0 to 1.
        around: How well what lies on it runs around its middle: about 1 for a ring, 0 for whatever
            crosses it.
        murk: Part of what lies around it that is inked.
        small: Whether it was found as a small stamp, with what is in it.
    """

    x: float
    y: float
    radius: float
    coverage: float
    band: float
    letters: int
    run: float
    lined: float
    strength: float
    around: float
    murk: float
    small: bool = False

    def is_stamp(self) -> bool:
        """Return whether it is at least the edge of a stamp: a loop of a pen has no letters."""
        if self.small:
            return True
        joined = self.run >= 0.2 and self.band > 0.15 and self.lined > 0.93
        some = self.letters >= 2 and self.run >= 0.12
        # along bows of a signature no letters stand, though a date may lie below one of them
        along = self.letters >= thresholds.RING_LETTERS or self.lined > thresholds.RING_LINED
        letters = (some and along) or joined
        if self.coverage > 0.7:
            return True
        # a signature that a circle touches here and there crosses it
        return self.coverage >= thresholds.RING_PRESENT and letters and self.runs_around()

    def runs_around(self) -> bool:
        """Return whether its ink runs around its middle, or whether so much of it has letters."""
        lettered = self.letters >= thresholds.RING_LETTERS
        return self.around > thresholds.RING_AROUND or (
            lettered and self.coverage > thresholds.RING_LETTERED
        )

    def is_whole(self) -> bool:
        """Return whether it is a stamp rather than the edge of one."""
        if self.small:
            return True
        lettered = self.letters >= thresholds.RING_LETTERS
        if not (self.is_stamp() and (lettered or self.band > thresholds.RING_BAND)):
            return False
        runs = self.around > thresholds.RING_AROUND or self.coverage > 0.7
        return self.coverage > (
            thresholds.RING_NO_STAMP if lettered and runs else thresholds.RING_STAMP
        )


@lru_cache(maxsize=1)
def _sizes() -> tuple[tuple[float, Any], ...]:
    return circles(thresholds.RING_SMALLEST, thresholds.RING_LARGEST)


def circles(smallest: float, largest: float) -> tuple[tuple[float, Any], ...]:
    """Return radii in millimetres, and with each what a circle of it looks like when shrunk."""
    import numpy as np

    made = []
    steps = round((largest - smallest) / thresholds.RING_STEP)
    for step in range(steps + 1):
        radius = smallest + step * thresholds.RING_STEP
        pixels = radius * PER_MM / _STEP
        reach = math.ceil(pixels * 1.16) + 1
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        away = np.hypot(x, y)
        on = (np.abs(away - pixels) < 0.8).astype(np.float32)
        outside = (np.abs(away - pixels * 1.13) < 1.0).astype(np.float32)
        made.append((radius, on / on.sum() - 0.7 * outside / outside.sum()))
    return tuple(made)


def rings(
    view: View, box: Box, most: int, without: Mask, unlettered: Mask, *, black: bool = False
) -> list[Ring]:
    """Return the rings in and around a box, the clearest first.

    Where there is coloured ink, stamps are looked for in it alone.

    Args:
        view: The sheet.
        box: Where to look, with room for stamps set beside their place.
        most: How many to look for.
        without: Pixels that belong to something else.
        unlettered: Pixels whose ink is no letter of a stamp: digits stand in rows themselves.
        black: Whether to look in the ink without colour instead.
    """
    import numpy as np

    left, top, right, bottom = box
    part = (slice(top, bottom), slice(left, right))
    ink = inked(view, part, black=black) & ~without[part]
    small = shrunk(ink)
    pieces = _pieces(ink & ~unlettered[part], left, top)
    found: list[Ring] = []
    y, x = np.ogrid[0 : small.shape[0], 0 : small.shape[1]]
    while len(found) < most and small.sum() >= 25:
        value, across, down, radius = best_circle(small, _sizes())
        if value < 0.17:
            break
        away = np.hypot(x - across, y - down)
        pixels = radius * PER_MM / _STEP
        sector = np.floor((np.arctan2(y - down, x - across) + math.pi) / (2 * math.pi) * _SECTORS)
        on = np.abs(away - pixels) < 1.6
        sectors = (sector.astype(int) % _SECTORS)[on]
        seen = np.bincount(sectors[small[on] > 0.5], minlength=_SECTORS) > 0
        covered = int(seen.sum())
        beside = (away < pixels * 0.93) & (away > pixels * 0.70) & (small > 0.5)
        lettered = np.bincount(sector.astype(int)[beside] % _SECTORS, minlength=_SECTORS) > 0
        inner = small[(away < pixels * 0.93) & (away > pixels * 0.70)]
        beyond = small[(away > pixels * 1.1) & (away < pixels * 1.4)]
        middle = float((across - _PAD) * _STEP + left), float((down - _PAD) * _STEP + top)
        found.append(
            Ring(
                x=middle[0],
                y=middle[1],
                radius=radius * PER_MM,
                coverage=covered / _SECTORS,
                band=float(inner.mean()) if inner.size and covered else 0.0,
                letters=_letters(_free(pieces, middle, found), middle, radius * PER_MM),
                run=_run(seen),
                lined=float((lettered & seen).sum()) / max(1, covered),
                strength=_strength(view, part, ink, middle, radius * PER_MM),
                around=_around(small, away, np.abs(away - pixels) < 2.6, across, down),
                murk=float((beyond > 0.5).mean()) if beyond.size else 0.0,
            )
        )
        small[away < pixels * 1.08] = 0
    return found


def inked(view: View, part: tuple[slice, slice], *, black: bool = False) -> Mask:
    """Return the ink in which stamps are looked for; see :func:`rings`."""
    ink: Mask = (view.dark[part] > 0.18) & ~view.printed[part]
    if view.chroma is not None:
        coloured = (view.chroma[part] > 16) & (view.dark[part] > 0.07)
        if black:
            ink &= ~coloured
        elif coloured.mean() > _COLOURED:
            ink = coloured
    return ink


def shrunk(ink: Mask) -> Floats:
    """Return ink as a smaller picture with room around it, in which circles are looked for."""
    import cv2
    import numpy as np

    small = cv2.resize(
        ink.astype(np.float32), None, fx=1 / _STEP, fy=1 / _STEP, interpolation=cv2.INTER_AREA
    )
    small = np.minimum(1, small * 2.2)
    framed: Floats = cv2.copyMakeBorder(small, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_CONSTANT, value=0)
    return framed


def unshrunk(across: Any) -> Any:
    """Return pixels of the part for those of its shrunk picture."""
    return (across - _PAD) * _STEP


def holds_black(view: View, box: Box, without: Mask) -> bool:
    """Return whether there is so much black ink beside coloured that it may hold a stamp."""
    if view.chroma is None:
        return False
    left, top, right, bottom = box
    part = (slice(top, bottom), slice(left, right))
    coloured = (view.chroma[part] > 16) & (view.dark[part] > 0.07)
    if coloured.mean() <= _COLOURED:
        return False  # all ink was looked at
    ink = (view.dark[part] > thresholds.PEN_DARK) & ~view.printed[part] & ~without[part] & ~coloured
    return float(ink.sum()) / PER_MM**2 > thresholds.BLACK_STAMP


def best_circle(
    small: Floats, kernels: tuple[tuple[float, Any], ...]
) -> tuple[float, int, int, float]:
    """Return how well the best circle fits, its middle, and its radius in millimetres."""
    import cv2

    best: tuple[float, int, int, int] = (0.0, 0, 0, 0)
    # every other radius first, as wide as a circle is drawn, then those beside the best
    numbers = list(range(0, len(kernels), 2))
    for last in (False, True):
        for number in numbers:
            fits = cv2.filter2D(small, -1, kernels[number][1], borderType=cv2.BORDER_CONSTANT)
            _, value, _, (across, down) = cv2.minMaxLoc(fits)
            if value > best[0]:
                best = (value, across, down, number)
        if not last:
            beside = best[3] - 1, best[3] + 1
            numbers = [one for one in beside if 0 <= one < len(kernels)]
    return (*best[:3], kernels[best[3]][0])


def _pieces(ink: Mask, left: int, top: int) -> Any:
    """Return middles of pieces of ink that have the size of letters, in pixels of the view."""
    import cv2
    import numpy as np

    _, _, stats, middles = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    size = stats[:, 2:4].max(axis=1) / PER_MM
    return middles[(size > 0.9) & (size < 7)] + (left, top)


def _free(pieces: Any, middle: tuple[float, float], found: list[Ring]) -> Any:
    """Return the pieces that are no letters of another stamp; both rings of one share them."""
    import numpy as np

    free = np.ones(len(pieces), bool)
    for one in found:
        apart = math.hypot(one.x - middle[0], one.y - middle[1])
        if one.is_stamp() and apart > _SAME_MM * PER_MM:
            free &= np.hypot(*(pieces - (one.x, one.y)).T) > 1.1 * one.radius
    return pieces[free]


def _letters(pieces: Any, middle: tuple[float, float], radius: float) -> int:
    import numpy as np

    away = np.hypot(*(pieces - middle).T) / radius
    # beside the ring on both sides: of two rings the inner one may be the clearer
    return int(((away > 0.55) & (away < 1.3) & (np.abs(away - 1) > 0.04)).sum())


def _around(small: Floats, away: Floats, band: Mask, across: int, down: int) -> float:
    """Return how far edges near a circle run along it: 1 all, 0 as many along it as across."""
    import cv2
    import numpy as np

    soft = cv2.GaussianBlur(small, (0, 0), 0.7)
    x, y = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    rows, columns = np.nonzero(band)
    x, y = x[rows, columns], y[rows, columns]
    outward = (x * (columns - across) + y * (rows - down)) / np.maximum(1, away[rows, columns])
    whole = float((x * x + y * y).sum())
    return 2 * float((outward * outward).sum()) / whole - 1 if whole > 0 else 0.0


def _run(seen: Any) -> float:
    """Return the longest part of a circle of sectors that is inked; one empty one is no gap."""
    import numpy as np

    if seen.all():
        return 1.0
    joined = seen | (np.roll(seen, 1) & np.roll(seen, -1))
    longest = run = 0
    for one in np.concatenate([joined, joined]):
        run = run + 1 if one else 0
        longest = max(longest, run)
    return min(longest, len(seen)) / len(seen)


def _strength(
    view: View, part: tuple[slice, slice], ink: Mask, middle: tuple[float, float], radius: float
) -> float:
    import numpy as np

    y, x = np.ogrid[part[0].start : part[0].stop, part[1].start : part[1].stop]
    away = np.hypot(x - middle[0], y - middle[1])
    return view.strength(part, ink & (np.abs(away - radius) < 0.8 * PER_MM))


def disc(view: View, found: list[Ring]) -> Mask:
    """Return the pixels that stamps cover."""
    import numpy as np

    height, width = view.shape
    covered = np.zeros((height, width), bool)
    y, x = np.ogrid[0:height, 0:width]
    for one in found:
        if one.is_stamp():
            reach = one.radius + 1.2 * PER_MM
            covered |= (x - one.x) ** 2 + (y - one.y) ** 2 < reach**2
    return covered

"""What a pen leaves: connected strokes, measured in millimetres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.scan import thresholds
from pks_kit.scan.lines import ruled
from pks_kit.scan.view import PER_MM, Box, View

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Floats, Mask

_COLOURED = 8.0
_POINTS = 500
"""Pixels of a stroke that are enough to tell whether it is straight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One connected piece of extra ink.

    Attributes:
        box: Pixels of the view.
        length: Length of its line in millimetres: area over width.
        width: Mean width.
        widest: Width of its widest part.
        dark: Darkness of its darker quarter.
        ink: Width in millimetres of a black line that holds as much ink; unlike width and darkness
            it is the same however soft the scanner is. What the sheet adds to every line is taken
            off, as far as its own printed rules tell.
        line: Length along the middle in millimetres, also of what is a pixel wide.
        solid: Part of its hull that it fills: lines of a pen leave most of it white.
        straight: Part of it that lies on one straight line.
        minor: Spread across its direction.
        major: Spread along its direction.
        area: In square millimetres.
        middle: Its middle in pixels of the view.
        direction: Unit vector along it.
        radius: Radius in millimetres of the circle that fits it best.
        off_circle: How far it strays from that circle, in millimetres.
        centre: Middle of that circle in pixels of the view.
        hue: Median of a and b, from the paper's; None without colours.
        tinted: Mean darkness of the paper beside it; about 0 beside a pen's line.
        bilevel: Whether the sheet came in black and white.
    """

    box: Box
    length: float
    width: float
    widest: float
    dark: float
    ink: float
    minor: float
    major: float
    area: float
    middle: tuple[float, float]
    direction: tuple[float, float]
    radius: float
    off_circle: float
    centre: tuple[float, float]
    hue: tuple[float, float] | None
    tinted: float
    bilevel: bool
    line: float
    solid: float
    straight: float

    @property
    def wide(self) -> float:
        """Return its extent across the page in millimetres."""
        return (self.box[2] - self.box[0]) / PER_MM

    @property
    def high(self) -> float:
        """Return its extent down the page in millimetres."""
        return (self.box[3] - self.box[1]) / PER_MM

    @property
    def dense(self) -> bool:
        """Return whether it is a blob rather than a line."""
        return self.widest > thresholds.PEN_WIDEST

    def is_straight(self) -> bool:
        """Return whether it is as straight as a ruler's line, a fold or a straight hair."""
        narrow = self.minor < max(0.32, 0.45 * self.width)
        return narrow and self.line > 4 and self.major > 8 * self.minor

    def is_rest(self) -> bool:
        """Return whether it is what peeps out beside a printed rule, thinner than any pen."""
        return min(self.wide, self.high) < 0.4 and self.width < 0.4 and self.minor < 0.12

    def is_fine(self) -> bool:
        """Return whether it is as thin as the sheet can show: its edges run closer than a pen's."""
        return self.line > thresholds.FINE * self.length

    def is_faint(self) -> bool:
        """Return whether a pen that is nearly dry may have drawn it: a pale line that bends."""
        line = self.solid < thresholds.PEN_SOLID and self.straight < thresholds.PEN_STRAIGHT
        pale = self.dark < thresholds.PEN_DARK and self.tinted < thresholds.PEN_BESIDE
        return pale and line and self.line > thresholds.FAINT_LINE

    def continues(self, line: Stroke) -> bool:
        """Return whether it lies on the same straight line as another stroke."""
        away = self.middle[0] - line.middle[0], self.middle[1] - line.middle[1]
        beside = abs(away[0] * line.direction[1] - away[1] * line.direction[0]) / PER_MM
        return beside < 0.6 and self.minor < 0.32

    def is_arc(self) -> bool:
        """Return whether it is a piece of a circle as large as stamps or cups are."""
        large = 0.8 * thresholds.RING_SMALLEST < self.radius < thresholds.ARC_LARGEST
        return large and self.off_circle < max(0.3, 0.4 * self.width)

    def is_closed_ring(self) -> bool:
        """Return whether it is a circle, as small round stamps have."""
        closed = self.length > thresholds.RING_CLOSED * 2 * math.pi * self.radius
        return closed and self.radius > 3 and self.off_circle < 0.05 * self.radius

    def is_hole(self) -> bool:
        """Return whether it is the edge of a hole that was punched, or part of it."""
        small = thresholds.HOLE_SMALLEST < self.radius < thresholds.HOLE_LARGEST
        return small and self.off_circle < thresholds.HOLE_STRAYS

    def is_coloured(self) -> bool:
        """Return whether it has the colour of a pen."""
        # both together, because a scanner leaves colours of all kinds beside a black line
        return self.hue is not None and math.hypot(*self.hue) > thresholds.EXTRA_COLOUR

    def is_brown(self) -> bool:
        """Return whether it has the colour of coffee, rust, tape or a marker rather than of ink."""
        return self.hue is not None and self.hue[1] > max(6, abs(self.hue[0]))

    def is_sure(self) -> bool:
        """Return whether it is a pen's beyond doubt: no hair, nothing pale, no edge of a stamp."""
        coloured = self.is_coloured()
        least = thresholds.PEN_COLOUR if coloured else thresholds.PEN_SURE
        if self.width > thresholds.PEN_BROAD:  # broad pens are dark; broad and pale is blurred
            least += thresholds.PEN_BROAD_DARKER
        if self.dark < least:
            return False
        if self.is_arc() or self.is_brown() or self.tinted > thresholds.PEN_BESIDE:
            return False
        if self.is_hole() or self.straight > thresholds.PEN_STRAIGHT:
            return False
        if self.length < max(5 * self.width if self.dense else 0.0, thresholds.BLOT * self.widest):
            return False  # a blot
        if self.solid > thresholds.PEN_SOLID and self.widest > thresholds.PEN_BROAD:
            return False  # as above, torn
        if coloured:
            return self.ink > thresholds.HAIR_COLOUR
        return self.ink > (thresholds.HAIR_DOUBLE if self.is_fine() else thresholds.HAIR)

    def is_written(self) -> bool:
        """Return whether it may be a digit of a row of them, by a pale pen too."""
        pale = self.dark < thresholds.PEN_PALE or self.ink < thresholds.HAIR_COLOUR
        return not (pale or self.is_brown() or self.tinted > thresholds.PEN_BESIDE)

    def is_like(self, other: Stroke) -> bool:
        """Return whether it may be of the same ink as another stroke."""
        if self.hue is not None and other.hue is not None:
            strong = math.hypot(*self.hue) > _COLOURED, math.hypot(*other.hue) > _COLOURED
            if all(strong):
                turn = math.atan2(*self.hue) - math.atan2(*other.hue)
                return math.cos(turn) > math.cos(math.radians(thresholds.INK_HUE))
            if any(strong):
                return False
        return abs(self.dark - other.dark) < thresholds.INK_DARK

    def is_pen(self) -> bool:
        """Return whether a pen may have drawn it."""
        if self.dark < thresholds.PEN_DARK:
            return False  # smudge, or pale from the other side
        if self.dense and self.length < 5 * self.width:
            return self.dark > 0.62 and 3 < self.area < 400 and max(self.wide, self.high) < 70
        return self.length >= thresholds.PEN_SHORTEST and not self.is_straight()


def strokes(view: View, box: Box, without: Mask | None = None) -> list[Stroke]:
    """Return the strokes in a box, and straight lines for themselves.

    Args:
        view: The sheet.
        box: Where to look.
        without: Pixels of the whole view that belong to something else.
    """
    left, top, right, bottom = box
    # how long a line is shows around a place
    reach = round(thresholds.LINE_SHORTEST * PER_MM)
    up, aside = max(0, top - reach), max(0, left - reach)
    wide = view.extra[up : bottom + reach, aside : right + reach]
    if without is not None:
        wide = wide & ~without[up : bottom + reach, aside : right + reach]
    part = slice(top - up, bottom - up), slice(left - aside, right - aside)
    ink = wide[part]
    if not ink.any():
        return []
    found = []
    for line in ruled(wide):
        found += _strokes(view, box, ink & line[part], without)
        ink = ink & ~line[part]
    return found + _strokes(view, box, ink, without)


def _strokes(view: View, box: Box, ink: Mask, without: Mask | None) -> list[Stroke]:
    import cv2
    import numpy as np

    left, top, right, bottom = box
    if not ink.any():
        return []
    plane = ink.astype(np.uint8)
    joined = cv2.dilate(plane, np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    inside = cv2.distanceTransform(plane, cv2.DIST_L2, 3)
    dark = view.dark[top:bottom, left:right]
    hues = None if view.hues is None else view.hues[top:bottom, left:right]
    busy = view.extra[top:bottom, left:right] | view.printed[top:bottom, left:right]
    if without is not None:
        busy |= without[top:bottom, left:right]
    found = []
    for number in range(1, count):
        x, y, wide, high, _ = (int(one) for one in stats[number])
        if max(wide, high) < 3:
            continue
        part = (slice(y, y + high), slice(x, x + wide))
        own = (labels[part] == number) & ink[part]
        area = int(own.sum())
        if area < 5:
            continue
        thickness = inside[part][own]
        width = max(1.0, 2 * float(thickness.mean()) * 1.15)
        ys, xs = np.nonzero(own)
        spread, axes = np.linalg.eigh(np.cov(np.stack([xs, ys])))
        minor, major = np.sqrt(np.maximum(1e-6, spread))
        radius, off, (across, down) = _circle(xs, ys)
        line, solid = _outline(own)
        found.append(
            Stroke(
                radius=radius,
                off_circle=off,
                centre=(across + x + left, down + y + top),
                hue=_hue(hues, part, own),
                tinted=_tinted(dark, part, own, busy),
                bilevel=view.colours == "bilevel",
                line=line / PER_MM,
                solid=solid,
                straight=_straight(xs, ys, width),
                box=(x + left, y + top, x + left + wide, y + top + high),
                length=area / width / PER_MM,
                width=width / PER_MM,
                widest=2 * float(np.percentile(thickness, 95)) / PER_MM,
                dark=float(np.percentile(dark[part][own], 75)),
                ink=_ink(dark, part, labels == number, line) - view.thicker,
                minor=float(minor) / PER_MM,
                major=float(major) / PER_MM,
                area=area / PER_MM**2,
                middle=(float(xs.mean()) + x + left, float(ys.mean()) + y + top),
                direction=(float(axes[0, 1]), float(axes[1, 1])),
            )
        )
    return found


def _outline(own: Mask) -> tuple[float, float]:
    """Return the length of a stroke along its middle in pixels, and the part of its hull it fills.

    Its edges run along both sides of it, however thin it is.
    """
    import cv2
    import numpy as np

    edges, _ = cv2.findContours(own.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    along = sum(cv2.arcLength(one, closed=True) for one in edges) / 2
    hull = cv2.contourArea(cv2.convexHull(np.concatenate(edges))) + along
    return max(1.0, along), float(own.sum()) / max(1.0, hull)


def _straight(xs: Floats, ys: Floats, width: float) -> float:
    """Return the part of a stroke that lies on one straight line, whatever hangs on it."""
    import cv2
    import numpy as np

    points = np.stack([xs, ys], axis=1).astype(np.float32)
    points = points[:: len(points) // _POINTS + 1]
    u, v, x, y = (float(one) for one in cv2.fitLine(points, cv2.DIST_WELSCH, 0, 0.01, 0.01).ravel())
    beside = np.abs((points[:, 1] - y) * u - (points[:, 0] - x) * v)
    return float((beside < max(2.0, 0.7 * width)).mean())


def _ink(dark: Floats, part: tuple[slice, slice], own: Mask, length: float) -> float:
    """Return the ink of a stroke per length, with its soft edges."""
    import cv2
    import numpy as np

    rows = slice(max(0, part[0].start - 2), part[0].stop + 2)
    columns = slice(max(0, part[1].start - 2), part[1].stop + 2)
    around = cv2.dilate(own[rows, columns].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return float(dark[rows, columns][around].sum()) / length / PER_MM


def _hue(hues: Floats | None, part: tuple[slice, slice], own: Mask) -> tuple[float, float] | None:
    import numpy as np

    if hues is None:
        return None
    a, b = np.median(hues[part][own], axis=0)
    return float(a), float(b)


def _tinted(dark: Floats, part: tuple[slice, slice], own: Mask, busy: Mask) -> float:
    """Return how dark the paper is half a millimetre to one beside a stroke."""
    import cv2
    import numpy as np

    reach = 7
    padded = np.pad(own.astype(np.uint8), reach)
    rows = slice(max(0, part[0].start - reach), part[0].stop + reach)
    columns = slice(max(0, part[1].start - reach), part[1].stop + reach)
    shape = dark[rows, columns].shape
    y, x = reach - (part[0].start - rows.start), reach - (part[1].start - columns.start)
    near = cv2.dilate(padded, np.ones((7, 7), np.uint8))
    around = cv2.dilate(padded, np.ones((13, 13), np.uint8)) - near
    beside = (around[y : y + shape[0], x : x + shape[1]] > 0) & ~busy[rows, columns]
    return float(dark[rows, columns][beside].mean()) if beside.sum() > 12 else 0.0


def _circle(xs: Floats, ys: Floats) -> tuple[float, float, tuple[float, float]]:
    """Return radius and middle of the circle that fits best, and how far points stray from it."""
    import numpy as np

    x, y = xs - xs.mean(), ys - ys.mean()
    terms = np.stack([x, y, np.ones_like(x)], axis=1)
    solved, _, rank, _ = np.linalg.lstsq(terms, x * x + y * y, rcond=None)
    if rank < 3:
        return float("inf"), 0.0, (0.0, 0.0)
    across, down = solved[0] / 2, solved[1] / 2
    radius = float(np.sqrt(max(0.0, solved[2] + across**2 + down**2)))
    away = np.abs(np.hypot(x - across, y - down) - radius)
    off = float(np.sqrt((away**2).mean())) / PER_MM
    return radius / PER_MM, off, (float(across + xs.mean()), float(down + ys.mean()))


def pen_strokes(view: View, box: Box, without: Mask | None = None) -> tuple[list[Stroke], float]:
    """Return what a pen may have drawn in a box, and the length of straight lines beside it.

    A straight line is none of a pen's, nor are the pieces into which printed lines cut it; but a
    short flourish may be, so whoever finds nothing else there should not say that nothing is.
    """
    found = [
        one
        for one in strokes(view, box, without)
        if one.dark >= thresholds.PEN_DARK and not one.is_rest()
    ]
    lines = [one for one in found if one.is_straight()]
    pieces = [
        one
        for one in found
        if one.is_pen() and not any(one.continues(line) for line in lines if line is not one)
    ]
    return pieces, sum(one.length for one in lines)

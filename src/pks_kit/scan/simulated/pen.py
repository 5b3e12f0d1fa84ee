"""What hands write: signatures, initials, dates and lines of words that nobody can read.

All of it is drawn by curves of our own; no handwriting of a person was used. Lengths are mm, x to
the right, y down; ink is laid on a sheet by :func:`write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pks_kit.scan.simulated.sheet import Mark, Points, Random, Sheet, Stroke, clouds, drawn

BLUE, BLACK = (28, 48, 150), (26, 26, 32)
INKS: tuple[tuple[int, int, int], ...] = (BLUE, (45, 70, 175), (20, 30, 110), BLACK, (45, 42, 48))

_STEP = 0.12
_DIGITS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((0.5, 0), (0.1, 0.3), (0.1, 0.75), (0.5, 1), (0.9, 0.7), (0.9, 0.3), (0.5, 0.02)),),
    "1": (((0.3, 0.22), (0.55, 0), (0.53, 0.5), (0.5, 1)),),
    "2": (((0.1, 0.25), (0.45, 0), (0.85, 0.25), (0.5, 0.65), (0.1, 0.98), (0.5, 0.94),
           (0.95, 1)),),
    "3": (((0.12, 0.1), (0.6, 0), (0.8, 0.25), (0.4, 0.46), (0.85, 0.7), (0.5, 1), (0.08, 0.88)),),
    "4": (((0.6, 0), (0.1, 0.62), (0.95, 0.6)), ((0.7, 0.3), (0.68, 1))),
    "5": (((0.3, 0.02), (0.22, 0.42), (0.7, 0.45), (0.85, 0.75), (0.45, 1), (0.08, 0.88)),
          ((0.28, 0.03), (0.9, 0))),
    "6": (((0.75, 0), (0.25, 0.4), (0.12, 0.8), (0.5, 1), (0.85, 0.75), (0.5, 0.52),
           (0.15, 0.75)),),
    "7": (((0.08, 0.04), (0.5, 0.03), (0.92, 0.02), (0.6, 0.5), (0.4, 1)),),
    "8": (((0.8, 0.15), (0.4, 0), (0.2, 0.25), (0.8, 0.7), (0.5, 1), (0.15, 0.75), (0.6, 0.4),
           (0.82, 0.15)),),
    "9": (((0.82, 0.25), (0.45, 0), (0.15, 0.25), (0.45, 0.5), (0.82, 0.25), (0.75, 0.7),
           (0.6, 1)),),
    "-": (((0.1, 0.55), (0.5, 0.53), (0.85, 0.55)),),
    "/": (((0.85, -0.05), (0.5, 0.5), (0.1, 1.08)),),
}  # fmt: skip


def signature(random: Random, width: float, height: float) -> tuple[Stroke, ...]:
    """Return a signature that fills a box of that size.

    Args:
        random: Source of chance; it chooses the style too.
        width: mm.
        height: mm.
    """
    count = int(random.integers(4, 9))
    steps = np.arange(count * 2 + 1, dtype=np.float64)
    decay = np.exp(-steps / (count * random.uniform(0.8, 3)))
    style = random.integers(3)
    if style == 0:
        angle = np.linspace(0, 2 * np.pi * count * 0.7, count * 7)
        fade = np.exp(-np.linspace(0, random.uniform(0.8, 2.2), len(angle)))
        fade *= random.uniform(0.7, 1.3, len(angle))
        forward = np.linspace(0, 1, len(angle)) * count * random.uniform(0.5, 0.9)
        knots = np.column_stack([forward + 0.6 * np.cos(angle) * fade, np.sin(angle) * fade])
    elif style == 1:
        up = np.where(np.arange(len(steps)) % 2, -1, 0.35) * decay
        knots = np.column_stack([steps * 0.5, up * random.uniform(0.6, 1.3, len(steps))])
        knots += random.normal(0, 0.12, knots.shape)
    else:
        knots = random.normal(0, 1, (count + 3, 2)) * (1.0, 0.7)
        knots[:, 0] += np.linspace(0, 3.5, len(knots))
    lines = [smooth(knots)]
    low, high = lines[0].min(axis=0), lines[0].max(axis=0)
    if random.random() < 0.6:
        start, end = random.uniform(-0.05, 0.3), random.uniform(0.8, 1.1)
        across = np.array([(start, 0.9), (0.5, random.uniform(0.55, 0.9)), (end, 0.6), (0.7, 1.0)])
        lines.append(smooth(low + across[: int(random.integers(3, 5))] * (high - low)))
    if random.random() < 0.4:
        tall = np.array([(0.1, 0.9), (0.16, 0.3), (0.25, -0.3), (0.22, 0.5), (0.12, 1.1)])
        lines.append(smooth(low + tall * (high - low)))
    slant = random.uniform(-0.1, 0.45)
    lines = [one @ np.array([[1, 0], [-slant, 1]]) for one in lines]
    return _pressed(random, _fitted(lines, width, height))


def initials(random: Random, length: float) -> tuple[Stroke, ...]:
    """Return a paraf.

    Args:
        random: Source of chance.
        length: mm of stroke, all lines together; 8 is very little.
    """
    shape = random.integers(3)
    if shape == 0:
        knots = np.array([(0, 1.0), (0.25, 0.0), (0.6, 0.15), (0.35, 0.6), (0.8, 1.0), (1.5, 0.4)])
    elif shape == 1:
        knots = np.array([(0, 0.1), (0.2, 1.0), (0.55, 0.1), (0.75, 0.95), (1.2, 0.0), (1.7, 0.5)])
    else:
        knots = np.array([(0.9, 0.2), (0.4, 0.0), (0.1, 0.6), (0.6, 1.0), (1.0, 0.5), (1.6, 0.7)])
    knots = knots + random.normal(0, 0.09, knots.shape)
    lines = [smooth(knots)]
    if random.random() < 0.35:
        lines.append(smooth(np.array([(0.1, 0.6), (0.6, 0.5), (1.2, 0.45)])))
    ratio = length / sum(_length(one) for one in lines)
    return _pressed(random, [one * ratio for one in lines])


def figures(random: Random, text: str, height: float) -> tuple[Stroke, ...]:
    """Return digits, ``-`` and ``/`` written by hand.

    Args:
        random: Source of chance.
        text: What to write; a blank leaves room.
        height: Height of a digit in mm.

    Raises:
        KeyError: There is no such digit.
    """
    lines: list[Points] = []
    left, slant = 0.0, random.uniform(0, 0.3)
    for one in text:
        if one != " ":
            wide = height * random.uniform(0.5, 0.65)
            tall = height * random.uniform(0.88, 1.08)
            rise = random.normal(0, 0.04 * height)
            for knots in _DIGITS[one]:
                moved = np.array(knots) + random.normal(0, 0.03, (len(knots), 2))
                line = smooth(moved * (wide, tall), _STEP * 0.7)
                line[:, 0] += left - slant * (line[:, 1] - tall)
                line[:, 1] += rise
                lines.append(line)
        left += height * random.uniform(0.72, 0.9)
    return _pressed(random, lines, taper=0.3)


def words(random: Random, length: float, height: float = 2.2) -> tuple[Stroke, ...]:
    """Return a line of cursive words without meaning.

    Args:
        random: Source of chance.
        length: mm.
        height: Height of a small letter in mm.
    """
    lines: list[Points] = []
    left = 0.0
    while left < length:
        knots: list[tuple[float, float]] = []
        for _ in range(int(random.integers(3, 8))):
            tall = height * (1.0 if random.random() < 0.7 else random.uniform(1.6, 2.2))
            wide = height * random.uniform(0.45, 0.8)
            knots += [(left, 0.0), (left + wide * 0.5, -tall), (left + wide * 0.35, -tall * 0.55)]
            left += wide
        knots.append((left + 0.3 * height, 0.0))
        moved = np.array(knots) + random.normal(0, 0.08 * height, (len(knots), 2))
        lines.append(smooth(moved))
        left += height * random.uniform(0.8, 1.3)
    return _pressed(random, lines, taper=0.3)


def straight(random: Random, length: float, *, wave: float = 0.25) -> tuple[Stroke, ...]:
    """Return one line across, as a pen crosses words out.

    Args:
        random: Source of chance.
        length: mm.
        wave: How far the hand strays, mm.
    """
    across = np.linspace(0, length, max(int(length / 8), 4))
    return _pressed(
        random, [smooth(np.column_stack([across, random.normal(0, wave, len(across))]))]
    )


def write(
    sheet: Sheet,
    strokes: Sequence[Stroke],
    centre: Points,
    random: Random,
    *,
    ink: Sequence[float],
    turn: float = 0.0,
) -> Mark:
    """Write on a sheet; return what was written.

    Args:
        sheet: The sheet, which changes.
        strokes: Lines in mm.
        centre: Pixel of their middle.
        random: Source of chance: flow of the ink.
        ink: RGB.
        turn: Degrees against the clock.
    """
    mark = drawn(strokes, centre, sheet.per_mm, turn)
    flow = clouds(random, mark.mask.shape[0], mark.mask.shape[1], 0.6 * sheet.per_mm)
    laid = Mark(mask=mark.mask * (0.82 + 0.18 * flow), left=mark.left, top=mark.top)
    sheet.ink(laid, ink, float(random.uniform(0.85, 1.0)))
    return mark


def any_ink(random: Random) -> tuple[int, int, int]:
    """Return the colour of some pen: blue twice as often as black."""
    return INKS[int(random.choice(len(INKS), p=(0.3, 0.2, 0.17, 0.2, 0.13)))]


def smooth(knots: Any, step: float = _STEP) -> Points:
    """Return a curve through knots (Catmull-Rom as cubic Bezier pieces), about ``step`` apart.

    Args:
        knots: At least two points.
        step: Distance in the unit of the knots.
    """
    given = np.asarray(knots, dtype=np.float64)
    framed = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    pieces = []
    for before, start, end, after in zip(
        framed[:-3], framed[1:-2], framed[2:-1], framed[3:], strict=True
    ):
        first, second = start + (end - before) / 6, end - (after - start) / 6
        count = max(int(np.linalg.norm(end - start) / step * 1.2), 6)
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        pieces.append(
            (1 - t) ** 3 * start
            + 3 * (1 - t) ** 2 * t * first
            + 3 * (1 - t) * t**2 * second
            + t**3 * end
        )
    return np.vstack([*pieces, given[-1:]])


def _length(line: Points) -> float:
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())


def _fitted(lines: list[Points], width: float, height: float) -> list[Points]:
    joined = np.concatenate(lines)
    low, high = joined.min(axis=0), joined.max(axis=0)
    return [_even((one - low) / (high - low) * (width, height)) for one in lines]


def _even(line: Points) -> Points:
    """Return the same line with points at even distances, so that none lie far apart."""
    gone = np.concatenate([[0.0], np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum()])
    at = np.linspace(0, gone[-1], max(int(gone[-1] / _STEP), 8))
    return np.column_stack([np.interp(at, gone, line[:, 0]), np.interp(at, gone, line[:, 1])])


def _pressed(random: Random, lines: Sequence[Points], taper: float = 1.0) -> tuple[Stroke, ...]:
    """Give lines the width of one pen (0.3 to 0.7 mm); the ends of a stroke are thinner."""
    pen = random.uniform(0.3, 0.7)
    strokes = []
    for line in lines:
        gone = np.concatenate([[0.0], np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum()])
        wave = np.interp(gone, np.linspace(0, gone[-1], 9), random.uniform(0.7, 1.1, 9))
        ends = np.minimum(gone, gone[-1] - gone) / taper
        strokes.append(Stroke(points=line, widths=pen * wave * np.clip(0.55 + ends, 0, 1)))
    return tuple(strokes)

"""What lies on paper without anybody having written it; none of it is a signature.

``on_place`` puts one kind into a box, the others work on the whole sheet.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from pks_kit.domain.rect import Rect
from pks_kit.scan.simulated.pen import any_ink, initials, signature, smooth
from pks_kit.scan.simulated.sheet import (
    Mark,
    Picture,
    Points,
    Random,
    Sheet,
    Stroke,
    blurred,
    clouds,
    drawn,
)
from pks_kit.scan.simulated.stamp import any_rubber, stamp

PLACE_KINDS = (
    "smudge",
    "specks",
    "hair_curled",
    "hair_straight",
    "ruler_line",
    "coffee",
    "stamp_edge",
    "offset",
)
PAGE_KINDS = ("staple", "punch_holes", "fold", "show_through")

_GREY = (70, 66, 62)


def on_place(sheet: Sheet, kind: str, rect: Rect, random: Random) -> Mark:
    """Put one kind of dirt into a place.

    Args:
        sheet: The sheet, which changes.
        kind: One of ``PLACE_KINDS``.
        rect: The place in issued PDF points.
        random: Source of chance.

    Raises:
        KeyError: No such kind.
    """
    return _ON_PLACE[kind](sheet, rect, random)


def _spot(sheet: Sheet, rect: Rect, random: Random, margin: float = 0.2) -> Points:
    left, top, right, bottom = sheet.box(rect)
    across, down = random.uniform(margin, 1 - margin, 2)
    return np.array([left + across * (right - left), top + down * (bottom - top)])


def _size(sheet: Sheet, rect: Rect) -> tuple[float, float]:
    left, top, right, bottom = sheet.box(rect)
    return (right - left) / sheet.per_mm, (bottom - top) / sheet.per_mm


def _smudge(sheet: Sheet, rect: Rect, random: Random) -> Mark:
    width, height = _size(sheet, rect)
    wide = round(random.uniform(4, max(width * 0.7, 5)) * sheet.per_mm)
    high = round(random.uniform(3, max(height * 0.7, 4)) * sheet.per_mm)
    mask = np.zeros((high * 2, wide * 2), dtype=np.float32)
    angle = random.uniform(0, 180)
    axes = (wide // 2, max(high // 3, 2))
    cv2.ellipse(mask, (wide, high), axes, angle, 0, 360, 1.0, -1)
    mask = blurred(mask, 0.8 * sheet.per_mm) * clouds(
        random, high * 2, wide * 2, 1.2 * sheet.per_mm
    )
    at = np.floor(_spot(sheet, rect, random) - (wide, high)).astype(int)
    mark = Mark(mask=mask, left=int(at[0]), top=int(at[1]))
    sheet.ink(mark, _GREY, float(random.uniform(0.15, 0.5)))
    return mark


def _specks(sheet: Sheet, rect: Rect, random: Random) -> Mark:
    left, top, right, bottom = (round(one) for one in sheet.box(rect))
    finer = 4
    large = np.zeros(((bottom - top) * finer, (right - left) * finer), dtype=np.uint8)
    for _ in range(int(random.integers(5, 40))):
        at = (int(random.integers(large.shape[1])), int(random.integers(large.shape[0])))
        radius = max(round(random.uniform(0.04, 0.3) * sheet.per_mm * finer), 1)
        axes = (radius, max(round(radius * random.uniform(0.5, 1)), 1))
        cv2.ellipse(large, at, axes, random.uniform(0, 180), 0, 360, 255, -1)
    mask = cv2.resize(large, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    mark = Mark(mask=np.asarray(mask, np.float32) / 255, left=left, top=top)
    sheet.ink(mark, (30, 28, 26), float(random.uniform(0.5, 0.95)))
    return mark


def _hair(knots: Points, sheet: Sheet, rect: Rect, random: Random) -> Mark:
    line = smooth(knots)
    width = random.uniform(0.06, 0.11)
    strokes = [Stroke(points=line, widths=np.full(len(line), width))]
    mark = drawn(strokes, _spot(sheet, rect, random, 0.35), sheet.per_mm, random.uniform(0, 360))
    sheet.ink(mark, (42, 32, 28), float(random.uniform(0.7, 1.0)))
    return mark


def _hair_curled(sheet: Sheet, rect: Rect, random: Random) -> Mark:
    turns = np.linspace(0, random.uniform(2.5, 8), 9)
    radius = np.linspace(random.uniform(1.5, 3.5), random.uniform(2, 5), 9)
    knots = np.column_stack(
        [radius * np.cos(turns), radius * np.sin(turns) * random.uniform(0.5, 1)]
    )
    return _hair(knots + random.normal(0, 0.3, knots.shape), sheet, rect, random)


def _hair_straight(sheet: Sheet, rect: Rect, random: Random) -> Mark:
    along = np.linspace(0, random.uniform(8, 30), 5)
    return _hair(np.column_stack([along, random.normal(0, 0.8, 5)]), sheet, rect, random)


def _ruler_line(sheet: Sheet, rect: Rect, random: Random) -> Mark:
    length, width = random.uniform(15, 70), random.uniform(0.12, 0.35)
    line = np.column_stack([np.linspace(0, length, 60), np.zeros(60)])
    strokes = [Stroke(points=line, widths=np.full(60, width))]
    turn = float(random.normal(0, 4) + (90 if random.random() < 0.2 else 0))
    mark = drawn(strokes, _spot(sheet, rect, random), sheet.per_mm, turn)
    sheet.ink(mark, (80, 80, 84) if random.random() < 0.6 else any_ink(random), 0.8)
    return mark


def _coffee(sheet: Sheet, rect: Rect, random: Random) -> Mark:
    per_mm = sheet.per_mm
    radius = random.uniform(28, 42)
    side = round(2 * (radius + 6) * per_mm)
    down, across = np.mgrid[0:side, 0:side].astype(np.float32)
    down, across = (down - side / 2) / per_mm, (across - side / 2) / per_mm
    far = np.hypot(down, across * random.uniform(0.95, 1.05))
    ring = np.exp(-(((far - radius) / random.uniform(0.5, 1.4)) ** 2))
    inside = 0.18 * (far < radius)
    mask = (ring + inside) * (0.25 + 0.75 * clouds(random, side, side, 9 * per_mm))
    aim = _spot(sheet, rect, random)
    angle = random.uniform(0, 2 * np.pi)
    middle = aim - radius * per_mm * np.array([np.cos(angle), np.sin(angle)])
    at = np.floor(middle - side / 2).astype(int)
    mark = Mark(mask=mask.astype(np.float32), left=int(at[0]), top=int(at[1]))
    sheet.ink(mark, (150, 104, 60), float(random.uniform(0.35, 0.75)))
    return mark


def _stamp_edge(sheet: Sheet, rect: Rect, random: Random) -> Mark:
    rubber = any_rubber(random)
    left, top, right, bottom = sheet.box(rect)
    reach = (rubber.radius - random.uniform(2, 7)) * sheet.per_mm
    side = int(random.integers(4))
    across, down = _spot(sheet, rect, random)
    centre = ((left - reach, down), (right + reach, down), (across, top - reach),
              (across, bottom + reach))[side]  # fmt: skip
    return stamp(sheet, rubber, np.array(centre), random)


def _offset(sheet: Sheet, rect: Rect, random: Random) -> Mark:
    """Wet ink of another sheet, mirrored and pale."""
    width, height = _size(sheet, rect)
    small = height < 15 and width < 25
    strokes = (
        initials(random, float(random.uniform(12, 25)))
        if small
        else signature(random, random.uniform(20, 35), 12)
    )
    mirrored = [Stroke(points=one.points * (-1, 1), widths=one.widths) for one in strokes]
    mark = drawn(mirrored, _spot(sheet, rect, random, 0.3), sheet.per_mm)
    soft = blurred(mark.mask, 0.12 * sheet.per_mm)
    soft = soft * clouds(random, mark.mask.shape[0], mark.mask.shape[1], 2.5 * sheet.per_mm)
    faint = Mark(mask=soft, left=mark.left, top=mark.top)
    sheet.ink(faint, any_ink(random), float(random.uniform(0.15, 0.4)))
    return faint


_ON_PLACE: dict[str, Callable[[Sheet, Rect, Random], Mark]] = {
    "smudge": _smudge,
    "specks": _specks,
    "hair_curled": _hair_curled,
    "hair_straight": _hair_straight,
    "ruler_line": _ruler_line,
    "coffee": _coffee,
    "stamp_edge": _stamp_edge,
    "offset": _offset,
}


def staple(sheet: Sheet, random: Random) -> None:
    """Put a staple into the upper left corner."""
    centre = np.array(random.uniform((8, 7), (16, 14))) * sheet.per_mm
    turn = float(random.uniform(20, 60))
    line = np.column_stack([np.linspace(0, 12, 50), np.zeros(50)])
    for width, colour, down in ((0.9, (150, 150, 150), 0.35), (0.5, (95, 98, 104), 0.0)):
        strokes = [Stroke(points=line, widths=np.full(50, width))]
        mark = drawn(strokes, centre + np.array([0, down * sheet.per_mm]), sheet.per_mm, turn)
        sheet.cover(mark, colour)


def punch_holes(sheet: Sheet, random: Random) -> None:
    """Punch two holes of 6 mm, 80 mm apart, 12 mm from the left edge; the lid shows through."""
    middle = sheet.pixels.shape[0] / 2 + random.normal(0, 2) * sheet.per_mm
    radius, finer = 3.0 * sheet.per_mm, 4
    side = int(np.ceil(2 * radius)) + 4
    large = np.zeros((side * finer, side * finer), dtype=np.uint8)
    cv2.circle(large, (side * finer // 2,) * 2, round(radius * finer), 255, -1)
    mask = np.asarray(cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA), np.float32)
    shade = float(random.choice((60.0, 210.0, 235.0)))
    left = round(12 * sheet.per_mm - side / 2 + random.normal(0, 0.5) * sheet.per_mm)
    for up in (-40, 40):
        top = round(middle + up * sheet.per_mm - side / 2)
        sheet.cover(Mark(mask=mask / 255, left=left, top=top), (shade, shade, shade))


def fold(sheet: Sheet, random: Random) -> None:
    """Fold the sheet once across and flatten it again: a soft shadow and a broken line."""
    height, width = sheet.pixels.shape[:2]
    row = height * random.choice((1 / 3, 1 / 2, 2 / 3)) + random.normal(0, 3) * sheet.per_mm
    reach = round(6 * sheet.per_mm)
    top = int(row) - reach
    away = (np.arange(2 * reach, dtype=np.float32) - reach) / sheet.per_mm
    soft = 0.10 * np.exp(-np.abs(away) / 2.0) * np.where(away > 0, 1, 0.2)
    sharp = 0.25 * np.exp(-((away / 0.15) ** 2))
    broken = clouds(random, 1, width, 3 * sheet.per_mm)
    mask = soft[:, None] + sharp[:, None] * broken
    sheet.ink(Mark(mask=mask.astype(np.float32), left=0, top=top), (60, 60, 60))


def show_through(sheet: Sheet, back: Picture, random: Random) -> None:
    """Let the back of the sheet show: mirrored, soft and pale.

    Args:
        sheet: The sheet, which changes.
        back: Grey or RGB picture of what is on the back.
        random: Source of chance.
    """
    grey = back if back.ndim == 2 else cv2.cvtColor(back, cv2.COLOR_RGB2GRAY)
    height, width = sheet.pixels.shape[:2]
    mirrored = cv2.resize(np.ascontiguousarray(grey[:, ::-1]), (width, height))
    mask = 1 - np.asarray(blurred(mirrored, 0.35 * sheet.per_mm), dtype=np.float32) / 255
    sheet.ink(Mark(mask=mask, left=0, top=0), (90, 88, 84), float(random.uniform(0.08, 0.22)))

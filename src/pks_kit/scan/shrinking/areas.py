"""Which parts of a sheet keep their colours: what a hand, a stamp or a sticker left.

With the issued file its places are known; without it three kinds of traces are looked for: ink in
colour, grey or coloured faces of some size (stickers, stamps), and strokes larger than print. To
keep too much costs some bytes, to keep too little costs evidence, so in doubt it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pks_kit.domain.rect import overlap
from pks_kit.scan import thresholds
from pks_kit.scan.alignment import Alignment
from pks_kit.scan.issued import HandPlace
from pks_kit.scan.view import hues_of

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes, Floats, Mask

Area = tuple[int, int, int, int]
"""Pixels of the shrunk page: left, top, right, bottom."""

DPI = 150
PER_MM = DPI / 25.4
_AROUND = 2.5
"""Millimetres that are kept around a trace."""
_AROUND_PLACE = 3.0
_FEWEST_COLOURED = 20
"""Pixels of colour that are a trace and no speck."""
_FACE = 8.0
_LONGEST_LINE = 5.0
_STROKE, _WIDE_STROKE = (3.8, 3.8), (9.0, 3.8)
_MOST_OF_PAGE = 0.35


def traces(
    grey: Bytes, colour: Bytes | None, ink: Mask, codes: Sequence[Area]
) -> list[Area] | None:
    """Return where something lies that is not plain print.

    Args:
        grey: The sheet at 150 dpi, on white paper.
        colour: The same in colour, on white paper; None for a sheet without colours.
        ink: What becomes black.
        codes: Page codes, which are print.

    Returns:
        None when it is most of the sheet: then there is no plain print to speak of.
    """
    rows, columns = grey.shape
    kept_out = [widened(one, 1.5, rows, columns) for one in codes]
    found = [one for one in _faces(grey) if not any(_inside(one, code) for code in kept_out)]
    found += _strokes(ink, kept_out)
    if colour is not None:
        found += _coloured(grey, colour)
    kept = joined(widened(one, _AROUND, rows, columns) for one in found)
    return None if sum(map(_pixels, kept)) > _MOST_OF_PAGE * rows * columns else kept


def areas_of_places(
    lying: Alignment,
    places: Iterable[HandPlace],
    shape: tuple[int, int],
    scale: tuple[float, float],
) -> tuple[list[Area], bool]:
    """Return the places of an issued page on the shrunk page, and whether all are vouched for.

    Args:
        lying: How the page lies on the sheet.
        places: Its places.
        shape: Height and width of the shrunk page.
        scale: Pixels of the shrunk page per pixel of the sheet, across and down.
    """
    rows, columns = shape
    found, sure = [], True
    for place in places:
        left, bottom, right, top = place.rect
        upper, lower = lying.page.height - top, lying.page.height - bottom
        sure &= lying.vouched((left + right) / 2, (upper + lower) / 2)
        wide = max(2, round(right - left))
        high = max(2, round(lower - upper))
        lies = lying.pixels(left, upper, wide, high, 72.0).reshape(-1, 2) * scale
        found.append(widened(around(lies), _AROUND_PLACE, rows, columns))
    return joined(one for one in found if _pixels(one) > 0), sure


def around(points: Floats) -> Area:
    """Return the whole pixels in which points (n, 2) lie."""
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return int(x0), int(y0), int(x1) + 1, int(y1) + 1


def widened(area: Area, millimetres: float, rows: int, columns: int) -> Area:
    """Return an area with something around it, inside the page."""
    more = round(millimetres * PER_MM)
    left, top, right, bottom = area
    left, top = min(max(0, left - more), columns), min(max(0, top - more), rows)
    return left, top, max(left, min(columns, right + more)), max(top, min(rows, bottom + more))


def joined(areas: Iterable[Area]) -> list[Area]:
    """Return areas of which no two overlap."""
    waiting, done = sorted(set(areas)), []
    while waiting:
        one = waiting.pop()
        for other in waiting:
            if overlap(one, other):
                waiting.remove(other)
                waiting.append(
                    (
                        min(one[0], other[0]),
                        min(one[1], other[1]),
                        max(one[2], other[2]),
                        max(one[3], other[3]),
                    )
                )
                break
        else:
            done.append(one)
    return sorted(done, key=lambda one: (one[1], one[0]))


def _inside(one: Area, other: Area) -> bool:
    return one[0] >= other[0] and one[1] >= other[1] and one[2] <= other[2] and one[3] <= other[3]


def _pixels(area: Area) -> int:
    return (area[2] - area[0]) * (area[3] - area[1])


def _coloured(grey: Bytes, colour: Bytes) -> list[Area]:
    """Return where coloured ink lies; what is as pale as paper is none."""
    import numpy as np

    _, chroma = hues_of(colour, grey)
    mask = ((chroma > thresholds.EXTRA_COLOUR) & (grey < 225)).astype(np.uint8)
    return _groups(mask, 2.5, _FEWEST_COLOURED)


def _faces(grey: Bytes) -> list[Area]:
    """Return where a face of some size is neither paper nor black: stickers, filled stamps."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    middle = cv2.medianBlur(small, 7)  # of print, this is paper
    paper = cv2.blur(cv2.dilate(small, np.ones((3, 3), np.uint8)), (301, 301)).astype(np.float32)
    mask: Any = ((middle < 0.93 * paper) & (middle > 40)).astype(np.uint8)
    reach = round(_FACE * PER_MM / 2)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((reach, reach), np.uint8))
    return [tuple(2 * side for side in one) for one in _groups(mask, 0.0, 1)]  # type: ignore[misc]


def _strokes(ink: Mask, codes: Sequence[Area]) -> list[Area]:
    """Return strokes that are larger than print, without the lines of frames and tables."""
    import cv2
    import numpy as np

    mask: Any = ink.astype(np.uint8)
    for code in codes:
        left, top, right, bottom = code
        mask[top:bottom, left:right] = 0
    long = round(_LONGEST_LINE * PER_MM)
    lines: Any = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    lines |= cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    mask &= 1 - cv2.dilate(lines, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for left, top, width, height, _size in stats[1:count].tolist():
        for wide, high in (_STROKE, _WIDE_STROKE):
            if width >= wide * PER_MM and height >= high * PER_MM:
                found.append((left, top, left + width, top + height))
                break
    return found


def _groups(mask: Any, near: float, fewest: int) -> list[Area]:
    """Return boxes around marked pixels that lie near each other, in millimetres."""
    import cv2
    import numpy as np

    wide, reach = mask, round(near * PER_MM)
    if reach:
        wide = cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    sizes = np.bincount(labels[mask > 0], minlength=count)
    return [
        (left + reach, top + reach, left + width - reach, top + height - reach)
        for (left, top, width, height, _), size in zip(stats[1:].tolist(), sizes[1:], strict=True)
        if size >= fewest
    ]

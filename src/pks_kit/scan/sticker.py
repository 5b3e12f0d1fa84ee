"""The adhesive meterai: whether it is there, and whether the pen crosses its edge.

A sticker is printed all over, so it darkens the paper and is rough everywhere; a shadow is smooth,
a marker too, and a signature leaves most of the room white. That the pen crosses its edge can be
seen; that it does not may always be the shadow of the edge, so that is for a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.domain.rect import Rect
from pks_kit.scan import thresholds
from pks_kit.scan.view import PER_MM, View, ellipse

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Floats, Mask

_STICKER_MM = (24.0, 30.0)
_OUTSIDE, _INSIDE = 0.5, 1.7
_AROUND = 9.0
_RIM = 0.8
"""Millimetres beside a sticker that its edge and its shadow darken."""
_SHADOW = 1.2
"""Millimetres beside what a sticker hides in which its edge may still be seen."""
_CELL, _CELL_INK = 4.0, 0.02
"""Millimetres of a cell, and the part of it that ink fills at least."""
_NOISY = 0.5
"""Part of the paper around a place that must be clean to tell anything of what lies on it."""
_GOES_ON = 0.35
"""Part of the darkness of a place that the paper around it has where more than a sticker lies."""
_WINDOW = 1.5
"""Millimetres in which a sticker shows something of its print."""


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies in the place of a sticker.

    Attributes:
        covered: Part of the place that is darker than the paper around it.
        rough: Part of the place in which something is printed.
        outlined: Whether a piece of the size of a sticker is darker than paper everywhere.
        spread: Whether black and white print lies all over the place; False for other sheets.
        noisy: Whether the paper around is as dark as the place, as dithering leaves it.
        mask: Pixels of the view that the sticker hides; nothing where none was found.
    """

    covered: float
    rough: float
    outlined: bool
    spread: bool
    noisy: bool
    mask: Mask

    @property
    def measure(self) -> float:
        """Return how much of a sticker there is, 0 to 1; stamps and blots have no outline."""
        if self.outlined and self.covered > thresholds.STICKER_FULL:
            if self.rough > thresholds.STICKER_PRINTED:
                return max(self.rough, 0.5 * (1 + thresholds.STICKER_PRESENT))
            if self.rough > thresholds.STICKER_FLAT:
                return 0.5 * (thresholds.STICKER_ABSENT + thresholds.STICKER_PRESENT)
        return min(self.covered, self.rough)


def laid(view: View, rect: Rect) -> Laid:
    """Return what lies in a place for a sticker.

    Args:
        view: The sheet.
        rect: Recorded place of the meterai.
    """
    import cv2
    import numpy as np

    part, dark = _on_paper(view, rect)
    window = 2 * round(_WINDOW * PER_MM / 2) + 1
    free = (~view.printed[part]).astype(np.float32)
    seen = cv2.blur(free, (window, window))
    mean = cv2.blur(dark * free, (window, window)) / np.maximum(seen, 1e-3)
    square = cv2.blur(dark * dark * free, (window, window)) / np.maximum(seen, 1e-3)
    spread = np.sqrt(np.maximum(0, square - mean * mean))
    left, top, right, bottom = view.box(rect, -2.5)
    inner = np.zeros(dark.shape, bool)
    inner[top - part[0].start : bottom - part[0].start,
          left - part[1].start : right - part[1].start] = True  # fmt: skip
    judged = inner & (seen > 0.5)
    mask = np.zeros(view.shape, bool)
    if judged.sum() < 50:
        return Laid(0.5, 0.5, False, False, True, mask)
    beside = ~inner & (seen > 0.9)
    noisy = bool(beside.any()) and float((mean[beside] > thresholds.STICKER_DARK).mean()) > _NOISY
    # print of the other side goes on beyond the place
    noisy |= bool(beside.any()) and float(np.median(mean[beside])) > _GOES_ON * float(
        np.median(mean[judged])
    )
    paper = beside & (mean < 0.05)
    noise = float(np.median(spread[paper])) if paper.sum() > 200 else 0.01
    level = max(thresholds.STICKER_ROUGH, 2.2 * noise)
    covered = float((mean[judged] > thresholds.STICKER_DARK).mean())
    rough = float((spread[judged] > level).mean())
    outline = _outline(dark) if covered > thresholds.STICKER_PRESENT else None
    spread = view.colours == "bilevel" and _is_spread(view, rect)
    found = Laid(covered, rough, outline is not None, spread, noisy, mask)
    if outline is not None and found.measure > thresholds.STICKER_ABSENT:
        mask[part] = cv2.dilate(outline, ellipse(_RIM)) > 0
    elif spread:
        x0, y0, x1, y1 = view.box(rect, _RIM)
        mask[y0:y1, x0:x1] = True
    return found


def _is_spread(view: View, rect: Rect) -> bool:
    """Return whether ink lies in most cells of a place, in every row and column of them.

    Of a sticker in black and white often only words and borders are left; a pen, a line or a stain
    leaves whole rows free, and a stamp is found as one before.
    """
    import numpy as np

    left, top, right, bottom = view.box(rect, -2.5)
    ink = (view.dark[top:bottom, left:right] > thresholds.PEN_DARK) & ~view.printed[
        top:bottom, left:right
    ]
    rows, columns = (max(1, round(one / (_CELL * PER_MM))) for one in ink.shape)
    filled = np.array(
        [
            [cell.mean() > _CELL_INK for cell in np.array_split(band, columns, axis=1)]
            for band in np.array_split(ink, rows, axis=0)
        ]
    )
    if filled.mean() < thresholds.STICKER_CELLS:
        return False
    return bool((filled.mean(axis=1) > 0).mean() > 0.8 and (filled.mean(axis=0) > 0).all())


def crossing(view: View, rect: Rect, stamps: Mask) -> Mask | None:
    """Return the dark strokes that lie both inside and outside a sticker, or None.

    Args:
        view: The sheet.
        rect: Recorded place of the meterai.
        stamps: Pixels that stamps cover; their ink is none of a pen's.
    """
    import cv2
    import numpy as np

    part, dark = _on_paper(view, rect)
    sticker = _outline(dark)
    if sticker is None:
        return None
    outside = cv2.dilate(sticker, ellipse(_OUTSIDE)) == 0
    inside = cv2.erode(sticker, ellipse(_INSIDE)) > 0
    strokes = dark > 0.50
    if view.chroma is not None:
        strokes |= (view.chroma[part] > 20) & (dark > 0.3) & outside
    strokes &= ~(view.printed[part] & outside) & ~stamps[part]
    count, labels, _, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    found = np.zeros(view.shape, bool)
    for number in range(1, count):
        own = labels == number
        if min((own & outside).sum(), (own & inside).sum()) / PER_MM > 1.0:
            found[part] |= own
    return found if found.any() else None


def leaves(pen: Mask, stickers: Mask) -> bool:
    """Return whether a pen goes on beside a sticker; the shadow of its edge does not.

    Args:
        pen: Pixels of a pen's line over its edge.
        stickers: Pixels that stickers hide.
    """
    import cv2
    import numpy as np

    if not pen.any():
        return False
    beside = cv2.dilate(stickers.astype(np.uint8), ellipse(_SHADOW)) == 0
    return float((pen & beside).sum()) / PER_MM**2 > thresholds.PEN_LEAVES


def _on_paper(view: View, rect: Rect) -> tuple[tuple[slice, slice], Floats]:
    """Return the part of the view around a place, and how dark it is against its own paper.

    Not on whitened paper: that filter is narrower than a sticker and would make it paper.
    """
    import numpy as np

    left, top, right, bottom = view.box(rect, _AROUND)
    part = (slice(top, bottom), slice(left, right))
    raw = view.raw[part].astype(np.float32)
    paper = float(np.percentile(raw, 88))
    dark = np.clip((paper - raw) / max(60.0, paper - min(view.black, paper - 60)), 0, 1.3)
    return part, dark


def _outline(dark: Floats) -> Any:
    """Return the mask of a sticker as a turned rectangle, or None."""
    import cv2
    import numpy as np

    mask = (dark > 0.07).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, ellipse(0.8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, ellipse(3.2))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, 4]))
    smallest = thresholds.STICKER_SMALLEST * _STICKER_MM[0] * _STICKER_MM[1] * PER_MM**2
    if stats[largest, 4] < smallest:
        return None
    points = np.argwhere(labels == largest)[:, ::-1].astype(np.float32)
    sticker = np.zeros(dark.shape, np.uint8)
    cv2.fillConvexPoly(sticker, cv2.boxPoints(cv2.minAreaRect(points)).astype(np.int32), 1)
    return sticker

"""Tell the empty back of a printed sheet from a sheet on which something stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.scan.issued import MM, POINTS

if TYPE_CHECKING:
    from pks_kit.scan.pictures import Sheet

_DPI = 75.0
_DARK = 0.6
"""Of paper; print of the other side that shows through is paler."""
_PART = 0.0008
"""Part of a back that may be dark without being written on."""
_RIM_MM = 4.0
"""What is dark from here to the edge of the glass is a shadow of the sheet."""
_SPECK_MM, _LINE_MM, _LONE_MM = 1.2, 1.7, 6.0
"""Smaller than a letter; thinner than writing (staples, folds); longer than any letter."""
_HOLE_MM, _HOLE_FULL = (4.0, 8.0), 0.7
"""Punched holes: how wide, and how much of their box is dark."""
_LETTERS = 3


def is_blank(sheet: Sheet) -> bool:
    """Return whether nothing is printed or written on a sheet: the back of another.

    A few words by a pen are not nothing, wherever they stand: they may change the agreement.

    Args:
        sheet: The sheet.
    """
    import cv2
    import numpy as np

    scale = min(1.0, _DPI / (max(sheet.grey.shape) / 11.69))
    small = cv2.resize(sheet.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small, 75))
    dark = (small < paper * _DARK).astype(np.uint8)
    edge_y, edge_x = dark.shape[0] // 12, dark.shape[1] // 12
    inner = dark[edge_y : dark.shape[0] - edge_y, edge_x : dark.shape[1] - edge_x]
    if paper <= 100 or float(inner.mean()) >= _PART:
        return False
    per_mm = _DPI * MM / POINTS
    rim = round(_RIM_MM * per_mm)
    height, width = dark.shape
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    letters = 0
    for label in range(1, count):
        left, top, across, down, area = (int(one) for one in boxes[label])
        right, bottom = left + across, top + down
        if left < rim or top < rim or right > width - rim or bottom > height - rim:
            continue
        longest = max(across, down) / per_mm
        full = area / (across * down)
        if longest < _SPECK_MM:
            continue
        holed = _HOLE_MM[0] < longest < _HOLE_MM[1] and full > _HOLE_FULL
        if holed and min(across, down) > 0.7 * max(across, down):
            continue
        points = cv2.findNonZero((labels[top:bottom, left:right] == label).astype(np.uint8))
        if min(cv2.minAreaRect(points)[1]) + 1 < _LINE_MM * per_mm:
            continue
        letters += _LETTERS if longest > _LONE_MM else 1
    return letters < _LETTERS

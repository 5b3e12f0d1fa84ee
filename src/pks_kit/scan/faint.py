"""What is too pale to be measured as ink, and too much like ink for an empty place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pks_kit.scan import thresholds
from pks_kit.scan.ink import strokes
from pks_kit.scan.view import Box, View

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Mask


def faint_lines(view: View, box: Box, without: Mask) -> bool:
    """Return whether there are lines in a box that are too pale for ink, but may be a pen's."""
    found = strokes(replace(view, extra=view.extra | pale(view, box)), box, without)
    return sum(one.line for one in found if one.is_faint()) > thresholds.FAINT


def pale(view: View, box: Box) -> Mask:
    """Return what in a box is a little darker than paper and no print; nothing in 1 bit."""
    import cv2
    import numpy as np

    left, top, right, bottom = box
    part = (slice(top, bottom), slice(left, right))
    pale = np.zeros(view.shape, bool)
    if view.colours != "bilevel":
        soft = cv2.GaussianBlur(np.ascontiguousarray(view.dark[part]), (0, 0), 0.8)
        pale[part] = (soft > thresholds.FAINT_DARK) & ~view.printed[part]
    return pale

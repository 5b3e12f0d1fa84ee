"""How a sheet shows print: how soft, and how dark what was issued comes out; and ink beyond that.

Toner spreads, scanners soften, thresholds thicken. What print of one sheet becomes is measured on
all its values together, so that a blurred digit is not taken for one that a pen went over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.domain.rect import Rect
from pks_kit.scan import thresholds
from pks_kit.scan.view import PER_MM, View

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Floats, Mask

_SOFT = (0.6, 0.9, 1.3, 1.8, 2.4)
_LEVELS = 17
_USUAL = 85
"""Percentile of the black that pixels of one level of print reach."""
_FEWEST = 40
_BESIDE, _CORNER = 5, 3
"""Pixels of a view beside a rule that hold all its ink, and at its ends that another rule meets."""
_THIN = 0.5, 2.0
"""Pixels of black that are a thin rule."""


@dataclass(frozen=True, slots=True)
class Impression:
    """What print becomes on a sheet.

    Attributes:
        soft: Pixels by which it is softened.
        tones: Black of the sheet, 0 to 255, for levels of softened print from white to black.
    """

    soft: float
    tones: Floats

    def over(self, seen: Floats, issued: Floats) -> Mask:
        """Return what is darker than print can be, a pixel of misalignment allowed.

        Args:
            seen: Black of the sheet, 0 to 255.
            issued: Black of the issued page in the same pixels.
        """
        import cv2
        import numpy as np

        levels = np.linspace(0, 255, _LEVELS)
        table = np.interp(np.arange(256), levels, self.tones).astype(np.float32)
        softened = cv2.GaussianBlur(issued, (0, 0), self.soft).astype(np.uint8)
        expected = cv2.dilate(cv2.LUT(softened, table), np.ones((3, 3), np.uint8))
        darker: Mask = seen - expected > thresholds.OVER_DARK * self.tones[-1]
        return darker

    def most_over(self, seen: Floats, issued: Floats, room: Mask, dpi: float) -> float:
        """Return square millimetres of the largest piece of ink that print does not explain.

        Args:
            seen: As above.
            issued: As above.
            room: Where to look.
            dpi: Of both.
        """
        import cv2
        import numpy as np

        found = (self.over(seen, issued) & room).astype(np.uint8)
        count, _, stats, _ = cv2.connectedComponentsWithStats(found)
        largest = int(stats[1:, 4].max()) if count > 1 else 0
        return largest / (dpi / 25.4) ** 2


def impression_of(pairs: Sequence[tuple[Floats, Floats]]) -> Impression:
    """Return what print becomes on a sheet.

    Args:
        pairs: Parts of the sheet, one at least, and of the issued page in the same pixels: black,
            0 to 255.
    """
    import cv2
    import numpy as np

    seen = np.concatenate([one.ravel() for one, _ in pairs])

    def softened(by: float) -> Floats:
        return np.concatenate([cv2.GaussianBlur(one, (0, 0), by).ravel() for _, one in pairs])

    soft = max(_SOFT, key=lambda by: float(np.corrcoef(seen, softened(by))[0, 1]))
    at = np.rint(softened(soft) / 255 * (_LEVELS - 1)).astype(int)
    tones, known = [], []
    for level in range(_LEVELS):
        own = seen[at == level]
        if len(own) >= _FEWEST:
            known.append(level)
            tones.append(float(np.percentile(own, _USUAL)))
    rising = np.maximum.accumulate(np.interp(range(_LEVELS), known, tones))
    return Impression(soft, rising.astype(np.float32))


def thickening(view: View, frames: Sequence[Rect]) -> float:
    """Return by how much thin rules of a sheet are blacker than issued, in millimetres of black.

    Sharpening, soft lenses and thresholds do to a hair and to a pen what they do to a rule.

    Args:
        view: The sheet.
        frames: Rectangles of the page that rules may run around.

    Returns:
        The median over all rules; 0 where none is seen.
    """
    import numpy as np

    more = []
    for rect in frames:
        left, top, right, bottom = view.box(rect)
        for upright, at, begin, end in (
            (True, left, top, bottom), (True, right, top, bottom),
            (False, top, left, right), (False, bottom, left, right),
        ):  # fmt: skip
            across = slice(max(0, at - _BESIDE), at + _BESIDE + 1)
            along = slice(begin + _CORNER, max(begin + _CORNER, end - _CORNER))
            part = (along, across) if upright else (across, along)
            axis = 1 if upright else 0
            issued = (1 - view.issued[part].astype(np.float32) / 255).sum(axis=axis)
            seen = view.dark[part].sum(axis=axis)
            thin = (issued > _THIN[0]) & (issued < _THIN[1])
            if thin.sum() > _FEWEST:
                more.append((seen - issued)[thin])
    return float(np.median(np.concatenate(more))) / PER_MM if more else 0.0

"""Rectangles on pages: where a signature or stamp stands, in PDF points from the lower left."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.rect import Rect

TOLERANCE = 0.5
"""Points by which two descriptions of the same rectangle may differ (rounding)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on a page; ``page`` counts from 1."""

    page: int
    rect: Rect

    @property
    def width(self) -> float:
        """Return the width in points."""
        return self.rect[2] - self.rect[0]

    @property
    def height(self) -> float:
        """Return the height in points."""
        return self.rect[3] - self.rect[1]

    def equals(self, other: Box) -> bool:
        """Return whether both describe the same rectangle, rounding apart."""
        return self.page == other.page and all(
            abs(one - two) <= TOLERANCE for one, two in zip(self.rect, other.rect, strict=True)
        )

    def inside(self, outer: Box) -> bool:
        """Return whether this box lies wholly within ``outer``, rounding apart."""
        return (
            self.page == outer.page
            and self.rect[0] >= outer.rect[0] - TOLERANCE
            and self.rect[1] >= outer.rect[1] - TOLERANCE
            and self.rect[2] <= outer.rect[2] + TOLERANCE
            and self.rect[3] <= outer.rect[3] + TOLERANCE
        )

    def overlaps(self, other: Box) -> bool:
        """Return whether both share an area of more than rounding."""
        return (
            self.page == other.page
            and min(self.rect[2], other.rect[2]) - max(self.rect[0], other.rect[0]) > TOLERANCE
            and min(self.rect[3], other.rect[3]) - max(self.rect[1], other.rect[1]) > TOLERANCE
        )

    def square(self) -> Box:
        """Return the largest square in the middle of this box."""
        side = min(self.width, self.height)
        left = round(self.rect[0] + (self.width - side) / 2, 2)
        bottom = round(self.rect[1] + (self.height - side) / 2, 2)
        return Box(page=self.page, rect=(left, bottom, left + side, bottom + side))


def normalised(rect: Rect) -> Rect:
    """Return the rectangle as lower left and upper right corner."""
    x1, y1, x2, y2 = rect
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def place_box(place: RecordedPlace) -> Box:
    """Return the box of a place of the receipt."""
    return Box(page=place.page, rect=normalised(place.rect))

"""Rectangles in PDF points."""

from __future__ import annotations

from collections.abc import Iterable

Rect = tuple[float, float, float, float]
"""Lower left and upper right corner."""


def hull(rects: Iterable[Rect]) -> Rect:
    """Return the smallest rectangle around others.

    Raises:
        ValueError: There is none.
    """
    lefts, bottoms, rights, tops = zip(*rects, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def overlap(one: Rect, other: Rect) -> bool:
    """Return whether two rectangles share more than an edge, whichever way up they are counted."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def rounded(rect: Rect, digits: int) -> Rect:
    """Return a rectangle with so many digits behind the point."""
    left, bottom, right, top = (round(edge, digits) for edge in rect)
    return left, bottom, right, top

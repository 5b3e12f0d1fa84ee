"""What is answered of a place, and the measures that answers share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.domain.paper import Decision
from pks_kit.domain.rect import Rect
from pks_kit.scan.ink import Stroke
from pks_kit.scan.view import PER_MM, View

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Mask


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision, why, how far from the other one, and whether a pen crosses a sticker."""

    decision: Decision
    reason: str
    margin: float = 0.0
    crossed: bool | None = None


def near_bounds(value: float, empty: float, full: float) -> float:
    """Return how far a measure is from the nearer of two bounds; negative between them.

    The distance of the bounds is the unit.
    """
    wide = full - empty
    return min(1.0, max(empty - value, value - full) / wide)


def extent(pieces: Sequence[Stroke], first: int, last: int) -> float:
    """Return how far strokes reach in millimetres, between two sides of their boxes."""
    if not pieces:
        return 0.0
    return (max(one.box[last] for one in pieces) - min(one.box[first] for one in pieces)) / PER_MM


def covered(view: View, rect: Rect, stamps: Mask, part: float = 0.03) -> bool:
    """Return whether a stamp's ink covers a part of a place."""
    left, top, right, bottom = view.box(rect)
    area = max(1, (right - left) * (bottom - top))
    ink = stamps[top:bottom, left:right] & view.extra[top:bottom, left:right]
    return float(ink.sum()) / area > part

"""Strokes that are a pen's beyond doubt: nothing that the letters of a stamp are written with."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pks_kit.scan import thresholds
from pks_kit.scan.ink import Stroke
from pks_kit.scan.view import PER_MM, Box

_JOINED, _DIGITS = 3.5, 4
"""Width over height of digits that hang together, and how many pieces make a row of them."""
_WITHIN = 0.85
"""Part of the width of a stroke that lies in the field of a stamp where it may be one's."""
_SPECK, _STREWN = 1.6, 9
"""Pieces shorter than so many millimetres are specks when there are so many of them."""


def sure_strokes(pieces: Sequence[Stroke], around: Sequence[Stroke]) -> list[Stroke]:
    """Return what is a pen's beyond doubt: nothing that the letters of a stamp are written with.

    Args:
        pieces: Strokes of a place.
        around: Strokes of the place and of what lies around it.
    """
    if sum(one.length < _SPECK for one in around) >= _STREWN:
        pieces = [one for one in pieces if one.length > 4 * _SPECK]
    stamped = [*_in_rows(around), *_on_rings(around)]
    return [
        one for one in pieces if one.is_sure() and not any(one.is_like(other) for other in stamped)
    ]


def signing(pieces: Sequence[Stroke], place: Box, fields: Sequence[Box]) -> list[Stroke]:
    """Return what of sure strokes can be a signature, and is nothing that stands beside one.

    Not the rings and frames of a stamp that nobody found, in its own field, not a date that was
    written into the place or runs into it from its line.

    Args:
        pieces: Strokes that are a pen's beyond doubt.
        place: Pixels of the place for signing.
        fields: Pixels of the places for stamps beside it.
    """
    left, top, right, bottom = place
    rim = PER_MM
    kept = [
        one
        for one in pieces
        if left - rim < one.middle[0] < right + rim
        and top - rim < one.middle[1] < bottom + rim
        and not one.is_closed_ring()
        and not any(_lies_within(one, field) for field in fields)
    ]
    digits = [one for one in kept if 1.6 < one.high < 7 and one.wide < _JOINED * one.high]
    rows = [
        one
        for one in digits
        if sum(_in_row(one, other) and 0.6 < other.high / one.high < 1.7 for other in digits)
        >= _DIGITS
    ]
    return [one for one in kept if one not in rows]


def _lies_within(one: Stroke, field: Box) -> bool:
    """Return whether most of the width of a stroke lies in a field."""
    inside = min(one.box[2], field[2]) - max(one.box[0], field[0])
    return inside > _WITHIN * (one.box[2] - one.box[0])


def _in_rows(pieces: Sequence[Stroke]) -> list[Stroke]:
    """Return pieces that stand beside each other as printed letters do: as many, as even."""
    letters = [one for one in pieces if 1.4 < one.high < 7 and one.wide < 8]
    for first in letters:
        alike = [one for one in letters if abs(one.high / first.high - 1) < 0.2]
        rows = [one for one in alike if sum(_in_row(one, other) for other in alike) >= 3]
        if len(rows) >= 4:
            return rows
    return []


def _in_row(one: Stroke, other: Stroke) -> bool:
    """Return whether two letters stand in one row, which a hand may have set a little askew."""
    across = abs(one.middle[0] - other.middle[0]) / PER_MM
    down = abs(one.middle[1] - other.middle[1]) / PER_MM
    return across < 15 and down < 0.5 + 0.18 * across


def _on_rings(pieces: Sequence[Stroke]) -> list[Stroke]:
    """Return pieces of circles as large as stamps are that have letters along them."""
    found = []
    for arc in pieces:
        if not arc.is_arc() or arc.length < 3:
            continue
        inside = 0
        for one in pieces:
            away = math.hypot(one.middle[0] - arc.centre[0], one.middle[1] - arc.centre[1]) / PER_MM
            letter = one is not arc and max(one.wide, one.high) < 6
            inside += letter and 0.5 * arc.radius < away < arc.radius
        if inside >= thresholds.ARC_LETTERS:
            found.append(arc)
    return found

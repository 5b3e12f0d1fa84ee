"""Dates: digits in a row, which hairs, stains and stamps are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pks_kit.scan import thresholds
from pks_kit.scan.answers import Answer, covered, extent, near_bounds
from pks_kit.scan.faint import faint_lines
from pks_kit.scan.ink import Stroke, strokes
from pks_kit.scan.issued import HandPlace
from pks_kit.scan.view import PER_MM, View

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Mask

_FRAME, _LONG = 0.9, 8.0
"""Part of a stroke that is straight, and its millimetres, that may be the frame of a stamp."""


def tanggal(view: View, place: HandPlace, stamps: Mask) -> Answer:
    """Return whether a date stands in its place; ``stamps`` are pixels that stamps cover."""
    answer = _date(view, place, stamps)
    if answer.decision != "empty":
        return answer
    # what was taken for a stamp may be a date, or hide one: nobody asks a facility for it again
    left, top, right, bottom = view.box(place.rect, 1.0)
    if not (stamps[top:bottom, left:right] & view.extra[top:bottom, left:right]).any():
        return answer
    seen = _date(view, place, stamps & ~stamps)
    return answer if seen.decision == "empty" else Answer("unsure", "under_stamp")


def _date(view: View, place: HandPlace, stamps: Mask) -> Answer:
    found = [one for one in strokes(view, view.box(place.rect, 1.0), stamps) if not one.is_rest()]
    pieces = [
        one
        for one in found
        if one.widest < 2.0 and one.dark > thresholds.PEN_DARK and one.length > 0.8
        and one.wide < 30 and not (one.is_straight() and max(one.wide, one.high) > 5)
    ]  # fmt: skip
    length, span, digits = thresholds.DATE
    total = sum(one.length for one in pieces)
    # digits stand in a row, as hairs and stains do not: a pale pen is seen for one here
    sure = [one for one in pieces if one.is_written()]
    across = extent(sure, 0, 2)
    margin = near_bounds(total, thresholds.DATE_EMPTY, length)
    written = sum(one.length for one in sure)
    # one line that bends like a row of digits is a hair, or drawn along a ruler
    pieces_of_row = [one for one in sure if one.high > 1.2]
    several = len(pieces_of_row) > (1 if any(one.is_sure() for one in pieces_of_row) else 2)
    if several and written > length and across > span and _in_line(sure) >= digits:
        # letters of a stamp stand in rows too, but its frame is drawn in the same ink
        frame = [one for one in found if one.straight > _FRAME and one.line > _LONG]
        if any(one.is_like(other) for one in frame for other in sure):
            return Answer("unsure", "under_stamp")
        return Answer("signed", "date", margin)
    if total < thresholds.DATE_EMPTY:
        if covered(view, place.rect, stamps, 0.1):
            return Answer("unsure", "under_stamp")
        blots = sum(one.length for one in found if one.dense and one.is_pen())
        if blots > thresholds.DATE_EMPTY or faint_lines(view, view.box(place.rect, 1.0), stamps):
            return Answer("unsure", "little_ink")
        return Answer("empty", "no_ink", margin)
    return Answer("unsure", "little_ink", min(margin, 0.0))


def _in_line(pieces: Sequence[Stroke]) -> int:
    """Return how many digits may stand in one line; joined ones count for their width.

    A hair that lies along the line is no row of digits, so what may be one counts once.
    """
    tall = [one for one in pieces if 1.6 < one.high < 7]
    best = 0
    for first in tall:
        middle = (first.box[1] + first.box[3]) / 2
        near = [
            one
            for one in tall
            if abs((one.box[1] + one.box[3]) / 2 - middle) < 0.8 * PER_MM
            and 0.6 < one.high / first.high < 1.7
        ]
        wide = [max(1, round(one.wide / (0.9 * one.high))) if one.is_sure() else 1 for one in near]
        best = max(best, sum(wide))
    return best

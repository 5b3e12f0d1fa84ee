"""Look for what nobody issued outside the places: ink that was added, print that is gone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.domain.paper import PaperChange
from pks_kit.domain.rect import overlap
from pks_kit.scan import thresholds
from pks_kit.scan.alignment import Alignment
from pks_kit.scan.blanks import blanks, fills
from pks_kit.scan.impression import impression_of
from pks_kit.scan.ink import Stroke, strokes
from pks_kit.scan.issued import MM, POINTS, Glyph, HandPlace, rect_of
from pks_kit.scan.places import Found
from pks_kit.scan.view import PER_MM, View

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Mask

_EDGE = 7.0
_HOLES = 16.0
_STAPLES = 20.0
_LINE_MM, _STREAK_MM, _SKEW = 18.0, 0.7, 0.02
"""Lines of the glass: how long they are in all, how wide a piece is, how they lean by the way a
sheet lay."""
_RULE_MM, _LIGHT, _ALL = 1.0, 225, 0.97
"""Printed rules: how thick they come out, how pale they are issued, what part lies there."""
_NEAR = 120
"""Points around a word within which others tell how words of its size are seen."""
_ALIKE = 0.35
_BAND = 56
"""Rows of the view from which it is learned what becomes of print, every fourth band."""
_USED_MM = 4.0
_REACH = 3
"""Pixels by which a word may lie beside where it should, and one of its rim."""
_PER_POINT = thresholds.VIEW_DPI / POINTS


def look_for_changes(
    view: View,
    lying: Alignment,
    places: Sequence[HandPlace],
    decided: Found,
    words: Sequence[tuple[Glyph, ...]],
    scan_page: int,
) -> list[PaperChange]:
    """Return what was added and what is gone on a page.

    Args:
        view: The sheet in the frame of the page.
        lying: How it lies there.
        places: Places of the page; ink that touches one belongs to it.
        decided: What was found there.
        words: Words of the issued page.
        scan_page: Number of the sheet.
    """
    number = lying.page.number
    taken = _taken(view, places, decided)
    asked = tuple(blanks(words, places))
    added = [
        (view.rect(one.box), one.length)
        for one in _additions(view, lying, taken)
        if not any(fills(view, one, blank) for blank in asked)
    ]
    seen = list(_words_seen(view, places, words, decided, taken))
    crossed = [
        (rect_of(one.letters), (one.letters[-1].box[2] - one.letters[0].box[0]) / MM)
        for one in seen
        if one.crossed >= thresholds.CROSSED and lying.vouched(*one.middle)
    ]
    crossed = [one for one in crossed if not any(overlap(one[0], other) for other, _ in added)]
    more = [
        PaperChange(
            page=number, scan_page=scan_page, kind="addition", box=rect, margin=round(length, 1)
        )
        for rect, length in [*added, *crossed]
    ]
    gone = list(_missing(lying, seen, scan_page))
    return (more + gone)[: thresholds.MOST_CHANGES]


def _taken(view: View, places: Sequence[HandPlace], decided: Found) -> Mask:
    """Return what belongs to places, to stamps and stickers, or to the edge of the sheet."""
    import cv2
    import numpy as np

    height, width = view.shape
    beside = (
        cv2.dilate((decided.stamps | decided.stickers).astype(np.uint8), np.ones((9, 9), np.uint8))
        > 0
    )
    edge = int(_EDGE * PER_MM)
    beside[:edge] = beside[-edge:] = True
    beside[:, :edge] = beside[:, -edge:] = True
    near: Mask = np.zeros((height, width), bool)
    for place in places:
        left, top, right, bottom = view.box(place.rect, 1.5 if place.kind == "paraf" else 4)
        near[top:bottom, left:right] = True
    # ink that hangs together with a place belongs to it, however far it swings out
    joined = cv2.dilate((view.extra & ~beside).astype(np.uint8), np.ones((11, 11), np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    own = np.zeros(count, bool)
    own[np.unique(labels[near])] = True
    own[0] = False
    taken: Mask = beside | own[labels]
    return taken


def _additions(view: View, lying: Alignment, taken: Mask) -> list[Stroke]:
    height, width = view.shape
    found = [
        one
        for one in strokes(view, (0, 0, width, height), taken)
        if _is_written(one, width, height)
        and lying.vouched(
            (one.box[0] + one.box[2]) / 2 / _PER_POINT, (one.box[1] + one.box[3]) / 2 / _PER_POINT
        )
    ]
    found = [one for one in found if not _is_streak(one, found) and not _is_rule(view, one)]
    return [
        one
        for one in found
        if one.length >= thresholds.ADDITION_LENGTH
        or sum(other.length for other in found if _beside(one, other)) >= 5
    ]


def _is_written(one: Stroke, width: int, height: int) -> bool:
    """Return whether a stroke may be writing: no fold, no staple, no hole, no speck."""
    if one.dark < thresholds.ADDITION_DARK or one.widest > 1.6 or one.length <= 2.0:
        return False
    if one.minor < 0.25 and one.high > _LINE_MM and one.wide < 5:
        return False  # a line of the glass, a fold
    left, top, right, bottom = one.box
    across = min(left, width - right) / PER_MM
    down = min(top, height - bottom) / PER_MM
    if one.minor < 0.45 and across < _STAPLES and down < _STAPLES:
        return False
    return not (across < _HOLES and one.length < 9)


def _is_streak(one: Stroke, others: Sequence[Stroke]) -> bool:
    """Return whether a stroke is a piece of a line down the glass, broken by print."""
    if one.wide > _STREAK_MM:
        return False
    line = [other for other in others if other.wide <= _STREAK_MM and _above(one, other)]
    return sum(other.high for other in line) > _LINE_MM


def _is_rule(view: View, one: Stroke) -> bool:
    """Return whether a stroke is a printed rule that came out darker than it was issued."""
    left, top, right, bottom = one.box
    issued = view.issued[top:bottom, left:right] < _LIGHT
    if one.high < _RULE_MM:
        return bool(issued.any(axis=0).mean() > _ALL)
    return one.wide < _RULE_MM and bool(issued.any(axis=1).mean() > _ALL)


def _above(one: Stroke, other: Stroke) -> bool:
    return abs(one.middle[0] - other.middle[0]) < (_STREAK_MM + _SKEW * _apart(one, other)) * PER_MM


def _apart(one: Stroke, other: Stroke) -> float:
    return abs(one.middle[1] - other.middle[1]) / PER_MM


def _beside(one: Stroke, other: Stroke) -> bool:
    return abs(one.box[0] - other.box[0]) < 60 and abs(one.box[1] - other.box[1]) < 30


@dataclass(frozen=True, slots=True)
class _Word:
    """How a word of the issued page is seen.

    Attributes:
        letters: Its letters.
        middle: Points from the upper left.
        high: Height of its letters in points.
        part: Part of its black that is dark.
        fit: How well its picture fits.
        crossed: Part of its width over which ink lies that print does not explain.
        free: Whether nothing of a place may lie over it.
    """

    letters: tuple[Glyph, ...]
    middle: tuple[float, float]
    high: float
    part: float
    fit: float
    crossed: float
    free: bool


def _missing(lying: Alignment, seen: Sequence[_Word], scan_page: int) -> Iterator[PaperChange]:
    """Yield words that are gone or others than issued, judged against those of their size near."""
    import numpy as np

    if not seen:
        return
    xs, ys = np.array([one.middle for one in seen]).T
    highs = np.array([one.high for one in seen])
    parts, fits = np.array([(one.part, one.fit) for one in seen]).T
    for one in seen:
        x, y = one.middle
        near = (np.hypot(xs - x, (ys - y) * 2) < _NEAR) & (np.abs(highs / one.high - 1) < _ALIKE)
        # tired toner thins every word; one that is gone differs from its neighbours
        thinner = float(np.median(parts[near])) - one.part
        worse = float(np.median(fits[near])) - one.fit
        gone = (
            one.part < thresholds.WORD_SEEN
            and thinner >= thresholds.WORD_APART
            and one.fit < thresholds.WORD_THERE
        )
        other = one.free and one.fit < thresholds.WORD_FITS and worse >= thresholds.WORD_APART
        if not (gone or other) or not lying.vouched(x, y):
            continue
        yield PaperChange(
            page=lying.page.number, scan_page=scan_page, kind="missing",
            box=rect_of(one.letters), issued="".join(glyph.letter for glyph in one.letters),
            margin=round(max(thinner, worse), 2),
        )  # fmt: skip


def _words_seen(
    view: View, places: Sequence[HandPlace], words: Sequence[tuple[Glyph, ...]],
    decided: Found, taken: Mask,
) -> Iterator[_Word]:  # fmt: skip
    import cv2
    import numpy as np

    height, width = view.shape
    darkest = cv2.dilate(view.dark, np.ones((3, 3), np.uint8))
    hidden = decided.stamps | decided.stickers
    used = hidden.copy()
    for place in places:
        x0, y0, x1, y1 = view.box(place.rect, _USED_MM)
        used[y0:y1, x0:x1] = True
    issued = cv2.GaussianBlur(255 - view.issued.astype(np.float32), (0, 0), 0.7)
    dark = np.minimum(view.dark, np.float32(1.2))
    over = _over_print(view) & ~taken
    for word in words:
        if not any(one.letter.isalnum() for one in word):
            continue
        left, right = min(one.box[0] for one in word), max(one.box[2] for one in word)
        bottom, top = min(one.box[1] for one in word), max(one.box[3] for one in word)
        x0, x1 = int(left * _PER_POINT), math.ceil(right * _PER_POINT)
        y0 = int((view.height_points - top) * _PER_POINT)
        y1 = math.ceil((view.height_points - bottom) * _PER_POINT)
        if min(x0, y0) < _REACH or x1 > width - _REACH or y1 > height - _REACH:
            continue
        core = view.issued[y0:y1, x0:x1] < 110
        if core.sum() < 12 or hidden[y0:y1, x0:x1].mean() > 0.3:
            continue
        window = dark[y0 - _REACH : y1 + _REACH, x0 - _REACH : x1 + _REACH]
        picture = issued[y0 - 1 : y1 + 1, x0 - 1 : x1 + 1]
        yield _Word(
            letters=word,
            middle=((left + right) / 2, view.height_points - (bottom + top) / 2),
            high=top - bottom,
            part=float((darkest[y0:y1, x0:x1][core] > 0.33).mean()),
            fit=float(cv2.matchTemplate(window, picture, cv2.TM_CCOEFF_NORMED).max()),
            crossed=float(over[y0:y1, x0:x1].any(axis=0).mean()),
            free=not used[y0:y1, x0:x1].any(),
        )


def _over_print(view: View) -> Mask:
    """Return what is darker than the print of this sheet can be."""
    import numpy as np

    seen = np.clip(view.dark * np.float32(212), 0, 255)
    issued = 255 - view.issued.astype(np.float32)
    bands = [slice(row, row + _BAND) for row in range(_BAND, view.shape[0], 4 * _BAND)]
    return impression_of([(seen[one], issued[one]) for one in bands]).over(seen, issued)

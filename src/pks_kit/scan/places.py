"""Decide every place of a page: signed, empty, or for a person to look at.

The issued page is subtracted, stamps are found first and taken out, then what is left in a place
is measured. Where nothing vouches for the alignment, where a single hair would explain the ink, or
where a stamp covers everything, the answer is ``unsure``: a person looks for a second, a wrong
answer costs an agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pks_kit.domain.paper import PaperPlace
from pks_kit.scan import thresholds
from pks_kit.scan.alignment import Alignment
from pks_kit.scan.answers import Answer, covered, extent, near_bounds
from pks_kit.scan.dates import tanggal
from pks_kit.scan.faint import faint_lines, pale
from pks_kit.scan.impression import thickening
from pks_kit.scan.ink import Stroke, pen_strokes, strokes
from pks_kit.scan.issued import HandPlace
from pks_kit.scan.rings import rings
from pks_kit.scan.stamps import Stamps, find_stamps, is_near
from pks_kit.scan.sticker import Laid, crossing, laid, leaves
from pks_kit.scan.sure import signing, sure_strokes
from pks_kit.scan.view import PER_MM, Box, View, ellipse

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Mask

_CONTEXT = 11.0
"""Millimetres around a place in which the rest of a stamp shows what its ink is like."""
_BEYOND = 8.0
"""Millimetres that a stamp reaches beyond its field."""
_ROOM = 0.55
"""Part of the width of a place for signing that stamps leave free."""
_ROOM_ALONE = 0.45
"""Part of its width that a stamp in its own place does not reach."""
_ROOM_WRAPPED = 0.12
_PALE = 0.012
"""Part of a place in which something pale may be what is left of a stamp."""
_TINGE = 0.01
"""Part of a place that has a colour where a coloured stamp may lie."""
_LINE = 4.0
"""Millimetres of a straight line that somebody may have meant as a sign."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was decided on a page, and what belongs to places when other changes are looked for."""

    places: tuple[PaperPlace, ...]
    stamps: Mask
    stickers: Mask


def decide(view: View, lying: Alignment, places: Sequence[HandPlace], scan_page: int) -> Found:
    """Decide all places of a page.

    Args:
        view: The sheet in the frame of the page.
        lying: How it lies there.
        places: Places of the page that a hand uses.
        scan_page: Number of the sheet.
    """
    import numpy as np

    # a date stands on a line of its own, which may be written over
    frames = [one.rect for one in places if one.kind != "tanggal"]
    view = replace(view, thicker=thickening(view, frames))
    answers: dict[str, Answer] = {}
    stickers = np.zeros(view.shape, bool)
    lying_there = {one.id: _laid(view, one) for one in places if one.kind == "meterai"}
    for one in lying_there.values():
        stickers |= one.mask
    stamps = find_stamps(view, places, stickers)
    for place in places:
        there = lying_there.get(place.id)
        if there is None or there.outlined:
            continue
        # what may be a sticker's print signs nothing
        printed = view.colours == "bilevel" and there.covered > thresholds.STICKER_GONE
        if printed or _is_sticker(view, place, there, stamps):
            left, top, right, bottom = view.box(place.rect, 1.0)
            stickers[top:bottom, left:right] = True
    pens = np.zeros(view.shape, bool)
    for place in places:
        if place.kind == "meterai":
            answers[place.id], pen = _meterai(view, place, lying_there[place.id], stamps)
            if leaves(pen, stickers):
                pens |= pen
    for place in places:
        if place.kind == "stempel":
            answers[place.id] = _stempel(view, place, stamps)
        elif place.kind == "tanggal":
            answers[place.id] = tanggal(view, place, stamps.mask)
        elif place.kind == "tanda_tangan":
            dates = [one for one in places if one.kind == "tanggal" and one.kode == place.kode]
            hidden = stickers & ~pens
            for other in places:  # the edge of another's sticker is no line of this place
                beside = other.kind == "meterai" and other.kode != place.kode
                if beside and answers[other.id].decision == "signed":
                    left, top, right, bottom = view.box(other.rect, 0.5)
                    hidden[top:bottom, left:right] = True
            fields = [one for one in places if one.kind == "stempel" and one.kode == place.kode]
            answer = _tanda_tangan(view, place, stamps, hidden, dates, fields)
            crossed = any(
                answers[one.id].crossed
                for one in places
                if one.kind == "meterai" and one.kode == place.kode
            )
            if crossed and answer.decision == "empty":  # nearly all of it lies on the sticker
                answer = Answer("unsure", "little_ink")
            answers[place.id] = answer
        elif place.kind == "paraf":
            answers[place.id] = _paraf(view, place, stamps)
    decided = []
    for place in places:
        answer = answers[place.id]
        if not _vouched(view, lying, place):
            answer = Answer("unsure", "not_aligned")
        decided.append(
            PaperPlace(
                id=place.id, page=place.page, scan_page=scan_page, kind=place.kind,
                peran=place.peran, rect=place.rect, decision=answer.decision,
                reason=answer.reason, margin=round(answer.margin, 2), crossed=answer.crossed,
            )
        )  # fmt: skip
    return Found(tuple(decided), stamps.mask, stickers)


def _laid(view: View, place: HandPlace) -> Laid:
    """Return what lies in a place for a sticker; a stamp in black and white looks like one."""
    import numpy as np

    there = laid(view, place.rect)
    if not there.spread or there.outlined:
        return there
    nothing = np.zeros(view.shape, bool)
    around = rings(view, view.box(place.rect, _CONTEXT), 2, nothing, nothing)
    # the border of a sticker is a ring of half its size, badly
    wide = [one for one in around if one.radius > thresholds.RING_NO_BORDER * PER_MM]
    if any(one.is_whole() and one.around > thresholds.RING_SURE for one in wide):
        return replace(there, spread=False, mask=nothing)
    return there


def _vouched(view: View, lying: Alignment, place: HandPlace) -> bool:
    """Return whether blocks nearby, or the printed frame of the place, lie where they should."""
    import cv2
    import numpy as np

    left, bottom, right, top = place.rect
    if lying.vouched((left + right) / 2, view.height_points - (bottom + top) / 2):
        return True
    x0, y0, x1, y1 = view.box(place.rect, 1.0)
    lines = view.issued[y0:y1, x0:x1] < 205
    if lines.sum() <= 60:
        return False
    near = cv2.dilate(view.dark[y0:y1, x0:x1], np.ones((2, 2), np.uint8))
    return float((near[lines] > 0.12).mean()) > thresholds.GATE_FRAME


def _meterai(view: View, place: HandPlace, there: Laid, stamps: Stamps) -> tuple[Answer, Mask]:
    """Return the answer, and the pen's strokes over the edge of the sticker."""
    import numpy as np

    nothing = np.zeros(view.shape, bool)
    absent, present = thresholds.STICKER_ABSENT, thresholds.STICKER_PRESENT
    measure = there.measure
    margin = near_bounds(measure, absent, present)
    if view.colours == "bilevel" and not there.outlined:
        if there.noisy:
            return Answer("unsure", "bilevel_sticker"), nothing
        if there.covered < thresholds.STICKER_GONE:
            return Answer("empty", "no_sticker", 1 - there.covered / absent), nothing
        if not _is_sticker(view, place, there, stamps):
            return Answer("unsure", "bilevel_sticker", min(margin, 0.0)), nothing
        return Answer("signed", "sticker"), nothing
    if measure < absent:
        return Answer("empty", "no_sticker", margin), nothing
    # a sticker has an outline; what goes on around the place is a stain or the other side
    murky = there.noisy or not there.outlined
    if measure <= present or murky or not _is_sticker(view, place, there, stamps):
        return Answer("unsure", "faint_sticker", min(margin, 0.0)), nothing
    pen = crossing(view, place.rect, stamps.mask)
    crossed = None if pen is None else True
    return Answer("signed", "sticker", margin, crossed), nothing if pen is None else pen


def _is_sticker(view: View, place: HandPlace, there: Laid, stamps: Stamps) -> bool:
    """Return whether a sticker lies in a place, rather than a stamp, which fills it as well."""
    if view.colours == "bilevel" and not there.outlined:
        return there.spread
    if there.measure <= thresholds.STICKER_PRESENT:
        return False
    return there.outlined or not covered(view, place.rect, stamps.mask)


def _stempel(view: View, place: HandPlace, stamps: Stamps) -> Answer:
    import cv2
    import numpy as np

    x0, y0, x1, y1 = view.box(place.rect)
    across, down = (x0 + x1) / 2, (y0 + y1) / 2
    rings = [one for one in stamps.rings if is_near(one, across, down)]
    best = max(rings, key=lambda one: one.coverage, default=None)
    coverage = best.coverage if best and best.runs_around() else 0.0
    margin = near_bounds(coverage, thresholds.RING_NO_STAMP, thresholds.RING_STAMP)
    ghost, strong = False, _strong(view, (x0, y0, x1, y1))
    if best and best.is_whole():
        least = thresholds.RING_BLACK if strong > thresholds.STAMP_STRONG else 0.0
        if best.strength > strong and best.murk < thresholds.RING_MURK and coverage > least:
            return Answer("signed", "stamp", margin)
        ghost = True
    shapes = [one for one in stamps.shapes if is_near(one, across, down)]
    for shape in shapes:
        if shape.strength > strong:
            return Answer("signed", "stamp", min(1.0, 2 * shape.around - 1))
    if ghost or shapes or coverage >= thresholds.RING_NO_STAMP:
        return Answer("unsure", "faint_stamp", min(margin, 0.0))
    if view.chroma is not None and (view.chroma[y0:y1, x0:x1] > 15).mean() > 0.03:
        return Answer("unsure", "colour_without_ring")
    # stamps of other shapes exist; plenty of ink that is no ring is for a person
    if (view.extra[y0:y1, x0:x1]).mean() > 0.06:
        return Answer("unsure", "ink_without_ring")
    # beside darker ink every line is pale at its edges
    near = cv2.dilate(view.extra.astype(np.uint8), ellipse(0.5)) > 0
    faint = pale(view, (x0, y0, x1, y1)) & ~near
    if faint[y0:y1, x0:x1].mean() > _PALE:
        return Answer("unsure", "faint_stamp")
    if view.colours == "bilevel" and (
        view.extra[y0:y1, x0:x1].any() or not view.keeps_thin_print()
    ):
        return Answer("unsure", "bilevel_stamp")  # a pale stamp leaves nothing in black and white
    return Answer("empty", "no_stamp", margin)


def _strong(view: View, box: Box) -> float:
    """Return how strong the ink of a stamp must be: print of the other side has no colour."""
    if view.chroma is None:
        return thresholds.STAMP_STRONG_GREY
    left, top, right, bottom = box
    coloured = (view.chroma[top:bottom, left:right] > 15).mean() > _TINGE
    return thresholds.STAMP_STRONG if coloured else thresholds.STAMP_STRONG_BLACK


def _tanda_tangan(
    view: View, place: HandPlace, stamps: Stamps, stickers: Mask,
    dates: Sequence[HandPlace], fields: Sequence[HandPlace],
) -> Answer:  # fmt: skip
    without = stickers.copy()
    for one in dates:
        left, top, right, bottom = view.box(one.rect, 0.5)
        without[top:bottom, left:right] = True
    box = view.box(place.rect, 4)
    without |= stamps.mask
    pieces, straight = pen_strokes(view, box, without)
    total = sum(one.length for one in pieces)
    sure = sure_strokes(pieces, strokes(view, view.box(place.rect, _CONTEXT), without))
    for cut in stamps.cuts:
        sure = [one for one in sure if not cut.may_own(one)]
    for field in fields:  # beside a stamp, what lies in its field may be what was not found of it
        if covered(view, field.rect, stamps.mask):
            sure = [one for one in sure if not _lies_in(one, view.box(field.rect, 1.0))]
    sure = signing(sure, view.box(place.rect), [view.box(one.rect) for one in fields])
    written = sum(one.length for one in sure)
    longest = max((one.length for one in sure), default=0.0)
    high = extent(sure, 1, 3)
    under = _ink_under_stamps(view, box, stamps.discs)
    wanted, piece, tall = thresholds.SIGNATURE
    margin = near_bounds(total, thresholds.SIGNATURE_EMPTY, wanted)
    if high > tall and written > wanted and longest > piece:
        return Answer("signed", "strokes", margin)
    if total > wanted:
        return Answer("unsure", "thin_line")
    if total < thresholds.SIGNATURE_EMPTY and under < 4:
        if straight > _LINE:
            return Answer("unsure", "straight_line")
        wrapped = _wrapped(view, place, stickers, stamps) > _ROOM_WRAPPED
        if wrapped or _hidden(view, place, stickers, stamps) > thresholds.HIDDEN_INK:
            return Answer("unsure", "under_stamp")
        if faint_lines(view, box, without):
            return Answer("unsure", "thin_line")
        return Answer("empty", "no_ink", margin)
    return Answer("unsure", "under_stamp" if under >= 4 else "little_ink", min(margin, 0.0))


def _paraf(view: View, place: HandPlace, stamps: Stamps) -> Answer:
    pieces, straight = pen_strokes(view, view.box(place.rect, 2.5), stamps.mask)
    total = sum(one.length for one in pieces)
    around = strokes(view, view.box(place.rect, _CONTEXT))
    sure = sure_strokes(pieces, around)
    longest = max((one.length for one in sure), default=0.0)
    high = extent(sure, 1, 3)
    wanted, piece, tall = thresholds.INITIALS
    margin = near_bounds(total, thresholds.INITIALS_EMPTY, wanted)
    if sum(one.length for one in sure) > wanted and longest > piece and high > tall:
        return Answer("signed", "strokes", margin)
    if total > wanted:  # a hair of this length curls as initials do; only its ink tells
        return Answer("unsure", "thin_line")
    if total < thresholds.INITIALS_EMPTY:
        if straight > _LINE:
            return Answer("unsure", "straight_line")
        if covered(view, place.rect, stamps.mask):
            return Answer("unsure", "under_stamp")
        if faint_lines(view, view.box(place.rect, 1.0), stamps.mask):
            return Answer("unsure", "thin_line")
        return Answer("empty", "no_ink", margin)
    return Answer("unsure", "little_ink", min(margin, 0.0))


def _lies_in(stroke: Stroke, field: Box) -> bool:
    """Return whether the middle of a stroke, and most of its width, lie in a field."""
    left, _, right, _ = stroke.box
    begin, end = field[0] - _BEYOND * PER_MM, field[2] + _BEYOND * PER_MM
    inside = min(right, end) - max(left, begin)
    return stroke.middle[0] > begin and inside > 0.8 * (right - left)


def _wrapped(view: View, place: HandPlace, stickers: Mask, stamps: Stamps) -> float:
    """Return the part of the room for signing that stamps with what hangs on them cover."""
    left, bottom, right, top = place.rect
    x0, y0, x1, y1 = view.box((left, bottom, left + _ROOM * (right - left), top))
    free = ~stickers[y0:y1, x0:x1]
    return float((stamps.wrapped[y0:y1, x0:x1] & free).sum()) / max(1, int(free.sum()))


def _hidden(view: View, place: HandPlace, stickers: Mask, stamps: Stamps) -> float:
    """Return the ink taken for stamps where there is room to sign and none for a stamp, in mm2."""
    left, bottom, right, top = place.rect
    x0, y0, x1, y1 = view.box((left, bottom, left + _ROOM_ALONE * (right - left), top))
    ink = stamps.discs[y0:y1, x0:x1] & view.extra[y0:y1, x0:x1] & ~stickers[y0:y1, x0:x1]
    return float(ink.sum()) / PER_MM**2


def _ink_under_stamps(view: View, box: Box, stamps: Mask) -> float:
    """Return the length of strokes inside stamps that have another tone than the stamps."""
    import cv2
    import numpy as np

    left, top, right, bottom = box
    part = (slice(top, bottom), slice(left, right))
    # print under a stamp is darker than the stamp, and nobody's ink
    zone = stamps[part] & view.extra[part] & ~view.printed[part]
    if zone.sum() <= 60:
        return 0.0
    dark = view.dark[part]
    other = dark > max(0.55, float(np.percentile(dark[zone], 85)) + 0.15)
    if view.hues is not None:
        tone = np.median(view.hues[part][zone], axis=0)
        away = np.hypot(*(view.hues[part] - tone).transpose(2, 0, 1))
        other |= (away > 26) & (dark > 0.4)
    count, _, stats, _ = cv2.connectedComponentsWithStats(
        (zone & other).astype(np.uint8), connectivity=8
    )
    long = thresholds.UNDER_STAMP * PER_MM
    return (
        sum(
            float(max(stats[number, 2], stats[number, 3]))
            for number in range(1, count)
            if stats[number, 4] > 25 and max(stats[number, 2], stats[number, 3]) > long
        )
        / PER_MM
    )

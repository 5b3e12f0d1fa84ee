"""Stamps of any shape: an outline that closes, with letters inside.

Round stamps are found as rings (``scan/rings.py``), also in part. Rectangles, triangles and ovals
are found here, when most of their outline can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.domain.rect import Rect, hull
from pks_kit.scan import thresholds
from pks_kit.scan.ink import Stroke, strokes
from pks_kit.scan.issued import MM, HandPlace
from pks_kit.scan.rings import Ring, disc, holds_black, rings
from pks_kit.scan.small_stamps import small_rings
from pks_kit.scan.view import PER_MM, Box, View, ellipse

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Mask

_AROUND = 22.0
_LEAST, _MOST = 180.0, 2000.0
"""Square millimetres of a stamp."""
_LETTER = (0.8, 9.0)
_LETTERS = 4
_LIKELY, _CLEAR = 0.5, 0.8
"""Part of a ring that must be inked before it is taken for one without looking for other shapes."""
_OUTLINE = 0.62
"""Part of its outline that must be inked."""
_OTHER_COLOUR = 26.0
_CUTS = (10.0, 5.0, 1.0)
"""Millimetres to the left of its field from which a stamp is looked for."""
_FIELD = 9.0
_REST = 12.0
"""Millimetres that the rest of such a stamp may reach further."""
_LABEL = 8.0
"""Millimetres to the left of its line at which a date begins."""
_TOGETHER = 2.0
"""Half the gap, in millimetres, that a badly inked stamp may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A stamp that is no ring.

    Attributes:
        x: Middle in pixels of the view.
        y: As above.
        around: Part of its outline that is inked.
        strength: How dark or coloured its ink is, 0 to 1.
    """

    x: float
    y: float
    around: float
    strength: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A stamp of which only the part in its field was looked at, because a hand hangs on it.

    Attributes:
        left: Column of the view from which it was looked at.
        mask: Pixels of that part.
        letters: Strokes in it.
    """

    left: int
    mask: Mask
    letters: tuple[Stroke, ...]

    def may_own(self, one: Stroke) -> bool:
        """Return whether a stroke may be of the rest of the stamp."""
        # its frame goes on where it was cut, its letters stand before that
        small = max(one.wide, one.high) < _LETTER[1]
        near = one.box[2] > self.left - (_REST if small else 1.0) * PER_MM
        alike = sum(one.is_like(other) for other in self.letters)
        return near and 2 * alike >= len(self.letters)


@dataclass(frozen=True, slots=True)
class Stamps:
    """The stamps of a page, and the pixels that they cover.

    Attributes:
        rings: Round ones.
        shapes: Others.
        discs: Pixels of round ones.
        wrapped: Pixels of others, with whatever ink hangs on them.
        cuts: Those of the others that were looked at in part.
    """

    rings: tuple[Ring, ...]
    shapes: tuple[Shape, ...]
    discs: Mask
    wrapped: Mask
    cuts: tuple[Cut, ...] = ()

    @property
    def mask(self) -> Mask:
        """Return the pixels that any stamp covers."""
        return self.discs | self.wrapped


def find_stamps(view: View, places: Sequence[HandPlace], stickers: Mask) -> Stamps:
    """Return the stamps in and around the places of a page.

    Args:
        view: The sheet.
        places: Places of the page that a hand uses.
        stickers: Pixels that stickers hide.
    """
    import numpy as np

    found: list[Ring] = []
    shapes: list[tuple[Shape, Mask]] = []
    cuts: list[Cut] = []
    digits = _digits(view, places)
    for kinds, most in ((("tanda_tangan", "stempel"), 6), (("paraf",), 4)):
        group: list[Rect] = [one.rect for one in places if one.kind in kinds]
        if group:
            dates = np.zeros(view.shape, bool)
            for date in (one for one in places if one.kind == "tanggal"):
                x0, y0, x1, y1 = view.box(date.rect)
                dates[y0:y1, x0:x1] = True
            box = view.box(hull(group), _AROUND)
            around = rings(view, box, most, stickers, digits)
            if holds_black(view, box, stickers):
                around += rings(view, box, most, stickers, digits, black=True)
            around = _with_small(view, box, around, stickers, digits, most)
            clear = [one for one in around if one.is_whole() and one.coverage > _CLEAR]
            used = stickers | dates | disc(view, clear)
            likely = [one for one in around if one.is_whole() and one.coverage > _LIKELY]
            for field in (one for one in places if one.kind == "stempel" and one.kind in kinds):
                part = _in_field(view, field, likely, used)
                if part is not None:
                    shapes.append((part[0], np.zeros(view.shape, bool)))
                    cuts.append(part[1])
                    used = used | part[1].mask
            others = outlined(view, box, used)
            shapes += others
            found += around
    wrapped = np.zeros(view.shape, bool)
    for _, own in shapes:
        wrapped |= own
    discs = disc(view, found)
    for cut in cuts:
        discs |= cut.mask
    for mask in (discs, wrapped):
        mask &= ~_of_other_ink(view, mask)
    return Stamps(tuple(found), tuple(one for one, _ in shapes), discs, wrapped, tuple(cuts))


def _digits(view: View, places: Sequence[HandPlace]) -> Mask:
    """Return where digits of dates stand, which a hand begins to write over the label too."""
    import numpy as np

    found = np.zeros(view.shape, bool)
    for one in places:
        if one.kind == "tanggal":
            left, bottom, right, top = one.rect
            x0, y0, x1, y1 = view.box((left - _LABEL * MM, bottom, right, top + MM))
            found[y0:y1, x0:x1] = True
    return found


def _with_small(
    view: View, box: Box, around: list[Ring], stickers: Mask, digits: Mask, most: int
) -> list[Ring]:
    """Return rings with the small ones among them."""
    whole = [one for one in around if one.is_whole()]
    small = small_rings(view, box, stickers | disc(view, whole))
    if not small:
        return around
    # what passes through a small stamp is none of a larger one
    known = [*whole, *small]
    return [*known, *rings(view, box, most, stickers | disc(view, known), digits)]


def _in_field(
    view: View, field: HandPlace, likely: Sequence[Ring], without: Mask
) -> tuple[Shape, Cut] | None:
    """Return the stamp of a field, found without the ink to the left of it, or None.

    A signature that runs into a frame makes one piece of ink with it, which has no outline.
    """
    left, top, right, bottom = view.box(field.rect)
    across, down = (left + right) / 2, (top + bottom) / 2
    if any(is_near(one, across, down) for one in likely):
        return None
    best: tuple[Shape, Mask, int] | None = None
    x0, y0, x1, y1 = view.box(field.rect, _FIELD)
    for beyond in _CUTS:
        begin = max(x0, round(left - beyond * PER_MM))
        for shape, mask in outlined(view, (begin, y0, x1, y1), without):
            if is_near(shape, across, down) and (best is None or shape.around > best[0].around):
                best = shape, mask, begin
    if best is None:
        return None
    shape, mask, begin = best
    ink = strokes(view, (begin, y0, x1, y1), without | ~mask)
    letters = tuple(one for one in ink if max(one.wide, one.high) < _LETTER[1])
    return shape, Cut(begin, mask, letters)


def _of_other_ink(view: View, mask: Mask) -> Mask:
    """Return the dark pixels of stamps that have another colour than the stamp."""
    import cv2
    import numpy as np

    other = np.zeros(view.shape, bool)
    if view.hues is None:
        return other
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    for number in range(1, count):
        x, y, wide, high, _ = (int(one) for one in stats[number])
        part = (slice(y, y + high), slice(x, x + wide))
        own = (labels[part] == number) & view.extra[part]
        if own.sum() < 300:
            continue
        tone = np.median(view.hues[part][own], axis=0)
        away = np.hypot(*(view.hues[part] - tone).transpose(2, 0, 1))
        other[part] |= own & (away > _OTHER_COLOUR) & (view.dark[part] > 0.45)
    return other


def outlined(view: View, box: Box, without: Mask) -> list[tuple[Shape, Mask]]:
    """Return the outlines with letters inside, and the pixels that they cover.

    Ink that lies together is wrapped in a convex hull; most of the hull of a stamp is inked, most
    of that of a signature is not.

    Args:
        view: The sheet.
        box: Where to look.
        without: Pixels that belong to something else.
    """
    import cv2
    import numpy as np

    left, top, right, bottom = box
    part = (slice(top, bottom), slice(left, right))
    ink = (view.extra[part] & ~without[part]).astype(np.uint8)
    pieces = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found = []
    for reach in (_TOGETHER, _TOGETHER / 2):  # a date under a stamp may hang on it
        if ink.sum() < 300:
            break
        together = cv2.dilate(ink, ellipse(reach))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(together)
        near = cv2.dilate(ink, ellipse(0.9))
        for number in range(1, count):
            if min(stats[number, 2:4]) < 9 * PER_MM:
                continue
            own = ink & (labels == number)
            if own.sum() < 300:
                continue
            points = np.argwhere(own)[:, ::-1].astype(np.int32)
            wrapped = cv2.convexHull(points)
            if not _LEAST < cv2.contourArea(wrapped) / PER_MM**2 < _MOST:
                continue
            whole = np.zeros_like(ink)
            cv2.fillConvexPoly(whole, wrapped, 1)
            (outline,), _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[:2]
            around = float(near[outline[:, 0, 1], outline[:, 0, 0]].mean())
            framed = cv2.copyMakeBorder(whole, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
            inside = cv2.erode(framed, ellipse(0.8))[1:-1, 1:-1]
            if around < _OUTLINE or _letters(pieces, inside) < _LETTERS:
                continue
            mask = np.zeros(view.shape, bool)
            mask[part] = cv2.dilate(whole, ellipse(1.2)) > 0
            x, y = wrapped[:, 0].mean(axis=0)
            strength = view.strength(part, own > 0)
            shape = Shape(x=float(x) + left, y=float(y) + top, around=around, strength=strength)
            found.append((shape, mask))
            ink &= ~whole
    return found


def _letters(pieces: Any, inside: Any) -> int:
    """Return how many pieces of the size of letters lie wholly inside an outline."""
    count, _, stats, _ = pieces
    low, high = (one * PER_MM for one in _LETTER)
    found = 0
    for number in range(1, count):
        x, y, wide, high_, _ = (int(one) for one in stats[number])
        if not low < max(wide, high_) < high:
            continue
        found += bool(inside[y : y + high_, x : x + wide].all())
    return found


def is_near(one: Ring | Shape, across: float, down: float) -> bool:
    """Return whether a stamp was set on a place with this middle."""
    away = ((one.x - across) ** 2 + (one.y - down) ** 2) ** 0.5
    return bool(away < thresholds.RING_NEAR * PER_MM)

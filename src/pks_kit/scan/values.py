"""Ask of every critical value: does another letter fit this picture better than the issued one?

No recognition: what was issued is known, so each letter is compared with the others of its own font
and size, taken from the issued pages themselves and set between the same neighbours. A letter that
something lies over keeps fitting best but fits badly; that is ``disturbed``, and for a person.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pks_kit.domain.paper import ChangeKind, PaperChange
from pks_kit.domain.receipt import CriticalValue
from pks_kit.domain.rect import Rect
from pks_kit.scan import thresholds
from pks_kit.scan.alignment import Alignment, paper_white
from pks_kit.scan.impression import Impression, impression_of
from pks_kit.scan.issued import Glyph, rect_of
from pks_kit.scan.letters import ASKED, PER_POINT, SOFT, Letters, inside

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes, Floats, Mask

_SHIFT = 4
"""Pixels by which a word may lie beside where it should."""
_PAD = 20
_ROOM = 60
"""Pixels around a value that whitening needs to know the paper."""
_BESIDE = 2
"""Pixels around a letter that are compared with it."""
_WIDE = 0.75
"""How wide one more digit and the gap before it are, in the height of digits."""
_OWN_EDGE = 10
"""Black, of 255, that is left when a letter is taken away that stands between pixels."""
_CURRENCY = "Rp"
_NAMES = ("nama", "jabatan", "kantor", "alamat")
"""Words in the path of a value whose letters are compared too, not its digits alone."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A value as the sheet shows it, and as it was issued, where it really lies.

    Attributes:
        value: The value.
        own: Its letters and digits.
        seen: Black of the sheet, 0 to 255.
        issued: Black of the issued page in the same pixels.
        origin: First column and row of both on the page, where the word really lies.
        fit: How well it fits there.
    """

    value: CriticalValue
    own: tuple[Glyph, ...]
    seen: Floats
    issued: Floats
    origin: tuple[int, int]
    fit: float


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found about one value.

    Attributes:
        kind: ``value`` when another letter fits better, ``disturbed`` when something lies over it;
            None when nothing is wrong.
        read: The value as it seems to stand there, for ``value``.
        margin: By how much the other letter fits better, or how well the issued one fits.
        rect: The worst letter, or the whole value.
    """

    kind: ChangeKind | None = None
    read: str | None = None
    margin: float = 0.0
    rect: Rect = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found about the values of a page."""

    changes: tuple[PaperChange, ...]
    unjudged: int


def compare(
    letters: Letters, lying: Alignment, grey: Bytes, values: Sequence[CriticalValue], scan_page: int
) -> Compared:
    """Compare the critical values of a page.

    Args:
        letters: How letters are printed.
        lying: How the sheet lies over the page.
        grey: The sheet.
        values: Values of the page.
        scan_page: Number of the sheet.
    """
    number, height = lying.page.number, lying.page.height
    glyphs = [one for one in letters.issued.glyphs(number) if one.letter in ASKED]
    found: list[_Found] = []
    unjudged = 0
    for value in values:
        left, bottom, right, top = value.rect
        own = tuple(one for one in glyphs if inside(one, value))
        vouched = lying.vouched((left + right) / 2, height - (bottom + top) / 2)
        one = _find(lying, grey, value, own) if own and vouched else None
        if one is not None:
            found.append(one)
        elif own or not vouched:
            unjudged += 1
    there = [(one.seen, one.issued) for one in found if _is_there(one)]
    printed = impression_of(there) if there else None
    changes: list[PaperChange] = []
    for one in found:
        judged = _judge(letters, number, height, one, printed)
        if judged.kind is not None:
            changes.append(
                PaperChange(
                    page=number, scan_page=scan_page, kind=judged.kind, box=judged.rect,
                    path=one.value.path, issued=one.value.text[:200], read=judged.read,
                    margin=round(judged.margin, 3),
                )
            )  # fmt: skip
    return Compared(tuple(changes), unjudged)


def _is_there(one: _Found) -> bool:
    return one.fit >= thresholds.WORD_FOUND


def word_fit(lying: Alignment, grey: Bytes, word: Sequence[Glyph]) -> float:
    """Return how well the picture of an issued word fits where it should stand; 0 if it cannot be.

    Args:
        lying: How the sheet lies over the page.
        grey: The sheet.
        word: Letters of the word.
    """
    text = "".join(one.letter for one in word)
    value = CriticalValue(path=text, text=text, page=lying.page.number, rect=rect_of(word))
    found = _find(lying, grey, value, tuple(word))
    return found.fit if found is not None else 0.0


def _find(
    lying: Alignment, grey: Bytes, value: CriticalValue, own: tuple[Glyph, ...]
) -> _Found | None:
    """Return a value where it really lies, or None when it cannot be compared."""
    import cv2
    import numpy as np

    page = lying.page
    x0 = math.floor(min(one.box[0] for one in own) * PER_POINT) - _PAD
    x1 = math.ceil(max(one.box[2] for one in own) * PER_POINT) + _PAD
    y0 = math.floor((page.height - max(one.box[3] for one in own)) * PER_POINT) - _PAD
    y1 = math.ceil((page.height - min(one.box[1] for one in own)) * PER_POINT) + _PAD
    rows, columns = page.fine.shape
    if min(x0, y0) < _SHIFT or x1 > columns - _SHIFT or y1 > rows - _SHIFT:
        return None
    warped = lying.warped(
        grey, (x0 - _ROOM) / PER_POINT, (y0 - _ROOM) / PER_POINT,
        x1 - x0 + 2 * _ROOM, y1 - y0 + 2 * _ROOM, thresholds.VALUE_DPI,
    )  # fmt: skip
    white = paper_white(cv2.GaussianBlur(warped, (0, 0), 0.4))[_ROOM:-_ROOM, _ROOM:-_ROOM]
    seen = 255 - white.astype(np.float32)
    issued = 255 - page.fine[y0:y1, x0:x1].astype(np.float32)
    soft = cv2.GaussianBlur(issued[_SHIFT:-_SHIFT, _SHIFT:-_SHIFT], (0, 0), SOFT)
    if soft.std() < 4:
        return None
    fits = cv2.matchTemplate(seen, soft, cv2.TM_CCOEFF_NORMED)
    _, best, _, (across, down) = cv2.minMaxLoc(fits)
    column, row = x0 - across + _SHIFT, y0 - down + _SHIFT
    beneath = page.fine[row : row + y1 - y0, column : column + x1 - x0]
    return _Found(value, own, seen, 255 - beneath.astype(np.float32), (column, row), best)


def _judge(
    letters: Letters, number: int, height: float, found: _Found, printed: Impression | None
) -> _Judged:
    """Return what is wrong with a value."""
    if not _is_there(found):
        return _Judged("disturbed", None, found.fit, rect_of(found.own))
    worst = _Judged()
    soft = printed.soft if printed is not None else SOFT
    read = []
    names = any(word in found.value.path for word in _NAMES)
    currency = _currency(found.own)
    for place, glyph in enumerate(found.own):
        read.append(glyph.letter)
        digit, before_amount = glyph.letter in string.digits, place in currency
        if not names and not digit and not before_amount:
            continue
        others = letters.others(glyph, number, digits_too=before_amount)
        scores = dict(_scores(letters, found, glyph, others, number, height, soft))
        issued_fit = scores.pop(glyph.letter, None)
        if issued_fit is None or not scores:
            continue
        other, fit = max(scores.items(), key=lambda pair: pair[1])
        bound = thresholds.DIGIT_CHANGED if digit else thresholds.LETTER_CHANGED
        if fit - issued_fit > bound and fit > thresholds.VALUE_DISTURBED:
            read[-1] = other
            if worst.kind != "value" or fit - issued_fit > worst.margin:
                worst = _Judged("value", None, fit - issued_fit, rect_of([glyph]))
        elif digit and issued_fit < thresholds.VALUE_DISTURBED and worst.kind is None:
            worst = _Judged("disturbed", None, issued_fit, rect_of([glyph]))
    if worst.kind == "value":
        return replace(worst, read="".join(read))
    digits = [one for one in found.own if one.letter in string.digits]
    if worst.kind is None and digits and printed is not None:
        room = _around(found, digits, height)
        over = printed.most_over(found.seen, found.issued, room, thresholds.VALUE_DPI)
        if over > thresholds.VALUE_INK:
            return _Judged("disturbed", None, over, rect_of(digits))
    return worst


def _currency(own: Sequence[Glyph]) -> frozenset[int]:
    """Return where the letters of «Rp» stand that have a digit after them."""
    text = "".join(one.letter for one in own)
    wide = len(_CURRENCY)
    return frozenset(
        at + place
        for at in range(len(text) - wide)
        if text.startswith(_CURRENCY, at) and text[at + wide] in string.digits
        for place in range(wide)
    )


def _around(found: _Found, digits: Sequence[Glyph], height: float) -> Mask:
    """Return the pixels of the digits and beside them, where one more digit may stand."""
    import numpy as np

    room = np.zeros(found.seen.shape, bool)
    wide = _WIDE * max(one.box[3] - one.box[1] for one in digits)
    for one in digits:
        left, bottom, right, top = one.box
        x0, x1 = (x * PER_POINT - found.origin[0] for x in (left - wide, right + wide))
        y0, y1 = ((height - y) * PER_POINT - found.origin[1] for y in (top + 1.0, bottom - 1.0))
        room[max(0, round(y0)) : max(0, round(y1)), max(0, round(x0)) : max(0, round(x1))] = True
    return room


def _scores(
    letters: Letters, found: _Found, glyph: Glyph, others: str, number: int, height: float,
    soft: float,
) -> Iterator[tuple[str, float]]:  # fmt: skip
    """Yield how well each letter fits where a glyph is printed, between its own neighbours."""
    import cv2
    import numpy as np

    left, _, right, _ = glyph.box
    middle, line = (left + right) / 2 * PER_POINT, (height - glyph.base) * PER_POINT
    high, deep = (one * PER_POINT + _BESIDE for one in letters.reach(glyph, number))
    x0, x1 = math.floor(left * PER_POINT) - _BESIDE, math.ceil(right * PER_POINT) + _BESIDE
    y0, y1 = math.floor(line - high), math.ceil(line + deep)
    column, row = x0 - found.origin[0], y0 - found.origin[1]
    rows, columns = y1 - y0, x1 - x0
    window = found.seen[max(0, row - 2) : row + rows + 2, max(0, column - 2) : column + columns + 2]
    if row < 2 or column < 2 or window.shape != (rows + 4, columns + 4):
        return
    at, size = (middle - x0, line - y0), (columns, rows)
    own = letters.placed(glyph, glyph.letter, at, size, soft)
    if own is None:
        return
    wide = found.issued[row - 2 : row + rows + 2, column - 2 : column + columns + 2]
    issued = cv2.GaussianBlur(wide, (0, 0), soft)[2:-2, 2:-2]
    beside = np.maximum(issued - own - _OWN_EDGE, 0)
    for letter in others:
        if letter == glyph.letter:
            picture = issued
        else:
            other = letters.placed(glyph, letter, at, size, soft)
            if other is None:
                continue
            picture = np.minimum(beside + other, 255)
        yield letter, float(cv2.matchTemplate(window, picture, cv2.TM_CCOEFF_NORMED).max())

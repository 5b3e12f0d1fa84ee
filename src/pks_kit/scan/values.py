"""Ask of every critical value: does another letter fit this picture better than the issued one?

No recognition: what was issued is known, so each letter is compared with the others of its own font
and size, taken from the issued pages themselves. A letter that something lies over keeps fitting
best but fits badly; that is ``disturbed``, and for a person.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pks_kit.domain.paper import ChangeKind, PaperChange
from pks_kit.domain.receipt import CriticalValue
from pks_kit.domain.rect import Rect
from pks_kit.scan import thresholds
from pks_kit.scan.alignment import Alignment, paper_white
from pks_kit.scan.issued import POINTS, Glyph, IssuedPages, rect_of

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes, Floats

_PER_POINT = thresholds.VALUE_DPI / POINTS
_FINER = 4
_SOFT = 0.9
_ROOM = 1.0
"""Points around a letter that are drawn with it."""
_SHIFT = 4
"""Pixels by which a word may lie beside where it should."""
_PAD = 14
_PRINTED = 24
"""Black of the issued page, of 255, around which nothing counts as added."""
_INKED = 0.42
"""Part of the print's black from which a pixel is inked."""
_SEARCHED = 12
"""Pages, the nearest first, on which other letters of a font are looked for."""
_KEPT = 1 << 14
_CLASSES = (string.digits, string.ascii_uppercase, string.ascii_lowercase)
_NAMES = ("nama", "jabatan", "kantor", "alamat")
"""Words in the path of a value whose letters are compared too, not its digits alone."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How a letter is printed: picture at four times the resolution, its middle and its foot."""

    picture: Floats
    middle: float
    foot: float
    scale: float = _FINER * _PER_POINT


@dataclass(slots=True)
class Letters:
    """Pictures of the letters of each font and size, found when they are needed."""

    issued: IssuedPages
    _where: dict[tuple[str, float], dict[str, tuple[int, Glyph]]] = field(default_factory=dict)
    _searched: set[int] = field(default_factory=set)
    _others: dict[tuple[str, float, str], str] = field(default_factory=dict)
    _drawn: dict[tuple[str, float, str], _Pattern | None] = field(default_factory=dict)
    _small: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def others(self, glyph: Glyph, page: int) -> str:
        """Return the letters that somebody might have put in place of this one."""
        wanted = next(one for one in _CLASSES if glyph.letter in one)
        key = (glyph.font, glyph.size, wanted)
        if key not in self._others:
            order = sorted(range(1, self.issued.count + 1), key=lambda one: abs(one - page))
            for number in order[:_SEARCHED]:
                known = self._where.get(key[:2], {})
                if all(one in known for one in wanted):
                    break
                self._search(number)
            known = self._where.get(key[:2], {})
            self._others[key] = "".join(one for one in wanted if one in known)
        return self._others[key]

    def of_value(self, value: CriticalValue) -> list[Glyph]:
        """Return the letters and digits of a value in their order."""
        glyphs = self.issued.glyphs(value.page)
        return [one for one in glyphs if one.letter in _ASKED and _inside(one, value)]

    def _search(self, number: int) -> None:
        if number in self._searched:
            return
        self._searched.add(number)
        for glyph in self.issued.glyphs(number):
            if glyph.letter and glyph.letter in _ASKED:
                letters = self._where.setdefault((glyph.font, glyph.size), {})
                letters.setdefault(glyph.letter, (number, glyph))

    def pattern(self, glyph: Glyph, letter: str) -> _Pattern | None:
        """Return how a letter is printed in the font and size of a glyph."""
        import numpy as np

        key = (glyph.font, glyph.size, letter)
        if key not in self._drawn:
            found = self._where.get(key[:2], {}).get(letter)
            if found is None:
                return None
            number, one = found
            left, bottom, right, top = one.box
            width, height = self.issued.size(number)
            box = (left - _ROOM, bottom - _ROOM, right + _ROOM, top + _ROOM)
            if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
                self._drawn[key] = None
                return None
            scale = _FINER * _PER_POINT
            picture = self.issued.crop(number, box, thresholds.VALUE_DPI * _FINER)
            drawn = picture.astype(np.float32)
            edge = max(0, int((_ROOM - 0.35) * scale))
            drawn[:, :edge] = 255  # what of the neighbours reaches in
            drawn[:, drawn.shape[1] - edge :] = 255
            self._drawn[key] = _Pattern(
                drawn, ((right - left) / 2 + _ROOM) * scale, (top - bottom + _ROOM) * scale
            )
        return self._drawn[key]

    def placed(
        self, glyph: Glyph, letter: str, at: tuple[float, float], size: tuple[int, int]
    ) -> Any:
        """Return the soft picture of a letter as it would stand in a cell, or None.

        Args:
            glyph: Tells font and size.
            letter: The letter.
            at: Its middle and foot in pixels of the cell; quarters of a pixel are told apart.
            size: Columns and rows of the cell.
        """
        import cv2
        import numpy as np

        pattern = self.pattern(glyph, letter)
        if pattern is None:
            return None
        across, down = round(at[0] * _FINER), round(at[1] * _FINER)
        key = (glyph.font, glyph.size, letter, across, down, size)
        if key not in self._small:
            moved = np.array(
                [[1, 0, across - pattern.middle], [0, 1, down - pattern.foot]], np.float32
            )
            large = cv2.warpAffine(
                pattern.picture, moved, (size[0] * _FINER, size[1] * _FINER), borderValue=255
            )
            small = 255 - cv2.resize(large, size, interpolation=cv2.INTER_AREA)
            soft = cv2.GaussianBlur(small, (0, 0), _SOFT)
            if len(self._small) > _KEPT:
                self._small.clear()
            self._small[key] = soft if soft.std() >= 1 else None
        return self._small[key]


_ASKED = frozenset(string.digits + string.ascii_letters)


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
    changes: list[PaperChange] = []
    unjudged = 0
    number = lying.page.number
    glyphs = [one for one in letters.issued.glyphs(number) if one.letter in _ASKED]
    for value in values:
        left, bottom, right, top = value.rect
        height = lying.page.height
        if not lying.vouched((left + right) / 2, height - (bottom + top) / 2):
            unjudged += 1
            continue
        own = [one for one in glyphs if _inside(one, value)]
        judged = _judge(letters, lying, grey, value, own)
        if judged is None:
            if own:
                unjudged += 1
            continue
        if judged.kind is not None:
            changes.append(
                PaperChange(
                    page=number, scan_page=scan_page, kind=judged.kind, box=judged.rect,
                    path=value.path, issued=value.text[:200], read=judged.read,
                    margin=round(judged.margin, 3),
                )
            )  # fmt: skip
    return Compared(tuple(changes), unjudged)


def _inside(glyph: Glyph, value: CriticalValue) -> bool:
    left, bottom, right, top = value.rect
    x, y = (glyph.box[0] + glyph.box[2]) / 2, (glyph.box[1] + glyph.box[3]) / 2
    return left - 0.5 <= x <= right + 0.5 and bottom - 1.5 <= y <= top + 1.5


def _judge(
    letters: Letters, lying: Alignment, grey: Bytes, value: CriticalValue, own: Sequence[Glyph]
) -> _Judged | None:
    """Return what is wrong with a value, or None when it cannot be compared."""
    import cv2
    import numpy as np

    if not own:
        return None
    page = lying.page
    # 1. the value in the frame of the page, with room
    x0 = math.floor(min(one.box[0] for one in own) * _PER_POINT) - _PAD
    x1 = math.ceil(max(one.box[2] for one in own) * _PER_POINT) + _PAD
    y0 = math.floor((page.height - max(one.box[3] for one in own)) * _PER_POINT) - _PAD
    y1 = math.ceil((page.height - min(one.box[1] for one in own)) * _PER_POINT) + _PAD
    if x0 < 0 or y0 < 0 or x1 > page.fine.shape[1] or y1 > page.fine.shape[0]:
        return None
    room = 60  # what whitening needs to know the paper
    warped = lying.warped(
        grey, (x0 - room) / _PER_POINT, (y0 - room) / _PER_POINT,
        x1 - x0 + 2 * room, y1 - y0 + 2 * room, thresholds.VALUE_DPI,
    )  # fmt: skip
    white = paper_white(cv2.GaussianBlur(warped, (0, 0), 0.4))[room:-room, room:-room]
    seen = 255 - white.astype(np.float32)
    issued = 255 - page.fine[y0:y1, x0:x1].astype(np.float32)

    # 2. the whole value where it really lies
    inner = issued[_SHIFT:-_SHIFT, _SHIFT:-_SHIFT]
    soft = cv2.GaussianBlur(inner, (0, 0), _SOFT)
    if soft.std() < 4:
        return None
    fits = cv2.matchTemplate(seen, soft, cv2.TM_CCOEFF_NORMED)
    _, best, _, (across, down) = cv2.minMaxLoc(fits)
    if best < thresholds.WORD_FOUND:
        return _Judged("disturbed", None, best, rect_of(own))
    shift = across - _SHIFT, down - _SHIFT

    # 3. each letter against the others
    worst = _Judged()
    read = []
    names = any(word in value.path for word in _NAMES)
    for glyph in own:
        read.append(glyph.letter)
        if not names and glyph.letter not in string.digits:
            continue
        scores = dict(_scores(letters, seen, glyph, page.number, page.height, (x0, y0), shift))
        issued_fit = scores.pop(glyph.letter, None)
        if issued_fit is None or not scores:
            continue
        other, fit = max(scores.items(), key=lambda pair: pair[1])
        digit = glyph.letter in string.digits
        bound = thresholds.DIGIT_CHANGED if digit else thresholds.LETTER_CHANGED
        if fit - issued_fit > bound and fit > thresholds.VALUE_DISTURBED:
            read[-1] = other
            if worst.kind != "value" or fit - issued_fit > worst.margin:
                worst = _Judged("value", None, fit - issued_fit, rect_of([glyph]))
        elif digit and issued_fit < thresholds.VALUE_DISTURBED and worst.kind is None:
            worst = _Judged("disturbed", None, issued_fit, rect_of([glyph]))
    if worst.kind == "value":
        return replace(worst, read="".join(read))
    if worst.kind is None:
        digits = [one for one in own if one.letter in string.digits]
        over = _over(seen, issued, digits, page.height, (x0, y0), shift) if digits else 0.0
        if over > 1:
            return _Judged("disturbed", None, over, rect_of(digits))
    return worst


def _over(
    seen: Any, issued: Any, digits: Sequence[Glyph], height: float, origin: tuple[int, int],
    shift: tuple[int, int],
) -> float:  # fmt: skip
    """Return how large ink over and beside digits is that nobody printed; 1 is the bound.

    Close to the print a little more is needed, because soft scanners make print wider.
    """
    import cv2
    import numpy as np

    moved = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    printed = cv2.warpAffine(issued, moved, issued.shape[::-1])
    black = float(np.percentile(seen[printed > 180], 60)) if (printed > 180).sum() > 20 else 200.0
    room = np.zeros(seen.shape, bool)
    for one in digits:
        left, bottom, right, top = one.box
        beside = 0.6 * (right - left)
        x0, x1 = ((x * _PER_POINT) - origin[0] + shift[0] for x in (left - beside, right + beside))
        y0, y1 = (
            (height - y) * _PER_POINT - origin[1] + shift[1] for y in (top + 1.0, bottom - 1.0)
        )
        room[max(0, round(y0)) : round(y1), max(0, round(x0)) : round(x1)] = True
    ink = (seen > _INKED * black) & room
    found = 0.0
    for reach, bound in thresholds.VALUE_INK:
        print_near = cv2.dilate(printed, np.ones((reach, reach), np.uint8)) > _PRINTED
        count, _, stats, _ = cv2.connectedComponentsWithStats((ink & ~print_near).astype(np.uint8))
        largest = int(stats[1:, 4].max()) if count > 1 else 0
        found = max(found, largest / (thresholds.VALUE_DPI / 25.4) ** 2 / bound)
    return found


def _scores(
    letters: Letters, seen: Any, glyph: Glyph, number: int, height: float,
    origin: tuple[int, int], shift: tuple[int, int],
) -> Iterator[tuple[str, float]]:  # fmt: skip
    """Yield how well each letter fits where a glyph is printed."""
    import cv2

    left, bottom, right, top = glyph.box
    middle, foot = (left + right) / 2 * _PER_POINT, (height - bottom) * _PER_POINT
    half, up = (right - left) / 2 * _PER_POINT + 2, (top - bottom) * _PER_POINT + 2
    x0, y0 = math.floor(middle - half), math.floor(foot - up)
    x1, y1 = math.ceil(middle + half), math.ceil(foot + 2.5)
    top_row, left_column = y0 - origin[1] + shift[1] - 2, x0 - origin[0] + shift[0] - 2
    window = seen[
        max(0, top_row) : y1 - origin[1] + shift[1] + 2,
        max(0, left_column) : x1 - origin[0] + shift[0] + 2,
    ]
    if top_row < 0 or left_column < 0 or window.shape != (y1 - y0 + 4, x1 - x0 + 4):
        return
    for letter in letters.others(glyph, number):
        soft = letters.placed(glyph, letter, (middle - x0, foot - y0), (x1 - x0, y1 - y0))
        if soft is not None:
            yield letter, float(cv2.matchTemplate(window, soft, cv2.TM_CCOEFF_NORMED).max())

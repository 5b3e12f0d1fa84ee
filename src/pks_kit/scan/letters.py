"""How each letter of a font and size is printed, taken from the issued pages themselves."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pks_kit.domain.receipt import CriticalValue
from pks_kit.scan import thresholds
from pks_kit.scan.issued import POINTS, Glyph, IssuedPages

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Floats

PER_POINT = thresholds.VALUE_DPI / POINTS
SOFT = 0.9
"""Pixels by which a picture of print is softened before it is compared."""
ASKED = frozenset(string.digits + string.ascii_letters)
_FINER = 4
_ROOM = 1.0
"""Points around a letter that are drawn with it."""
_SEARCHED = 12
"""Pages, the nearest first, on which other letters of a font are looked for."""
_KEPT = 1 << 14
_CLASSES = (string.digits, string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How a letter is printed: picture at four times the resolution, its middle, its line."""

    picture: Floats
    middle: float
    foot: float
    scale: float = _FINER * PER_POINT


@dataclass(slots=True)
class Letters:
    """Pictures of the letters of each font and size, found when they are needed."""

    issued: IssuedPages
    _where: dict[tuple[str, float], dict[str, tuple[int, Glyph]]] = field(default_factory=dict)
    _searched: set[int] = field(default_factory=set)
    _others: dict[tuple[str, float, str], str] = field(default_factory=dict)
    _drawn: dict[tuple[str, float, str], _Pattern | None] = field(default_factory=dict)
    _small: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def others(self, glyph: Glyph, page: int, *, digits_too: bool = False) -> str:
        """Return the letters that somebody might have put in place of this one.

        Args:
            glyph: The letter.
            page: Where it stands.
            digits_too: Whether a digit might stand there as well, as before an amount.
        """
        wanted = next(one for one in _CLASSES if glyph.letter in one)
        if digits_too and glyph.letter not in string.digits:
            wanted += string.digits
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

    def reach(self, glyph: Glyph, page: int) -> tuple[float, float]:
        """Return how far, in points, these letters go above and below their line at most."""
        others = self.others(glyph, page)
        known = self._where.get((glyph.font, glyph.size), {})
        boxes = [known[one][1] for one in others] or [glyph]
        return (
            max(one.box[3] - one.base for one in boxes),
            max(one.base - one.box[1] for one in boxes),
        )

    def of_value(self, value: CriticalValue) -> list[Glyph]:
        """Return the letters and digits of a value in their order."""
        glyphs = self.issued.glyphs(value.page)
        return [one for one in glyphs if one.letter in ASKED and inside(one, value)]

    def _search(self, number: int) -> None:
        if number in self._searched:
            return
        self._searched.add(number)
        for glyph in self.issued.glyphs(number):
            if glyph.letter and glyph.letter in ASKED:
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
            scale = _FINER * PER_POINT
            picture = self.issued.crop(number, box, thresholds.VALUE_DPI * _FINER)
            drawn = picture.astype(np.float32)
            edge = max(0, int((_ROOM - 0.35) * scale))
            drawn[:, :edge] = 255  # what of the neighbours reaches in
            drawn[:, drawn.shape[1] - edge :] = 255
            drawn[:edge] = 255  # and rules above and below
            drawn[drawn.shape[0] - edge :] = 255
            self._drawn[key] = _Pattern(
                drawn, ((right - left) / 2 + _ROOM) * scale, (top - one.base + _ROOM) * scale
            )
        return self._drawn[key]

    def placed(
        self, glyph: Glyph, letter: str, at: tuple[float, float], size: tuple[int, int],
        soft: float,
    ) -> Any:  # fmt: skip
        """Return the soft picture of a letter as it would stand in a cell, or None.

        Args:
            glyph: Tells font and size.
            letter: The letter.
            at: Its middle and its line in pixels of the cell; quarters of a pixel are told apart.
            size: Columns and rows of the cell.
            soft: Pixels by which the sheet softens print.
        """
        import cv2
        import numpy as np

        pattern = self.pattern(glyph, letter)
        if pattern is None:
            return None
        across, down = round(at[0] * _FINER), round(at[1] * _FINER)
        key = (glyph.font, glyph.size, letter, across, down, size, soft)
        if key not in self._small:
            moved = np.array(
                [[1, 0, across - pattern.middle], [0, 1, down - pattern.foot]], np.float32
            )
            large = cv2.warpAffine(
                pattern.picture, moved, (size[0] * _FINER, size[1] * _FINER), borderValue=255
            )
            small = 255 - cv2.resize(large, size, interpolation=cv2.INTER_AREA)
            softened = cv2.GaussianBlur(small, (0, 0), soft)
            if len(self._small) > _KEPT:
                self._small.clear()
            self._small[key] = softened if softened.std() >= 1 else None
        return self._small[key]


def inside(glyph: Glyph, value: CriticalValue) -> bool:
    """Return whether a letter belongs to a value."""
    left, bottom, right, top = value.rect
    x, y = (glyph.box[0] + glyph.box[2]) / 2, (glyph.box[1] + glyph.box[3]) / 2
    return left - 0.5 <= x <= right + 0.5 and bottom - 1.5 <= y <= top + 1.5

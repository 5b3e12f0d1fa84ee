"""The words of a page in the order in which a reader of the file finds them, told by its marks.

PDFium takes texts in the order of the content, and sorts those of one line from left to right.
The same is done here with the marks that were drawn, so that the words of a page are known before
there is a file. Pages that hold a letter which PDFium turns into another one are left to it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from pks_kit.domain.rect import Rect, hull, rounded
from pks_kit.render.fonts import FACES, ink_boxes, metrics

_NUDGE = 0.000003
"""Points, added before rounding: two roads to a page add its heights in another order, which
differs far below, and no edge may end exactly between two hundredths."""

_PIECE = re.compile(r"<([0-9a-f]*)>(-?[0-9.]*)")
_SPACE_WIDTH = 0.15
"""Part of the type size from which a distance between two texts of a line is a space."""

_NO_LETTER = "\x00"
_NOTHING = frozenset({"", " "})
"""What stands before a hyphen or a slash that is a word of its own. After any other one a word that
was broken there goes on in the next line."""

_FACES = {face.postscript_name: face for face in FACES}

_LIGATURES = range(0xFB00, 0xFB07)
_MARKS = frozenset({"Mn", "Me", "Cf", "Cc", "Pc"})


class UnusualText(Exception):
    """A letter that readers of files may take for another one."""


class SilentGlyph(Exception):
    """A glyph that has no text: nobody could read it from the file."""


class Shaped(NamedTuple):
    """Glyphs of one text, lengths in thousandths of the type size.

    Attributes:
        text: One letter for each glyph.
        face: PostScript name of their face.
        glyphs: Operand of ``TJ`` without its brackets.
        advance: Where the text ends.
        first: Advance of its first glyph.
        last: Advance of its last glyph.
    """

    text: str
    face: str
    glyphs: str
    advance: float
    first: float
    last: float


Piece = tuple[float, float, float, Shaped]
"""A text on a page: left end, baseline and type size in points."""


class PageText:
    """The words of one page, or of a part of it.

    Attributes:
        plain: All of them in one line.
        pieces: The texts of which it is made.
    """

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces: list[Piece] = []
        self._starts: list[int] = []
        self._lines: list[int] = []
        self._told: dict[tuple[int, int], tuple[tuple[str, Rect], ...]] = {}
        said: list[str] = []
        length = 0
        before = " "
        for number, line in enumerate(_lines(pieces)):
            first = True
            end = 0.0
            for piece in line:
                x, _, size, shaped = piece
                text = shaped.text
                if first:
                    apart = before[-1] not in "-/" or before[-2:-1] in _NOTHING
                    first = False
                else:
                    apart = x - end > _SPACE_WIDTH * size
                if apart and before[-1] != " " and text[0] != " ":
                    said.append(" ")
                    length += 1
                self.pieces.append(piece)
                self._starts.append(length)
                self._lines.append(number)
                said.append(text)
                length += len(text)
                before = text
                end = x + shaped.advance * size / 1000
        self.plain = "".join(said)

    def on_lines(self, start: int, end: int) -> tuple[tuple[str, Rect], ...]:
        """Return a part of ``plain`` line by line: what is printed there, and the box of its ink.

        Boxes are in hundredths of a point.
        """
        found = self._told.get((start, end))
        if found is None:
            found = self._told[start, end] = tuple(self._on_lines(start, end))
        return found

    def _on_lines(self, start: int, end: int) -> Iterator[tuple[str, Rect]]:
        at = bisect_right(self._starts, start) - 1
        last = bisect_left(self._starts, end)
        while at < last:
            line, first = self._lines[at], max(start, self._starts[at])
            rects: list[Rect] = []
            until = first
            while at < last and self._lines[at] == line:
                begin = self._starts[at]
                x, y, size, shaped = self.pieces[at]
                until = min(end, begin + len(shaped.text))
                ink = _ink(shaped.face, shaped.glyphs, max(start, begin) - begin, until - begin)
                if ink is not None:
                    left, low, right, high = (one * size / 1000 for one in ink)
                    rects.append((x + left, y + low, x + right, y + high))
                at += 1
            said = self.plain[first:until].strip()
            if said and rects:
                left, low, right, high = (edge + _NUDGE for edge in hull(rects))
                yield said, rounded((left, low, right, high), 2)


@lru_cache(maxsize=4096)
def _ink(face: str, glyphs: str, start: int, end: int) -> Rect | None:
    """Return the box of the ink of some glyphs of a text; None for spaces."""
    numbers, inks = metrics(_FACES[face]).advances, ink_boxes(_FACES[face])
    boxes: list[Rect] = []
    at, place = 0.0, 0
    for piece, nearer in _PIECE.findall(glyphs):
        for letter in bytes.fromhex(piece).decode("utf-16-be"):
            glyph = ord(letter)
            if start <= place:
                left, low, right, high = inks[glyph]
                if left < right and low < high:
                    boxes.append((at + left, low, at + right, high))
            at += numbers[glyph]
            place += 1
            if place == end:
                return hull(boxes) if boxes else None
        if nearer:
            at -= float(nearer)
    return hull(boxes) if boxes else None


def _lines(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces of each line from left to right.

    PDFium compares with the rightmost piece of the line: half the wider one of the two letters
    that meet is how far baselines of one line may differ.
    """
    line: list[Piece] = []
    for piece in pieces:
        if line:
            before, y, size, shaped = line[-1]
            apart = abs(piece[1] - y)
            if apart and apart > max(shaped.last * size, piece[3].first * piece[2]) / 1000 / 2:
                yield line
                line = [piece]
                continue
            if piece[0] < before:
                place = len(line)
                while place and piece[0] < line[place - 1][0]:
                    place -= 1
                line.insert(place, piece)
                continue
        line.append(piece)
    if line:
        yield line


class _Letters(dict[int, str]):
    """Letters by the numbers of their glyphs; what has no letter is said by a sign of its own."""

    def __missing__(self, glyph: int) -> str:
        return _NO_LETTER


class FaceTexts:
    """What the glyphs of a face say and how wide they are."""

    def __init__(self, face: str) -> None:
        self._face = face
        self._advances = metrics(_FACES[face]).advances
        self._letters = _Letters()
        self._unusual: dict[int, str] = {}

    def agrees(self, texts: Mapping[int, str]) -> bool:
        """Take over the text behind glyphs; return whether none has another one than before."""
        for glyph, text in texts.items():
            known = self._letters.get(glyph) or self._unusual.get(glyph)
            if known is None:
                usual = len(text) == 1 and not is_unusual(text)
                (self._letters if usual else self._unusual)[glyph] = text
            elif known != text:
                return False
        return True

    def shaped(self, glyphs: str) -> Shaped:
        """Return what glyphs say.

        Args:
            glyphs: Operand of ``TJ`` without its brackets.

        Raises:
            UnusualText: See there.
            SilentGlyph: For a glyph without text.
        """
        pieces = _PIECE.findall(glyphs)
        # four digits are one number, as in UTF-16
        numbers = bytes.fromhex("".join(piece for piece, _ in pieces)).decode("utf-16-be")
        text = numbers.translate(self._letters)
        if _NO_LETTER in text:
            if any(ord(one) in self._unusual for one in numbers):
                raise UnusualText(self._face)
            raise SilentGlyph(self._face)
        advances = [self._advances[ord(one)] for one in numbers]
        nearer = sum(float(distance) for _, distance in pieces if distance)
        first, last = (advances[0], advances[-1]) if advances else (0, 0)
        return Shaped(text, self._face, glyphs, sum(advances) - nearer, first, last)


@lru_cache(maxsize=4096)
def is_unusual(letter: str) -> bool:
    """Return whether a reader of the file may give another letter than the one that was drawn.

    Marks that are set over others, invisible letters, ligatures that have a number of their own.
    """
    return ord(letter) in _LIGATURES or (unicodedata.category(letter) in _MARKS and letter != "_")

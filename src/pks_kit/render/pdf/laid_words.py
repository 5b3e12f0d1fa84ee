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

from pks_kit.domain.rect import Rect, hull
from pks_kit.render.fonts import Face, ink_boxes, metrics

_PIECE = re.compile(r"<([0-9a-f]*)>(-?[0-9.]*)")
_SPACE_WIDTH = 0.15
"""Part of the type size from which a distance between two texts of a line is a space."""

_CONTINUED = re.compile(r"[^\s][-/]$")
"""How a line ends whose last word goes on in the next one: broken after a hyphen or a slash."""

_LIGATURES = range(0xFB00, 0xFB07)
_MARKS = frozenset({"Mn", "Me", "Cf", "Cc", "Pc"})


class UnusualText(Exception):
    """A letter that readers of files may take for another one."""


class Shaped(NamedTuple):
    """Glyphs of one text, lengths in thousandths of the type size.

    Attributes:
        text: One letter for each glyph.
        boxes: Ink of each glyph from the beginning of the text; None for a space.
        advance: Where the text ends.
        first: Advance of its first glyph.
        last: Advance of its last glyph.
    """

    text: str
    boxes: tuple[Rect | None, ...]
    advance: float
    first: float
    last: float


class Piece(NamedTuple):
    """A text on a page: left end, baseline and type size in points."""

    x: float
    y: float
    size: float
    shaped: Shaped


class PageText:
    """The words of one page, or of a part of it.

    Attributes:
        plain: All of them in one line.
    """

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces: list[Piece] = []
        self._starts: list[int] = []
        self._lines: list[int] = []
        said: list[str] = []
        length = 0
        for number, line in enumerate(_lines(pieces)):
            end: float | None = None
            for piece in line:
                before = said[-1] if said else " "
                if end is None:
                    apart = _CONTINUED.search(before) is None
                else:
                    apart = piece.x - end > _SPACE_WIDTH * piece.size
                if apart and not before.endswith(" ") and not piece.shaped.text.startswith(" "):
                    said.append(" ")
                    length += 1
                self._pieces.append(piece)
                self._starts.append(length)
                self._lines.append(number)
                said.append(piece.shaped.text)
                length += len(piece.shaped.text)
                end = piece.x + piece.shaped.advance * piece.size / 1000
        self.plain = "".join(said)

    def on_lines(self, start: int, end: int) -> Iterator[tuple[str, Rect]]:
        """Yield a part of ``plain`` line by line: what is printed there, and the box of its ink."""
        at = bisect_right(self._starts, start) - 1
        last = bisect_left(self._starts, end)
        while at < last:
            line, first = self._lines[at], max(start, self._starts[at])
            rects: list[Rect] = []
            until = first
            while at < last and self._lines[at] == line:
                begin = self._starts[at]
                piece = self._pieces[at]
                until = min(end, begin + len(piece.shaped.text))
                box = _ink(piece.shaped, max(start, begin) - begin, until - begin)
                if box is not None:
                    rects.append(_placed(box, piece))
                at += 1
            said = self.plain[first:until].strip()
            if said and rects:
                yield said, hull(rects)


def _placed(box: Rect, piece: Piece) -> Rect:
    scale = piece.size / 1000
    left, bottom, right, top = box
    return (
        piece.x + left * scale,
        piece.y + bottom * scale,
        piece.x + right * scale,
        piece.y + top * scale,
    )


@lru_cache(maxsize=4096)
def _ink(shaped: Shaped, start: int, end: int) -> Rect | None:
    boxes = [one for one in shaped.boxes[start:end] if one is not None]
    return hull(boxes) if boxes else None


def _lines(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces of each line from left to right.

    PDFium compares with the rightmost piece of the line: half the wider one of the two letters
    that meet is how far baselines of one line may differ.
    """
    line: list[Piece] = []
    for piece in pieces:
        if line:
            last = line[-1]
            wider = max(last.shaped.last * last.size, piece.shaped.first * piece.size) / 1000
            if abs(piece.y - last.y) > wider / 2:
                yield line
                line = []
        place = len(line)
        while place and piece.x < line[place - 1].x:
            place -= 1
        line.insert(place, piece)
    if line:
        yield line


def shaped_glyphs(face: Face, glyphs: str, texts: Mapping[int, str]) -> Shaped:
    """Return what glyphs say.

    Args:
        face: Their face.
        glyphs: Operand of ``TJ`` without its brackets.
        texts: Text behind every glyph of the face.

    Raises:
        UnusualText: See there.
        KeyError: For a glyph without text.
    """
    numbers = metrics(face).advances
    inks = ink_boxes(face)
    said: list[str] = []
    boxes: list[Rect | None] = []
    used: list[int] = []
    at = 0.0
    for pieces, nearer in _PIECE.findall(glyphs):
        for place in range(0, len(pieces), 4):
            glyph = int(pieces[place : place + 4], 16)
            text = texts[glyph]
            if len(text) != 1 or is_unusual(text):
                raise UnusualText(text)
            said.append(" " if text.isspace() else text)
            left, bottom, right, top = inks[glyph]
            inked = left < right and bottom < top
            boxes.append((at + left, bottom, at + right, top) if inked else None)
            used.append(glyph)
            at += numbers[glyph]
        if nearer:
            at -= float(nearer)
    first, last = (numbers[used[0]], numbers[used[-1]]) if used else (0, 0)
    return Shaped("".join(said), tuple(boxes), at, first, last)


@lru_cache(maxsize=4096)
def is_unusual(letter: str) -> bool:
    """Return whether a reader of the file may give another letter than the one that was drawn.

    Marks that are set over others, invisible letters, ligatures that have a number of their own.
    """
    return ord(letter) in _LIGATURES or (unicodedata.category(letter) in _MARKS and letter != "_")

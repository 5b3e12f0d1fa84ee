"""What is drawn on a page, as four kinds of marks: words, filled areas, lines and frames.

WeasyPrint draws with operators that hang on what came before them. Kept as marks with
absolute places they can be moved with the line or row they belong to, compared, and written in one
fixed order, so that two roads to the same page give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from pks_kit.render.page_geometry import POINTS

_DECIMALS = 6
"""Coordinates are written in millionths of a CSS pixel, as WeasyPrint writes them: viewers set a
glyph on the next pixel for less than anybody sees."""

_NUDGE = 0.003
"""Added before rounding, in those millionths. Two roads to a page add its heights in another order,
which differs far below: no length may end exactly between two of them."""

_DESCENT: Final = 0.4
"""Room below a baseline as a part of the type size: half a line's leading with it."""

_GLYPHS = re.compile(r"<([0-9a-f]+)>")

Colour = tuple[float, float, float]
Rect = tuple[float, float, float, float]
"""Left, top, width, height in CSS pixels."""


class Words(NamedTuple):
    """Glyphs of one line in one face.

    Attributes:
        x: Left end in CSS pixels from the left edge of the page.
        y: Baseline in CSS pixels from the upper edge.
        face: PostScript name of the face.
        size: Type size in CSS pixels, as written.
        colour: Red, green, blue from 0 to 1.
        glyphs: Operand of ``TJ`` without its brackets.
    """

    x: float
    y: float
    face: str
    size: str
    colour: Colour
    glyphs: str

    def moved(self, down: float) -> Words:
        """Return the words lower by ``down`` pixels."""
        x, y, face, size, colour, glyphs = self
        return Words(x, y + down, face, size, colour, glyphs)


class Area(NamedTuple):
    """A filled rectangle; all lengths in CSS pixels."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour

    def moved(self, down: float) -> Area:
        """Return the area lower by ``down`` pixels."""
        return Area(self.x, self.y + down, self.width, self.height, self.colour)


class Line(NamedTuple):
    """A straight line; all lengths in CSS pixels."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float
    colour: Colour

    def moved(self, down: float) -> Line:
        """Return the line lower by ``down`` pixels."""
        x, y, to_x, to_y, width, colour = self
        return Line(x, y + down, to_x, to_y + down, width, colour)


class Frame(NamedTuple):
    """What lies between two rectangles, as borders of positioned boxes are drawn.

    Attributes:
        inner: Left, top, width, height in CSS pixels.
        outer: The same of the rectangle round it.
        colour: Red, green, blue from 0 to 1.
        clip: The side of it that is drawn; None for all four. A side is no area of its own: viewers
            draw thin areas at least one pixel wide, and thin frames as thin as they are.
    """

    inner: Rect
    outer: Rect
    colour: Colour
    clip: Rect | None = None

    def moved(self, down: float) -> Frame:
        """Return the frame lower by ``down`` pixels."""
        x, y, width, height = self.inner
        left, top, wide, high = self.outer
        clip = self.clip and (self.clip[0], self.clip[1] + down, self.clip[2], self.clip[3])
        return Frame(
            (x, y + down, width, height), (left, top + down, wide, high), self.colour, clip
        )


Mark = Words | Area | Line | Frame


Moved = tuple[Mark, float]
"""A mark, and how much lower it stands than it says, in CSS pixels."""

MovedWords = tuple[Words, float]
"""The same of words."""


class Drawn(NamedTuple):
    """What the marks of a page come to.

    Attributes:
        content: The content stream.
        lowest: How far down the page anything is seen, in CSS pixels; 0 for a white page.
        words: What the content writes, in its order.
    """

    content: bytes
    lowest: float
    words: tuple[MovedWords, ...]


def _lower_end(mark: Area | Line | Frame) -> float:
    if isinstance(mark, Line):
        return max(mark.y, mark.to_y)
    if isinstance(mark, Area):
        return mark.y + mark.height
    return mark.outer[1] + mark.outer[3]


def used_glyphs(marks: Iterable[Mark]) -> dict[str, set[int]]:
    """Return the numbers of the glyphs of each face, by its PostScript name."""
    used: dict[str, set[int]] = {}
    for one in marks:
        if isinstance(one, Words):
            numbers = used.setdefault(one.face, set())
            for piece in _GLYPHS.findall(one.glyphs):
                numbers.update(int(piece[at : at + 4], 16) for at in range(0, len(piece), 4))
    return used


def write_marks(marks: Iterable[Mark], page_height: float) -> bytes:
    """Return the content stream of a page; see :func:`draw_marks`."""
    return draw_marks([(one, 0.0) for one in marks], page_height).content


def draw_marks(marks: Iterable[Moved], page_height: float) -> Drawn:
    """Return the content stream of a page, and how far down it goes.

    Areas come first, then lines from the thinnest to the widest (so WeasyPrint paints the rules of
    a table), then frames, then words in reading order.

    Args:
        marks: What is on the page, words in reading order.
        page_height: In CSS pixels.
    """
    areas: list[Area] = []
    lines: list[Line] = []
    frames: list[Frame] = []
    words: list[MovedWords] = []
    for one, down in marks:
        # a class is asked for faster than a type, and nothing is made of what is written at once
        if one.__class__ is Words:
            words.append((one, down))
        elif isinstance(one, Line):
            lines.append(one.moved(down))
        elif isinstance(one, Area):
            areas.append(one.moved(down))
        elif isinstance(one, Frame):
            frames.append(one.moved(down))
    scale = POINTS
    # two steps, as WeasyPrint takes them: in one, viewers round a few glyphs to another pixel
    out = [f"1 0 0 -1 0 {_number(page_height * scale)} cm", f"{scale} 0 0 {scale} 0 0 cm"]
    fill: Colour = (0.0, 0.0, 0.0)
    stroke: Colour = (0.0, 0.0, 0.0)
    for area in sorted(areas, key=lambda one: (one.y, one.x)):
        fill = _coloured(out, area.colour, fill, "rg", "g")
        out.append(f"{_rectangle((area.x, area.y, area.width, area.height))} f")
    width = ""
    for line in sorted(lines, key=lambda one: (one.width, one.colour, one.y, one.x, one.to_y)):
        stroke = _coloured(out, line.colour, stroke, "RG", "G")
        if (wanted := _number(line.width)) != width:
            out.append(f"{wanted} w")
            width = wanted
        x, y, to_x, to_y = (_number(v) for v in (line.x, line.y, line.to_x, line.to_y))
        out.append(f"{x} {y} m {to_x} {to_y} l S")
    for frame in sorted(
        frames, key=lambda one: (one.outer[1], one.outer[0], one.clip or one.outer)
    ):
        fill = _coloured(out, frame.colour, fill, "rg", "g")
        shape = f"{_rectangle(frame.inner)} {_rectangle(frame.outer)} f*"
        out.append(shape if frame.clip is None else f"q {_outline(frame.clip)} W* n {shape} Q")
    out.append("BT")
    seen: tuple[Area | Line | Frame, ...] = (*areas, *lines, *frames)
    down_to = max(map(_lower_end, seen), default=0.0)
    face = size = ""
    high = 0.0
    baseline, written = -1.0, _number(-1.0)
    for (left, base, own_face, own_size, colour, glyphs), down in words:
        if colour != fill:
            fill = _coloured(out, colour, fill, "rg", "g")
        if own_face != face or own_size != size:
            face, size = own_face, own_size
            high = _DESCENT * float(size)
            out.append(f"/{face} {size} Tf")
        here = base + down
        if here != baseline:  # the cells of a row, and all pieces of a line, stand on one
            baseline, written = here, _written(here)
        down_to = max(down_to, here + high)
        out.append(f"1 0 0 -1 {_number(left)} {written} Tm [{glyphs}] TJ")
    out.append("ET")
    return Drawn("\n".join(out).encode("ascii"), down_to, tuple(words))


def _coloured(out: list[str], colour: Colour, now: Colour, three: str, one: str) -> Colour:
    if colour != now:
        red, green, blue = colour
        if red == green == blue:
            out.append(f"{_number(red)} {one}")
        else:
            out.append(f"{_number(red)} {_number(green)} {_number(blue)} {three}")
    return colour


def _outline(rect: Rect) -> str:
    x, y, width, height = rect
    left, top, right, bottom = (_number(one) for one in (x, y, x + width, y + height))
    return f"{left} {top} m {right} {top} l {right} {bottom} l {left} {bottom} l"


def _rectangle(rect: Rect) -> str:
    return " ".join(_number(value) for value in rect) + " re"


def _written(value: float) -> str:
    places = 10**_DECIMALS
    whole = round(value * places + _NUDGE)
    text = f"{whole / places:.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


_number = lru_cache(maxsize=2**13)(_written)
"""Left edges, widths and heights come again and again; baselines do not."""

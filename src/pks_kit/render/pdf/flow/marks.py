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


def lowest(marks: Iterable[Mark]) -> float:
    """Return how far down a page anything is seen, in CSS pixels; 0 for a white page."""
    return max((_lower_end(one) for one in marks), default=0.0)


def _lower_end(mark: Mark) -> float:
    if isinstance(mark, Words):
        return mark.y + _DESCENT * float(mark.size)
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
    """Return the content stream of a page.

    Areas come first, then lines from the thinnest to the widest (so WeasyPrint paints the rules of
    a table), then frames, then words in reading order.

    Args:
        marks: What is on the page, words in reading order.
        page_height: In CSS pixels.
    """
    areas: list[Area] = []
    lines: list[Line] = []
    frames: list[Frame] = []
    words: list[Words] = []
    for one in marks:
        if isinstance(one, Words):
            words.append(one)
        elif isinstance(one, Line):
            lines.append(one)
        elif isinstance(one, Area):
            areas.append(one)
        else:
            frames.append(one)
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
    face = size = ""
    for one in words:
        fill = _coloured(out, one.colour, fill, "rg", "g")
        if (one.face, one.size) != (face, size):
            face, size = one.face, one.size
            out.append(f"/{face} {size} Tf")
        out.append(f"1 0 0 -1 {_number(one.x)} {_number(one.y)} Tm [{one.glyphs}] TJ")
    out.append("ET")
    return "\n".join(out).encode("ascii")


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


@lru_cache(maxsize=2**13)
def _number(value: float) -> str:
    places = 10**_DECIMALS
    whole = round(value * places + _NUDGE)
    text = f"{whole / places:.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text

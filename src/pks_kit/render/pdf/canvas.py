"""A small writer of PDF drawing operators, for furniture: text, lines, boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from pks_kit.domain.rect import Rect
from pks_kit.render.fonts import Face, metrics

Grey = float
"""0 is black, 1 is white."""


def number(value: float) -> str:
    """Return a number as PDF writes it, without needless digits."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def resource_name(face: Face) -> str:
    """Return the resource name of a face in furniture, for example ``/SourceSansPro-Bold``."""
    return f"/{face.postscript_name}"


def text_width(text: str, face: Face, size: float) -> float:
    """Return the width of ``text`` in points."""
    return metrics(face).width(text) / 1000 * size


class TextLine(NamedTuple):
    """One line as it was drawn: its glyphs as written, left end and baseline in points."""

    text: str
    glyphs: str
    x: float
    y: float
    face: Face
    size: float


class Canvas:
    """Collects operators for one page; coordinates are PDF points from the lower left.

    Attributes:
        operators: What was drawn so far.
        lines: The text among it.
    """

    def __init__(self) -> None:
        self.operators: list[str] = []
        self.lines: list[TextLine] = []

    def text(
        self, text: str, x: float, y: float, *, face: Face, size: float, grey: Grey = 0.0
    ) -> None:
        """Draw one line with its baseline starting at ``x``, ``y``."""
        glyphs = f"<{''.join(map(_written_glyphs(face).__getitem__, text))}>"
        self.lines.append(TextLine(text, glyphs, x, y, face, size))
        self.operators.append(
            f"BT {number(grey)} g {resource_name(face)} {number(size)} Tf "
            f"1 0 0 1 {number(x)} {number(y)} Tm {glyphs} Tj ET"
        )

    def frame(self, rect: Rect, *, width: float, grey: Grey) -> None:
        """Draw the outline of a rectangle."""
        left, bottom, right, top = rect
        self.operators.append(
            f"{number(grey)} G {number(width)} w {number(left)} {number(bottom)} "
            f"{number(right - left)} {number(top - bottom)} re S"
        )

    def line(self, x1: float, y: float, x2: float, *, width: float, grey: Grey) -> None:
        """Draw a horizontal line."""
        self.operators.append(
            f"{number(grey)} G {number(width)} w {number(x1)} {number(y)} m "
            f"{number(x2)} {number(y)} l S"
        )

    def fill(self, rects: Iterable[Rect], *, grey: Grey) -> None:
        """Fill rectangles given as left, bottom, width, height."""
        boxes = " ".join(" ".join(number(value) for value in rect) + " re" for rect in rects)
        self.operators.append(f"{number(grey)} g {boxes} f")

    def fill_grid(self, rectangles: str, *, x: float, y: float, cell: float) -> None:
        """Fill rectangles of whole cells; equal patterns are equal operators and pack well.

        Args:
            rectangles: Their operators, in cells.
            x: Left edge of the grid in points.
            y: Lower edge of the grid in points.
            cell: Side of a cell in points.
        """
        side = f"{cell:.5f}".rstrip("0")
        self.operators.append(
            f"q {side} 0 0 {side} {number(x)} {number(y)} cm 0 g\n{rectangles} f\nQ"
        )


@cache
def _written_glyphs(face: Face) -> Mapping[str, str]:
    """Return the glyph of each character of a face, as it is written."""
    return {chr(code): f"{glyph:04x}" for code, glyph in metrics(face).glyphs.items()}

"""A small writer of PDF drawing operators, for furniture: text, lines, boxes."""

from __future__ import annotations

from collections.abc import Iterable

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


class Canvas:
    """Collects operators for one page; coordinates are PDF points from the lower left.

    Attributes:
        used: Characters drawn per face, so that their glyphs are embedded.
    """

    def __init__(self) -> None:
        self._operators: list[str] = []
        self.used: dict[Face, set[str]] = {}

    def text(
        self, text: str, x: float, y: float, *, face: Face, size: float, grey: Grey = 0.0
    ) -> None:
        """Draw one line with its baseline starting at ``x``, ``y``."""
        glyphs = "".join(f"{glyph:04x}" for glyph in metrics(face).encode(text))
        self.used.setdefault(face, set()).update(text)
        self._operators.append(
            f"BT {number(grey)} g {resource_name(face)} {number(size)} Tf "
            f"1 0 0 1 {number(x)} {number(y)} Tm <{glyphs}> Tj ET"
        )

    def frame(self, rect: Rect, *, width: float, grey: Grey) -> None:
        """Draw the outline of a rectangle."""
        left, bottom, right, top = rect
        self._operators.append(
            f"{number(grey)} G {number(width)} w {number(left)} {number(bottom)} "
            f"{number(right - left)} {number(top - bottom)} re S"
        )

    def line(self, x1: float, y: float, x2: float, *, width: float, grey: Grey) -> None:
        """Draw a horizontal line."""
        self._operators.append(
            f"{number(grey)} G {number(width)} w {number(x1)} {number(y)} m "
            f"{number(x2)} {number(y)} l S"
        )

    def fill(self, rects: Iterable[Rect], *, grey: Grey) -> None:
        """Fill rectangles given as left, bottom, width, height."""
        boxes = " ".join(" ".join(number(value) for value in rect) + " re" for rect in rects)
        self._operators.append(f"{number(grey)} g {boxes} f")

    def fill_grid(
        self, rects: Iterable[tuple[int, int, int, int]], *, x: float, y: float, cell: float
    ) -> None:
        """Fill rectangles of whole cells; equal patterns are equal operators and pack well.

        Args:
            rects: Left, bottom, width, height in cells.
            x: Left edge of the grid in points.
            y: Lower edge of the grid in points.
            cell: Side of a cell in points.
        """
        side = f"{cell:.5f}".rstrip("0")
        boxes = " ".join(
            f"{left} {bottom} {width} {height} re" for left, bottom, width, height in rects
        )
        self._operators.append(f"q {side} 0 0 {side} {number(x)} {number(y)} cm 0 g\n{boxes} f\nQ")

    def content(self) -> bytes:
        """Return the operators, marked as page furniture for readers that read aloud."""
        body = "\n".join(self._operators)
        return f"/Artifact <</Type /Pagination>> BDC\nq\n{body}\nQ\nEMC\n".encode("ascii")

"""How high a row must be for its wrapped text, which not every program finds out by itself."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

_LINE_POINTS = 15.0
_MOST_LINES = 27
"""A row is at most 409 points high."""
_FILLED = 0.85
"""Part of a line that text fills: it ends at a word, and letters of some machines are wider."""


def row_height(cells: Iterable[tuple[str, float]]) -> float | None:
    """Return the height in points of a row that shows all its text; None for one line.

    Args:
        cells: The text of each cell, which may have several lines, and the width of its column in
            letters.
    """
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return None if lines < 2 else _LINE_POINTS * min(lines, _MOST_LINES)


def _lines(text: str, width: float) -> int:
    room = max(1.0, width * _FILLED)
    return sum(max(1, ceil(len(line) / room)) for line in text.split("\n"))

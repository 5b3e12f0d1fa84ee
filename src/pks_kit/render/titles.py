"""Titles in lines of about the same length, so that none ends with a single word."""

from __future__ import annotations

from typing import Literal

from pks_kit.render.fonts import SERIF_FACES, metrics

TitleKind = Literal["pasal", "lampiran", "blok"]

_SHAPES: dict[TitleKind, tuple[float, float]] = {
    "pasal": (10.8, 12.0),
    "lampiran": (12.0, 16.0),
    "blok": (12.0, 36.0),
}
"""Type size in points, and both side margins together in millimetres; style.css has the same."""

_MM_PER_POINT = 25.4 / 72
_CAUTION = 0.985
"""Share of the room that is used: kerning may make a line a little longer than its letters."""


def title_lines(title: str, kind: TitleKind, width: float) -> tuple[str, ...]:
    """Return the lines of a title.

    Args:
        title: The title in one line.
        kind: ``pasal`` and ``lampiran`` are their titles, ``blok`` a line of a centred head.
        width: Width of the content area in millimetres.
    """
    size, margins = _SHAPES[kind]
    return balanced(title, size, width - margins)


def balanced(title: str, size: float, room: float) -> tuple[str, ...]:
    """Return the lines of a bold serif title: as few as fit, the longest as short as possible.

    A word that is wider than the room stands alone; the layout engine breaks it.

    Args:
        title: The title in one line.
        size: Type size in points.
        room: Width of the lines in millimetres.
    """
    words = title.split(" ")
    face = metrics(SERIF_FACES[1])
    scale = size / 1000 * _MM_PER_POINT
    widths = [face.width(word) * scale for word in words]
    space = face.width(" ") * scale
    fewest = len(_lines(widths, space, room * _CAUTION))
    # Only sums of neighbouring words can be the width of the longest line.
    wishes = sorted(
        sum(widths[first:last]) + space * (last - first - 1)
        for first in range(len(words))
        for last in range(first + 1, len(words) + 1)
    )
    for wish in wishes:
        lines = _lines(widths, space, wish + 1e-6)
        if len(lines) == fewest:
            return tuple(" ".join(words[first:last]) for first, last in lines)
    return (title,)


def _lines(widths: list[float], space: float, room: float) -> list[tuple[int, int]]:
    """Return first and last word (exclusive) of every line when lines are filled greedily."""
    lines = []
    first, used = 0, 0.0
    for number, width in enumerate(widths):
        if number > first and used + space + width > room:
            lines.append((first, number))
            first, used = number, width
        else:
            used = width if number == first else used + space + width
    lines.append((first, len(widths)))
    return lines

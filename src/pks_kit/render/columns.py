"""Column widths of tables and forms, from the template's wish and the words in the cells.

WeasyPrint lays tables out with fixed columns, so that a long unbroken string wraps instead of
pushing the table off the page. Fixed columns must therefore be wide enough for ordinary words;
this module widens a column whose longest word would be broken and takes the room from the others.
"""

from __future__ import annotations

import math
from functools import lru_cache

from pks_kit.naskah.tree import Formulir, Tabel, plain_text
from pks_kit.render.fonts import SANS_FACES, SERIF_FACES, Face, metrics

TABLE_SIZES = {"biasa": 9.0, "formulir_kosong": 8.5, "rapat": 8.0}
"""Type size of table cells in points per style; style.css uses the same."""

FORM_SIZE = 10.5
CELL_PADDING = 3.4
"""Side padding and rule of a cell in millimetres, both sides together."""

_MM_PER_POINT = 25.4 / 72
_LONGEST_WHOLE_WORD = 22
"""A longer unbroken string may be broken; no Indonesian word of a contract is longer."""

_REGULAR, _BOLD = SANS_FACES[0], SANS_FACES[1]


def _text_width(text: str, face: Face, size: float) -> float:
    return metrics(face).width(text) / 1000 * size * _MM_PER_POINT


@lru_cache(maxsize=2**12)
def _cell_widths(text: str, face: Face, size: float) -> tuple[float, float]:
    """Return the widths of the longest word of a cell and of all its words; many are alike."""
    words = [word for word in text.split() if len(word) <= _LONGEST_WHOLE_WORD]
    longest = max((_text_width(word, face, size) for word in words), default=0.0)
    return longest, _text_width(text, face, size)


def table_widths(tabel: Tabel, available: float) -> tuple[float, ...]:
    """Return column widths in percent of the table width.

    Args:
        tabel: The table; ``lebar`` is a wish, or empty for widths by content.
        available: Table width in millimetres.
    """
    rows = (tabel.kepala, *tabel.baris)
    count = max((len(row) for row in rows), default=0)
    if not count:
        return ()
    size = TABLE_SIZES.get(tabel.gaya, 9.0)
    least = [0.0] * count
    wish = [1.0] * count
    for number, row in enumerate(rows):
        for column, sel in enumerate(row):
            bold = number == 0 or any(getattr(part, "tebal", False) for part in sel.isi)
            face = _BOLD if bold else _REGULAR
            longest, length = _cell_widths(plain_text(sel.isi), face, size)
            least[column] = max(least[column], longest + CELL_PADDING)
            wish[column] = max(wish[column], min(length, available))
    if len(tabel.lebar) == count:
        wish = [float(width) for width in tabel.lebar]
    else:
        # The square root keeps one long column from starving the short ones.
        wish = [math.sqrt(width) for width in wish]
    return tuple(width / available * 100 for width in _share(wish, least, available))


def _share(wish: list[float], least: list[float], available: float) -> list[float]:
    """Share the room by ``wish``, no column below ``least`` as far as that is possible."""
    if sum(least) >= available:
        return [available * width / sum(least) for width in least]
    fixed: set[int] = set()
    while True:
        room = available - sum(least[column] for column in fixed)
        total = sum(wish[column] for column in range(len(wish)) if column not in fixed)
        widths = [
            least[column] if column in fixed else room * wish[column] / total
            for column in range(len(wish))
        ]
        short = {
            column
            for column in range(len(wish))
            if column not in fixed and widths[column] < least[column] - 1e-9
        }
        if not short:
            return widths
        fixed |= short


def form_label_width(formulir: Formulir, available: float) -> float:
    """Return the width of the label column in percent, between 20 and 42."""
    longest = max(
        (
            _text_width(plain_text(baris.label), SERIF_FACES[0], FORM_SIZE)
            for baris in formulir.baris
        ),
        default=0.0,
    )
    return min(max((longest + 3) / available * 100, 20.0), 42.0)

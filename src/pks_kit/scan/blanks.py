"""Rows of dots that a page asks a hand to fill: the day on which a statement was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pks_kit.domain.rect import Rect
from pks_kit.scan.ink import Stroke
from pks_kit.scan.issued import MM, Glyph, HandPlace, rect_of
from pks_kit.scan.view import PER_MM, View

_DOTS = frozenset(".…_")
_FEWEST = 8
_ABOVE, _BELOW, _BEFORE, _AFTER = 8.0, 3.0, 3.0, 12.0
"""Millimetres around a row of dots in which a hand writes on it."""
_SWINGS = 3.0
"""Millimetres that a letter whose middle stands there may reach beyond."""


def blanks(words: Sequence[tuple[Glyph, ...]], places: Sequence[HandPlace]) -> Iterator[Rect]:
    """Yield where writing on rows of dots stands, on a page that somebody signs.

    Dots of forms that nobody signs here, as of reports that are only shown, ask for nothing.

    Args:
        words: Words of the issued page.
        places: Places of the page.
    """
    if not any(one.kind == "tanda_tangan" for one in places):
        return
    for word in words:
        dots = [one for one in word if one.letter in _DOTS]
        if len(dots) < _FEWEST:
            continue
        left, _, right, _ = rect_of(dots)
        base = dots[0].base
        yield (
            left - _BEFORE * MM,
            base - _BELOW * MM,
            right + _AFTER * MM,
            base + _ABOVE * MM,
        )


def fills(view: View, one: Stroke, blank: Rect) -> bool:
    """Return whether a stroke was written on a row of dots: what goes on beyond was not."""
    left, top, right, bottom = view.box(blank)
    x, y = one.middle
    if not (left <= x <= right and top <= y <= bottom):
        return False
    reach = _SWINGS * PER_MM
    return (
        one.box[0] >= left - reach
        and one.box[1] >= top - reach
        and one.box[2] <= right + reach
        and one.box[3] <= bottom + reach
    )

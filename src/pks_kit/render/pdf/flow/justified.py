"""Lines filled to both edges, and words written with the distances that Pango gives them."""

from __future__ import annotations

from collections.abc import Sequence

from pks_kit.render.pdf.flow.harfbuzz import UNITS
from pks_kit.render.pdf.flow.inline import (
    BLANKS,
    SetLine,
    SetPiece,
    SetSpan,
    SetText,
    Unset,
)


def justify(line: SetLine, room: float) -> None:
    """Spread the words of a line over ``room`` more pixels, if there are spaces."""
    count = sum(map(_spaces, line.pieces))
    if count:
        _spread(line.pieces, room / count, 0.0)


def _spaces(made: SetPiece) -> int:
    if isinstance(made, SetText):
        return sum(map(made.words.count, BLANKS))
    return sum(map(_spaces, made.inside))


def _spread(pieces: Sequence[SetPiece], spacing: float, along: float) -> float:
    for one in pieces:
        one.x += along
        if isinstance(one, SetText):
            if count := _spaces(one):
                one.spacing = spacing
                along += spacing * count
                one.width += spacing * count
        else:
            before, along = along, _spread(one.inside, spacing, along)
            one.width += along - before
    return along


def moved_right(pieces: Sequence[SetPiece], by: float) -> None:
    """Move the pieces of a line."""
    for one in pieces:
        one.x += by
        if isinstance(one, SetSpan):
            moved_right(one.inside, by)


def glyphs_of(made: SetText) -> str:
    """Return words as the operand of ``TJ``, as WeasyPrint's marks have it.

    Raises:
        Unset: For two spaces side by side, or one at the end, in a justified line.
    """
    shaped, begin, end = made.shaped, made.begin, made.end
    if not made.spacing:
        if end - begin == len(shaped.words):
            return shaped.whole
        return f"<{shaped.last(begin, end)}"
    words = shaped.words
    units = int(made.spacing * UNITS)
    before, behind = halves(units)
    space = {letter: shaped.letters.space(letter, before, behind) for letter in BLANKS}
    parts: list[str] = []
    word = begin
    for at in range(begin, end):
        letter = words[at]
        if letter not in BLANKS:
            continue
        if at == end - 1 or words[at + 1] in BLANKS:
            raise Unset("spaces")
        parts.append(shaped.middle(word, at))
        if at == begin:
            # Pango leaves out the half that looks outwards, so WeasyPrint asks for twice as much.
            parts.append(shaped.letters.space(letter, 0, halves(2 * units)[1]))
        else:
            parts.append(space[letter])
        word = at + 1
    return f"<{''.join(parts)}{shaped.last(word, end)}"


def halves(units: int) -> tuple[int, int]:
    """Return how Pango shares the room added to a space between its sides."""
    before = units // 2
    if units % UNITS == 0:
        before = (before + UNITS // 2) // UNITS * UNITS
    return before, units - before

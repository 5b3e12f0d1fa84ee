"""Lines filled to both edges, and words written with the distances that Pango gives them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from pks_kit.render.pdf.flow.harfbuzz import UNITS, Letters
from pks_kit.render.pdf.flow.inline import (
    BLANKS,
    SetLine,
    SetPiece,
    SetSpan,
    SetText,
    Unset,
    letters_of,
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
        Unset: As :func:`letters_of`, and for two spaces side by side in a justified line.
    """
    face, words = letters_of(made.type), made.words
    if not made.spacing:
        return _operand(words, face)
    units = int(made.spacing * UNITS)
    before, behind = halves(units)
    parts: list[str] = []
    final = len(words) - 1
    word = 0
    for at, letter in enumerate(words):
        if letter not in BLANKS:
            continue
        if words[at - 1 : at] in BLANKS and at:
            raise Unset("spaces")
        parts += (_middle(words[word:at], face), "")
        if at == 0 or at == final:
            # Pango leaves out the half that looks outwards, so WeasyPrint asks for twice as much.
            outer, inner = halves(2 * units)
            room = (0, inner) if at == 0 else (outer, 0)
        else:
            room = before, behind
        parts[-1] = face.space(letter, *room)
        word = at + 1
    tail = words[word:]
    if not tail:
        raise Unset("space")
    return f"<{''.join(parts)}{_written(tail, face)}"


def halves(units: int) -> tuple[int, int]:
    """Return how Pango shares the room added to a space between its sides."""
    before = units // 2
    if units % UNITS == 0:
        before = (before + UNITS // 2) // UNITS * UNITS
    return before, units - before


@lru_cache(maxsize=16384)
def _operand(words: str, face: Letters) -> str:
    return f"<{_written(words, face)}"


@lru_cache(maxsize=16384)
def _written(words: str, face: Letters) -> str:
    return (
        "".join([face.known(one + other)[2] for one, other in pairwise(words)])
        + (face.known(words[-1])[3])
    )


@lru_cache(maxsize=16384)
def _middle(words: str, face: Letters) -> str:
    if not words:
        return ""
    return (
        "".join([face.known(one + other)[2] for one, other in pairwise(words)])
        + (face.known(words[-1])[2])
    )

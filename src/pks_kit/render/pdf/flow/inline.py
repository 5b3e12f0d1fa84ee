"""Words and inline elements: before they are cut into lines, and on a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from pks_kit.render.fonts import face_named
from pks_kit.render.pdf.flow.breaks import KNOWN
from pks_kit.render.pdf.flow.harfbuzz import UNITS, Features, Letters, letters, library
from pks_kit.render.pdf.flow.marks import Colour

NO_BREAK: Final = "\u00a0"
BLANKS: Final = f" {NO_BREAK}"


class Unset(Exception):
    """Words that only the layout engine may set."""


@dataclass(frozen=True, slots=True)
class Type:
    """How the words of one inline element are printed; lengths are CSS pixels.

    Attributes:
        face: PostScript name.
        units: Type size in parts (``UNITS``) of a pixel.
        features: OpenType features.
        colour: Red, green, blue.
        above: From the upper end of a line that holds nothing else to the baseline.
        below: From there to its lower end.
        box_above: The same for the box of the element.
        box_below: The same.
        padding: Space inside the element behind its words.
        margin: Space behind that; negative for labels.
        underline: How far below the baseline a line is drawn, and how wide; nothing for none.
    """

    face: str
    units: int
    features: Features
    colour: Colour
    above: float
    below: float
    box_above: float
    box_below: float
    padding: float = 0.0
    margin: float = 0.0
    underline: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Words between two tags."""

    words: str
    type: Type


@dataclass(frozen=True, slots=True)
class Span:
    """An inline element.

    Attributes:
        type: How its words are printed.
        inside: What is in it.
        anchor: Name that can be jumped to, or nothing.
        link: Target of a jump, or nothing.
    """

    type: Type
    inside: tuple[Text | Span, ...]
    anchor: str = ""
    link: str = ""


Piece = Text | Span


@dataclass(slots=True)
class SetText:
    """Words on one line."""

    x: float
    width: float
    words: str
    type: Type
    spacing: float = 0.0


@dataclass(slots=True)
class SetSpan:
    """An inline element, or what of it stands on one line."""

    x: float
    width: float
    span: Span
    inside: list[SetText | SetSpan]
    padding: float
    margin: float


SetPiece = SetText | SetSpan


@dataclass(slots=True)
class SetLine:
    """A line; lengths are CSS pixels.

    Attributes:
        pieces: What is on it, from left to right, without justification.
        width: Its own width.
        last: Whether it ends its paragraph or stands before a forced break.
    """

    pieces: list[SetPiece]
    width: float
    last: bool


@lru_cache(maxsize=256)
def letters_of(kind: Type) -> Letters:
    """Return the face and size of a type.

    Raises:
        Unset: When the face is not one of ours, or HarfBuzz is not found.
    """
    face = face_named(kind.face)
    if face is None or library() is None:
        raise Unset(kind.face)
    return letters(face, kind.units, kind.features)


@lru_cache(maxsize=16384)
def ends_of(words: str, face: Letters) -> tuple[int, ...]:
    """Return how far words reach after each letter, in units.

    Raises:
        Unset: For letters that are not known or missing in the face.
    """
    if not KNOWN.issuperset(words):
        raise Unset("letter")
    known = [face.known(one + other) for one, other in pairwise(words)]
    known.append(face.known(words[-1]))
    if not all(one[0] for one in known):
        raise Unset("glyph")
    return tuple(accumulate(one[1] for one in known))


def width_of(words: str, kind: Type) -> float:
    """Return the width of words that stand alone in a line, in CSS pixels.

    Raises:
        Unset: As :func:`letters_of`, and for letters that are not known or missing in the face.
    """
    return ends_of(words, letters_of(kind))[-1] / UNITS


def right_of(made: SetPiece) -> float:
    """Return where a piece ends."""
    if isinstance(made, SetText):
        return made.x + made.width
    return made.x + made.width + made.padding + made.margin

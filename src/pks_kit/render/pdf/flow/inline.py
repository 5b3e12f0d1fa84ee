"""Words and inline elements: before they are cut into lines, and on a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from pks_kit.render.fonts import face_named
from pks_kit.render.pdf.flow.breaks import KNOWN, break_places
from pks_kit.render.pdf.flow.harfbuzz import UNITS, Features, Letters, letters, library
from pks_kit.render.pdf.flow.marks import Colour

NO_BREAK: Final = "\u00a0"
BLANKS: Final = f" {NO_BREAK}"

_SHORT: Final = 48
"""Letters of words that are likely to come again: names, titles, what stands in cells."""


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
        margin: Space behind that; of a label, for each step of its width.
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


class Shaped:
    """Words as glyphs of one face and size.

    Attributes:
        words: The words.
        letters: The face and size.
        whole: All of them as the operand of ``TJ``.
        glyphs: Their glyphs.
    """

    __slots__ = ("_middles", "_places", "_starts", "glyphs", "letters", "whole", "words")

    def __init__(self, words: str, face: Letters) -> None:
        """Shape words.

        Raises:
            Unset: For letters that are not known or missing in the face.
        """
        if not KNOWN.issuperset(words):
            raise Unset("letter")
        self.words = words
        self.letters = face
        self._places: tuple[int, ...] | None = None
        pairs = [one + other for one, other in pairwise(words)]
        known = [*map(face.known, pairs), face.known(words[-1])]
        numbers = [one[0] for one in known]
        if 0 in numbers:
            raise Unset("glyph")
        self._starts = [0, *accumulate([one[1] for one in known])]
        self._middles = [one[2] for one in known]
        self.whole = f"<{self.last(0, len(words))}"
        self.glyphs = frozenset(numbers)

    @property
    def places(self) -> tuple[int, ...]:
        """Return where a line may end in the words."""
        if self._places is None:
            self._places = break_places(self.words)
        return self._places

    def width(self, begin: int, end: int) -> float:
        """Return the width of some letters that stand alone, in CSS pixels."""
        last = end - 1
        alone = self.letters.known(self.words[last])[1]
        return (self._starts[last] - self._starts[begin] + alone) / UNITS

    def joined_width(self, begin: int, end: int) -> float:
        """Return the width of some letters with the kerning towards the next one."""
        if end == len(self.words):
            return self.width(begin, end)
        return (self._starts[end] - self._starts[begin]) / UNITS

    def places_behind(self, begin: int) -> list[int]:
        """Return where a line may end that begins with a letter."""
        if begin and self.words[begin - 1] != " ":
            return [begin + place for place in break_places(self.words[begin:])]
        return [place for place in self.places if place > begin]

    def middle(self, begin: int, end: int) -> str:
        """Return a word as it is written before something else."""
        if begin == end:
            return ""
        last = end - 1
        return "".join(self._middles[begin:last]) + self.letters.known(self.words[last])[2]

    def last(self, begin: int, end: int) -> str:
        """Return a word as it is written at the end."""
        last = end - 1
        return "".join(self._middles[begin:last]) + self.letters.known(self.words[last])[3]


@lru_cache(maxsize=256)
def _letters_of(face: str, units: int, features: Features) -> Letters:
    found = face_named(face)
    if found is None or library() is None:
        raise Unset(face)
    return letters(found, units, features)


@lru_cache(maxsize=2048)
def _shaped(words: str, face: Letters) -> Shaped:
    return Shaped(words, face)


def shaped(words: str, kind: Type) -> Shaped:
    """Return words as glyphs.

    Raises:
        Unset: When the face is not one of ours or HarfBuzz is not found, and as :class:`Shaped`.
    """
    face = _letters_of(kind.face, kind.units, kind.features)
    return _shaped(words, face) if len(words) <= _SHORT else Shaped(words, face)


@dataclass(frozen=True, slots=True)
class Text:
    """Words between two tags."""

    words: str
    type: Type

    @property
    def shaped(self) -> Shaped:
        """Return the words as glyphs; raises as :func:`shaped`."""
        return shaped(self.words, self.type)


@dataclass(frozen=True, slots=True)
class Span:
    """An inline element.

    Attributes:
        type: How its words are printed.
        margin: Space behind it.
        inside: What is in it.
        anchor: Name that can be jumped to, or nothing.
        link: Target of a jump, or nothing.
    """

    type: Type
    margin: float
    inside: tuple[Text | Span, ...]
    anchor: str = ""
    link: str = ""


Piece = Text | Span


@dataclass(slots=True)
class SetText:
    """Some letters of a text, on one line.

    Attributes:
        x: Left end.
        width: Width, with what was added to spaces.
        shaped: The whole text.
        begin: Its first letter on the line.
        end: The letter behind its last.
        type: How it is printed.
        spacing: What was added to each space.
    """

    x: float
    width: float
    shaped: Shaped
    begin: int
    end: int
    type: Type
    spacing: float = 0.0

    @property
    def words(self) -> str:
        """Return the letters."""
        return self.shaped.words[self.begin : self.end]


@dataclass(slots=True)
class SetSpan:
    """An inline element, or what of it stands on one line.

    Attributes:
        x: Left end.
        width: Width of what is in it.
        span: The element.
        inside: What is in it.
        padding: Space behind that, inside the element.
        margin: Space behind the element.
    """

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


def right_of(made: SetPiece) -> float:
    """Return where a piece ends."""
    if isinstance(made, SetText):
        return made.x + made.width
    return made.x + made.width + made.padding + made.margin

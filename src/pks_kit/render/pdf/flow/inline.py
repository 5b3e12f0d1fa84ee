"""Words and their emphasis, cut into lines exactly where WeasyPrint and Pango cut them.

Pango takes as many words as fit, one piece of equal words after the other, and counts in whole
units. WeasyPrint joins the pieces: where one does not fit at all, the line ends at the last place
in front of it. Whatever comes nearer to the edge than ``NEAR``, or would be cut inside a word, is
refused: two roads to a sum of lengths differ far less, so nothing hangs on rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from pks_kit.render.fonts import ALLOWED_FONTS, FACES
from pks_kit.render.pdf.flow.breaks import KNOWN, break_places
from pks_kit.render.pdf.flow.harfbuzz import UNITS, Features, Letters, letters
from pks_kit.render.pdf.flow.marks import Colour

NEAR: Final = 0.05
"""Lines that end so few CSS pixels before or behind the edge are left to WeasyPrint."""

NO_BREAK: Final = "\u00a0"
_BLANKS: Final = f" {NO_BREAK}"


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

Resume = tuple[int, "Resume | None"]
"""Where the next line begins: number of a piece, or of a letter in words, and the same inside."""


@lru_cache(maxsize=256)
def _letters(face: str, units: int, features: Features) -> Letters:
    return letters(next(one for one in FACES if one.postscript_name == face), units, features)


def letters_of(kind: Type) -> Letters:
    """Return the face and size of a type.

    Raises:
        Unset: When the face is not one of ours.
    """
    if kind.face not in ALLOWED_FONTS:
        raise Unset(kind.face)
    return _letters(kind.face, kind.units, kind.features)


@lru_cache(maxsize=16384)
def _ends(words: str, face: Letters) -> tuple[int, ...]:
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
    return _ends(words, letters_of(kind))[-1] / UNITS


@dataclass(slots=True)
class _Cut:
    """What of a piece stands on a line.

    Attributes:
        made: The piece, or nothing when only its first space does.
        resume: Where the next line goes on, or nothing.
        forced: Whether the line ends whether it is full or not.
        first: First letter of the whole piece.
        last: Last letter that was taken.
    """

    made: SetPiece | None
    resume: Resume | None
    forced: bool
    first: str
    last: str


def _cut(piece: Piece, x: float, edge: float, resume: Resume | None, *, begins: bool) -> _Cut:
    if isinstance(piece, Text):
        return _cut_text(piece, x, edge, 0 if resume is None else resume[0], begins=begins)
    inside, end, forced, first, last = _cut_all(
        piece.inside, x, edge, resume, begins=begins, behind=piece.type.padding + piece.type.margin
    )
    whole = end is None
    width = _right(inside[-1]) - x if inside else 0.0
    made = SetSpan(
        x,
        width,
        piece,
        inside,
        piece.type.padding if whole else 0.0,
        piece.type.margin if whole else 0.0,
    )
    return _Cut(made, end, forced, first, last)


def _right(made: SetPiece) -> float:
    if isinstance(made, SetText):
        return made.x + made.width
    return made.x + made.width + made.padding + made.margin


def _cut_text(piece: Text, x: float, edge: float, skip: int, *, begins: bool) -> _Cut:
    whole = piece.words
    if whole == "\n":
        return _Cut(None, (1, None), forced=True, first="", last="")
    words = whole[skip:]
    ends = _ends(words, letters_of(piece.type))
    room = max(0.0, edge - x)
    width = ends[-1] / UNITS
    if abs(width - room) < NEAR:
        raise Unset("edge")
    if width <= room:
        return _Cut(SetText(x, width, words, piece.type), None, forced=False, first=whole[0],
                    last=whole[-1])  # fmt: skip
    at = 0
    for place in break_places(words):
        end = place - 1 if words[place - 1] == " " else place
        reach = _ends(words[:end], letters_of(piece.type))[-1] / UNITS if end else 0.0
        if abs(reach - room) < NEAR:
            raise Unset("edge")
        if reach > room:
            if not at:
                # not even the first word fits
                at = place
            break
        at = place
    kept = words[:at].rstrip(" ") if at else words
    if begins and (not at or _wide(kept, piece.type, room)):
        raise Unset("long word")
    made = SetText(x, width_of(kept, piece.type), kept, piece.type) if kept else None
    if not at:
        return _Cut(made, None, forced=False, first=whole[0], last=whole[-1])
    at += skip
    return _Cut(made, (at, None), forced=False, first=whole[0], last=whole[at - 1])


def _wide(kept: str, kind: Type, room: float) -> bool:
    return bool(kept) and width_of(kept, kind) > room


def _cut_all(
    pieces: Sequence[Piece],
    x: float,
    edge: float,
    resume: Resume | None,
    *,
    begins: bool,
    behind: float = 0.0,
    is_line: bool = False,
) -> tuple[list[SetPiece], Resume | None, bool, str, str]:
    """Set as many pieces as fit between ``x`` and ``edge``.

    Returns:
        What was set; where the next line goes on; whether the line ends there in any case; first
        and last letter.

    Raises:
        Unset: For what must not be set here.
    """
    skip, inner = resume or (0, None)
    start = inner
    done: list[tuple[int, SetPiece]] = []
    waiting: list[tuple[int, SetPiece]] = []
    first = last = ""
    forced = False
    end: Resume | None = None
    for index in range(skip, len(pieces)):
        cut = _cut(pieces[index], x, edge, inner, begins=begins)
        if behind and index == len(pieces) - 1 and cut.resume is None:
            cut = _cut(pieces[index], x, edge - behind, inner, begins=begins)
        inner = None
        forced = forced or cut.forced
        if last and cut.first and break_places(last + cut.first):
            done += waiting
            waiting = []
        first = first or cut.first
        last = cut.last
        if cut.made is not None:
            begins = begins and not is_line
            right = _right(cut.made)
            if abs(right - edge) < NEAR:
                raise Unset("edge")
            if right > edge:
                resumed = _earlier(pieces, done, waiting, (skip, start))
                if resumed is None:
                    raise Unset("overflow")
                end = resumed
                break
            x = right
            waiting.append((index, cut.made))
        if cut.resume is not None:
            done += waiting
            end = (index, cut.resume)
            break
    else:
        done += waiting
    return [one for _, one in done], end, forced, first, last


def _earlier(
    pieces: Sequence[Piece],
    done: list[tuple[int, SetPiece]],
    waiting: list[tuple[int, SetPiece]],
    start: Resume,
) -> Resume | None:
    """Find the last place to end a line before a piece that does not fit; None for no place.

    Adds to ``done`` what stands before that place.
    """
    while waiting:
        index, made = waiting.pop()
        if not _can_end_in(made):
            continue
        inner = start[1] if index == start[0] else None
        cut = _cut(pieces[index], made.x, _right(made) - 1, inner, begins=False)
        if cut.resume is None:
            raise Unset("overflow")
        done += waiting
        if cut.made is not None:
            done.append((index, cut.made))
        return index, cut.resume
    return (done[-1][0] + 1, None) if done else None


def _can_end_in(made: SetPiece) -> bool:
    if isinstance(made, SetText):
        return bool(break_places(made.words))
    return any(_can_end_in(one) for one in made.inside)


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


def cut_lines(pieces: Sequence[Piece], left: float, width: float, indent: float) -> list[SetLine]:
    """Cut words into lines.

    Args:
        pieces: The words.
        left: Left edge of the lines.
        width: Their width.
        indent: How far the first line begins to the right.

    Raises:
        Unset: For what must not be set here.
    """
    lines: list[SetLine] = []
    resume: Resume | None = None
    while True:
        started = _skip_blank(pieces, resume)
        if started is None:
            return lines
        x = left + indent
        made, resume, forced, _, _ = _cut_all(
            pieces, x, left + width, started, begins=True, is_line=True
        )
        if not made:
            raise Unset("empty line")
        lines.append(SetLine(made, _right(made[-1]) - left, resume is None or forced))
        if resume is None:
            return lines
        indent = 0.0


def _skip_blank(pieces: Sequence[Piece], resume: Resume | None) -> Resume | None:
    """Return where a line begins behind spaces; None when nothing is left."""
    index, inner = resume or (0, None)
    while index < len(pieces):
        piece = pieces[index]
        if isinstance(piece, Text):
            at = inner[0] if inner else 0
            while at < len(piece.words) and piece.words[at] == " ":
                at += 1
            if at < len(piece.words):
                return index, (at, None) if at else None
        else:
            started = _skip_blank(piece.inside, inner)
            if started is not None:
                return index, None if started == (0, None) else started
        index, inner = index + 1, None
    return None


def justify(line: SetLine, room: float) -> None:
    """Spread the words of a line over ``room`` more pixels, if there are spaces."""
    count = sum(map(_spaces, line.pieces))
    if count:
        _spread(line.pieces, room / count, 0.0)


def _spaces(made: SetPiece) -> int:
    if isinstance(made, SetText):
        return sum(map(made.words.count, _BLANKS))
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
        if letter not in _BLANKS:
            continue
        if words[at - 1 : at] in {" ", NO_BREAK} and at:
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
    return "".join([face.known(one + other)[2] for one, other in pairwise(words)]) + (
        face.known(words[-1])[3]
    )


@lru_cache(maxsize=16384)
def _middle(words: str, face: Letters) -> str:
    if not words:
        return ""
    return "".join([face.known(one + other)[2] for one, other in pairwise(words)]) + (
        face.known(words[-1])[2]
    )

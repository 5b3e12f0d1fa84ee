"""Words and their emphasis, cut into lines exactly where WeasyPrint and Pango cut them.

Pango takes as many words as fit, one piece of equal words after the other, and counts in whole
units. WeasyPrint joins the pieces: where one does not fit at all, the line ends at the last place
in front of it. What would be cut inside a word is refused. So is whatever comes nearer to the edge
than ``NEAR``, until the layout engine was seen to decide the same about the same words in the same
room, or says the same when it is asked for that line: two roads to a sum of lengths differ far
less, so nothing hangs on rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from pks_kit.render.pdf.flow.breaks import break_places
from pks_kit.render.pdf.flow.inline import (
    Piece,
    SetLine,
    SetPiece,
    SetSpan,
    SetText,
    Text,
    Type,
    Unset,
    right_of,
)

NEAR: Final = 0.05
"""Lines that end so few CSS pixels before or behind the edge are left to WeasyPrint."""

_ROOM: Final = 1e-6
"""Two roads to a sum of lengths may differ by so many CSS pixels."""

_SAME_ROOM: Final = 4
"""Decimals in which a room is the same room."""

Resume = tuple[int, "Resume | None"]
"""Where the next line begins: number of a piece, or of a letter in words, and the same inside."""

Decision = tuple[str, str, int, float]
"""Words, face, type size and room of a line that ended near the edge."""


def _nobody(_words: str, _kind: Type, _room: float) -> int | None:
    return None


@dataclass(slots=True)
class Edges:
    """Decisions near an edge.

    Attributes:
        seen: Those that the layout engine was seen to take alike.
        trying: Take every decision, to see whether the layout engine takes the same.
        ask: Asks the layout engine for the letters of one line (:mod:`.engine_lines`).
        taken: Those that were taken.
    """

    seen: Set[Decision] = frozenset()
    trying: bool = False
    ask: Callable[[str, Type, float], int | None] = _nobody
    taken: set[Decision] = field(default_factory=set)

    def decide(self, text: Text, words: str, reach: float, room: float, behind: str = "") -> None:
        """Decide whether words that reach so far fit a room.

        Args:
            text: The whole of them.
            words: Those that reach so far.
            reach: Their width in CSS pixels.
            room: What they must fit.
            behind: What follows them on the line when there is room.

        Raises:
            Unset: When that is too near, and the layout engine does not say the same.
        """
        if abs(reach - room) >= NEAR:
            return
        decision = words, text.type.face, text.type.units, round(room, _SAME_ROOM)
        if self.trying or decision in self.seen:
            self.taken.add(decision)
            return
        # a single word is never cut here, so its line tells nothing; nor does one before its words
        if not words or words[0] == " " or " " not in words:
            raise Unset("edge")
        taken = self.ask(words + behind, text.type, room)
        if taken is None or (taken >= len(words)) != (reach <= room):
            raise Unset("edge")
        self.taken.add(decision)


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


@dataclass(slots=True)
class _Taken:
    """What stands on a line, or in an element on it: as in ``_Cut``."""

    pieces: list[SetPiece]
    resume: Resume | None
    forced: bool
    first: str
    last: str


@dataclass(slots=True)
class _Waiting:
    """Pieces of a line with their numbers.

    Attributes:
        done: Those behind which the line may end.
        open: Those after them.
    """

    done: list[tuple[int, SetPiece]] = field(default_factory=list)
    open: list[tuple[int, SetPiece]] = field(default_factory=list)

    def close(self) -> None:
        """Let the line end behind the open ones."""
        self.done += self.open
        self.open = []


def cut_lines(
    pieces: Sequence[Piece], left: float, width: float, indent: float, edges: Edges
) -> list[SetLine]:
    """Cut words into lines.

    Args:
        pieces: The words.
        left: Left edge of the lines.
        width: Their width.
        indent: How far the first line begins to the right.
        edges: Decisions near the right edge.

    Raises:
        Unset: For what must not be set here.
    """
    lines: list[SetLine] = []
    resume: Resume | None = None
    while True:
        started = _skip_blank(pieces, resume)
        if started is None:
            return lines
        taken = _cut_all(pieces, left + indent, left + width, started, edges, begins=True)
        if not taken.pieces:
            raise Unset("empty line")
        resume = taken.resume
        is_last = resume is None or taken.forced
        lines.append(SetLine(taken.pieces, right_of(taken.pieces[-1]) - left, is_last))
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


def _cut(
    piece: Piece, x: float, edge: float, resume: Resume | None, edges: Edges, *, begins: bool
) -> _Cut:
    if isinstance(piece, Text):
        begin = 0 if resume is None else resume[0]
        return _cut_text(piece, x, max(0.0, edge - x), begin, edges, begins=begins)
    behind = piece.type.padding + piece.margin
    taken = _cut_all(
        piece.inside, x, edge, resume, edges, begins=begins, behind=behind, within=True
    )
    is_whole = taken.resume is None
    made = SetSpan(
        x,
        right_of(taken.pieces[-1]) - x if taken.pieces else 0.0,
        piece,
        taken.pieces,
        piece.type.padding if is_whole else 0.0,
        piece.margin if is_whole else 0.0,
    )
    return _Cut(made, taken.resume, taken.forced, taken.first, taken.last)


def _cut_text(text: Text, x: float, room: float, begin: int, edges: Edges, *, begins: bool) -> _Cut:
    words = text.words
    if words == "\n":
        return _Cut(None, (1, None), forced=True, first="", last="")
    shaped, count = text.shaped, len(words)
    width = shaped.width(begin, count)
    edges.decide(text, words[begin:], width, room)
    if width <= room:
        made = SetText(x, width, shaped, begin, count, text.type)
        return _Cut(made, None, forced=False, first=words[0], last=words[-1])
    at = end = count
    fits = False
    for place in shaped.places_behind(begin):
        stop = place - 1 if words[place - 1] == " " else place
        reach = shaped.width(begin, stop) if stop > begin else 0.0
        edges.decide(text, words[begin:stop], reach, room, words[stop:])
        if fits and reach > room:
            break
        at, end, width = place, stop, reach
        if reach > room:
            break  # not even the first word fits
        fits = True
    if begins and not fits:
        at = end = _inside_word(text, begin, room, edges)
        width = shaped.width(begin, end)
    resume = (at, None) if at < count else None
    kept = SetText(x, width, shaped, begin, end, text.type) if end > begin else None
    return _Cut(kept, resume, forced=False, first=words[0], last=words[at - 1])


def _inside_word(text: Text, begin: int, room: float, edges: Edges) -> int:
    """Return the letter before which a word ends that is longer than a line."""
    shaped, words = text.shaped, text.words
    for end in range(begin + 1, len(words) + 1):
        reach = shaped.width(begin, end)
        edges.decide(text, words[begin:end], reach, room)
        edges.decide(text, words[begin : end + 1], shaped.joined_width(begin, end), room)
        if reach > room:
            if end == begin + 1:
                raise Unset("narrow")
            return end - 1
    raise Unset("long word")


def _cut_all(
    pieces: Sequence[Piece],
    x: float,
    edge: float,
    resume: Resume | None,
    edges: Edges,
    *,
    begins: bool,
    behind: float = 0.0,
    within: bool = False,
) -> _Taken:
    """Set as many pieces as fit between ``x`` and ``edge``.

    Args:
        pieces: The pieces.
        x: Where the first begins.
        edge: Where the last must end.
        resume: Where to begin.
        edges: Decisions near the edge.
        begins: Whether nothing stands before them on the line.
        behind: Space that the last one leaves free.
        within: Whether they stand in an element.

    Raises:
        Unset: For what must not be set here.
    """
    skip, inner = resume or (0, None)
    start = inner
    line = _Waiting()
    first = last = ""
    forced = False
    end: Resume | None = None
    for index in range(skip, len(pieces)):
        cut = _cut(pieces[index], x, edge, inner, edges, begins=begins)
        if behind and index == len(pieces) - 1 and cut.resume is None:
            cut = _cut(pieces[index], x, edge - behind, inner, edges, begins=begins)
        inner = None
        forced = forced or cut.forced
        if last and cut.first and break_places(last + cut.first):
            line.close()
        first = first or cut.first
        last = cut.last
        if cut.made is not None:
            begins = begins and within
            right = right_of(cut.made)
            if right > edge + _ROOM:
                end = _earlier(pieces, line, (skip, start), edges)
                if end is not None:
                    break
                if not within:
                    raise Unset("overflow")
                # an element is too wide as a whole: the line ends in front of it, or of its piece
            x = right
            line.open.append((index, cut.made))
        if cut.resume is not None:
            line.close()
            end = (index, cut.resume)
            break
    else:
        line.close()
    return _Taken([one for _, one in line.done], end, forced, first, last)


def _earlier(pieces: Sequence[Piece], line: _Waiting, start: Resume, edges: Edges) -> Resume | None:
    """Return the last place to end a line before a piece that does not fit; None for no place.

    What stands before that place is done.

    Raises:
        Unset: When nobody can say.
    """
    while line.open:
        index, made = line.open.pop()
        if not _can_end_in(made):
            continue
        inner = start[1] if index == start[0] else None
        cut = _cut(pieces[index], made.x, right_of(made) - 1, inner, edges, begins=False)
        if cut.resume is None:
            raise Unset("overflow")
        line.close()
        if cut.made is not None:
            line.done.append((index, cut.made))
        return index, cut.resume
    return (line.done[-1][0] + 1, None) if line.done else None


def _can_end_in(made: SetPiece) -> bool:
    if isinstance(made, SetText):
        return any(made.begin < place < made.end for place in made.shaped.places)
    return any(_can_end_in(one) for one in made.inside)

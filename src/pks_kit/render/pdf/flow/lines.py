"""Words and their emphasis, cut into lines exactly where WeasyPrint and Pango cut them.

Pango takes as many words as fit, one piece of equal words after the other, and counts in whole
units. WeasyPrint joins the pieces: where one does not fit at all, the line ends at the last place
in front of it. Whatever comes nearer to the edge than ``NEAR``, or would be cut inside a word, is
refused: two roads to a sum of lengths differ far less, so nothing hangs on rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pks_kit.render.pdf.flow.breaks import break_places
from pks_kit.render.pdf.flow.harfbuzz import UNITS
from pks_kit.render.pdf.flow.inline import (
    Piece,
    SetLine,
    SetPiece,
    SetSpan,
    SetText,
    Text,
    Type,
    Unset,
    ends_of,
    letters_of,
    right_of,
    width_of,
)

NEAR: Final = 0.05
"""Lines that end so few CSS pixels before or behind the edge are left to WeasyPrint."""

Resume = tuple[int, "Resume | None"]
"""Where the next line begins: number of a piece, or of a letter in words, and the same inside."""


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
    width = right_of(inside[-1]) - x if inside else 0.0
    made = SetSpan(
        x,
        width,
        piece,
        inside,
        piece.type.padding if whole else 0.0,
        piece.type.margin if whole else 0.0,
    )
    return _Cut(made, end, forced, first, last)


def _cut_text(piece: Text, x: float, edge: float, skip: int, *, begins: bool) -> _Cut:
    whole = piece.words
    if whole == "\n":
        return _Cut(None, (1, None), forced=True, first="", last="")
    words = whole[skip:]
    ends = ends_of(words, letters_of(piece.type))
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
        reach = ends_of(words[:end], letters_of(piece.type))[-1] / UNITS if end else 0.0
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
            right = right_of(cut.made)
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
        cut = _cut(pieces[index], made.x, right_of(made) - 1, inner, begins=False)
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
        lines.append(SetLine(made, right_of(made[-1]) - left, resume is None or forced))
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

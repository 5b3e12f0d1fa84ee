"""One block of lines: its words as marks, with names and jumps, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pks_kit.render.pdf.flow.content import Node
from pks_kit.render.pdf.flow.harfbuzz import UNITS
from pks_kit.render.pdf.flow.inline import (
    Piece,
    SetLine,
    SetPiece,
    SetSpan,
    SetText,
    Span,
    Text,
    Type,
    Unset,
    shaped,
)
from pks_kit.render.pdf.flow.items import Break
from pks_kit.render.pdf.flow.justified import glyphs_of, justify, moved_right
from pks_kit.render.pdf.flow.lines import NEAR, Edges, cut_lines
from pks_kit.render.pdf.flow.marks import Line, Mark, Rect, Words
from pks_kit.render.pdf.flow.patterns import (
    Align,
    Lines,
)


@dataclass(slots=True)
class Hand:
    """What setting one leaf needs everywhere.

    Attributes:
        edges: Decisions near the right edge.
        used: Glyphs of each face.
        cells: Cells that were set before.
    """

    edges: Edges
    used: dict[str, set[int]] = field(default_factory=dict)
    cells: CellsOfOneLine = field(default_factory=dict)

    def note(self, words: SetText) -> None:
        """Note the glyphs of some words."""
        glyphs: Iterable[int] = words.shaped.glyphs
        if words.end - words.begin < len(words.shaped.words):
            known = words.shaped.letters.known
            glyphs = [known(letter)[0] for letter in set(words.words)]
        self.used.setdefault(words.type.face, set()).update(glyphs)


@dataclass(slots=True)
class Placed:
    """A line with its places.

    Attributes:
        top: Its upper end.
        bottom: Its lower end.
        marks: Words in it, from the upper end.
        anchors: Names in it, from there.
        links: Jumps in it, from there.
        before: Whether a page may end before it.
    """

    top: float
    bottom: float
    marks: list[Mark]
    anchors: list[tuple[str, Rect]]
    links: list[tuple[str, Rect]]
    before: Break = "allowed"


class CellOfOneLine(NamedTuple):
    """A cell of a table whose words need no more than a line.

    Attributes:
        lines: How its block is set.
        line: The line; nobody changes it.
        used: Glyphs of each face.
    """

    lines: Lines
    line: Placed
    used: Mapping[str, set[int]]


CellsOfOneLine = dict[tuple[int, str, float, float, float], CellOfOneLine]
"""Cells of one agreement by how they are set (identity), words, top, left edge and width: the days,
professions and hours of a schedule come in row after row."""


def cell_lines(
    hand: Hand, lines: Lines, content: Node, top: float, place: tuple[float, float]
) -> Sequence[Placed]:
    """Return the lines of a cell as :func:`lines_between`; nobody may change them."""
    inside = content.inside
    if len(inside) != 1 or not isinstance(inside[0], str):
        return lines_between(hand, lines, content, top, place)
    key = id(lines), inside[0], top, *place
    known = hand.cells.get(key)
    if known is None or known.lines is not lines:
        own = Hand(hand.edges)
        one = _one_line(own, lines, inside[0], top, place)
        if one is None:
            return lines_between(hand, lines, content, top, place)
        known = hand.cells[key] = CellOfOneLine(lines, one, own.used)
    for face, numbers in known.used.items():
        hand.used.setdefault(face, set()).update(numbers)
    return (known.line,)


def take(whole: Placed, line: Placed, down: float) -> None:
    """Put what is on a line into a larger whole, ``down`` pixels below its upper end."""
    whole.marks += [mark.moved(down) for mark in line.marks]
    whole.anchors += [(name, lower(rect, down)) for name, rect in line.anchors]
    whole.links += [(target, lower(rect, down)) for target, rect in line.links]


def lower(rect: Rect, by: float) -> Rect:
    """Return a rectangle that stands lower."""
    left, top, right, bottom = rect
    return left, top + by, right, bottom + by


def lines_of(hand: Hand, lines: Lines, content: Node, top: float) -> list[Placed]:
    """Return the lines of a block; raises as :func:`lines_between`."""
    return lines_between(hand, lines, content, top, (lines.left, lines.width))


def lines_between(
    hand: Hand, lines: Lines, content: Node, top: float, place: tuple[float, float]
) -> list[Placed]:
    """Return the lines of a block in a room of its own.

    Args:
        hand: What setting a leaf needs.
        lines: How the block is set.
        content: What is in it.
        top: Upper end of its first line.
        place: Left edge and width of its lines.

    Raises:
        Unset: When only the layout engine can know.
    """
    left, width = place
    inside = content.inside
    if len(inside) == 1 and isinstance(inside[0], str):
        one = _one_line(hand, lines, inside[0], top, place)
        if one is not None:
            return [one]
    pieces = tuple(_pieces(content, lines, ""))
    placed: list[Placed] = []
    for line in cut_lines(pieces, left, width, lines.indent, hand.edges):
        _align(line, lines, width)
        above, below = _extent(line.pieces, lines.above, lines.below)
        one = Placed(top, top + above + below, [], [], [])
        _draw(hand, line.pieces, above, one)
        placed.append(one)
        top = one.bottom
    return placed


def _one_line(
    hand: Hand, lines: Lines, words: str, top: float, place: tuple[float, float]
) -> Placed | None:
    """Set words that need no more than a line, as most cells do; None when they need more."""
    _require_single_spaces(words)
    if words[0] == " ":
        return None
    left, width = place
    kind = _type(lines, "")
    glyphs = shaped(words, kind)
    own = glyphs.width(0, len(words))
    room = width - lines.indent - own
    if room < NEAR or lines.last == "justify":
        return None
    x = left + lines.indent + room * _ALONG[lines.last]
    above, below = max(lines.above, kind.above), max(lines.below, kind.below)
    one = Placed(top, top + above + below, [], [], [])
    made = SetText(x, own, glyphs, 0, len(words), kind)
    _write(hand, made, above, one)
    return one


_ALONG: Final[Mapping[Align, float]] = {"start": 0.0, "center": 0.5, "end": 1.0}
"""Share of the free room in a line that stands before its words."""


def _require_single_spaces(words: str) -> None:
    """Raise ``Unset`` for spaces that WeasyPrint would take out or join."""
    if "\n" in words or "  " in words or words.endswith(" "):
        raise Unset("space")


def _pieces(content: Node, lines: Lines, above: str) -> Iterator[Piece]:
    for one in content.inside:
        if isinstance(one, str):
            _require_single_spaces(one)
            yield Text(one, _type(lines, above))
        elif one.tag == "br":
            kind = _type(lines, f"{above}/br")
            yield Span(kind, 0.0, (Text("\n", kind),))
        else:
            name = f"{above}/{one.name}"
            kind = _type(lines, name)
            inside = tuple(_pieces(one, lines, name))
            if not inside:
                raise Unset("empty element")
            margin = kind.margin * (one.steps or 1)
            yield Span(kind, margin, inside, one.anchor, one.link)


def _type(lines: Lines, name: str) -> Type:
    kind = lines.types.get(name)
    if kind is None:
        raise Unset(name)
    return kind


def _align(line: SetLine, lines: Lines, width: float) -> None:
    align = lines.last if line.last else lines.align
    room = width - line.width
    if room <= 0 or align == "start":
        return
    if align == "justify":
        justify(line, room)
    else:
        moved_right(line.pieces, room * _ALONG[align])


def _extent(pieces: Sequence[SetPiece], above: float, below: float) -> tuple[float, float]:
    for one in pieces:
        kind = one.type if isinstance(one, SetText) else one.span.type
        if isinstance(one, SetText):
            above, below = max(above, kind.above), max(below, kind.below)
        else:
            above, below = max(above, kind.box_above), max(below, kind.box_below)
            above, below = _extent(one.inside, above, below)
    return above, below


def _draw(hand: Hand, pieces: Sequence[SetPiece], baseline: float, into: Placed) -> None:
    for one in pieces:
        if isinstance(one, SetText):
            _write(hand, one, baseline, into)
        else:
            _name(one, baseline, into)
            _draw(hand, one.inside, baseline, into)


def _write(hand: Hand, one: SetText, baseline: float, into: Placed) -> None:
    if one.words.strip():
        hand.note(one)
        kind = one.type
        if kind.underline:
            below, width = kind.underline
            y = baseline + below
            into.marks.append(Line(one.x, y, one.x + one.width, y, width, kind.colour))
        size = f"{kind.units / UNITS:f}".rstrip("0").rstrip(".")
        into.marks.append(Words(one.x, baseline, kind.face, size, kind.colour, glyphs_of(one)))


def _name(one: SetSpan, baseline: float, into: Placed) -> None:
    kind = one.span.type
    rect = one.x, baseline - kind.box_above, one.x + one.width + one.padding, (
        baseline + kind.box_below
    )  # fmt: skip
    if one.span.anchor:
        into.anchors.append((one.span.anchor, rect))
    if one.span.link:
        into.links.append((one.span.link, rect))

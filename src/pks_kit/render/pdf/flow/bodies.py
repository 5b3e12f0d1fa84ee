"""Leaves put together: lines one below the other, cells of a row, places for signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pks_kit.render.elements import Leaf
from pks_kit.render.pdf.flow.columns import edges_of
from pks_kit.render.pdf.flow.content import Node, parsed
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
from pks_kit.render.pdf.flow.items import Break, Item, LaidLeaf
from pks_kit.render.pdf.flow.justified import glyphs_of, justify, moved_right
from pks_kit.render.pdf.flow.lines import NEAR, Edges, cut_lines
from pks_kit.render.pdf.flow.marks import Area, Line, Mark, Rect, Words, used_glyphs
from pks_kit.render.pdf.flow.patterns import (
    Align,
    Cell,
    Frame,
    Lines,
    Pattern,
    Place,
    Places,
    Row,
    Stack,
)


def set_like(pattern: Pattern, leaf: Leaf, content: Node, edges: Edges) -> LaidLeaf:
    """Return a leaf as the layout engine would set it.

    Args:
        pattern: How leaves of this look and structure are built.
        leaf: The leaf.
        content: What is in it.
        edges: Decisions near the right edge.

    Raises:
        Unset: When only the layout engine can know.
    """
    hand = _Hand(edges)
    items = tuple(_items(hand, pattern, leaf, content))
    glyphs = tuple((face, frozenset(numbers)) for face, numbers in sorted(hand.used.items()))
    return LaidLeaf(items, pattern.begun, glyphs)


@dataclass(slots=True)
class _Hand:
    """What setting one leaf needs everywhere.

    Attributes:
        edges: Decisions near the right edge.
        used: Glyphs of each face.
    """

    edges: Edges
    used: dict[str, set[int]] = field(default_factory=dict)

    def note(self, words: SetText) -> None:
        """Note the glyphs of some words."""
        glyphs: Iterable[int] = words.shaped.glyphs
        if words.end - words.begin < len(words.shaped.words):
            known = words.shaped.letters.known
            glyphs = [known(letter)[0] for letter in set(words.words)]
        self.used.setdefault(words.type.face, set()).update(glyphs)


@dataclass(slots=True)
class _Placed:
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


def _items(hand: _Hand, pattern: Pattern, leaf: Leaf, content: Node) -> Iterator[Item]:
    own = leaf.element
    name = _anchor(own.name)
    body = pattern.body
    if isinstance(body, Row):
        if name:
            raise Unset("named row")
        yield replace(_row(hand, body, leaf.look, content), margin=pattern.margin)
        return
    if isinstance(body, Lines):
        placed = _lines(hand, body, content, 0.0)
        _set_breaks(body, placed, "allowed")
    elif isinstance(body, Stack):
        placed = _stack(hand, body, content.blocks)
    else:
        if name:
            raise Unset("named places")
        placed = _places(hand, body, content)
    if name:
        placed[0].anchors.insert(0, (name, _framed(pattern.frame, 0.0, placed[-1].bottom)))
    for number, line in enumerate(placed):
        yield Item(
            line.top,
            line.bottom,
            line.before,
            tuple(line.marks),
            tuple(line.anchors),
            tuple(line.links),
            margin=0.0 if number else pattern.margin,
        )


def _stack(hand: _Hand, stack: Stack, blocks: Sequence[Node]) -> list[_Placed]:
    placed: list[_Placed] = []
    top = 0.0
    for number, (block, (frame, lines)) in enumerate(zip(blocks, stack.blocks, strict=True)):
        if number:
            top += stack.gaps[number - 1]
        some = _lines(hand, lines, block, top)
        _set_breaks(lines, some, stack.before[number])
        if block.anchor:
            rect = _framed(frame, 0.0, some[-1].bottom - some[0].top)
            some[0].anchors.insert(0, (block.anchor, rect))
        placed += some
        top = placed[-1].bottom
    return placed


def _places(hand: _Hand, places: Places, content: Node) -> list[_Placed]:
    """Return the lines above a grid, and the grid as one."""
    *opening, grid = content.blocks
    placed: list[_Placed] = []
    top = 0.0
    if places.opening is not None:
        placed = _stack(hand, places.opening, opening)
        top = placed[-1].bottom + places.gap
    whole = _Placed(top, top, [], [], [], places.before)
    set_cells: list[tuple[Place, list[_Placed]]] = []
    heights = [0.0] * (1 + max(cell.row for cell in places.cells))
    for node, cell in zip(grid.blocks, places.cells, strict=True):
        some: list[_Placed] = []
        end = cell.above
        blocks = _blocks(node, len(cell.blocks))
        for number, (block, lines) in enumerate(zip(blocks, cell.blocks, strict=True)):
            end += cell.gaps[number - 1] if number else 0.0
            some += _lines(hand, lines, block, end)
            end = some[-1].bottom
        set_cells.append((cell, some))
        heights[cell.row] = max(heights[cell.row], end + cell.below)
    tops = [sum(heights[:row]) for row in range(len(heights))]
    for cell, some in set_cells:
        for line in some:
            _take(whole, line, tops[cell.row] + line.top)
    down = tops[places.fixed_row]
    whole.marks += [mark.moved(down) for mark in places.fixed]
    for face, numbers in used_glyphs(places.fixed).items():
        hand.used.setdefault(face, set()).update(numbers)
    names = tuple(_names(grid))
    if whole.anchors or len(names) != len(places.anchors):
        raise Unset("names")
    whole.anchors = [
        (name, _lower(rect, down)) for name, rect in zip(names, places.anchors, strict=True)
    ]
    whole.bottom = top + sum(heights)
    return [*placed, whole]


def _blocks(node: Node, count: int) -> list[Node]:
    """Return the blocks of a cell: none of a fixed one, itself, or what is in it."""
    if count == 0:
        return []
    inside = [one for one in node.blocks if one.tag == "div"]
    return inside or [node]


def _names(node: Node) -> Iterator[str]:
    for one in node.blocks:
        if one.anchor:
            yield one.anchor
        yield from _names(one)


def _take(whole: _Placed, line: _Placed, down: float) -> None:
    whole.marks += [mark.moved(down) for mark in line.marks]
    whole.anchors += [(name, _lower(rect, down)) for name, rect in line.anchors]
    whole.links += [(target, _lower(rect, down)) for target, rect in line.links]


def _framed(frame: Frame, top: float, bottom: float) -> Rect:
    return frame.left, top - frame.above, frame.right, bottom + frame.below


def _anchor(name: str) -> str:
    """Return the id among the attributes that the style sheet does not read."""
    return parsed(f"<p{name}>").blocks[0].anchor if name else ""


def _set_breaks(lines: Lines, placed: Sequence[_Placed], first: Break) -> None:
    count = len(placed)
    for number, line in enumerate(placed):
        few = number < lines.orphans or count - number < lines.widows
        rule: Break = "avoid" if lines.whole or few else "allowed"
        line.before = rule if number else first


def _lines(hand: _Hand, lines: Lines, content: Node, top: float) -> list[_Placed]:
    return _lines_between(hand, lines, content, top, (lines.left, lines.width))


def _lines_between(
    hand: _Hand, lines: Lines, content: Node, top: float, place: tuple[float, float]
) -> list[_Placed]:
    left, width = place
    inside = content.inside
    if len(inside) == 1 and isinstance(inside[0], str):
        one = _one_line(hand, lines, inside[0], top, place)
        if one is not None:
            return [one]
    pieces = tuple(_pieces(content, lines, ""))
    placed: list[_Placed] = []
    for line in cut_lines(pieces, left, width, lines.indent, hand.edges):
        _align(line, lines, width)
        above, below = _extent(line.pieces, lines.above, lines.below)
        one = _Placed(top, top + above + below, [], [], [])
        _draw(hand, line.pieces, above, one)
        placed.append(one)
        top = one.bottom
    return placed


def _one_line(
    hand: _Hand, lines: Lines, words: str, top: float, place: tuple[float, float]
) -> _Placed | None:
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
    one = _Placed(top, top + above + below, [], [], [])
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


def _draw(hand: _Hand, pieces: Sequence[SetPiece], baseline: float, into: _Placed) -> None:
    for one in pieces:
        if isinstance(one, SetText):
            _write(hand, one, baseline, into)
        else:
            _name(one, baseline, into)
            _draw(hand, one.inside, baseline, into)


def _write(hand: _Hand, one: SetText, baseline: float, into: _Placed) -> None:
    if one.words.strip():
        hand.note(one)
        kind = one.type
        if kind.underline:
            below, width = kind.underline
            y = baseline + below
            into.marks.append(Line(one.x, y, one.x + one.width, y, width, kind.colour))
        size = f"{kind.units / UNITS:f}".rstrip("0").rstrip(".")
        into.marks.append(Words(one.x, baseline, kind.face, size, kind.colour, glyphs_of(one)))


def _name(one: SetSpan, baseline: float, into: _Placed) -> None:
    kind = one.span.type
    rect = one.x, baseline - kind.box_above, one.x + one.width + one.padding, (
        baseline + kind.box_below
    )  # fmt: skip
    if one.span.anchor:
        into.anchors.append((one.span.anchor, rect))
    if one.span.link:
        into.links.append((one.span.link, rect))


_UPRIGHT: Final = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
"""Share of the room in a cell that stands above its lines."""


def _height(cell: Cell, filled: float) -> float:
    return cell.above + max(filled, cell.least) + cell.below


def _row(hand: _Hand, row: Row, look: str, content: Node) -> Item:
    cells = content.blocks
    edges = edges_of(look, row.left, row.width)
    if len(edges) != len(row.rules.edges):
        raise Unset("columns")
    set_cells: list[tuple[Cell, list[_Placed], float]] = []
    for number, (node, cell) in enumerate(zip(cells, row.cells, strict=True)):
        left = edges[number] + cell.before
        width = edges[number + 1] - cell.behind - left
        placed: list[_Placed] = []
        if node.inside:
            placed = _lines_between(hand, cell.lines, node, cell.above, (left, width))
        filled = placed[-1].bottom - cell.above if placed else 0.0
        set_cells.append((cell, placed, filled))
    bottom = max(_height(cell, filled) for cell, _, filled in set_cells)
    whole = _Placed(0.0, bottom, [], [], [])
    for number, (cell, _, _) in enumerate(set_cells):
        if cell.fill is not None:
            left, top, right, lower = cell.fill_edges
            x = edges[number] + left
            whole.marks.append(
                Area(x, top, edges[number + 1] + right - x, bottom + lower - top, cell.fill)
            )
    for cell, placed, filled in set_cells:
        room = bottom - _height(cell, filled) + max(0.0, cell.least - filled)
        down = room * _UPRIGHT[cell.upright]
        for line in placed:
            _take(whole, line, line.top + down)
    return Item(
        0.0,
        bottom,
        "allowed",
        tuple(whole.marks),
        tuple(whole.anchors),
        tuple(whole.links),
        replace(row.rules, edges=edges),
        row.head,
    )


def _lower(rect: Rect, by: float) -> Rect:
    left, top, right, bottom = rect
    return left, top + by, right, bottom + by

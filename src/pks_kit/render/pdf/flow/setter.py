"""A line setter: leaves with other words, set as WeasyPrint would set them, without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pks_kit.render.elements import Leaf
from pks_kit.render.pdf.flow.content import Node, parsed, skeleton
from pks_kit.render.pdf.flow.inline import (
    UNITS,
    Piece,
    SetLine,
    SetPiece,
    SetSpan,
    SetText,
    Span,
    Text,
    Type,
    Unset,
    cut_lines,
    glyphs_of,
    justify,
    letters_of,
    moved_right,
)
from pks_kit.render.pdf.flow.items import Break, Item, LaidLeaf
from pks_kit.render.pdf.flow.marks import Area, Mark, Rect, Words, used_glyphs
from pks_kit.render.pdf.flow.patterns import Cell, Frame, Lines, Pattern, Row, Stack


def pattern_key(leaf: Leaf, content: Node) -> str:
    """Return what leaves of one pattern have in common."""
    return f"{leaf.look}\n{skeleton(content)}"


def set_like(pattern: Pattern, leaf: Leaf, content: Node) -> LaidLeaf | None:
    """Return a leaf as the layout engine would set it, or None when only it can know.

    Args:
        pattern: How leaves of this look and structure are built.
        leaf: The leaf.
        content: What is in it.
    """
    try:
        items = tuple(_items(pattern, leaf, content))
    except Unset:
        return None
    used = used_glyphs(mark for one in items for mark in one.marks)
    glyphs = tuple((face, frozenset(numbers)) for face, numbers in sorted(used.items()))
    return LaidLeaf(items, pattern.begun, glyphs)


@dataclass(slots=True)
class _Placed:
    """A line with its places.

    Attributes:
        top: Its upper end.
        bottom: Its lower end.
        marks: Words in it, from the upper end.
        anchors: Names in it, from there.
        links: Jumps in it, from there.
    """

    top: float
    bottom: float
    marks: list[Mark]
    anchors: list[tuple[str, Rect]]
    links: list[tuple[str, Rect]]


def _items(pattern: Pattern, leaf: Leaf, content: Node) -> Iterator[Item]:
    own = leaf.element
    name = _anchor(own.name)
    body = pattern.body
    if isinstance(body, Row):
        if name:
            raise Unset("named row")
        yield replace(_row(body, content), margin=pattern.margin)
        return
    placed: list[_Placed] = []
    before: list[Break] = []
    names: list[list[tuple[str, Rect]]] = []
    if isinstance(body, Lines):
        placed = _lines(body, content, 0.0)
        before = _breaks(body, len(placed), "allowed")
        names = [[] for _ in placed]
    else:
        top = 0.0
        blocks = content.blocks
        for number, (block, (frame, lines)) in enumerate(zip(blocks, body.blocks, strict=True)):
            if number:
                top += body.gaps[number - 1]
            some = _lines(lines, block, top)
            before += _breaks(lines, len(some), body.before[number])
            names += [[] for _ in some]
            if block.anchor:
                rect = _framed(frame, some[0].top, some[-1].bottom, some[0].top)
                names[len(placed)].append((block.anchor, rect))
            placed += some
            top = placed[-1].bottom
    if name:
        names[0].insert(0, (name, _framed(pattern.frame, 0.0, placed[-1].bottom, 0.0)))
    for number, (line, rule) in enumerate(zip(placed, before, strict=True)):
        yield Item(
            line.top,
            line.bottom,
            rule,
            tuple(line.marks),
            (*names[number], *line.anchors),
            tuple(line.links),
            margin=0.0 if number else pattern.margin,
        )


def _framed(frame: Frame, top: float, bottom: float, origin: float) -> Rect:
    return frame.left, top - frame.above - origin, frame.right, bottom + frame.below - origin


def _anchor(name: str) -> str:
    """Return the id among the attributes that the style sheet does not read."""
    return parsed(f"<p{name}>").blocks[0].anchor if name else ""


def _breaks(lines: Lines, count: int, first: Break) -> list[Break]:
    rules: list[Break] = [first]
    for number in range(1, count):
        few = number < lines.orphans or count - number < lines.widows
        rules.append("avoid" if lines.whole or few else "allowed")
    return rules


def _lines(lines: Lines, content: Node, top: float) -> list[_Placed]:
    pieces = tuple(_pieces(content, lines, ""))
    placed: list[_Placed] = []
    for line in cut_lines(pieces, lines.left, lines.width, lines.indent):
        _align(line, lines)
        above, below = _extent(line.pieces, lines.above, lines.below)
        one = _Placed(top, top + above + below, [], [], [])
        _draw(line.pieces, above, one)
        placed.append(one)
        top = one.bottom
    return placed


def _pieces(content: Node, lines: Lines, above: str) -> Iterator[Piece]:
    for one in content.inside:
        if isinstance(one, str):
            if "\n" in one or "  " in one or one.endswith(" "):
                raise Unset("space")
            yield Text(one, _type(lines, above))
        elif one.tag == "br":
            kind = _type(lines, f"{above}/br")
            yield Span(kind, (Text("\n", kind),))
        else:
            name = f"{above}/{one.name}"
            kind = _type(lines, name)
            if one.steps:
                kind = replace(kind, margin=kind.margin * one.steps)
            inside = tuple(_pieces(one, lines, name))
            if not inside:
                raise Unset("empty element")
            yield Span(kind, inside, one.anchor, one.link.removeprefix("#"))


def _type(lines: Lines, name: str) -> Type:
    kind = lines.types.get(name)
    if kind is None:
        raise Unset(name)
    return kind


def _align(line: SetLine, lines: Lines) -> None:
    align = lines.last if line.last else lines.align
    room = lines.width - line.width
    if room <= 0 or align == "start":
        return
    if align == "justify":
        justify(line, room)
    else:
        moved_right(line.pieces, room / 2 if align == "center" else room)


def _extent(pieces: Sequence[SetPiece], above: float, below: float) -> tuple[float, float]:
    for one in pieces:
        kind = one.type if isinstance(one, SetText) else one.span.type
        if isinstance(one, SetText):
            above, below = max(above, kind.above), max(below, kind.below)
        else:
            above, below = max(above, kind.box_above), max(below, kind.box_below)
            above, below = _extent(one.inside, above, below)
    return above, below


def _draw(pieces: Sequence[SetPiece], baseline: float, into: _Placed) -> None:
    for one in pieces:
        if isinstance(one, SetText):
            _write(one, baseline, into)
        else:
            _name(one, baseline, into)
            _draw(one.inside, baseline, into)


def _write(one: SetText, baseline: float, into: _Placed) -> None:
    if one.words.strip():
        kind = one.type
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


def _row(row: Row, content: Node) -> Item:
    cells = content.blocks
    edges = row.rules.edges
    set_cells: list[tuple[Cell, list[_Placed], float]] = []
    for number, (node, cell) in enumerate(zip(cells, row.cells, strict=True)):
        left = edges[number] + cell.before
        width = edges[number + 1] - cell.behind - left
        lines = replace(cell.lines, left=left, width=width)
        placed = _lines(lines, node, cell.above) if node.inside else []
        height = cell.above + cell.below + (placed[-1].bottom - cell.above if placed else 0.0)
        set_cells.append((cell, placed, height))
    bottom = max(height for _, _, height in set_cells)
    whole = _Placed(0.0, bottom, [], [], [])
    for number, (cell, _, _) in enumerate(set_cells):
        if cell.fill is not None:
            left, top, right, lower = cell.fill_edges
            x = edges[number] + left
            whole.marks.append(
                Area(x, top, edges[number + 1] + right - x, bottom + lower - top, cell.fill)
            )
    for cell, placed, height in set_cells:
        down = {"top": 0.0, "middle": (bottom - height) / 2, "bottom": bottom - height}
        for line in placed:
            by = line.top + down[cell.upright]
            whole.marks += [mark.moved(by) for mark in line.marks]
            whole.anchors += [(name, _lower(rect, by)) for name, rect in line.anchors]
            whole.links += [(target, _lower(rect, by)) for target, rect in line.links]
    return Item(
        0.0,
        bottom,
        "allowed",
        tuple(whole.marks),
        tuple(whole.anchors),
        tuple(whole.links),
        row.rules,
        row.head,
    )


def _lower(rect: Rect, by: float) -> Rect:
    left, top, right, bottom = rect
    return left, top + by, right, bottom + by


def letter_texts(kinds: Sequence[tuple[Type, str]]) -> dict[str, dict[int, str]]:
    """Return the text behind the glyphs of some words, by PostScript names of faces."""
    texts: dict[str, dict[int, str]] = {}
    for kind, words in kinds:
        known = texts.setdefault(kind.face, {})
        face = letters_of(kind)
        for letter in words:
            known.setdefault(face.known(letter)[0], letter)
    return texts

"""Leaves put together: lines one below the other, cells of a row, places for signatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pks_kit.render.elements import Leaf
from pks_kit.render.pdf.flow.blocks import (
    CellsOfOneLine,
    Hand,
    Placed,
    cell_lines,
    lines_of,
    lower,
    take,
)
from pks_kit.render.pdf.flow.columns import edges_of
from pks_kit.render.pdf.flow.content import Node, parsed
from pks_kit.render.pdf.flow.inline import (
    Unset,
)
from pks_kit.render.pdf.flow.items import Break, Item, LaidLeaf, told_glyphs
from pks_kit.render.pdf.flow.lines import Edges
from pks_kit.render.pdf.flow.marks import Area, Rect, used_glyphs
from pks_kit.render.pdf.flow.patterns import (
    Cell,
    Frame,
    Lines,
    Pattern,
    Place,
    Places,
    Row,
    Stack,
)


def set_like(
    pattern: Pattern,
    leaf: Leaf,
    content: Node,
    edges: Edges,
    cells: CellsOfOneLine | None = None,
) -> LaidLeaf:
    """Return a leaf as the layout engine would set it.

    Args:
        pattern: How leaves of this look and structure are built.
        leaf: The leaf.
        content: What is in it.
        edges: Decisions near the right edge.
        cells: Cells of the same agreement that were set before.

    Raises:
        Unset: When only the layout engine can know.
    """
    hand = Hand(edges, cells={} if cells is None else cells)
    items = tuple(_items(hand, pattern, leaf, content))
    glyphs = tuple((face, told_glyphs(numbers)) for face, numbers in sorted(hand.used.items()))
    return LaidLeaf(items, pattern.begun, glyphs)


def _items(hand: Hand, pattern: Pattern, leaf: Leaf, content: Node) -> Iterator[Item]:
    own = leaf.element
    name = _anchor(own.name)
    body = pattern.body
    if isinstance(body, Row):
        if name:
            raise Unset("named row")
        yield _row(hand, body, leaf.look, content)
        return
    if isinstance(body, Lines):
        placed = lines_of(hand, body, content, 0.0)
        _set_breaks(body, placed, "allowed")
    elif isinstance(body, Stack):
        placed = _stack(hand, body, content.blocks)
    else:
        if name:
            raise Unset("named places")
        placed = _places(hand, body, content)
    if name:
        placed[0].anchors.insert(0, (name, _framed(pattern.frame, 0.0, placed[-1].bottom)))
    for line in placed:
        yield Item(
            line.top,
            line.bottom,
            line.before,
            tuple(line.marks),
            tuple(line.anchors),
            tuple(line.links),
        )


def _stack(hand: Hand, stack: Stack, blocks: Sequence[Node]) -> list[Placed]:
    placed: list[Placed] = []
    top = 0.0
    for number, (block, (frame, lines)) in enumerate(zip(blocks, stack.blocks, strict=True)):
        if number:
            top += stack.gaps[number - 1]
        some = lines_of(hand, lines, block, top)
        _set_breaks(lines, some, stack.before[number])
        if block.anchor:
            rect = _framed(frame, 0.0, some[-1].bottom - some[0].top)
            some[0].anchors.insert(0, (block.anchor, rect))
        placed += some
        top = placed[-1].bottom
    return placed


def _places(hand: Hand, places: Places, content: Node) -> list[Placed]:
    """Return the lines above a grid, and the grid as one."""
    *opening, grid = content.blocks
    placed: list[Placed] = []
    top = 0.0
    if places.opening is not None:
        placed = _stack(hand, places.opening, opening)
        top = placed[-1].bottom + places.gap
    whole = Placed(top, top, [], [], [], places.before)
    set_cells: list[tuple[Place, list[Placed]]] = []
    heights = [0.0] * (1 + max(cell.row for cell in places.cells))
    for node, cell in zip(grid.blocks, places.cells, strict=True):
        some: list[Placed] = []
        end = cell.above
        blocks = _blocks(node, len(cell.blocks))
        for number, (block, lines) in enumerate(zip(blocks, cell.blocks, strict=True)):
            end += cell.gaps[number - 1] if number else 0.0
            some += lines_of(hand, lines, block, end)
            end = some[-1].bottom
        set_cells.append((cell, some))
        heights[cell.row] = max(heights[cell.row], end + cell.below)
    tops = [sum(heights[:row]) for row in range(len(heights))]
    for cell, some in set_cells:
        for line in some:
            take(whole, line, tops[cell.row] + line.top)
    down = tops[places.fixed_row]
    whole.marks += [mark.moved(down) for mark in places.fixed]
    for face, numbers in used_glyphs(places.fixed).items():
        hand.used.setdefault(face, set()).update(numbers)
    names = tuple(_names(grid))
    if whole.anchors or len(names) != len(places.anchors):
        raise Unset("names")
    whole.anchors = [
        (name, lower(rect, down)) for name, rect in zip(names, places.anchors, strict=True)
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


def _framed(frame: Frame, top: float, bottom: float) -> Rect:
    return frame.left, top - frame.above, frame.right, bottom + frame.below


def _anchor(name: str) -> str:
    """Return the id among the attributes that the style sheet does not read."""
    return parsed(f"<p{name}>").blocks[0].anchor if name else ""


def _set_breaks(lines: Lines, placed: Sequence[Placed], first: Break) -> None:
    count = len(placed)
    for number, line in enumerate(placed):
        few = number < lines.orphans or count - number < lines.widows
        rule: Break = "avoid" if lines.whole or few else "allowed"
        line.before = rule if number else first


_UPRIGHT: Final = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
"""Share of the room in a cell that stands above its lines."""


def _height(cell: Cell, filled: float) -> float:
    return cell.above + max(filled, cell.least) + cell.below


def _row(hand: Hand, row: Row, look: str, content: Node) -> Item:
    cells = content.blocks
    edges = edges_of(look, row.left, row.width)
    if len(edges) != len(row.rules.edges):
        raise Unset("columns")
    set_cells: list[tuple[Cell, Sequence[Placed], float]] = []
    for number, (node, cell) in enumerate(zip(cells, row.cells, strict=True)):
        left = edges[number] + cell.before
        width = edges[number + 1] - cell.behind - left
        placed: Sequence[Placed] = ()
        if node.inside:
            placed = cell_lines(hand, cell.lines, node, cell.above, (left, width))
        filled = placed[-1].bottom - cell.above if placed else 0.0
        set_cells.append((cell, placed, filled))
    bottom = max(_height(cell, filled) for cell, _, filled in set_cells)
    whole = Placed(0.0, bottom, [], [], [])
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
            take(whole, line, line.top + down)
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

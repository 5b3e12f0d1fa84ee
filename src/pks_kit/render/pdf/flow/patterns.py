"""How leaves of one look are built: everything of them but their words.

WeasyPrint laid such a leaf out once; ``pattern_reader`` took its geometry from the boxes. Lengths
are CSS pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pks_kit.render.pdf.flow.inline import Type
from pks_kit.render.pdf.flow.items import Break, RowRules
from pks_kit.render.pdf.flow.marks import Colour, Mark, Rect

Align = Literal["start", "end", "center", "justify"]
Upright = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A block whose content is lines.

    Attributes:
        left: Left edge of the lines.
        width: Their width.
        indent: How far the first begins to the right.
        align: Where lines stand.
        last: Where the last line stands.
        above: From the upper end of an empty line to its baseline.
        below: From there to its lower end.
        orphans: Fewest lines at the foot of a page.
        widows: Fewest lines at the head of one.
        whole: Whether no page may end between its lines.
        types: How words are printed, by the names of the inline elements round them.
    """

    left: float
    width: float
    indent: float
    align: Align
    last: Align
    above: float
    below: float
    orphans: int
    widows: int
    whole: bool
    types: Mapping[str, Type] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Edges of a box round its lines or blocks, each outwards from them.

    Attributes:
        left: Left edge.
        right: Right edge.
        above: How far its upper edge stands above what is in it.
        below: How far its lower edge stands below.
    """

    left: float
    right: float
    above: float
    below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Blocks one below the other.

    Attributes:
        blocks: What is in it, each with its box.
        gaps: From the lower end of the lines of each to those of the next.
        before: Whether a page may end before each.
    """

    blocks: tuple[tuple[Frame, Lines], ...]
    gaps: tuple[float, ...]
    before: tuple[Break, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A table cell.

    Attributes:
        before: From the left edge of its column to its lines.
        behind: From their right edge to the right edge of the column.
        above: From the upper end of the row to its lines.
        below: From their lower end to the lower end of the row.
        least: Least height of its lines together.
        upright: Where lines stand in a higher row.
        fill: Colour behind it, if any.
        fill_edges: How far the coloured area goes to left, top, right and bottom beyond the cell.
        lines: How lines are set; left and width are those of the first row that was seen.
    """

    before: float
    behind: float
    above: float
    below: float
    least: float
    upright: Upright
    fill: Colour | None
    fill_edges: tuple[float, float, float, float]
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table row.

    Attributes:
        cells: Its cells.
        left: Left edge of its table.
        width: The room that its table was given.
        rules: The rules round it; their edges are those of the first row that was seen.
        head: Whether it is repeated after a page break.
    """

    cells: tuple[Cell, ...]
    left: float
    width: float
    rules: RowRules
    head: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cell of a grid.

    Attributes:
        row: Number of its row.
        blocks: Blocks of lines in it.
        gaps: From the lower end of the lines of each to those of the next.
        above: From the upper end of its row to its first line, or to the end of what is fixed.
        below: From its last line to the lower end of the row.
    """

    row: int
    blocks: tuple[Lines, ...]
    gaps: tuple[float, ...]
    above: float
    below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places for signatures: a grid of words and boxes, below blocks of lines or none.

    Attributes:
        opening: The blocks.
        gap: From their last line to the grid.
        before: Whether a page may end there.
        cells: The cells of the grid in reading order.
        fixed_row: Row from whose upper end everything fixed is measured.
        fixed: Marks of the boxes.
        anchors: Their rectangles, in the order of their names.
    """

    opening: Stack | None
    gap: float
    before: Break
    cells: tuple[Place, ...]
    fixed_row: int
    fixed: tuple[Mark, ...]
    anchors: tuple[Rect, ...]


Body = Lines | Stack | Row | Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A leaf without its words.

    Attributes:
        frame: Its box, for the place of its name.
        body: What is in it.
        begun: Places of the elements round it that begin with it.
    """

    frame: Frame
    body: Body
    begun: tuple[tuple[float, float], ...]


def joined(known: Pattern, new: Pattern) -> Pattern:
    """Return a pattern with the types of inline elements that a newer one taught."""
    return replace(known, body=_joined(known.body, new.body))


def _joined(known: Body, new: Body) -> Body:
    if isinstance(known, Lines) and isinstance(new, Lines):
        return _lines(known, new)
    if isinstance(known, Stack) and isinstance(new, Stack):
        return _stacks(known, new)
    if isinstance(known, Places) and isinstance(new, Places):
        opening = known.opening
        if opening is not None and new.opening is not None:
            opening = _stacks(opening, new.opening)
        cells = tuple(map(_place, known.cells, new.cells))
        return replace(known, opening=opening, cells=cells)
    if isinstance(known, Row) and isinstance(new, Row):
        return replace(known, cells=tuple(map(_cell, known.cells, new.cells)))
    return known


def _cell(known: Cell, new: Cell) -> Cell:
    return replace(known, lines=_lines(known.lines, new.lines))


def _place(known: Place, new: Place) -> Place:
    return replace(known, blocks=tuple(map(_lines, known.blocks, new.blocks)))


def _stacks(known: Stack, new: Stack) -> Stack:
    pairs = zip(known.blocks, new.blocks, strict=True)
    blocks = tuple((frame, _lines(one, other)) for (frame, one), (_, other) in pairs)
    return replace(known, blocks=blocks)


def _lines(known: Lines, new: Lines) -> Lines:
    if new.types.keys() <= known.types.keys():
        return known
    return replace(known, types={**new.types, **known.types})

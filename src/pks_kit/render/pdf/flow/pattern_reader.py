"""The boxes of a laid-out leaf, read as a pattern for leaves with other words.

Boxes are internals of WeasyPrint: ``tests/contract/test_weasyprint_boxes.py`` fails when they
change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, cast

from pks_kit.render.elements import Leaf
from pks_kit.render.pdf.flow.columns import table_width
from pks_kit.render.pdf.flow.inline import Type
from pks_kit.render.pdf.flow.items import LaidLeaf
from pks_kit.render.pdf.flow.marks import Area
from pks_kit.render.pdf.flow.patterns import (
    Align,
    Body,
    Cell,
    Frame,
    Lines,
    Pattern,
    Place,
    Places,
    Row,
    Stack,
    Upright,
)
from pks_kit.render.pdf.flow.type_reader import Unlike, line_types


def read_pattern(leaf: Leaf, box: Any, laid: LaidLeaf, *, whole: bool) -> Pattern | None:
    """Return how a leaf is built; None when patterns cannot say it.

    Args:
        leaf: The leaf.
        box: Its box.
        laid: How it was set.
        whole: Whether no page may end inside an element round it.
    """
    try:
        return _pattern(leaf, box, laid, whole=whole)
    except Unlike:
        return None


def _pattern(leaf: Leaf, box: Any, laid: LaidLeaf, *, whole: bool) -> Pattern:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TableRowBox):
        body: Body = _row(leaf.look, box, laid)
        frame = Frame(left=0.0, right=0.0, above=0.0, below=0.0)
    elif _holds_lines(box):
        body = _lines(box, avoided=whole)
        frame = _frame(box)
    elif box.children and isinstance(box.children[-1], boxes.GridBox):
        body = _places(box, laid)
        frame = Frame(left=0.0, right=0.0, above=0.0, below=0.0)
    else:
        body = _stack(box, list(box.children), laid, avoided=whole)
        inside = [one for one in box.children]
        frame = Frame(
            left=float(box.border_box_x()),
            right=float(box.border_box_x() + box.border_width()),
            above=float(_top(inside[0]) - box.border_box_y()),
            below=float(box.border_box_y() + box.border_height() - _bottom(inside[-1])),
        )
    return Pattern(frame=frame, body=body, begun=laid.begun)


def _holds_lines(box: Any) -> bool:
    from weasyprint.formatting_structure import boxes

    return bool(box.children) and all(isinstance(one, boxes.LineBox) for one in box.children)


def _top(block: Any) -> float:
    return float(block.children[0].position_y)


def _bottom(block: Any) -> float:
    last = block.children[-1]
    return float(last.position_y + last.height)


def _frame(block: Any) -> Frame:
    return Frame(
        left=float(block.border_box_x()),
        right=float(block.border_box_x() + block.border_width()),
        above=_top(block) - float(block.border_box_y()),
        below=float(block.border_box_y() + block.border_height()) - _bottom(block),
    )


def _stack(box: Any, children: list[Any], laid: LaidLeaf, *, avoided: bool) -> Stack:
    from weasyprint.formatting_structure import boxes

    plain = all(type(one) is boxes.BlockBox and _holds_lines(one) for one in children)
    auto = all(one.style["height"] == "auto" for one in (box, *children))
    if not children or type(box) is not boxes.BlockBox or not plain or not auto:
        raise Unlike
    avoided = avoided or box.style["break_inside"] in _AVOIDED
    before = []
    at = 0
    for one in children:
        before.append(laid.items[at].before)
        at += len(one.children)
    return Stack(
        blocks=tuple((_frame(one), _lines(one, avoided=avoided)) for one in children),
        gaps=tuple(_top(after) - _bottom(one) for one, after in pairwise(children)),
        before=tuple(before),
    )


def _places(box: Any, laid: LaidLeaf) -> Places:
    from weasyprint.formatting_structure import boxes

    *opening, grid = box.children
    if box.style["break_inside"] not in _AVOIDED or grid.style["height"] != "auto":
        raise Unlike
    top = float(grid.border_box_y())
    tops = sorted({round(float(one.position_y) - top, 3) for one in grid.children})
    cells: list[Place] = []
    fixed_rows: set[int] = set()
    words = 0
    for one in grid.children:
        row = tops.index(round(float(one.position_y) - top, 3))
        blocks = [one] if _holds_lines(one) else list(one.children)
        if all(map(_holds_lines, blocks)):
            words += sum(map(_drawn, blocks))
            above, below = _top(blocks[0]), _bottom(blocks[-1])
            gaps = tuple(_top(after) - _bottom(block) for block, after in pairwise(blocks))
            lines = tuple(_lines(block) for block in blocks)
        else:
            fixed_rows.add(row)
            above = below = float(one.position_y)
            gaps, lines = (), ()
        # cells are made as high as their row: only what stands in them tells their own height
        last = blocks[-1]
        end = _bottom(last) if lines else float(last.position_y + last.margin_height())
        end += _foot(one) + (_foot(last) if lines and last is not one else 0.0)
        cells.append(
            Place(
                row=row,
                blocks=lines,
                gaps=gaps,
                above=above - float(one.position_y),
                below=end - below,
            )
        )
    if len(fixed_rows) != 1 or type(grid) is not boxes.GridBox:
        raise Unlike
    (fixed_row,) = fixed_rows
    item = laid.items[-1]
    first = next(one for one in grid.children if not _holds_lines(one) and _is_fixed(one))
    down = top - float(first.position_y)
    return Places(
        opening=_stack(box, opening, laid, avoided=True) if opening else None,
        gap=top - _bottom(opening[-1]) if opening else 0.0,
        before=item.before,
        cells=tuple(cells),
        fixed_row=fixed_row,
        fixed=tuple(mark.moved(down) for mark in item.marks[words:]),
        anchors=tuple((x, y + down, right, end + down) for _, (x, y, right, end) in item.anchors),
    )


def _foot(box: Any) -> float:
    return float(box.padding_bottom + box.border_bottom_width + box.margin_bottom)


def _is_fixed(box: Any) -> bool:
    return not all(map(_holds_lines, box.children))


def _drawn(block: Any) -> int:
    """Return how many marks the words of a block are drawn with."""
    from weasyprint.formatting_structure import boxes

    return sum(
        1 + ("underline" in one.style["text_decoration_line"])
        for one in block.descendants()
        if isinstance(one, boxes.TextBox) and one.text.strip()
    )


_AVOIDED = frozenset({"avoid", "avoid-page"})


def _lines(block: Any, *, avoided: bool = False) -> Lines:
    from weasyprint.text.line_break import strut

    style = block.style
    if style["text_indent"] == 0 or block.children == ():
        indent = 0.0
    else:
        indent = float(style["text_indent"].value)
        if style["text_indent"].unit != "px":
            raise Unlike
    height, baseline = strut(style)
    first = block.children[0] if block.children else None
    types: dict[str, Type] = {}
    if first is not None:
        # the strut of a line is that of its own, anonymous style
        height, baseline = strut(first.style)
        for line in block.children:
            for name, kind in line_types(line, ""):
                types.setdefault(name, kind)
    return Lines(
        left=float(block.content_box_x()),
        width=float(block.width),
        indent=indent,
        align=_align(style["text_align_all"]),
        last=_align(style["text_align_last"], style["text_align_all"]),
        above=float(baseline),
        below=float(height - baseline),
        orphans=style["orphans"],
        widows=style["widows"],
        whole=avoided or style["break_inside"] in _AVOIDED,
        types=types,
    )


def _align(value: str, other: str = "start") -> Align:
    if value == "auto":
        value = other
    value = {"left": "start", "right": "end"}.get(value, value)
    if value not in {"start", "end", "center", "justify"}:
        raise Unlike
    return cast("Align", value)


def _row(look: str, row: Any, laid: LaidLeaf) -> Row:
    (item,) = laid.items
    if item.rules is None:
        raise Unlike
    edges = item.rules.edges
    areas = [one for one in item.marks if isinstance(one, Area)]
    cells: list[Cell] = []
    for column, cell in enumerate(row.children):
        if cell.colspan != 1 or cell.rowspan != 1 or cell.grid_x != column:
            raise Unlike
        cells.append(_cell(cell, (edges[column], edges[column + 1]), row, areas))
    if areas or len(cells) + 1 != len(edges):
        raise Unlike
    return Row(
        cells=tuple(cells),
        left=edges[0],
        width=table_width(look, edges),
        rules=item.rules,
        head=item.head,
    )


def _cell(cell: Any, edges: tuple[float, float], row: Any, areas: list[Area]) -> Cell:
    if cell.children and not _holds_lines(cell):
        raise Unlike
    if cell.vertical_align not in {"top", "middle", "bottom"}:
        raise Unlike
    upright = cast("Upright", cell.vertical_align)
    # what WeasyPrint adds to the padding makes the cell as high as its row
    above = float(cell.border_top_width + cell.style["padding_top"].value)
    below = float(cell.border_bottom_width + cell.style["padding_bottom"].value)
    left = float(cell.content_box_x())
    fill, fill_edges = None, (0.0, 0.0, 0.0, 0.0)
    if cell.style["background_color"].alpha:
        if not areas:
            raise Unlike
        area = areas.pop(0)
        fill = area.colour
        fill_edges = (
            area.x - edges[0],
            area.y,
            area.x + area.width - edges[1],
            area.y + area.height - float(row.height),
        )
    return Cell(
        before=left - edges[0],
        behind=edges[1] - left - float(cell.width),
        above=above,
        below=below,
        least=0.0 if cell.computed_height == "auto" else float(cell.computed_height),
        upright=upright,
        fill=fill,
        fill_edges=fill_edges,
        lines=_lines(cell),
    )


def leaf_boxes(pages: Sequence[Any], attribute: str) -> Iterator[tuple[int, Any, bool]]:
    """Yield every leaf on some pages: number, box, and whether an element round it stays whole.

    Args:
        pages: Pages of a WeasyPrint document.
        attribute: Attribute with the number of a leaf.
    """
    waiting = [(page._page_box, False) for page in reversed(pages)]
    while waiting:
        box, whole = waiting.pop()
        element = box.element
        is_own = element is not None and box.element_tag == element.tag
        if is_own and element.get(attribute):
            yield int(element.get(attribute)), box, whole
        else:
            whole = whole or box.style["break_inside"] in _AVOIDED
            waiting.extend((one, whole) for one in reversed(list(getattr(box, "children", ()))))

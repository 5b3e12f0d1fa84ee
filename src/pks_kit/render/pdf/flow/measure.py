"""First step to pages: WeasyPrint lays leaves out on an endless sheet, and they are read there.

Nothing is divided on a sheet that has no end, so every line stands where its neighbours put it,
and the pages can be cut afterwards. The box tree says where lines, rows and boxes stand and where
a page may end, the painted page what is drawn. Both are internals of WeasyPrint:
``tests/contract/test_weasyprint_boxes.py`` fails when they change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pks_kit.render.page_geometry import MENDATAR, TEGAK
from pks_kit.render.pdf.flow.items import Break, Gap, Item, RowRules, Rule
from pks_kit.render.pdf.flow.marks import Frame, Line, Mark, Rect
from pks_kit.render.pdf.flow.unknown import StepAside

LEAF = "data-n"
"""Attribute with the number of a leaf."""

OPENS = "data-o"
"""Attribute of a leaf that is the first of its section."""

_HEIGHT = 400_000
"""Height of the endless sheet in millimetres: 250 times the longest part so far."""

_NEAR = 0.01
"""A mark belongs to the item that begins at most so many pixels below it."""

_FORCED = frozenset({"page", "always", "left", "right", "recto", "verso"})
_AVOIDED = frozenset({"avoid", "avoid-page"})


def endless_css() -> str:
    """Return the ``@page`` rules of sheets without end, to stand behind the ordinary ones."""
    return (
        f"@page {{ size: {TEGAK.width}mm {_HEIGHT}mm }}\n"
        f"@page mendatar {{ size: {MENDATAR.width}mm {_HEIGHT}mm }}\n"
    )


@dataclass(slots=True)
class _Found:
    """An item while it is read.

    Attributes:
        leaf: Number of its leaf.
        box: Its line, row or box.
        top: Upper end on the sheet.
        bottom: Lower end on the sheet.
        before: Whether a page may end before it.
        above: Boxes round its leaf, the outermost first.
        whole: The box of its leaf.
    """

    leaf: int
    box: Any
    top: float
    bottom: float
    before: Break
    above: tuple[Any, ...]
    whole: Any
    rules: RowRules | None = None
    head: bool = False
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What an endless sheet told.

    Attributes:
        leaves: Number of each leaf to its items.
        begun: Number of each leaf to the elements round it with an id: left edge, and upper edge
            from its first item.
        gaps: Numbers of two neighbours on the sheet to what stands between them; -1 is what stands
            above a sheet.
    """

    leaves: Mapping[int, tuple[Item, ...]]
    begun: Mapping[int, Mapping[str, tuple[float, float]]]
    gaps: Mapping[tuple[int, int], Gap]


def measured(pages: Sequence[Any], painted: Sequence[tuple[Mark, ...]]) -> Measured:
    """Read endless sheets.

    Args:
        pages: Pages of a WeasyPrint document, laid out with :func:`endless_css`.
        painted: What is drawn on each.

    Raises:
        StepAside: When something is drawn where no leaf stands, or a leaf stands on two sheets.
    """
    leaves: dict[int, tuple[Item, ...]] = {}
    begun: dict[int, dict[str, tuple[float, float]]] = {}
    gaps: dict[tuple[int, int], Gap] = {}
    ended = -1
    for page, marks in zip(pages, painted, strict=True):
        found = [
            one
            for box in page._page_box.children
            if type(box).__name__ != "MarginBox"
            for one in _items(box, "allowed", avoided=False, within=None, above=())
        ]
        _share(found, marks)
        groups: list[list[_Found]] = []
        for one in found:
            if groups and groups[-1][0].leaf == one.leaf:
                groups[-1].append(one)
            else:
                groups.append([one])
        for group in groups:
            number = group[0].leaf
            if number in leaves or number < 0:
                raise StepAside(str(number))
            leaves[number] = _laid(group)
            begun[number] = _begun(group[0])
        # a sheet ends for no other reason
        gaps[ended, groups[0][0].leaf] = Gap(0.0, "forced", _margin(groups[0][0]))
        ended = groups[-1][0].leaf
        for before, after in pairwise(groups):
            gaps[before[0].leaf, after[0].leaf] = Gap(
                after[0].top - before[-1].bottom, after[0].before, _margin(after[0])
            )
    return Measured(leaves=leaves, begun=begun, gaps=gaps)


def _number(box: Any) -> int:
    """Return the number of the leaf that a box is, or -1."""
    element = box.element
    if element is None or not hasattr(element, "get") or box.element_tag != element.tag:
        return -1
    return int(element.get(LEAF, -1))


def _items(
    box: Any, gap: Break, *, avoided: bool, within: tuple[int, Any] | None, above: tuple[Any, ...]
) -> Iterator[_Found]:
    """Yield what a page break may part, in order; ``gap`` is what it may do before the first."""
    from weasyprint.formatting_structure import boxes

    if within is None and (number := _number(box)) >= 0:
        within = number, box
    elif within is None:
        above = (*above, box)
    leaf, whole = within or (-1, None)
    avoided = avoided or box.style["break_inside"] in _AVOIDED
    children = list(getattr(box, "children", ()))
    if isinstance(box, boxes.TableBox):
        yield from _rows(box, gap, avoided=avoided, above=above)
    elif any(isinstance(one, boxes.LineBox) for one in children):
        orphans, widows, count = box.style["orphans"], box.style["widows"], len(children)
        for number, line in enumerate(children):
            rule: Break = gap
            if number:
                few = number < orphans or count - number < widows
                rule = "avoid" if avoided or few else "allowed"
            top = line.position_y
            yield _Found(leaf, line, top, top + line.height, rule, above, whole)
    elif within and (not _is_flow(box) or not children or box.style["height"] != "auto"):
        top, bottom = box.border_box_y(), box.border_box_y() + box.border_height()
        yield _Found(leaf, box, top, bottom, gap, above, whole)
    else:
        before: Any = None
        for child in children:
            rule = gap if before is None else _between(before, child, avoided=avoided)
            yield from _items(child, rule, avoided=avoided, within=within, above=above)
            before = child


def _is_flow(box: Any) -> bool:
    from weasyprint.formatting_structure import boxes

    return isinstance(box, boxes.BlockContainerBox) and not isinstance(
        box, (boxes.GridContainerBox, boxes.FlexContainerBox)
    )


def _between(before: Any, after: Any, *, avoided: bool) -> Break:
    from weasyprint.layout.block import block_level_page_break

    rule = block_level_page_break(before, after)
    if rule in _FORCED:
        return "forced"
    return "avoid" if avoided or rule in _AVOIDED else "allowed"


def _rows(table: Any, gap: Break, *, avoided: bool, above: tuple[Any, ...]) -> Iterator[_Found]:
    vertical, horizontal = table.collapsed_border_grid
    edges = (*table.column_positions, table.column_positions[-1] + table.column_widths[-1])
    number, before, before_group = 0, None, None
    for group in table.children:
        for row in group.children:
            rule = gap
            if before is not None:
                pair = (before, row) if before_group is group else (before_group, group)
                rule = _between(*pair, avoided=avoided)
            rules = RowRules(
                tuple(float(one) for one in edges),
                tuple(_rule(one) for one in horizontal[number]),
                tuple(_rule(one) for one in horizontal[number + 1]),
                tuple(_rule(one) for one in vertical[number]),
            )
            top = row.position_y
            yield _Found(
                _number(row), row, top, top + row.height, rule, (*above, group), row,
                rules, bool(group.is_header),
            )  # fmt: skip
            number, before, before_group = number + 1, row, group


def _rule(border: Any) -> Rule:
    _, (style, width, colour) = border
    if not width or not colour.alpha or style in {"none", "hidden"}:
        return Rule(0.0, (0.0, 0.0, 0.0))
    if style != "solid":
        raise StepAside(str(style))
    red, green, blue = (float(one) for one in colour.to("srgb").coordinates)
    return Rule(float(width), (red, green, blue))


def _share(found: list[_Found], marks: tuple[Mark, ...]) -> None:
    """Give every mark to its item; rules of tables are drawn anew for every page."""
    tops = [one.top for one in found]
    for mark in marks:
        place = _place(mark)
        at = bisect_right(tops, place + _NEAR) - 1
        if at < 0 or place > found[at].bottom + 1:
            raise StepAside(type(mark).__name__)
        one = found[at]
        if one.rules is None or not isinstance(mark, Line):
            one.marks.append(mark.moved(-one.top))


def _place(mark: Mark) -> float:
    if isinstance(mark, Frame):
        return mark.outer[1]
    return (mark.y + mark.to_y) / 2 if isinstance(mark, Line) else mark.y


def _laid(group: list[_Found]) -> tuple[Item, ...]:
    first = group[0].top
    whole = group[0].whole
    names = tuple(_named((whole,), first)) if whole is not group[0].box else ()
    return tuple(
        Item(
            one.top - first,
            one.bottom - first,
            one.before,
            tuple(one.marks),
            (*(names if one is group[0] else ()), *_named(_boxes(one.box), one.top)),
            tuple(_linked(one)),
            one.rules,
            one.head,
        )
        for one in group
    )


def _margin(first: _Found) -> float:
    """Return the space above a leaf: margins of all that begins with it, collapsed into one."""
    opens = first.whole.element.get(OPENS) is not None
    margins = [float(first.whole.margin_top)]
    inner = first.whole
    for box in reversed(first.above):
        if box.children[0] is not inner or (box.element_tag == "section" and not opens):
            break
        margins.append(float(getattr(box, "margin_top", 0.0)))
        inner = box
    return max(0.0, *margins) + min(0.0, *margins)


def _begun(first: _Found) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for box in first.above:
        if name := box.style["anchor"]:
            found.setdefault(name, (box.border_box_x(), box.border_box_y() - first.top))
    return found


def _boxes(box: Any) -> Iterator[Any]:
    yield box
    for child in box.all_children():
        yield from _boxes(child)


def _named(boxes: Iterable[Any], top: float) -> Iterator[tuple[str, Rect]]:
    for box in boxes:
        if box.style["anchor"]:
            yield box.style["anchor"], _area(box, top)


def _linked(one: _Found) -> Iterator[tuple[str, Rect]]:
    from weasyprint.formatting_structure import boxes

    for box in _boxes(one.box):
        if box.link and not isinstance(box, (boxes.TextBox, boxes.LineBox)):
            yield box.link[1][1], _area(box, one.top)


def _area(box: Any, top: float) -> Rect:
    x, y, width, height = box.hit_area()
    return x, y - top, x + width, y + height - top

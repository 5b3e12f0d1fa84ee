"""The quick road to the pages of a part: known leaves, cut into pages, written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property, partial
from html import unescape
from typing import NamedTuple

from pks_kit.domain.rect import Rect as PointRect
from pks_kit.met import Lately
from pks_kit.render.elements import Element, Leaf
from pks_kit.render.page_geometry import MENDATAR, TEGAK, PageGeometry
from pks_kit.render.pdf.flow.book import KnownPart
from pks_kit.render.pdf.flow.marks import Moved, Rect, draw_marks
from pks_kit.render.pdf.flow.page_breaks import OnPage, Placed, cut_pages
from pks_kit.render.pdf.flow.rules import table_rules
from pks_kit.render.pdf.laid import Glyphs, LaidPage, LaidPart, packed
from pks_kit.render.pdf.parts import LinkTarget, to_points

_PX = 96 / 25.4
"""CSS pixels per millimetre."""

_ID = re.compile(r' id="([^"]*)"')


def placed_items(part: KnownPart) -> list[Placed]:
    """Return the items of a part one below the other, as on a page without end."""
    placed: list[Placed] = []
    tables: dict[int, int] = {}
    end = 0.0
    for number, (leaf, laid, gap) in enumerate(zip(part.leaves, part.laid, part.gaps, strict=True)):
        top = end + gap.height
        table = -1
        if leaf.element.tag == "tr":
            table = tables.setdefault(id(leaf.above[-2]), number)
        for place, item in enumerate(laid.items):
            rule, margin = (item.before, 0.0) if place else (gap.before, gap.margin)
            upper, lower = top + item.top, top + item.bottom
            placed.append(Placed(item, upper, lower, rule, number, table, margin, gap.height))
        end = placed[-1].bottom
    return placed


class _FlowedPage(NamedTuple):
    """A page, whatever its number is.

    Attributes:
        laid: The page.
        names: What can be jumped to, in order.
        repeated: Heads of tables once more.
        leaves: What is on it, and begins on it.
    """

    laid: LaidPage
    names: tuple[tuple[str, PointRect], ...]
    repeated: tuple[PointRect, ...]
    leaves: Sequence[Leaf]


FlowedPages = Lately[Hashable, _FlowedPage]
"""Pages on which only leaves stand that many agreements share."""

MOST_PAGES = 512
"""Of a generation: about those of eight kinds and methods."""


class CutPart:
    """A part that is cut into pages, which are drawn when somebody asks for more than their number.

    Of the ways to set a part most are only tried (:mod:`pks_kit.render.pdf.fitting`).

    Args:
        cut: Its pages.
        draw: Draws them.
    """

    def __init__(self, cut: Sequence[Sequence[OnPage]], draw: Callable[[], LaidPart]) -> None:
        self._cut = cut
        self._draw = draw

    @cached_property
    def laid(self) -> LaidPart:
        """Return the pages as they are drawn."""
        return self._draw()

    @property
    def pages(self) -> int:
        """Return the number of pages."""
        return len(self._cut)

    @property
    def filled(self) -> tuple[float, ...]:
        """Return how far down each page is filled, from 0 to 1."""
        return self.laid.filled


def flowed_part(
    part: KnownPart, glyphs: Glyphs, sheet: PageGeometry, known: FlowedPages
) -> CutPart | None:
    """Return the pages of a part whose leaves are all known.

    None when only the layout engine can cut it.

    Args:
        part: What is known of it.
        glyphs: Text behind every glyph that it may use.
        sheet: The paper.
        known: Pages that were made before.
    """
    pages = cut_pages(placed_items(part), _room(sheet), keeps_margins=sheet is MENDATAR)
    if pages is None:
        return None
    return CutPart(pages, partial(_drawn, part, pages, glyphs, sheet, known))


def _drawn(
    part: KnownPart,
    pages: Sequence[Sequence[OnPage]],
    glyphs: Glyphs,
    sheet: PageGeometry,
    known: FlowedPages,
) -> LaidPart:
    sheets: list[LaidPage] = []
    anchors: dict[str, LinkTarget] = {}
    repeated: list[tuple[int, PointRect]] = []
    for number, page in enumerate(pages, start=1):
        first = next(one for one in page if not one.repeated)
        leaves = part.leaves[first.placed.leaf : page[-1].placed.leaf + 1]
        key = None
        if all([one.lasts for one in leaves]):
            # Items of a page are neighbours: its leaves, first and last item tell all of them.
            ends = [part.number_of(one.leaf, one.item) for one in (first.placed, page[-1].placed)]
            key = sheet.size_pt, tuple(map(id, leaves)), *ends, page[0].top, first.top
        flowed = None if key is None else known.get(key)
        if flowed is None:
            flowed = _flowed(part, page, sheet, leaves)
            if key is not None:
                known.keep(key, flowed)
        for name, rect in flowed.names:
            anchors.setdefault(name, LinkTarget(page=number, rect=rect))
        repeated += [(number, rect) for rect in flowed.repeated]
        sheets.append(flowed.laid)
    return LaidPart(
        sheets=tuple(sheets),
        anchors=anchors,
        repeated=tuple(repeated),
        glyphs=_used(part, glyphs),
    )


def _room(sheet: PageGeometry) -> float:
    """Return the height of the content of a page in CSS pixels."""
    return (sheet.height - sheet.top - sheet.bottom) * _PX


def _flowed(
    part: KnownPart, page: Sequence[OnPage], sheet: PageGeometry, leaves: Sequence[Leaf]
) -> _FlowedPage:
    top = sheet.top * _PX
    height = sheet.height * _PX
    links: list[tuple[str, PointRect]] = []
    names: list[tuple[str, PointRect]] = []
    for one in page:
        item, down = one.placed.item, one.top + top
        if one.repeated:
            continue
        for name, rect in _names(part, one.placed):
            names.append((name, to_points(_lower(rect, down), height)))
        for target, rect in item.links:
            links.append((target, to_points(_lower(rect, down), height)))
    drawn = draw_marks(_marks(page, top), height)
    laid = LaidPage(
        size=sheet.size_pt,
        packed=packed(drawn.content),
        inflated=len(drawn.content),
        links=tuple(links),
        filled=max(0.0, drawn.lowest - top) / _room(sheet),
        words=drawn.words,
    )
    repeated = tuple([to_points(rect, height) for rect in _repeated(page, top)])
    return _FlowedPage(laid, tuple(names), repeated, leaves)


def _used(part: KnownPart, glyphs: Glyphs) -> Glyphs:
    """Return the text behind the glyphs of a part, and no others: what else was seen is chance."""
    used: dict[str, set[str]] = {}
    for laid in part.laid:
        for face, numbers in laid.glyphs:
            used.setdefault(face, set()).update(numbers)
    return {
        face: {number: texts[number] for number in map(ord, sorted(used[face.postscript_name]))}
        for face, texts in glyphs.items()
        if face.postscript_name in used
    }


def sheet_of_part(sections: Sequence[Element]) -> PageGeometry:
    """Return the paper of a part: all its sections lie the same way."""
    wide = any(" mendatar" in one.look for one in sections)
    return MENDATAR if wide else TEGAK


def _marks(page: Sequence[OnPage], top: float) -> list[Moved]:
    found: list[Moved] = []
    rows: list[OnPage] = []
    for one in page:
        item = one.placed.item
        if rows and one.placed.table != rows[-1].placed.table:
            found += _rules(rows, top)
            rows = []
        if item.rules is not None:
            rows.append(one)
        down = one.top + top
        found += [(mark, down) for mark in item.marks]
    if rows:
        found += _rules(rows, top)
    return found


def _rules(rows: Sequence[OnPage], top: float) -> Iterator[Moved]:
    known = [
        (one.placed.item.rules, top + one.top, top + one.top + one.placed.bottom - one.placed.top)
        for one in rows
        if one.placed.item.rules is not None
    ]
    for line in table_rules(known):
        yield line, 0.0


def _repeated(page: Sequence[OnPage], top: float) -> Iterator[Rect]:
    heads = [one for one in page if one.repeated]
    if heads and heads[0].placed.item.rules is not None:
        edges = heads[0].placed.item.rules.edges
        height = heads[-1].placed.bottom - heads[0].placed.top
        yield edges[0], top + heads[0].top, edges[-1], top + heads[0].top + height


def _names(part: KnownPart, placed: Placed) -> Iterator[tuple[str, Rect]]:
    """Yield what begins with an item: elements round its leaf first, then what is in it."""
    if placed.item is part.laid[placed.leaf].items[0]:
        leaf = part.leaves[placed.leaf]
        for depth, (x, y) in zip(leaf.begun, part.laid[placed.leaf].begun, strict=True):
            yield id_of(leaf.above[depth]), (x, y, x, y)
    yield from placed.item.anchors


def id_of(element: Element) -> str:
    """Return the id of an element that has one."""
    match = _ID.match(element.name)
    return unescape(match[1]) if match else ""


def _lower(rect: Rect, down: float) -> Rect:
    return rect[0], rect[1] + down, rect[2], rect[3] + down

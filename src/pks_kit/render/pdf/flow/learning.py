"""What the book does not know yet is laid out by WeasyPrint, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pks_kit.collector import collector_paused
from pks_kit.render.elements import Element, Leaf
from pks_kit.render.html import whole_html
from pks_kit.render.pdf.boxes import find_overflow
from pks_kit.render.pdf.flow.book import Book, gap_key, leaf_key
from pks_kit.render.pdf.flow.items import Gap, LaidLeaf, told_glyphs
from pks_kit.render.pdf.flow.marks import used_glyphs
from pks_kit.render.pdf.flow.measure import LEAF, OPENS, endless_css, measured
from pks_kit.render.pdf.flow.pages import id_of
from pks_kit.render.pdf.flow.pattern_reader import leaf_boxes
from pks_kit.render.pdf.flow.recorder import glyph_texts, painted
from pks_kit.render.pdf.flow.setter import set_leaf, teach
from pks_kit.render.pdf.flow.unknown import StepAside
from pks_kit.render.pdf.parts import full_css, layout_document
from pks_kit.render.pdf.strict_log import silence_required


def learn(book: Book, parts: Sequence[Sequence[Leaf]], css: str, nama: str) -> int:
    """Fill the book with every leaf and gap of some parts.

    Args:
        book: What is known.
        parts: All leaves of each part.
        css: The template's style sheet; each book belongs to one.
        nama: Name of the document for messages.

    Returns:
        How many leaves were laid out.

    Raises:
        StepAside: For what cannot be cut into pages here.
        RenderError: ``render.pdf.engine_warning``, ``render.pdf.engine_failed``: the plain road
            then says where.
    """
    if set_unknown(book, parts) and not book.unknown_gaps(parts):
        return 0
    wanted = [(leaves, _wanted(book, leaves)) for leaves in parts]
    numbers: dict[int, Leaf] = {}
    firsts: set[int] = set()
    mains: list[str] = []
    for leaves, places in wanted:
        if places:
            # one number is left out between two parts, whose ends are no neighbours
            first = max(numbers, default=-2) + 2
            mains.append(_html(leaves, sorted(places), first))
            numbers.update((first + at, leaves[at]) for at in places)
            if 0 in places:
                firsts.add(first)
    if not mains:
        return 0
    fonts: dict[Any, Any] = {}
    with silence_required(nama), collector_paused():
        document = layout_document(whole_html(mains), full_css(css) + endless_css())
        for page in document.pages:
            if find_overflow(page._page_box, 1):
                raise StepAside("overflow")
        found = measured(document.pages, list(painted(document.pages, fonts)))
        texts = glyph_texts(fonts)
    boxes = {number: (box, whole) for number, box, whole in leaf_boxes(document.pages, LEAF)}
    for number, leaf in numbers.items():
        begun = tuple(found.begun[number][id_of(leaf.above[depth])] for depth in leaf.begun)
        items = found.leaves[number]
        used = used_glyphs(mark for one in items for mark in one.marks)
        glyphs = tuple((face, told_glyphs(numbers)) for face, numbers in sorted(used.items()))
        laid = LaidLeaf(items, begun, glyphs)
        book.add_leaf(leaf_key(leaf), laid)
        box, whole = boxes[number]
        teach(book, leaf, laid, box, whole=whole)
    for (before, after), gap in found.gaps.items():
        if after == before + 1 and before in numbers:
            book.add_gap(gap_key(numbers[before], numbers[after]), gap)
        elif after in firsts:
            book.add_gap(gap_key(None, numbers[after]), Gap(0.0, "allowed", gap.margin))
    book.add_glyphs(texts)
    return len(numbers)


def set_unknown(book: Book, parts: Iterable[Sequence[Leaf]]) -> bool:
    """Set what the book does not know, as far as the setter knows how; return whether it did."""
    every = True
    for leaves in parts:
        for one in leaves:
            key = leaf_key(one)
            if book.leaf(key) is None:
                laid = set_leaf(book, one)
                if laid is None:
                    every = False
                else:
                    book.add_leaf(key, laid)
    return every


def _wanted(book: Book, leaves: Sequence[Leaf]) -> set[int]:
    """Return the places of leaves to lay out: unknown ones, and both sides of unknown gaps."""
    places = {at for at, one in enumerate(leaves) if book.leaf(leaf_key(one)) is None}
    for at, leaf in enumerate(leaves):
        before = leaves[at - 1] if at else None
        if book.gap(gap_key(before, leaf)) is None:
            places.update((max(0, at - 1), at))
    # A row keeps the head, first and last row of its table: their rules meet its own.
    tables: dict[int, list[int]] = {}
    for at, one in enumerate(leaves):
        if one.element.tag == "tr":
            tables.setdefault(id(one.above[-2]), []).append(at)
    for rows in tables.values():
        if places.intersection(rows):
            groups: dict[int, list[int]] = {}
            for at in rows:
                groups.setdefault(id(leaves[at].above[-1]), []).append(at)
            places.update(end for group in groups.values() for end in (group[0], group[-1]))
            for at in sorted(places.intersection(rows)):
                places.update(near for near in (at - 1, at + 1) if near in rows)
    return places


def _html(leaves: Sequence[Leaf], places: Iterable[int], first: int) -> str:
    """Return some leaves of a part inside the elements that stand round them."""
    return "".join(_pieces(leaves, places, first))


def _pieces(leaves: Sequence[Leaf], places: Iterable[int], first: int) -> Iterator[str]:
    open_ones: tuple[Element, ...] = ()
    for at in places:
        leaf = leaves[at]
        shared = 0
        for one, other in zip(open_ones, leaf.above, strict=False):
            if one is not other:
                break
            shared += 1
        for one in reversed(open_ones[shared:]):
            yield f"</{one.tag}>\n"
        for one in leaf.above[shared:]:
            yield f"<{one.tag}{one.look}{one.name}>{one.columns}\n"
        open_ones = leaf.above
        element = leaf.element
        opens = f' {OPENS}=""' if leaf.opens else ""
        yield (
            f'<{element.tag}{element.look}{element.name} {LEAF}="{first + at}"{opens}>'
            f"{element.content}</{element.tag}>\n"
        )
    for one in reversed(open_ones):
        yield f"</{one.tag}>\n"

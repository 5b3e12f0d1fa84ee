"""A line setter: leaves with other words, set as WeasyPrint would set them, without it.

Whatever a leaf is but its words was learnt from one that WeasyPrint laid out (``pattern_reader``);
the words are measured with the glyphs of the same HarfBuzz (``harfbuzz``), cut into lines by the
rules of Pango and WeasyPrint (``breaks``, ``lines``), spread (``justified``) and put in their
places (``bodies``). What is not certain is left to WeasyPrint, and every leaf that it lays out is
set here as well and compared: one difference, and no leaf of that look is set here any more.

Proof (``tests/journeys/test_setter.py``, which ``make prove`` runs in full, 27 minutes of CPU): all
leaves of 200 agreements, every sample in every method and others made of them with hostile words
and lengths, none different and nine in ten set here; fewer than 20 of them have a word wider than a
page, which no road lays out. Of the 205 to 220 leaves that differ between two ordinary facilities
of a kind none went to WeasyPrint once the second was seen.
"""

from __future__ import annotations

from typing import Any

from pks_kit.render.elements import Leaf
from pks_kit.render.fonts import face_named
from pks_kit.render.pdf.flow.bodies import set_like
from pks_kit.render.pdf.flow.book import Book
from pks_kit.render.pdf.flow.columns import plain_look
from pks_kit.render.pdf.flow.content import Node, parsed, skeleton
from pks_kit.render.pdf.flow.engine_lines import letters_on_line
from pks_kit.render.pdf.flow.harfbuzz import texts_of
from pks_kit.render.pdf.flow.inline import Unset
from pks_kit.render.pdf.flow.items import LaidLeaf
from pks_kit.render.pdf.flow.lines import Edges
from pks_kit.render.pdf.flow.pattern_reader import read_pattern
from pks_kit.render.pdf.flow.patterns import joined
from pks_kit.render.pdf.flow.sameness import same_leaf


def set_leaf(book: Book, leaf: Leaf) -> LaidLeaf | None:
    """Return a leaf as the layout engine would set it, or None when only it can know.

    The text behind its glyphs goes into the book.

    Args:
        book: What is known.
        leaf: A leaf that the book does not know.
    """
    content = parsed(str(leaf.element.content))
    pattern = book.patterns.get(pattern_key(leaf, content))
    if pattern is None:
        return None
    edges = Edges(seen=book.edges, ask=letters_on_line)
    try:
        laid = set_like(pattern, leaf, content, edges, book.cells)
    except Unset:
        return None
    for name, numbers in laid.glyphs:
        face = face_named(name)
        if face is None:
            return None
        own = set(map(ord, numbers))
        if not own <= book.glyphs.get(face, {}).keys():
            book.add_glyphs({face: texts_of(name, frozenset(own))})
            if not own <= book.glyphs[face].keys():
                return None
    return laid


def teach(book: Book, leaf: Leaf, laid: LaidLeaf, box: Any, *, whole: bool) -> None:
    """Learn from a leaf that the layout engine set how others like it are built.

    It is set here as well. When that gives anything else, no leaf of this look and structure is
    set here any more.

    Args:
        book: What is known.
        leaf: The leaf.
        laid: How it was set.
        box: Its box.
        whole: Whether no page may end inside an element round it.
    """
    content = parsed(str(leaf.element.content))
    key = pattern_key(leaf, content)
    new = read_pattern(leaf, box, laid, whole=whole)
    if new is None or (key in book.patterns and book.patterns[key] is None):
        return
    known = book.patterns.get(key)
    pattern = new if known is None else joined(known, new)
    edges = Edges(trying=True)
    try:
        again = set_like(pattern, leaf, content, edges)
    except Unset:
        book.patterns[key] = pattern
        return
    if same_leaf(again, laid):
        book.patterns[key] = pattern
        book.edges.update(edges.taken)
    elif not edges.taken:
        book.patterns[key] = None


def pattern_key(leaf: Leaf, content: Node) -> str:
    """Return what leaves of one pattern have in common."""
    return f"{plain_look(leaf.look)}\n{skeleton(content)}"

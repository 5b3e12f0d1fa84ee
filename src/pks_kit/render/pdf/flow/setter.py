"""Leaves that are set without the layout engine; whatever it does not know is left to it."""

from __future__ import annotations

from pks_kit.render.elements import Leaf
from pks_kit.render.pdf.flow.book import Book
from pks_kit.render.pdf.flow.items import LaidLeaf


def set_leaf(book: Book, leaf: Leaf) -> LaidLeaf | None:
    """Return a leaf exactly as the layout engine would set it, or None for it to do so.

    Args:
        book: What is known under the style sheet.
        leaf: A leaf that was never seen.
    """
    del book, leaf  # no line setter yet
    return None

"""Leaves that are set without the layout engine; whatever it does not know is left to it."""

from __future__ import annotations

from pks_kit.render.elements import Leaf
from pks_kit.render.pdf.flow.items import LaidLeaf


def set_leaf(leaf: Leaf, css: str) -> LaidLeaf | None:
    """Return a leaf exactly as the layout engine would set it, or None for it to do so.

    Args:
        leaf: A leaf that was never seen.
        css: The template's style sheet.
    """
    del leaf, css  # no line setter yet
    return None

"""Whether two roads set a leaf in the same way: the same marks, places and rules for breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pks_kit.render.pdf.flow.items import Item, LaidLeaf, RowRules
from pks_kit.render.pdf.flow.marks import Rect, write_marks

_FAR: Final = 1e-6
"""Heights that were added in another order differ far less, in CSS pixels."""


def same_leaf(one: LaidLeaf, other: LaidLeaf) -> bool:
    """Compare two settings of a leaf.

    What stands before its first line depends on its neighbour and is no part of it.

    Args:
        one: One setting.
        other: The other.
    """
    return (
        len(one.items) == len(other.items)
        and one.glyphs == other.glyphs
        and _near([length for place in one.begun for length in place],
                  [length for place in other.begun for length in place])
        and all(
            _same_item(first, second, begins=not number)
            for number, (first, second) in enumerate(zip(one.items, other.items, strict=True))
        )
    )  # fmt: skip


def _same_item(one: Item, other: Item, *, begins: bool) -> bool:
    return (
        (begins or one.before == other.before)
        and one.head == other.head
        and _same_rules(one.rules, other.rules)
        and _near((one.top, one.bottom), (other.top, other.bottom))
        and _same_places(one.anchors, other.anchors)
        and _same_places(one.links, other.links)
        and write_marks(one.marks, 0.0) == write_marks(other.marks, 0.0)
    )


def _same_rules(one: RowRules | None, other: RowRules | None) -> bool:
    if one is None or other is None:
        return one is other
    return _near(one.edges, other.edges) and replace(one, edges=()) == replace(other, edges=())


def _same_places(some: Sequence[tuple[str, Rect]], others: Sequence[tuple[str, Rect]]) -> bool:
    return [name for name, _ in some] == [name for name, _ in others] and all(
        _near(one, other) for (_, one), (_, other) in zip(some, others, strict=True)
    )


def _near(some: Sequence[float], others: Sequence[float]) -> bool:
    return len(some) == len(others) and all(
        abs(one - other) < _FAR for one, other in zip(some, others, strict=True)
    )

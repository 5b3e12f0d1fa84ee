"""Second step: cut what was measured into pages.

A page takes items while they fit. What does not fit goes back to the last place where a page may
end. The space above the first item of a page falls away, but on the first page, after a forced
break, and on sheets of a named kind (landscape). A table that goes on repeats its head.
Where no page may end, or an item is higher than a page, WeasyPrint has rules of its own: such
parts are left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pks_kit.render.pdf.flow.items import Break, Item

_ROOM = 1e-6
"""Rounding may cost a millionth of a pixel."""


class Placed(NamedTuple):
    """An item in the endless row of a part.

    Attributes:
        item: The item.
        top: Upper end in CSS pixels from the beginning of the part.
        bottom: Lower end.
        before: Whether a page may end before it.
        leaf: Number of its leaf in the part.
        table: Number of its table in the part, or -1.
        margin: Space above it that stays when it begins a page whose margins are kept.
        gap: Height between its leaf and the one before it.
    """

    item: Item
    top: float
    bottom: float
    before: Break
    leaf: int
    table: int = -1
    margin: float = 0.0
    gap: float = 0.0


class OnPage(NamedTuple):
    """An item on its page.

    Attributes:
        placed: The item.
        top: Upper end in CSS pixels from the upper end of the page's content.
        repeated: Whether it is the head of a table once more.
    """

    placed: Placed
    top: float
    repeated: bool = False


def cut_pages(
    items: Sequence[Placed], height: float, *, keeps_margins: bool
) -> list[list[OnPage]] | None:
    """Return the pages of a part; None for those that only the layout engine can cut.

    Args:
        items: Everything in it, in order.
        height: Height of the content of a page in CSS pixels.
        keeps_margins: Whether the sheets are of a named kind: WeasyPrint takes the end of such a
            page for a forced one (``context.forced_break``).
    """
    heads: dict[int, list[Placed]] = {}
    for one in items:
        if one.item.head:
            heads.setdefault(one.table, []).append(one)
    pages: list[list[OnPage]] = []
    at = 0
    while at < len(items):
        first = items[at]
        page, above = _head_again(first, heads.get(first.table, []))
        if at == 0 or keeps_margins or first.before == "forced":
            above += first.margin
        start = first.top - above
        end = at
        while end < len(items) and items[end].bottom - start <= height + _ROOM:
            if end > at and items[end].before == "forced":
                break
            end += 1
        if end < len(items) and items[end].before != "forced":
            while end > at and items[end].before == "avoid":
                end -= 1
        if end == at:
            return None
        page += _below(items[at:end], above)
        pages.append(page)
        at = end
    return pages


def _head_again(first: Placed, head: list[Placed]) -> tuple[list[OnPage], float]:
    """Return the head to repeat above an item that begins a page, and the room that it takes."""
    rules = first.item.rules
    if rules is None:
        return [], 0.0
    if first.item.head or not head or head[0].item.rules is None:
        return [], rules.lead
    again = _below(head, head[0].item.rules.lead, repeated=True)
    last = head[-1].item
    return again, again[-1].top + (last.bottom - last.top)


def _below(items: Sequence[Placed], top: float, *, repeated: bool = False) -> list[OnPage]:
    """Return neighbouring items on a page, whose first one begins at a height.

    Heights are added from there and not from the beginning of the part: so pages with the same
    items are the same to the last bit, whatever stands before them.
    """
    found: list[OnPage] = []
    number, leaf, end = items[0].leaf, top - items[0].item.top, 0.0
    for one in items:
        if one.leaf != number:
            number, leaf = one.leaf, end + one.gap
        end = leaf + one.item.bottom
        found.append(OnPage(one, leaf + one.item.top, repeated))
    return found

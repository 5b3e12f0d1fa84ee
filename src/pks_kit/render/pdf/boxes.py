"""Look at laid-out boxes: does everything stand where it may, and where do header rows repeat?

WeasyPrint says nothing when content overflows a cell or the page, so every box is measured here.
The box tree is not part of WeasyPrint's documented interface; this module is the only one that
touches it, and ``tests/contract/test_weasyprint_boxes.py`` fails when it changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pks_kit.render.html_inline import ADDRESS

TOLERANCE = 0.6
"""CSS pixels (about 0.16 mm) that rounding may cost."""

_NOT_MEASURED = frozenset({"MarginBox", "InlineBox", "TextBox"})
"""Inline boxes are measured as parts of their line; margin boxes belong to no content."""

PxRect = tuple[float, float, float, float]
"""Left, top, right, bottom in CSS pixels from the top left of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """A box that stands outside the room it was given.

    Attributes:
        page: Page number within the part, from 1.
        alamat: Nearest clause address above the box, or an empty string.
        words: First words of the box.
        amount: How far it stands out, in CSS pixels.
    """

    page: int
    alamat: str
    words: str
    amount: float


_kinds_by_type: dict[type, frozenset[str]] = {}


def _kinds(box: Any) -> frozenset[str]:
    """Return the names of a box's class and of all its bases."""
    box_type = type(box)
    if box_type not in _kinds_by_type:
        _kinds_by_type[box_type] = frozenset(base.__name__ for base in box_type.__mro__)
    return _kinds_by_type[box_type]


def _is(box: Any, kind: str) -> bool:
    return kind in _kinds(box)


def _children(box: Any) -> tuple[Any, ...]:
    return tuple(getattr(box, "children", ()))


def _text(box: Any) -> str:
    if _is(box, "TextBox"):
        return str(box.text)
    return "".join(_text(child) for child in _children(box))


def _address(box: Any) -> str:
    element = getattr(box, "element", None)
    if element is None or not hasattr(element, "get"):
        return ""
    return element.get(ADDRESS) or element.get("id") or ""


def _border_rect(box: Any) -> PxRect:
    left, top = box.border_box_x(), box.border_box_y()
    return left, top, left + box.border_width(), top + box.border_height()


def _visible_rect(box: Any, room: PxRect) -> PxRect:
    """Return the border rectangle of a box as far as ink can show.

    WeasyPrint (70) counts the space below the last child on a page into the boxes round it, which
    may then reach below the page. Without a border nothing is drawn there, and what is inside is
    measured itself.
    """
    left, top, right, bottom = _border_rect(box)
    if room[3] < bottom <= room[3] + _space_at_end(box) and not box.border_bottom_width:
        bottom = room[3]
    return left, top, right, bottom


def _space_at_end(box: Any) -> float:
    """Return the largest bottom margin of a box's last child, its last child, and so on."""
    space = 0.0
    while children := _children(box):
        box = children[-1]
        space = max(space, float(getattr(box, "margin_bottom", 0.0)))
    return space


def _line_rect(line: Any) -> PxRect:
    """Return the rectangle of the words of a line; the line box itself may be wider."""
    texts = [box for box in _descendants(line) if _is(box, "TextBox") and box.text.strip()]
    if not texts:
        left, top = line.position_x, line.position_y
        return left, top, left, top + line.height
    left = min(box.position_x for box in texts)
    right = max(box.position_x + _ink_width(box) for box in texts)
    return left, line.position_y, right, line.position_y + line.height


def _ink_width(box: Any) -> float:
    """Return the width of a text box; spaces at the end of a line hang out harmlessly."""
    text = str(box.text)
    spaces = len(text) - len(text.rstrip())
    width = float(box.width)
    return width * (1 - spaces / len(text)) if text and spaces else width


def _descendants(box: Any) -> Iterator[Any]:
    for child in _children(box):
        yield child
        yield from _descendants(child)


def find_overflow(page_box: Any, number: int) -> Overflow | None:
    """Return the first box of a page that stands outside its room, or None.

    Lines must stay inside the content of their block (hanging labels start at its edge), every
    box must stay inside the content area of the page.
    """
    area = (
        page_box.content_box_x(),
        page_box.content_box_y(),
        page_box.content_box_x() + page_box.width,
        page_box.content_box_y() + page_box.height,
    )
    return _search(page_box, area, area, number, "")


def _search(box: Any, room: PxRect, outer: PxRect, number: int, alamat: str) -> Overflow | None:
    """Search below ``box``; ``room`` is its own room, ``outer`` the one of its parent."""
    for child in _children(box):
        if not _kinds(child).isdisjoint(_NOT_MEASURED):
            continue
        here = _address(child) or alamat
        if _is(child, "LineBox"):
            # A hanging label starts in the label column, which belongs to the parent.
            rect, allowed = _line_rect(child), (outer[0], *room[1:])
        else:
            rect, allowed = _visible_rect(child, room), room
        amount = _excess(rect, allowed)
        if amount > TOLERANCE:
            return Overflow(page=number, alamat=here, words=_text(child)[:60], amount=amount)
        found = _search(child, _inner_room(child, allowed), allowed, number, here)
        if found:
            return found
    return None


def _inner_room(box: Any, room: PxRect) -> PxRect:
    """Return the room for what is inside a box: its sides, within the room it got itself."""
    if _is(box, "LineBox"):
        return room
    left, _, right, _ = _border_rect(box)
    return max(left, room[0]), room[1], min(right, room[2]), room[3]


def _excess(rect: PxRect, room: PxRect) -> float:
    return max(room[0] - rect[0], room[1] - rect[1], rect[2] - room[2], rect[3] - room[3])


def filled_share(page_box: Any) -> float:
    """Return how far down the room of a page reaches what can be seen, from 0 to 1."""
    top = float(page_box.content_box_y())
    return max(0.0, (_lowest(page_box, top) - top) / float(page_box.height))


def _lowest(box: Any, lowest: float) -> float:
    for child in reversed(_children(box)):
        if _is(child, "MarginBox"):
            continue
        if _is(child, "LineBox"):
            lowest = max(lowest, _line_rect(child)[3])
        elif getattr(child, "border_bottom_width", 0):
            lowest = max(lowest, _border_rect(child)[3])
        lowest = _lowest(child, lowest)
    return lowest


def repeated_headers(page_boxes: list[Any]) -> tuple[tuple[int, PxRect], ...]:
    """Return page (from 1) and rectangle of every header row that a page break repeated."""
    seen: set[int] = set()
    found: list[tuple[int, PxRect]] = []
    for number, page_box in enumerate(page_boxes, start=1):
        for box in _descendants(page_box):
            if not _is(box, "TableBox"):
                continue
            if id(box.element) in seen:
                found.extend(
                    (number, _border_rect(group))
                    for group in _children(box)
                    if getattr(group, "is_header", False)
                )
            seen.add(id(box.element))
    return tuple(found)

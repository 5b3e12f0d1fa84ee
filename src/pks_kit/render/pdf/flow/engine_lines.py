"""Where the layout engine ends one line: asked for that line alone, when it ends near the edge.

A leaf with one doubtful line need not be laid out as a whole. WeasyPrint sets the same words in the
same face, size and room, which costs a fifteenth of what the leaf costs, and its answer counts: it
is the very function of WeasyPrint and Pango that would cut the line on the plain road.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any, Final

from pks_kit.collector import collector_paused
from pks_kit.errors import RenderError
from pks_kit.render.fonts import face_named, font_face_css
from pks_kit.render.pdf.flow.harfbuzz import UNITS
from pks_kit.render.pdf.flow.inline import Type
from pks_kit.render.pdf.parts import layout_document

_ROOM: Final = 1e-6
"""The room of the engine's line may differ by so many CSS pixels: what is printed in the style."""

_SHEET: Final = (
    "@page { size: 2000px 4000px; margin: 0 } html { overflow-wrap: anywhere } p { margin: 0 }"
)


@lru_cache(maxsize=2**10)
def letters_on_line(words: str, kind: Type, room: float) -> int | None:
    """Return how many letters the layout engine takes onto the first line of some words.

    Args:
        words: The words, from the first letter of the line.
        kind: How they are printed.
        room: Width of the line in CSS pixels.

    Returns:
        The number of letters without the space at the end; None when the engine would not print
        them as ``kind`` says, or fails.
    """
    from pks_kit.render.pdf.flow.type_reader import Unlike, face_of, features_of

    face = face_named(kind.face)
    if face is None:
        return None
    # half a unit more, so that the size is not rounded down to the unit below
    size = (kind.units + 0.5) / UNITS
    features = ", ".join(
        f'"{tag}" {value}' for tag, value in (one.split(" ") for one in kind.features.split(","))
    )
    style = (
        f"width: {room:.9f}px; font-family: '{face.family}'; font-size: {size:.9f}px; "
        f"font-weight: {'bold' if face.bold else 'normal'}; "
        f"font-style: {'italic' if face.italic else 'normal'}; font-feature-settings: {features}"
    )
    html = (
        '<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8"></head>'
        f'<body><p style="{escape(style)}">{escape(words)}</p></body></html>'
    )
    try:
        with collector_paused():
            document = layout_document(html, font_face_css() + _SHEET)
        box = _first(document.pages[0]._page_box, "p")
        line = box.children[0]
        (text,) = line.children
        alike = (
            face_of(text.style) == kind.face
            and features_of(text.style) == kind.features
            and int(text.style["font_size"] * UNITS) == kind.units
            and abs(box.width - room) < _ROOM
        )
    except (RenderError, Unlike, LookupError, ValueError, AttributeError):
        return None
    found = str(text.text).rstrip(" ")
    return len(found) if alike and words.startswith(found) else None


def _first(box: Any, tag: str) -> Any:
    """Return the first box of an element of a page that has no other branches.

    Raises:
        AttributeError: There is none.
    """
    while box.element_tag != tag:
        box = box.children[0]
    return box

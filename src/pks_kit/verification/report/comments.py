"""What comments on a page say, also those for which a file brings no look of its own.

PDFium draws no such text comment; other viewers make a look of its words.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pks_kit.domain.rect import Rect, hull

_MOST_COMMENTS = 200
_MOST_BYTES = 8000


@dataclass(frozen=True, slots=True)
class Comment:
    """One annotation with words.

    Attributes:
        rect: Where it stands.
        words: What it says.
    """

    rect: Rect
    words: tuple[str, ...]


def comments_of(page: Any) -> list[Comment]:
    """Return the annotations of a page that say something, the first ones only.

    Args:
        page: A page as PDFium opened it.
    """
    import pypdfium2.raw as raw

    found: list[Comment] = []
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_COMMENTS)):
        note = raw.FPDFPage_GetAnnot(page, place)
        if not note:
            continue
        try:
            words = _contents(note)
            rect = raw.FS_RECTF()
            if words and raw.FPDFAnnot_GetRect(note, rect):
                edges = (rect.left, rect.bottom, rect.right, rect.top)
                left, bottom, right, top = (round(edge, 1) for edge in edges)
                found.append(Comment((left, bottom, right, top), words))
        finally:
            raw.FPDFPage_CloseAnnot(note)
    return found


def around(comments: Sequence[Comment]) -> Rect | None:
    """Return the smallest rectangle around comments; None without any."""
    if not comments:
        return None
    return hull(one.rect for one in comments)


def _contents(note: Any) -> tuple[str, ...]:
    import pypdfium2.raw as raw

    size = min(raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0), _MOST_BYTES)
    if size <= 2:
        return ()
    buffer = ctypes.create_string_buffer(_MOST_BYTES)
    target = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    written = raw.FPDFAnnot_GetStringValue(note, b"Contents", target, _MOST_BYTES)
    text = buffer.raw[: max(0, min(written, _MOST_BYTES) - 2)].decode("utf-16-le", "replace")
    return tuple(text.split())

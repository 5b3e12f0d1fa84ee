"""How much of each page is used, measured on the picture of the page as a reader sees it."""

from __future__ import annotations

import pypdfium2

from pks_kit.render.page_geometry import MM, sheet_of

NEARLY_EMPTY = 0.15
"""Share of the height between header and foot; about six lines."""

_PAPER = 200
"""Grey from which a point counts as paper."""


def nearly_empty(content: bytes) -> list[tuple[int, float]]:
    """Return the number and the used share of every nearly empty page of an agreement."""
    found = []
    with pypdfium2.PdfDocument(content) as document:
        for number, page in enumerate(document, start=1):
            share = _used(page)
            if share < NEARLY_EMPTY:
                found.append((number, round(share, 2)))
    return found


def _used(page: pypdfium2.PdfPage) -> float:
    sheet = sheet_of(*page.get_size())
    assert sheet is not None
    picture = page.render(scale=1, grayscale=True).to_pil()
    upper, lower = round(sheet.top * MM), round((sheet.height - sheet.bottom) * MM)
    body = picture.crop((0, upper, picture.width, lower))
    ink = body.point(lambda grey: 255 if grey < _PAPER else 0).getbbox()
    return ink[3] / body.height if ink else 0.0

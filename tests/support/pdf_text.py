"""The words on finished pages, in reading order, as another program reads them (PDFium)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.render.page_geometry import MM, sheet_of
from pks_kit.render.pdf.request import PdfLayout
from pks_kit.render.pen_box import DATE_LEFT, LABEL
from support.words import content_rect

_MARGIN = 1.5
"""Points added round an area, because ink may stand a little outside its box."""

_LINE_END_HYPHENS = {"\x02": "-", "\ufffe": "-"}
"""PDFium writes these for a hyphen at the end of a line."""


def page_words(content: bytes) -> tuple[str, ...]:
    """Return all text of every page, furniture included."""
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        return tuple(_mended(page.get_textpage().get_text_range()) for page in document)


def content_words(content: bytes, layout: PdfLayout) -> str:
    """Return the agreement's own words: without furniture, repeated header rows and form hints.

    Two renderings say the same when this text equals ``render.text`` after removing white space.

    Args:
        content: Result of ``finish_pdf``.
        layout: The layout it was made from.
    """
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        texts = [
            "".join(_characters(page, _foreign_areas(number, layout)))
            for number, page in enumerate(document, start=1)
        ]
    return _mended("\n".join(texts))


def _foreign_areas(number: int, layout: PdfLayout) -> list[Rect]:
    """Return the areas inside the content of a page whose words are not the agreement's."""
    headers = [rect for page, rect in layout.repeated if page == number]
    return headers + [_with_its_words(place) for place in layout.places if place.page == number]


def _with_its_words(place: RecordedPlace) -> Rect:
    """Return a place with the words above it, or left of it on the date line."""
    left, bottom, right, top = place.rect
    if place.medium != "pen":
        return place.rect
    if place.kind == "tanggal":
        return left - DATE_LEFT * MM, bottom, right, top
    return left, bottom, right, top + LABEL * MM


def _characters(page: Any, foreign: list[Rect]) -> Iterator[str]:
    from pypdfium2 import raw

    sheet = sheet_of(*page.get_size())
    if sheet is None:
        return
    textpage = page.get_textpage()
    for index in range(textpage.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(textpage, index))
        if character.isspace():  # line ends are PDFium's own and stand nowhere
            yield character
            continue
        left, bottom, right, top = textpage.get_charbox(index)
        middle = (left + right) / 2, (bottom + top) / 2
        if _inside(middle, content_rect(sheet)) and not any(
            _inside(middle, area) for area in foreign
        ):
            yield character


def _inside(point: tuple[float, float], rect: Rect) -> bool:
    return (
        rect[0] - _MARGIN <= point[0] <= rect[2] + _MARGIN
        and rect[1] - _MARGIN <= point[1] <= rect[3] + _MARGIN
    )


def _mended(text: str) -> str:
    for wrong, right in _LINE_END_HYPHENS.items():
        text = text.replace(wrong, right)
    return text.replace("\r\n", "\n")

"""How one page looks and what some pages say, asked of files that may come from outside."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from pks_kit.errors import InputError, UsageError
from pks_kit.foreign import Files, Question
from pks_kit.json_types import Count, HexBytes, Ordinal
from pks_kit.messages.parser_reason import parser_reason
from pks_kit.pdf import pdfium
from pks_kit.pdf.parsing import refusing_broken_pdf

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_DPI = 200
_POINTS_PER_INCH = 72
_QUALITY = 82
MOST_PAGES = 10
"""Most pages whose words are asked for at once."""

_MOST_LETTERS = 1 << 20
_MOST_PIXELS = 40_000_000
_NIK = re.compile("(?<![0-9])[0-9]{16}(?![0-9])")
_COVER = (90, 90, 90)
_MARGIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """One page.

    Attributes:
        jpeg: Picture of the page.
    """

    jpeg: HexBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesHeard:
    """What some pages say.

    Attributes:
        pages: How many pages the file has.
        words: What each says, as PDFium reads it.
    """

    pages: Count
    words: Annotated[
        tuple[Annotated[str, Field(max_length=_MOST_LETTERS)], ...], Field(max_length=MOST_PAGES)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView(Question[PageSeen]):
    """How one page looks.

    Attributes:
        page: Number of the page, from 1.
        dpi: Points of the picture on an inch.
        cover: Whether every NIK that the page writes as text is covered.
    """

    page: Ordinal
    dpi: Annotated[int, Field(ge=1, le=MOST_DPI)]
    cover: bool

    def answer(self, files: Files) -> PageSeen:
        """Draw the page.

        Raises:
            UsageError: ``web.no_page``; ``web.page_too_large``.
            InputError: The file is no PDF that can be opened.
        """
        with _opened(files[0], forms=True) as document:
            page = _page(document, self.page)
            scale = self.dpi / _POINTS_PER_INCH
            width, height = page.get_size()
            if width * height * scale * scale > _MOST_PIXELS:
                raise UsageError("web.page_too_large", page=self.page)
            picture = pdfium.picture_of(page, scale)
            if self.cover:
                _cover(picture, page, scale)
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=_QUALITY)
            return PageSeen(jpeg=out.getvalue())


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords(Question[PagesHeard]):
    """What some pages say, one after another.

    Attributes:
        first: Number of the first page, from 1.
        last: Number of the last one; no more than ``MOST_PAGES`` are read.
    """

    first: Ordinal
    last: Ordinal

    def answer(self, files: Files) -> PagesHeard:
        """Read the pages.

        Raises:
            UsageError: ``web.no_page``.
            InputError: The file is no PDF that can be opened.
        """
        with _opened(files[0]) as document:
            words = tuple(
                _page(document, number).get_textpage().get_text_bounded()[:_MOST_LETTERS]
                for number in range(self.first, self.last + 1)[:MOST_PAGES]
            )
            return PagesHeard(pages=len(document), words=words)


@contextmanager
def _opened(pdf: bytes, *, forms: bool = False) -> Iterator[Any]:
    """Open a file; what PDFium says against it becomes an error of ours.

    Raises:
        InputError: The file is no PDF that can be opened.
    """
    from pypdfium2 import PdfiumError

    try:
        with refusing_broken_pdf(), pdfium.opened(pdf, forms=forms) as document:
            yield document
    except PdfiumError as error:
        raise InputError("pdf.unreadable", reason=parser_reason(error)) from error


def _page(document: Any, number: int) -> Any:
    if number > len(document):
        raise UsageError("web.no_page", page=number, pages=len(document))
    return document[number - 1]


def _cover(picture: Image, page: Any, scale: float) -> None:
    """Paint over every NIK, wherever the page's own words have one."""
    words = page.get_textpage()
    for found in _NIK.finditer(words.get_text_range()):
        for number in range(words.count_rects(found.start(), found.end() - found.start())):
            left, bottom, right, top = (side * scale for side in words.get_rect(number))
            box = (
                max(0, int(left) - _MARGIN),
                max(0, int(picture.height - top) - _MARGIN),
                min(picture.width, int(right) + _MARGIN),
                min(picture.height, int(picture.height - bottom) + _MARGIN),
            )
            picture.paste(_COVER, box)

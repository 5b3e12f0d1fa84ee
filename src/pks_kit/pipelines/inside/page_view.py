"""How one page looks and what it says, asked of files that may come from outside."""

from __future__ import annotations

import io
import re
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
_MOST_PIXELS = 40_000_000
_NIK = re.compile("(?<![0-9])[0-9]{16}(?![0-9])")
_COVER = (90, 90, 90)
_MARGIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """One page.

    Attributes:
        pages: How many pages the file has.
        jpeg: Picture of the page; empty when only its words were asked for.
        words: What it says, as PDFium reads it; empty when only its picture was asked for.
    """

    pages: Count
    jpeg: HexBytes
    words: Annotated[str, Field(max_length=1 << 20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView(Question[PageSeen]):
    """What one page shows.

    Attributes:
        page: Number of the page, from 1.
        dpi: Points of the picture on an inch; 0 asks for the words instead.
        cover: Whether every NIK that the page writes as text is covered in the picture.
    """

    page: Ordinal
    dpi: Annotated[int, Field(ge=0, le=MOST_DPI)]
    cover: bool = False

    def answer(self, files: Files) -> PageSeen:
        """Draw or read the page.

        Raises:
            UsageError: ``web.no_page``.
            InputError: The file is no PDF that can be opened.
        """
        from pypdfium2 import PdfiumError

        try:
            return self._seen(files[0])
        except PdfiumError as error:
            raise InputError("pdf.unreadable", reason=parser_reason(error)) from error

    def _seen(self, pdf: bytes) -> PageSeen:
        with refusing_broken_pdf(), pdfium.opened(pdf) as document:
            document.init_forms()  # boxes of signatures are drawn by the form
            pages = len(document)
            if self.page > pages:
                raise UsageError("web.no_page", page=self.page, pages=pages)
            page = document[self.page - 1]
            if not self.dpi:
                words = page.get_textpage().get_text_bounded()
                return PageSeen(pages=pages, jpeg=b"", words=words[: 1 << 20])
            scale = self.dpi / _POINTS_PER_INCH
            width, height = page.get_size()
            if width * height * scale * scale > _MOST_PIXELS:
                raise UsageError("web.page_too_large", page=self.page)
            picture = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
            if self.cover:
                _cover(picture, page, scale)
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=_QUALITY)
            return PageSeen(pages=pages, jpeg=out.getvalue(), words="")


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

"""How one page looks and what it says, asked of files that may come from outside."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from pks_kit.errors import UsageError
from pks_kit.foreign import Files, Question
from pks_kit.json_types import Count, HexBytes, Ordinal
from pks_kit.pdf import pdfium
from pks_kit.pdf.parsing import refusing_broken_pdf

MOST_DPI = 200
_POINTS_PER_INCH = 72
_QUALITY = 82
_MOST_PIXELS = 40_000_000


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
    """

    page: Ordinal
    dpi: Annotated[int, Field(ge=0, le=MOST_DPI)]

    def answer(self, files: Files) -> PageSeen:
        """Draw or read the page.

        Raises:
            UsageError: ``web.no_page``.
            InputError: The file is no PDF that can be opened.
        """
        with refusing_broken_pdf(), pdfium.opened(files[0]) as document:
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
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=_QUALITY)
            return PageSeen(pages=pages, jpeg=out.getvalue(), words="")

"""Whether an area of a page is free of text: nothing is ever stamped over words."""

from __future__ import annotations

from pks_kit.domain.rect import Rect
from pks_kit.errors import InputError
from pks_kit.messages.parser_reason import parser_reason
from pks_kit.pdf import pdfium
from pks_kit.pdf.box import TOLERANCE, Box

MOST_WORDS = 60


def text_in(pdf: bytes, box: Box) -> str:
    """Return the beginning of the text whose characters reach into a box; empty when it is free.

    Every character counts with the whole of its own box, also when only an edge is inside.

    Args:
        pdf: The document.
        box: Page (which must exist) and rectangle.

    Raises:
        InputError: ``pdf.unreadable`` when PDFium cannot open the page.
    """
    import pypdfium2

    try:
        with pdfium.opened(pdf) as document:
            page = document[box.page - 1].get_textpage()
            found = [
                page.get_text_range(index, 1)
                for index in range(page.count_chars())
                if _reaches(page.get_charbox(index), box)
            ]
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise InputError("pdf.unreadable", reason=parser_reason(error)) from error
    return " ".join("".join(found).split())[:MOST_WORDS]


def _reaches(character: Rect, box: Box) -> bool:
    left, bottom, right, top = character
    return (
        min(right, box.rect[2]) - max(left, box.rect[0]) > TOLERANCE
        and min(top, box.rect[3]) - max(bottom, box.rect[1]) > TOLERANCE
    )

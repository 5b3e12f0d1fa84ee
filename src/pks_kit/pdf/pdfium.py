"""PDFium in a process that may have threads: one document at a time.

PDFium keeps state of its own outside every document, so two threads inside it end the process. A
portal drafts in several threads; whatever opens a document there goes through here. Guarded
children have one thread and need no turn.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_float
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

_TURN = threading.RLock()


@contextmanager
def opened(content: bytes, *, forms: bool = False) -> Iterator[Any]:
    """Open a document, and close it with all its pages before another thread's turn.

    Args:
        content: The file.
        forms: Whether its pages show what fields show: signatures and meterai as people see them.

    Raises:
        pypdfium2.PdfiumError: PDFium cannot open it.
    """
    import pypdfium2

    with _TURN, pypdfium2.PdfDocument(content) as document:
        if forms:
            document.init_forms()  # before the first page, else nothing is drawn
        yield document


def picture_of(page: Any, scale: float) -> Image.Image:
    """Return how a page looks, in RGB, with its form fields if the document's forms are loaded.

    PDFium writes red first when it is asked to; turning BGR round afterwards, and copying what is
    RGB already, takes longer than drawing the page.

    Args:
        page: The page, as pypdfium2 has it.
        scale: Pixels per point.

    Raises:
        pypdfium2.PdfiumError: The page cannot be drawn.
    """
    picture: Image.Image = page.render(
        scale=scale, may_draw_forms=True, rev_byteorder=True
    ).to_pil()
    return picture


def page_objects(page: Any, most_depth: int) -> Iterator[tuple[Any, int, int]]:
    """Yield handle, type and depth of every object of a page, forms before what they hold.

    The helpers of pypdfium2 make a Python object of each, which costs more than looking at it.

    Args:
        page: The page, as pypdfium2 has it.
        most_depth: Levels of forms to look into, the page itself counted.

    Raises:
        pypdfium2.PdfiumError: PDFium does not give one out.
    """
    import pypdfium2.raw as raw
    from pypdfium2 import PdfiumError

    form_type, unknown = raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_UNKNOWN
    type_of, inside = raw.FPDFPageObj_GetType, raw.FPDFFormObj_GetObject

    def walk(holder: Any, get: Any, count: int, level: int) -> Iterator[tuple[Any, int, int]]:
        if count < 0:
            raise PdfiumError("Failed to get number of pageobjects.")
        for place in range(count):
            item = get(holder, place)
            kind = type_of(item) if item else unknown
            if kind == unknown:
                raise PdfiumError("Failed to get pageobject.")
            yield item, kind, level
            if kind == form_type and level < most_depth - 1:
                yield from walk(item, inside, raw.FPDFFormObj_CountObjects(item), level + 1)

    yield from walk(page.raw, raw.FPDFPage_GetObject, raw.FPDFPage_CountObjects(page.raw), 0)


def bounds_of(item: Any) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right and top of an object in points; None when PDFium does not know.

    Args:
        item: Handle of an object on a page.
    """
    import pypdfium2.raw as raw

    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    return left.value, bottom.value, right.value, top.value

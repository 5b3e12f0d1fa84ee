"""Pictures on the pages of a PDF: where they lie, how fine they are, how much they cover.

One place for everybody who asks whether a page is a picture of a page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from ctypes import byref
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pks_kit.pdf.pdfium import bounds_of, page_objects

WHOLE_PAGE = 0.6
"""Part of a page that pictures must cover together to be taken for the page itself."""

_MOST_DEPTH = 4
_MOST_OBJECTS = 3000
_POINTS = 72.0

_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture on a page.

    Attributes:
        share: Part of the page that the box around it covers, 0 to 1.
        columns: Its pixels across.
        rows: Its pixels down.
        dpi: Pixels per inch as shown, the higher of both directions; 0 when it has no size.
        bits: Bits of a pixel; 0 when PDFium does not know.
    """

    share: float
    columns: int
    rows: int
    dpi: float
    bits: int


def is_pdf(content: bytes) -> bool:
    """Return whether a file is opened as PDF, and else as a picture."""
    return content[:1024].lstrip().startswith(b"%PDF")


def pictures_on(page: Any) -> Iterator[PagePicture]:
    """Yield the pictures of a page, those in forms too, as far as the first 3,000 objects go.

    Args:
        page: The page, as pypdfium2 has it.

    Raises:
        pypdfium2.PdfiumError: PDFium does not give its objects out.
    """
    import pypdfium2.raw as raw

    width, height = page.get_size()
    frames = [_SAME]  # of the page, and of the forms that an object lies in
    for item, kind, level in islice(page_objects(page, most_depth=_MOST_DEPTH), _MOST_OBJECTS):
        del frames[level + 1 :]
        if kind == raw.FPDF_PAGEOBJ_FORM:
            frames.append(_times(_matrix_of(item), frames[level]))
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            yield _picture(page, item, _times(_matrix_of(item), frames[level]), width * height)


def covered_part(pictures: Sequence[PagePicture]) -> float:
    """Return which part of a page pictures cover; what lies twice counts twice."""
    return sum(one.share for one in pictures)


def share_of(item: Any, width: float, height: float) -> float:
    """Return which part of a page an object covers, 0 to 1, forms not reckoned with.

    Args:
        item: Handle of an object.
        width: Of the page.
        height: Of the page.
    """
    bounds = bounds_of(item)
    if bounds is None or width * height <= 0:
        return 0.0
    left, bottom, right, top = bounds
    return float(min(1.0, abs((right - left) * (top - bottom)) / (width * height)))


def _picture(page: Any, item: Any, frame: _Matrix, area: float) -> PagePicture:
    import pypdfium2.raw as raw

    told = raw.FPDF_IMAGEOBJ_METADATA()
    known = raw.FPDFImageObj_GetImageMetadata(item, page.raw, byref(told))
    columns, rows, bits = (
        (told.width, told.height, told.bits_per_pixel) if known else (0, 0, 0)
    )  # fmt: skip
    a, b, c, d, _, _ = frame
    wide, high = math.hypot(a, b), math.hypot(c, d)
    box = (abs(a) + abs(c)) * (abs(b) + abs(d))
    finest = max(columns / wide, rows / high) if wide > 0 and high > 0 else 0.0
    share = min(1.0, box / area) if area > 0 and math.isfinite(box) else 0.0
    return PagePicture(share, columns, rows, finest * _POINTS, bits)


def _matrix_of(item: Any) -> _Matrix:
    import pypdfium2.raw as raw

    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, byref(found)):
        return (0.0,) * 6
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    k, m, n, p, q, r = other
    return (
        a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p,
        e * k + f * n + q, e * m + f * p + r,
    )  # fmt: skip

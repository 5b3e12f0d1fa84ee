"""Measure every page as a sheet: drawn by a program or scanned, how finely, in which colours.

Nothing here says what a sheet is; it says what was measured. Whether an original lay on the glass
nobody can measure, so hints of a photo or a photocopy are reasons for a person to look.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from pks_kit.pdf.page_pictures import WHOLE_PAGE, share_of
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.pdfium import page_objects
from pks_kit.verification.file.sheet_pixels import Pixels, measure_jpeg, measure_picture
from pks_kit.verification.report.details import PageForm, PageScan

_POINTS_PER_INCH = 72.0
_POINTS_PER_MM = _POINTS_PER_INCH / 25.4
_PAPERS_MM = {"A4": (210, 297), "F4": (215, 330), "Letter": (216, 279), "Legal": (216, 356)}
_PAPER_TOLERANCE = 0.03
_SMALL = 0.02
_MOST_OBJECTS = 3000
_INVISIBLE = 3
"""Rendering mode of text that is only there to be found: what recognition puts under a scan."""
_IMAGE, _TEXT = 3, 1
_RENDER_SCALE = 0.5


class Sheets:
    """Measures page after page.

    Pictures are opened until their pixels reach the limit; later pages keep ``unknown`` colours,
    everything else is measured on every page.

    Args:
        pixels: Most pixels of pictures to open.
    """

    def __init__(self, pixels: int) -> None:
        self._left = pixels
        self.measured: list[PageScan] = []

    def look(self, number: int, page: Any) -> None:
        """Measure one page.

        Args:
            number: Page from 1.
            page: PDFium's page.

        Raises:
            Exception: Whatever a malformed page provokes.
        """
        sheet, used = _measure(page, number, self._left)
        self._left -= used
        self.measured.append(sheet)


def _measure(page: Any, number: int, pixels_left: int) -> tuple[PageScan, int]:
    width, height = page.get_size()
    pictures: list[tuple[Any, float]] = []
    has_words = has_drawing = False
    for item, kind, level in islice(page_objects(page, most_depth=4), _MOST_OBJECTS):
        if kind == _IMAGE:
            pictures.append((_picture(page, item, level), share_of(item, width, height)))
        elif kind == _TEXT:
            has_words = has_words or not _is_invisible(item)
        else:
            has_drawing = True
    covered = sum(share for _, share in pictures)
    paper = nearest_paper(width, height)
    if covered < WHOLE_PAGE:
        form: PageForm = "digital" if has_words or has_drawing or pictures else "blank"
        return PageScan(number=number, form=form, paper=paper), 0
    large = [item for item, share in pictures if share >= _SMALL]
    dpis = [found for item in large if (found := _dpi(item)) is not None]
    biggest = max(pictures, key=lambda pair: pair[1])[0]
    sheet = PageScan(
        number=number,
        form="mixed" if has_words else "scan",
        dpi=min(dpis, default=None),
        paper=paper,
    )
    return _with_pixels(sheet, page, biggest, pixels_left)


def _picture(page: Any, item: Any, level: int) -> Any:
    from pypdfium2 import PdfObject

    return PdfObject(item, page=page, pdf=page.pdf, level=level)


def _is_invisible(item: Any) -> bool:
    import pypdfium2.raw as raw

    mode: int = raw.FPDFTextObj_GetTextRenderMode(item)
    return mode == _INVISIBLE


def _dpi(item: Any) -> int | None:
    """Return pixels per inch as shown, the lower of both directions."""
    bounds, size = guarded(item.get_bounds), guarded(item.get_px_size)
    if isinstance(bounds, ParserFailure) or isinstance(size, ParserFailure):
        return None
    wide, high = abs(bounds[2] - bounds[0]), abs(bounds[3] - bounds[1])
    if wide <= 0 or high <= 0 or min(size) <= 0:
        return None
    if (wide > high) != (size[0] > size[1]):  # turned by a quarter
        wide, high = high, wide
    per_point = float(min(size[0] / wide, size[1] / high))
    return round(per_point * _POINTS_PER_INCH)


def _with_pixels(sheet: PageScan, page: Any, item: Any, pixels_left: int) -> tuple[PageScan, int]:
    """Look at the pixels of the picture: colours, light, surroundings."""
    size, meta = guarded(item.get_px_size), guarded(item.get_metadata)
    if isinstance(size, ParserFailure) or isinstance(meta, ParserFailure):
        return sheet, 0
    if meta.bits_per_pixel == 1:
        return replace(sheet, colour="bilevel"), 0
    cost = size[0] * size[1]
    filters = guarded(lambda: list(item.get_filters()))
    if filters == ["DCTDecode"]:
        cost //= 4  # opened at an eighth of its size
    if cost > pixels_left:
        return sheet, 0
    if filters == ["DCTDecode"]:
        seen = guarded(lambda: measure_jpeg(bytes(item.get_data(decode_simple=False))))
    else:
        seen = guarded(lambda: measure_picture(page.render(scale=_RENDER_SCALE).to_pil()))
    return (sheet, cost) if isinstance(seen, ParserFailure) else (_told(sheet, seen), cost)


def _told(sheet: PageScan, seen: Pixels) -> PageScan:
    return replace(
        sheet,
        colour=seen.colour,
        camera=seen.camera,
        uneven=seen.uneven,
        surroundings=seen.surroundings,
    )


def nearest_paper(width: float, height: float) -> str:
    """Return the usual paper that a page size (points, either way up) fits, or an empty word."""
    short, long = sorted((width / _POINTS_PER_MM, height / _POINTS_PER_MM))
    for name, (narrow, tall) in _PAPERS_MM.items():
        fits = abs(short / narrow - 1) <= _PAPER_TOLERANCE
        if fits and abs(long / tall - 1) <= _PAPER_TOLERANCE:
            return name
    return ""

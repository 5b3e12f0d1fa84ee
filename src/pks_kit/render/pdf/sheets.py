"""What stands at the same spot of every page, by page size, for the receipt."""

from __future__ import annotations

from collections.abc import Sequence

from pks_kit.domain.receipt import Medium, RecordedInitials, RecordedSheet
from pks_kit.domain.rect import Rect
from pks_kit.domain.tanda_tangan import PIHAK, signs_electronically
from pks_kit.errors import RenderError
from pks_kit.render.page_geometry import PageGeometry, sheet_of
from pks_kit.render.pdf.page_design import (
    PageDesign,
    code_rects,
    corner_marks,
    header_rect,
    initials_rects,
)


def recorded_sheets(
    sizes: Sequence[tuple[float, float]],
    design: PageDesign,
    cara_kontrak: str,
    *,
    initials: bool,
) -> tuple[RecordedSheet, ...]:
    """Return the sheets of a document in the order in which they first occur.

    Args:
        sizes: Width and height of every page in points.
        design: Version of the printed page.
        cara_kontrak: Contract method; says whose initials are written with a pen.
        initials: Whether the pages carry boxes for initials.

    Raises:
        RenderError: ``render.pdf.not_a4``.
    """
    runs: dict[PageGeometry, list[tuple[int, int]]] = {}
    last: PageGeometry | None = None
    for number, size in enumerate(sizes, start=1):
        sheet = sheet_of(*size)
        if sheet is None:
            raise RenderError("render.pdf.not_a4", page=number)
        pages = runs.setdefault(sheet, [])
        if sheet is last:
            pages[-1] = (pages[-1][0], number)
        else:
            pages.append((number, number))
        last = sheet
    return tuple(
        _recorded(sheet, tuple(pages), design, cara_kontrak, initials=initials)
        for sheet, pages in runs.items()
    )


def _recorded(
    sheet: PageGeometry,
    pages: tuple[tuple[int, int], ...],
    design: PageDesign,
    cara_kontrak: str,
    *,
    initials: bool,
) -> RecordedSheet:
    width, height = sheet.size_pt
    boxes: list[RecordedInitials] = []
    for peran, rect in zip(PIHAK, initials_rects(sheet, design), strict=True):
        electronic = signs_electronically(peran, cara_kontrak)
        medium: Medium = "electronic" if electronic else "pen"
        boxes.append(RecordedInitials(peran=peran, medium=medium, rect=_rounded(rect)))
    return RecordedSheet(
        width=round(width, 2),
        height=round(height, 2),
        pages=pages,
        codes=tuple(_rounded(rect) for rect in code_rects(sheet, design)),
        marks=tuple(_rounded(rect) for rect in corner_marks(sheet, design)),
        header=_rounded(header_rect(sheet, design)),
        initials=tuple(boxes) if initials else (),
    )


def _rounded(rect: Rect) -> Rect:
    left, bottom, right, top = rect
    return round(left, 2), round(bottom, 2), round(right, 2), round(top, 2)

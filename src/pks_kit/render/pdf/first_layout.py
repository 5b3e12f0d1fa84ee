"""What the first printed page held beside what its receipts say; kept for ever.

Receipts of format 1 know signature and meterai places. Their pages were printed with one style
sheet, so the other places follow from those: measures in millimetres, from the upper left corner of
the signature box that the receipt tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pks_kit.domain.edition import OLD_LAYOUT
from pks_kit.domain.receipt import Medium, Receipt, RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.domain.tanda_tangan import CaraKontrak, signs_electronically
from pks_kit.pdf import pdfium
from pks_kit.render.page_geometry import MM
from pks_kit.render.pdf.page_design import design_of
from pks_kit.render.pdf.sheets import recorded_sheets

_STAMP = (31.0, 0.0, 31.0, 31.0)
"""Circle for the stamp: left, top, width, height from the corner of the signature box."""

_DATE = (13.0, 28.5, 38.0, 6.0)
"""The dotted date line inside the signature box, with the room a hand needs above it."""

_STAMP_WORD = "stempel"
"""What these pages print in the circle for the institution's stamp."""


def completed(receipt: Receipt, cara_kontrak: CaraKontrak, pdf: bytes) -> Receipt:
    """Return a receipt of format 1 with the places it does not tell; any other as it is.

    The format stays 1 and the edition unknown; critical values and words were not recorded and
    stay None.

    Args:
        receipt: Receipt of any format.
        cara_kontrak: Contract method of its profile.
        pdf: The issued file: its page sizes, and its words, which tell where a stamp belongs.

    Raises:
        RenderError: ``render.pdf.not_a4``: these are no pages of an issue.
    """
    if receipt.printed_layout != OLD_LAYOUT or receipt.sheets is not None:
        return receipt
    places: list[RecordedPlace] = []
    with pdfium.opened(pdf) as document:
        sizes = [page.get_size() for page in document]
        for place in receipt.places:
            electronic = signs_electronically(place.peran, cara_kontrak)
            medium: Medium = "electronic" if electronic else "pen"
            places.append(place.model_copy(update={"medium": medium}))
            if not electronic and place.kind == "tanda_tangan":
                places.extend(_neighbours(place, document))
    design = design_of(OLD_LAYOUT)
    sheets = recorded_sheets(sizes, design, cara_kontrak, initials=True)
    return receipt.model_copy(update={"places": tuple(places), "sheets": sheets})


def has_stamp(document: Any, place: RecordedPlace) -> bool:
    """Return whether the first printed page asks for a stamp in a signature box.

    Args:
        document: The file, opened by PDFium.
        place: Signature place of a receipt of format 1.
    """
    left, bottom, right, top = place.rect
    words = document[place.page - 1].get_textpage()
    return _STAMP_WORD in words.get_text_bounded(left=left, bottom=bottom, right=right, top=top)


def _neighbours(place: RecordedPlace, document: Any) -> Iterator[RecordedPlace]:
    kode = place.kode.upper()
    if has_stamp(document, place):
        yield _beside(place, f"STEMPEL_{kode}", "stempel", _STAMP)
    yield _beside(place, f"TANGGAL_{kode}", "tanggal", _DATE)


def _beside(
    place: RecordedPlace, name: str, kind: str, measures: tuple[float, float, float, float]
) -> RecordedPlace:
    left, top, width, height = (one * MM for one in measures)
    x, y = place.rect[0] + left, place.rect[3] - top
    rect: Rect = (round(x, 3), round(y - height, 3), round(x + width, 3), round(y, 3))
    changes = {"name": name, "kind": kind, "medium": "pen", "rect": rect}
    return place.model_copy(update=changes)

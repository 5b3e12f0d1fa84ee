"""What the first printed page held beside what its receipts say; kept for ever.

Receipts of format 1 know signature and meterai places. Their pages were printed with one style
sheet, so the other places follow from those: measures in millimetres, from the upper left corner of
the signature box that the receipt tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pks_kit.domain.edition import OLD_LAYOUT
from pks_kit.domain.receipt import Medium, Receipt, RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.domain.tanda_tangan import CaraKontrak, signs_electronically
from pks_kit.render.page_geometry import MM
from pks_kit.render.pdf.page_design import design_of
from pks_kit.render.pdf.sheets import recorded_sheets

_STAMP = (31.0, 0.0, 31.0, 31.0)
"""Circle for the stamp: left, top, width, height from the corner of the signature box."""

_DATE = (13.0, 28.5, 38.0, 6.0)
"""The dotted date line inside the signature box, with the room a hand needs above it."""


def completed(
    receipt: Receipt,
    cara_kontrak: CaraKontrak,
    sizes: Sequence[tuple[float, float]],
    *,
    without_stamp: frozenset[str] = frozenset(),
) -> Receipt:
    """Return a receipt of format 1 with the places it does not tell; any other as it is.

    The format stays 1 and the edition unknown; critical values and words were not recorded and
    stay None.

    Args:
        receipt: Receipt of any format.
        cara_kontrak: Contract method of its profile.
        sizes: Width and height of every page of the issued file in points.
        without_stamp: Codes of places for the pen that have no stamp, where that is known from
            the words of the page.

    Raises:
        RenderError: ``render.pdf.not_a4``: these are no pages of an issue.
    """
    if receipt.printed_layout != OLD_LAYOUT or receipt.sheets is not None:
        return receipt
    places = tuple(
        found
        for one in receipt.places
        for found in _with_neighbours(one, cara_kontrak, without_stamp)
    )
    design = design_of(OLD_LAYOUT)
    sheets = recorded_sheets(sizes, design, cara_kontrak, initials=True)
    return receipt.model_copy(update={"places": places, "sheets": sheets})


def _with_neighbours(
    place: RecordedPlace, cara_kontrak: CaraKontrak, without_stamp: frozenset[str]
) -> Iterator[RecordedPlace]:
    electronic = signs_electronically(place.peran, cara_kontrak)
    medium: Medium = "electronic" if electronic else "pen"
    yield place.model_copy(update={"medium": medium})
    if electronic or place.kind != "tanda_tangan":
        return
    kode = place.kode.upper()
    if place.kode not in without_stamp:
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

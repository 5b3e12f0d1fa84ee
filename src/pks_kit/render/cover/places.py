"""The places for the pen: from the receipt, with what the pages themselves say about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pks_kit.domain.receipt import Receipt
from pks_kit.domain.rect import Rect
from pks_kit.domain.tanda_tangan import CaraKontrak, signs_electronically
from pks_kit.render.pdf.first_layout import completed


@dataclass(frozen=True, slots=True, kw_only=True)
class PenPlace:
    """One place that a person signs with a pen.

    Attributes:
        number: Number in the list of the cover, from 1.
        kode: Code of the place, for example ``jejaring_1``.
        peran: Role of the person.
        page: Page number from 1.
        part: Part of the agreement as its bookmark names it; may be empty.
        nama: Name printed below.
        jabatan: Position printed below; may be empty.
        meterai: Whether an adhesive meterai belongs there.
        stempel: Whether the institution's stamp belongs there.
        rects: Boxes of signature and meterai in points.
    """

    number: int
    kode: str
    peran: str
    page: int
    part: str
    nama: str
    jabatan: str
    meterai: bool
    stempel: bool
    rects: tuple[Rect, ...]


def pen_places(pdf: bytes, receipt: Receipt, cara_kontrak: CaraKontrak) -> tuple[PenPlace, ...]:
    """Return the places for the pen in the order of the pages.

    Args:
        pdf: The agreement; its bookmarks name the parts.
        receipt: Receipt with the places.
        cara_kontrak: ``elektronik`` (no place at all), ``digital`` or ``manual``.
    """
    import pypdfium2

    receipt = completed(receipt, cara_kontrak, pdf)

    with pypdfium2.PdfDocument(pdf) as document:
        parts = tuple(_bookmarks(document))
        found: list[PenPlace] = []
        for place in receipt.places:
            if place.kind != "tanda_tangan" or signs_electronically(place.peran, cara_kontrak):
                continue
            kode = place.kode.upper()
            meterai, stempel = receipt.place(f"METERAI_{kode}"), receipt.place(f"STEMPEL_{kode}")
            found.append(
                PenPlace(
                    number=len(found) + 1,
                    kode=place.kode,
                    peran=place.peran,
                    page=place.page,
                    part=_part_of(parts, place.page),
                    nama=place.nama,
                    jabatan=place.jabatan,
                    meterai=meterai is not None,
                    stempel=stempel is not None,
                    rects=tuple(one.rect for one in (place, meterai) if one is not None),
                )
            )
    return tuple(found)


def _bookmarks(document: Any) -> Iterator[tuple[int, str]]:
    """Yield page (from 1) and title of each bookmark that leads to a page."""
    for bookmark in document.get_toc():
        target = bookmark.get_dest()
        index = target.get_index() if target is not None else None
        if index is not None:
            yield index + 1, bookmark.get_title()


def _part_of(parts: tuple[tuple[int, str], ...], page: int) -> str:
    begun = [title for first, title in parts if first <= page]
    return begun[-1] if begun else ""

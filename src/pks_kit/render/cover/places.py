"""The places to be filled: from the receipt, with what the pages themselves say about them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from pks_kit.domain.asked_places import asked_places
from pks_kit.domain.receipt import DATA_ATTACHMENT, Receipt, RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.foreign import Files, Question
from pks_kit.json_types import Ordinal
from pks_kit.pdf import pdfium
from pks_kit.pdf.attachments import attachment
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.render.pdf.first_layout import has_stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class PenPlace:
    """One place that a person signs: with a pen, or in kontrak elektronik with a certificate.

    Attributes:
        number: Number in the list of the cover, from 1.
        kode: Code of the place, for example ``jejaring_1``.
        peran: Role of the person.
        page: Page number from 1.
        part: Part of the agreement as its bookmark names it; may be empty.
        nama: Name printed below.
        jabatan: Position printed below; may be empty.
        meterai: Whether a meterai belongs there.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A bookmark that leads to a page."""

    page: Ordinal
    title: str


Words = Annotated[str, Field(max_length=400)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How PIHAK KESATU is reached, as the data of the agreement say; see ``PihakKesatu``."""

    up: Words
    pic: Words
    hp_pic: Words
    telepon: Words
    email: Words
    alamat: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSay:
    """What an agreement says about itself.

    Attributes:
        title: Its title.
        made: The day on which it was made, ``20240102``.
        parts: Bookmarks in their order.
        stamped: Names of the places in which the first printed page asks for a stamp; later
            receipts have places of that kind.
        contact: How PIHAK KESATU is reached; None when the data inside do not say it.
    """

    title: str
    made: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    parts: tuple[Bookmark, ...]
    stamped: tuple[str, ...]
    contact: Contact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatPagesSay(Question[PagesSay]):
    """What do the pages of an agreement say about its parts, and about places for the pen?

    Attributes:
        places: The places.
    """

    places: tuple[RecordedPlace, ...]

    def answer(self, files: Files) -> PagesSay:
        """Read information, bookmarks, and the words in the places.

        Raises:
            InputError: ``pdf.unreadable``.
        """
        with refusing_broken_pdf():
            with open_with_qpdf(files[0]) as pdf:
                contact = _contact(attachment(pdf, DATA_ATTACHMENT))
                title, made = str(pdf.docinfo["/Title"]), str(pdf.docinfo["/CreationDate"])
            with pdfium.opened(files[0]) as document:
                return PagesSay(
                    title=title,
                    made=made[2:10],
                    parts=tuple(_bookmarks(document)),
                    contact=contact,
                    stamped=tuple(
                        place.name for place in self.places if has_stamp(document, place)
                    ),
                )


def places_of_pen(receipt: Receipt, cara_kontrak: str) -> tuple[RecordedPlace, ...]:
    """Return the places that the cover is about, those of a pen unless there is no paper.

    Args:
        receipt: Receipt with the places.
        cara_kontrak: ``elektronik`` (all places, signed in the file), ``digital`` or ``manual``.
    """
    return tuple(one.place for one in asked_places(receipt, cara_kontrak))


def pen_places(say: PagesSay, receipt: Receipt, cara_kontrak: str) -> tuple[PenPlace, ...]:
    """Return the places of :func:`places_of_pen` in the order of the pages.

    Args:
        say: What the pages say: which parts there are, where a stamp belongs.
        receipt: Receipt with the places.
        cara_kontrak: As in :func:`places_of_pen`.
    """
    found = []
    for number, asked in enumerate(asked_places(receipt, cara_kontrak), start=1):
        place, meterai, stempel = asked.place, asked.meterai, asked.stempel
        found.append(
            PenPlace(
                number=number,
                kode=place.kode,
                peran=place.peran,
                page=place.page,
                part=_part_of(say.parts, place.page),
                nama=place.nama,
                jabatan=place.jabatan,
                meterai=meterai is not None,
                stempel=stempel is not None or place.name in say.stamped,
                rects=tuple(one.rect for one in (place, meterai) if one is not None),
            )
        )
    return tuple(found)


def _bookmarks(document: Any) -> Iterator[Bookmark]:
    for bookmark in document.get_toc():
        target = bookmark.get_dest()
        index = target.get_index() if target is not None else None
        if index is not None:
            yield Bookmark(page=index + 1, title=bookmark.get_title())


def _contact(content: bytes | None) -> Contact | None:
    """Return what the data inside an agreement say; an addendum leaves it to its agreement."""
    party = json.loads(content).get("pihak_kesatu") if content else None
    names = tuple(Contact.__dataclass_fields__)
    if not isinstance(party, dict) or any(not isinstance(party.get(one), str) for one in names):
        return None
    return Contact(**{name: party[name] for name in names})


def _part_of(parts: tuple[Bookmark, ...], page: int) -> str:
    begun = [part.title for part in parts if part.page <= page]
    return begun[-1] if begun else ""

"""What goes into a finished PDF and what layout found out: the values of the two steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.render.pdf.laid import LaidPart

Relationship = Literal["Source", "Data", "Alternative", "Supplement", "Unspecified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file embedded in the PDF as an associated file.

    Attributes:
        name: File name inside the PDF.
        content: Bytes.
        mime: Media type, for example ``application/json``.
        description: One line for the reader.
        relationship: What it is to the pages: contract data is ``Source``, the receipt ``Data``.
    """

    name: str
    content: bytes
    mime: str
    description: str
    relationship: Relationship


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """One entry of the outline: title and clause address."""

    title: str
    alamat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLayout:
    """All pages laid out, before furniture, fields and metadata.

    Attributes:
        parts: Rendered parts in order.
        pages: Number of pages of the whole document.
        places: Signature and meterai places in reading order; goes into the receipt.
        fields: Names of the places that get an empty signature field.
        has_form: Whether the file has a form, be it empty: a service adds its field to it, and a
            form that is new in a later revision could not be compared with the one before.
        clause_pages: Page (from 1) on which each clause address begins.
        bookmarks: Outline entries in order.
        repeated: Header rows repeated by page breaks: page (from 1) and rectangle in points.
        nomor_kesatu: PKS number of PIHAK KESATU for the header.
        nomor_kedua: PKS number of PIHAK KEDUA for the header.
        layout: Version of the printed page.
        initials: Whether the pages carry boxes for initials.
    """

    parts: tuple[LaidPart, ...]
    pages: int
    places: tuple[RecordedPlace, ...]
    fields: frozenset[str]
    has_form: bool
    clause_pages: Mapping[str, int]
    bookmarks: tuple[Bookmark, ...]
    repeated: tuple[tuple[int, Rect], ...]
    nomor_kesatu: str
    nomor_kedua: str
    layout: int
    initials: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfRequest:
    """What the caller decides about the file; nothing is taken from the clock.

    Attributes:
        agreement_id: Identifier of the agreement, printed in metadata.
        title: Document title, one line.
        author: Who drafted it.
        issued_at: Date and time of the file, with time zone.
        page_code: Gives the text of the page code for page and number of pages.
        attachments: Files to embed.
        producer: Program and version.
        certificate_note: What the foot of every page says about certificates; empty for nothing.
        edition: Edition of the issue, printed beside the page number; empty for nothing.
    """

    agreement_id: str
    title: str
    author: str
    issued_at: datetime
    page_code: Callable[[int, int], str]
    attachments: tuple[Attachment, ...] = ()
    producer: str = "pks-kit"
    certificate_note: str = ""
    edition: str = ""

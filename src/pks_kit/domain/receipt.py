"""The receipt of a draft: what went in, what came out, where hands and stamps belong.

The same receipt is embedded in the PDF (without ``issued``: a file cannot hold its own hash) and
written beside it as ``<slug>.receipt.json`` (with ``issued``). Signing and verifying read it; so
does whoever judges the signed and scanned paper, which is why it knows every place a hand uses,
where codes and marks stand, the words of every page and the values that must not change.

Format 1 knows signature and meterai places only; what the pages of that time held beside them is
told by :func:`pks_kit.render.pdf.first_layout.completed`.
"""

from __future__ import annotations

import json
from datetime import date
from json.encoder import encode_basestring
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pks_kit.collector import collector_paused
from pks_kit.domain.edition import OLD_LAYOUT
from pks_kit.domain.rect import Rect
from pks_kit.errors import InputError
from pks_kit.met import Lately

RECEIPT_ATTACHMENT = "pks-kit-receipt.json"
DATA_ATTACHMENT = "pks-kit-data.json"

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


PlaceKind = Literal["tanda_tangan", "meterai", "stempel", "tanggal", "paraf"]
Medium = Literal["pen", "electronic"]

_MOST_PARSED = 3
"""Receipts of a generation that stay parsed: inside and beside, of the agreements that are worked
on."""

RECEIPT_FORMATS = ("pks-kit-receipt/1", "pks-kit-receipt/2")


class RecordedPlace(_Record):
    """A known box on a page.

    Attributes:
        name: ``TTD_PIHAK_KESATU``, or ``METERAI_``, ``STEMPEL_`` or ``TANGGAL_`` with the same
            code: reserved areas, never fields. An empty signature field of that name exists only
            where the place is signed electronically; a place for the pen is an area and nothing
            else.
        kode: Code of the place in its template.
        peran: Role of the party whose place it is.
        kind: What belongs there.
        medium: ``pen`` for what a hand writes, sticks or stamps on paper, ``electronic`` for what
            is put into the file; None in format 1, where the contract method tells it.
        page: Page number from 1.
        rect: Lower left and upper right corner in PDF points.
    """

    name: str
    kode: str
    peran: str
    kind: Literal["tanda_tangan", "meterai", "stempel", "tanggal"]
    medium: Medium | None = None
    page: int = Field(ge=1)
    rect: Rect
    nama: str
    jabatan: str


class RecordedInitials(_Record):
    """One box for initials; it stands on every page of its sheet."""

    peran: str
    medium: Medium
    rect: Rect


class RecordedSheet(_Record):
    """Pages of one size, and what stands at the same spot on each of them.

    Attributes:
        width: Width in PDF points.
        height: Height in PDF points.
        pages: First and last page (from 1) of each run of such pages.
        codes: Squares of the page codes without their quiet zones: lower left, upper right.
        marks: Squares that the L-marks fill: upper left, lower right.
        header: Room of the PKS numbers.
        initials: Boxes for initials; none in kontrak elektronik.
    """

    width: float
    height: float
    pages: tuple[tuple[int, int], ...]
    codes: tuple[Rect, ...]
    marks: tuple[Rect, ...]
    header: Rect
    initials: tuple[RecordedInitials, ...]


class CriticalValue(_Record):
    """A printed value that nobody may change by hand: one piece of it on one line.

    Attributes:
        path: Where the value comes from: path in the contract data, or ``cetak.rupiah``,
            ``cetak.tanggal``, ``cetak.persen`` for what stands in the words of the template.
        text: What is printed in the rectangle, letter by letter.
        page: Page number from 1.
        rect: Rectangle of the letters in PDF points.
    """

    path: str
    text: str
    page: int = Field(ge=1)
    rect: Rect

    def written(self) -> str:
        """Return the value as JSON with sorted keys: a receipt holds a thousand of them."""
        rect = ", ".join(map(repr, self.rect))
        path, text = encode_basestring(self.path), encode_basestring(self.text)
        return f'{{"page": {self.page}, "path": {path}, "rect": [{rect}], "text": {text}}}'


class TemplateIdentity(_Record):
    """Template version id and the hash of everything in it that was used."""

    versi: str
    sha256: Sha256


class IssuedFile(_Record):
    """The issued PDF: every later file of this agreement must begin with these bytes."""

    file: str
    sha256: Sha256
    size: int = Field(ge=1)


class Receipt(_Record):
    """Proof of what produced a draft.

    Attributes:
        slug: Stem of the file names; ends with the edition from format 2 on.
        edition: See :mod:`pks_kit.domain.edition`; None in format 1.
        layout: Version of the printed page; None in format 1, which means 1.
        sheets: What stands on every page, by page size; None in format 1.
        critical: Values that nobody may change by hand; None in format 1.
        words_sha256: Hash of the words of each page, see
            :func:`pks_kit.domain.page_words.words_sha256`; None in format 1.
    """

    format: Literal["pks-kit-receipt/1", "pks-kit-receipt/2"] = "pks-kit-receipt/2"
    agreement_id: str
    slug: str
    nomor_kesatu: str
    nomor_kedua: str
    nama_kesatu: str
    nama_kedua: str
    tanggal_mulai: date
    tanggal_selesai: date
    as_of: date
    template: TemplateIdentity
    parameters_sha256: Sha256
    input_sha256: Sha256
    profile: str
    pages: int = Field(ge=1)
    places: tuple[RecordedPlace, ...]
    versions: dict[str, str]
    edition: str | None = None
    layout: int | None = None
    sheets: tuple[RecordedSheet, ...] | None = None
    critical: tuple[CriticalValue, ...] | None = None
    words_sha256: tuple[Sha256, ...] | None = None
    issued: IssuedFile | None = None
    induk: str | None = Field(default=None, description="Id of the agreement that this one amends")

    def place(self, name: str) -> RecordedPlace | None:
        """Return the place of that name, or None."""
        return next((place for place in self.places if place.name == name), None)

    def without_issued(self) -> Receipt:
        """Return the receipt as it is embedded in the PDF."""
        return self.model_copy(update={"issued": None})

    @property
    def printed_layout(self) -> int:
        """Return the version of the printed page."""
        return OLD_LAYOUT if self.layout is None else self.layout

    def places_on(self, page: int) -> tuple[tuple[PlaceKind, Medium | None, str, Rect], ...]:
        """Return kind, medium, party and rectangle of every place of one page, initials too."""
        found: list[tuple[PlaceKind, Medium | None, str, Rect]] = [
            (one.kind, one.medium, one.peran, one.rect) for one in self.places if one.page == page
        ]
        for sheet in self.sheets or ():
            if any(first <= page <= last for first, last in sheet.pages):
                found += [("paraf", one.medium, one.peran, one.rect) for one in sheet.initials]
        return tuple(found)

    def to_json(self) -> bytes:
        """Return canonical UTF-8 JSON: sorted keys, newline at the end.

        Format 1 is indented by two spaces throughout. Format 2 sets every key and every item of a
        list on a line of its own and nothing deeper, so that places and values can be read and
        the file stays small.
        """
        if self.format == RECEIPT_FORMATS[0]:
            whole = self.model_dump(mode="json", exclude_none=True)
            text = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=2)
            return text.encode() + b"\n"
        content = self.model_dump(mode="json", exclude_none=True, exclude={"critical"})
        said = {
            key: _items(list(map(_written, value)) if isinstance(value, list) else value)
            for key, value in content.items()
        }
        if self.critical is not None:
            said["critical"] = _items([one.written() for one in self.critical])
        lines = (f"  {_written(key)}: {said[key]}" for key in sorted(said))
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _items(value: Any) -> str:
    """Return a value as it stands behind its key; of a list, its items as JSON."""
    if not isinstance(value, list) or not value:
        return _written(value)
    return "[\n" + ",\n".join([f"    {one}" for one in value]) + "\n  ]"


def parse_receipt(content: bytes, source: str) -> Receipt:
    """Read a receipt.

    Args:
        content: JSON bytes, at most what the caller allowed.
        source: Name for error messages.

    Raises:
        InputError: ``receipt.invalid`` when it is not a receipt of a known format.
    """
    try:
        return _read(content)
    except (ValidationError, ValueError, RecursionError) as error:
        raise InputError("receipt.invalid", file=source) from error


_parsed: Lately[bytes, Receipt] = Lately(_MOST_PARSED)


def written_receipt(receipt: Receipt) -> bytes:
    """Return a receipt that was just made as JSON; whoever reads these bytes here gets it again.

    Reading costs more than the signature that it is read for. Only for the maker of the receipt,
    whose every value is of its type: nothing is checked.
    """
    content = receipt.to_json()
    _parsed.keep(content, receipt)
    return content


def _read(content: bytes) -> Receipt:
    """Return a receipt, which nobody can change; every step asks for that of its agreement."""
    receipt = _parsed.get(content)
    if receipt is None:
        with collector_paused():  # a thousand values, and all of them stay
            receipt = Receipt.model_validate_json(content)
        if receipt.format == RECEIPT_FORMATS[1]:
            _refuse_incomplete(receipt)
        _parsed.keep(content, receipt)
    return receipt


def _refuse_incomplete(receipt: Receipt) -> None:
    """Refuse a receipt of format 2 that lacks what format 2 promises."""
    if None in (receipt.edition, receipt.layout, receipt.sheets, receipt.critical):
        raise ValueError("format 2 without its keys")
    if receipt.words_sha256 is None or len(receipt.words_sha256) != receipt.pages:
        raise ValueError("format 2 without the words of every page")

"""The receipt of a draft: what went in, what came out, where hands and stamps belong.

The same receipt is embedded in the PDF (without ``issued``: a file cannot hold its own hash) and
written beside it as ``<slug>.receipt.json`` (with ``issued``). Signing and verifying read it.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pks_kit.domain.rect import Rect
from pks_kit.errors import InputError

RECEIPT_ATTACHMENT = "pks-kit-receipt.json"
DATA_ATTACHMENT = "pks-kit-data.json"

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedPlace(_Record):
    """A known box on a page.

    Attributes:
        name: ``TTD_PIHAK_KESATU``, or ``METERAI_PIHAK_KESATU`` (a reserved area, never a field).
            An empty signature field of that name exists only where the place is signed
            electronically; a place for the pen is an area and nothing else.
        kind: ``tanda_tangan`` or ``meterai``.
        page: Page number from 1.
        rect: Lower left and upper right corner in PDF points.
    """

    name: str
    kode: str
    peran: str
    kind: Literal["tanda_tangan", "meterai"]
    page: int = Field(ge=1)
    rect: Rect
    nama: str
    jabatan: str


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
    """Proof of what produced a draft."""

    format: Literal["pks-kit-receipt/1"] = "pks-kit-receipt/1"
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
    issued: IssuedFile | None = None
    induk: str | None = Field(default=None, description="Id of the agreement that this one amends")

    def place(self, name: str) -> RecordedPlace | None:
        """Return the place of that name, or None."""
        return next((place for place in self.places if place.name == name), None)

    def without_issued(self) -> Receipt:
        """Return the receipt as it is embedded in the PDF."""
        return self.model_copy(update={"issued": None})

    def to_json(self) -> bytes:
        """Return canonical UTF-8 JSON: sorted keys, two spaces, newline at the end."""
        content: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2)
        return text.encode() + b"\n"


def parse_receipt(content: bytes, source: str) -> Receipt:
    """Read a receipt.

    Args:
        content: JSON bytes, at most what the caller allowed.
        source: Name for error messages.

    Raises:
        InputError: ``receipt.invalid`` when it is not a receipt of a known format.
    """
    try:
        return Receipt.model_validate_json(content)
    except (ValidationError, ValueError, RecursionError) as error:
        raise InputError("receipt.invalid", file=source) from error

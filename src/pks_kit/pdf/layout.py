"""Open a PDF from outside; whatever is wrong with it becomes one of our refusals."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf

from pks_kit.errors import InputError, SigningError
from pks_kit.pdf.active_content import active_content
from pks_kit.pdf.box import Box, normalised

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

PDF_LIMIT = 64 << 20
"""Largest PDF that is signed, in bytes."""

_DEPTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSeen:
    """A top-level form field. ``box`` is None when it is not one widget on one page."""

    name: str
    is_signature: bool
    filled: bool
    box: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """A page: its visible area and its rotation in degrees."""

    area: Box
    rotation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a PDF shows without looking at any signature."""

    pages: tuple[PageSeen, ...]
    fields: tuple[FieldSeen, ...]

    def field(self, name: str) -> FieldSeen | None:
        """Return the field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)


@contextmanager
def refusing_broken_pdf() -> Iterator[None]:
    """Turn whatever a malformed file provokes in the PDF libraries into ``pdf.unreadable``.

    Raises:
        InputError: ``pdf.unreadable``.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.diff_analysis import SuspiciousModification
    from pyhanko.sign.validation.errors import SignatureValidationError

    try:
        yield
    except (SuspiciousModification, SignatureValidationError):
        raise
    except (
        PdfError,
        pikepdf.PdfError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
        zlib.error,
    ) as error:
        raise InputError("pdf.unreadable", reason=type(error).__name__) from error


def open_reader(pdf: bytes) -> PdfFileReader:
    """Return a strict pyHanko reader.

    Raises:
        InputError: ``pdf.unreadable``.
        SigningError: ``pdf.encrypted``.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    with refusing_broken_pdf():
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        encrypted = reader.encrypted
    if encrypted:
        raise SigningError("pdf.encrypted")
    return reader


def read_layout(pdf: bytes) -> Layout:
    """Return pages and fields after refusing what a contract never holds.

    Raises:
        InputError: ``pdf.unreadable``.
        SigningError: ``pdf.encrypted``, ``pdf.active_content``.
    """
    with refusing_broken_pdf():
        try:
            opened = pikepdf.open(BytesIO(pdf))
        except pikepdf.PasswordError:
            raise SigningError("pdf.encrypted") from None
        with opened:
            if opened.is_encrypted:
                raise SigningError("pdf.encrypted")
            active = active_content(opened)
            if active:
                raise SigningError("pdf.active_content", found=active)
            widgets: dict[tuple[int, int], int] = {}
            pages = []
            for number, page in enumerate(opened.pages, start=1):
                pages.append(_page(number, page))
                for annotation in page.obj.get("/Annots", []):
                    widgets[annotation.objgen] = number
            return Layout(pages=tuple(pages), fields=tuple(_fields(opened, widgets)))


def _page(number: int, page: pikepdf.Page) -> PageSeen:
    area = page.cropbox.as_list() if "/CropBox" in page.obj else page.mediabox.as_list()
    x1, y1, x2, y2 = (float(side) for side in area)
    rotation = 0
    node: pikepdf.Object = page.obj
    for _ in range(_DEPTH):
        if "/Rotate" in node:
            rotation = int(node.Rotate)
            break
        if "/Parent" not in node:
            break
        node = node.Parent
    return PageSeen(
        area=Box(page=number, rect=normalised((x1, y1, x2, y2))), rotation=rotation % 360
    )


def _fields(pdf: pikepdf.Pdf, widgets: dict[tuple[int, int], int]) -> Iterator[FieldSeen]:
    form = pdf.Root.get("/AcroForm")
    for field in form.get("/Fields", []) if form is not None else []:
        page = widgets.get(field.objgen)
        box = None
        if page is not None and "/Kids" not in field and "/Rect" in field:
            x1, y1, x2, y2 = (float(side) for side in field.Rect.as_list())
            box = Box(page=page, rect=normalised((x1, y1, x2, y2)))
        yield FieldSeen(
            name=str(field.get("/T", "")),
            is_signature=field.get("/FT") == "/Sig" and "/Kids" not in field,
            filled="/V" in field,
            box=box,
        )

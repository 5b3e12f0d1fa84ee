"""An agreement as it comes out of a printer: signatures and stamps are ink, no longer fields."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from pks_kit.foreign import Files, Question
from pks_kit.json_types import Ordinal
from pks_kit.pdf import pdfium
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import refusing_broken_pdf
from pks_kit.render.page_geometry import MM

_NOT_INK = ("/AcroForm", "/Names", "/Dests", "/Outlines", "/AF")
"""What belongs to the file and not to its pages."""


MOST_PIXELS = 4000
"""Most pixels on one side of a picture; a page of A3 has a third."""


def _unpacked(value: object) -> object:
    if not isinstance(value, str):
        return value
    packed = zlib.decompressobj()
    pixels = packed.decompress(bytes.fromhex(value), MOST_PIXELS * MOST_PIXELS)
    if not packed.eof:
        raise ValueError("too many pixels")
    return pixels


Packed = Annotated[
    bytes,
    BeforeValidator(_unpacked),
    PlainSerializer(lambda pixels: zlib.compress(pixels, 1).hex(), when_used="json"),
]
"""Pixels, packed on their way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """A page as a grey picture: pixels from the top row, one byte each; the size is in points."""

    page: Ordinal
    width: Annotated[int, Field(ge=1, le=MOST_PIXELS)]
    height: Annotated[int, Field(ge=1, le=MOST_PIXELS)]
    pixels: Packed
    page_width: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    page_height: Annotated[float, Field(gt=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Pictures of some pages."""

    pictures: tuple[PagePicture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPages(Question[Pictures]):
    """How do some pages look when they are printed?

    Attributes:
        pages: Page numbers from 1.
        width_mm: Width of a picture on paper.
        dpi: Pixels per inch of a picture.
    """

    pages: tuple[int, ...]
    width_mm: float
    dpi: int

    def answer(self, files: Files) -> Pictures:
        """Draw them.

        Raises:
            InputError: ``pdf.unreadable``.
        """
        with refusing_broken_pdf():
            printed = as_printed(files[0])
            found = page_pictures(printed, self.pages, width_mm=self.width_mm, dpi=self.dpi)
            return Pictures(pictures=found)


def as_printed(pdf: bytes) -> bytes:
    """Return the pages with what fields show drawn onto them, without fields, links and files.

    The result is for printing and looking at; no signature is in it.
    """
    import pikepdf

    with open_with_qpdf(pdf) as source:
        source.flatten_annotations("print")
        for key in _NOT_INK:
            if key in source.Root:
                del source.Root[key]
        for page in source.pages:
            if "/Annots" in page.obj:
                del page.obj.Annots
        with pikepdf.new() as target:
            target.pages.extend(source.pages)
            output = BytesIO()
            target.save(output, force_version="1.7", deterministic_id=True)
    return output.getvalue()


def page_pictures(
    printed: bytes, pages: tuple[int, ...], *, width_mm: float, dpi: int
) -> tuple[PagePicture, ...]:
    """Return pictures of some pages.

    Args:
        printed: Result of :func:`as_printed`.
        pages: Page numbers from 1.
        width_mm: Width of a picture on paper.
        dpi: Pixels per inch of the picture.
    """
    found = []
    with pdfium.opened(printed) as document:
        for number in pages:
            page = document[number - 1]
            width, height = page.get_size()
            scale = width_mm * MM / width * dpi / 72
            picture = page.render(scale=scale, grayscale=True).to_pil().convert("L")
            found.append(
                PagePicture(
                    page=number,
                    width=picture.width,
                    height=picture.height,
                    pixels=picture.tobytes(),
                    page_width=width,
                    page_height=height,
                )
            )
    return tuple(found)

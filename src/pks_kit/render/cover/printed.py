"""An agreement as it comes out of a printer: signatures and stamps are ink, no longer fields."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pks_kit.render.page_geometry import MM

_NOT_INK = ("/AcroForm", "/Names", "/Dests", "/Outlines", "/AF")
"""What belongs to the file and not to its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """A page as a grey picture: pixels from the top row, one byte each; the size is in points."""

    page: int
    width: int
    height: int
    pixels: bytes
    page_width: float
    page_height: float


def as_printed(pdf: bytes) -> bytes:
    """Return the pages with what fields show drawn onto them, without fields, links and files.

    The result is for printing and looking at; no signature is in it.
    """
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as source:
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
    import pypdfium2

    found = []
    with pypdfium2.PdfDocument(printed) as document:
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

"""Bring a ready-made picture (one PDF page, or a PNG/JPEG) into a signature widget."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from pks_kit.errors import SigningError
from pks_kit.foreign import Files, Question
from pks_kit.json_types import Ordinal
from pks_kit.pictures import open_picture

if TYPE_CHECKING:
    from PIL.Image import Image
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.stamp import StaticStampStyle

LARGEST_IMAGE_SIDE = 2000
"""Most pixels of a meterai image on one side; delivered ones have 183 (docs/sumber.md E2.5)."""


def filling_box(picture: PdfContent) -> StaticStampStyle:
    """Return a pyHanko style that stretches a picture over the whole widget, without a border."""
    from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    return StaticStampStyle(
        border_width=0,
        background=picture,
        background_opacity=1,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MIN,
            y_align=AxisAlignment.ALIGN_MIN,
            margins=Margins(0, 0, 0, 0),
            inner_content_scaling=InnerScaling.STRETCH_FILL,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSeen:
    """A square picture of bearable size; its side in pixels."""

    side: Ordinal


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteraiPicture(Question[PictureSeen]):
    """Can what a distributor sent be shown as the picture of a meterai?"""

    def answer(self, files: Files) -> PictureSeen:
        """Decode it.

        Raises:
            SigningError: ``meterai.image``.
        """
        return PictureSeen(side=_decoded(files[0]).width)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A square picture as its pixels.

    Attributes:
        side: Pixels on each side.
        is_grey: Whether a pixel is one byte, else three.
        pixels: Row after row from the top.
    """

    side: int
    is_grey: bool
    pixels: bytes


def pixels_of(content: bytes) -> Picture:
    """Return a PNG or JPEG that this process made as its pixels.

    Raises:
        SigningError: ``meterai.image``.
    """
    found = _decoded(content)
    return Picture(side=found.width, is_grey=found.mode == "L", pixels=found.tobytes())


def picture_of(content: bytes) -> PdfContent:
    """Return a PDF page, PNG or JPEG as a picture; its bytes decide what it is.

    Raises:
        SigningError: ``signing.appearance``, ``meterai.image``.
    """
    return pdf_page(content) if content.startswith(b"%PDF-") else image(content)


def pdf_page(page: bytes) -> PdfContent:
    """Return the first page of a PDF as a picture.

    Raises:
        SigningError: ``signing.appearance`` when it is not a PDF with a page.
    """
    from pyhanko.pdf_utils.content import PdfContent, ResourceType
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    class PageInMemory(PdfContent):
        """pyHanko's ``ImportedPdfPage`` without a file."""

        def render(self) -> bytes:
            form = self._ensure_writer.import_page_as_xobject(reader, page_ix=0)
            self.set_resource(ResourceType.XOBJECT, pdf_name("/Tampilan"), form)
            x1, y1, x2, y2 = (float(side) for side in form.get_object()["/BBox"])
            self.box = BoxConstraints(width=abs(x2 - x1), height=abs(y2 - y1))
            return b"1 0 0 1 %f %f cm /Tampilan Do" % (-min(x1, x2), -min(y1, y2))

    try:
        reader = PdfFileReader(BytesIO(page))
        if int(reader.root["/Pages"]["/Count"]) < 1:
            raise SigningError("signing.appearance")
    except (PdfError, ValueError, KeyError) as error:
        raise SigningError("signing.appearance") from error
    return PageInMemory()


def image(content: bytes) -> PdfContent:
    """Return a PNG or JPEG as a picture; its bytes decide what it is, never a name.

    Raises:
        SigningError: ``meterai.image`` when it is neither, not square or too large.
    """
    from pyhanko.pdf_utils.images import PdfImage

    return PdfImage(_decoded(content), name="Meterai")


def _decoded(content: bytes) -> Image:
    from PIL import Image, UnidentifiedImageError

    try:
        opened = open_picture(content, ("PNG", "JPEG"))
        if opened.width != opened.height or opened.width > LARGEST_IMAGE_SIDE:
            raise SigningError("meterai.image")
        opened.load()
        return opened if opened.mode == "L" else opened.convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise SigningError("meterai.image") from error

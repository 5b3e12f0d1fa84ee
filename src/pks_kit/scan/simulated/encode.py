"""Files of simulated scans: PDF of pictures (JPEG or CCITT G4), JPEG, PNG, TIFF."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pikepdf
from PIL import Image

from pks_kit.scan.simulated.sheet import Picture

_ROWS_PER_STRIP, _STRIP_OFFSETS, _STRIP_SIZES = 278, 273, 279


def as_jpeg(picture: Picture, quality: int = 75, dpi: float = 200) -> bytes:
    """Return a picture as JPEG."""
    target = io.BytesIO()
    Image.fromarray(picture).save(target, "JPEG", quality=quality, dpi=(round(dpi),) * 2)
    return target.getvalue()


def as_png(picture: Picture, dpi: float = 200) -> bytes:
    """Return a picture as PNG."""
    target = io.BytesIO()
    Image.fromarray(picture).save(target, "PNG", dpi=(round(dpi),) * 2)
    return target.getvalue()


def as_tiff(pictures: Sequence[Picture], dpi: float = 200) -> bytes:
    """Return pictures as the pages of one TIFF: G4 where they hold 0 and 255 only, else LZW."""
    target = io.BytesIO()
    pages = []
    for picture in pictures:
        page = Image.fromarray(picture)
        if _is_bw(picture):
            page = page.convert("1", dither=Image.Dither.NONE)
        page.encoderinfo = {"compression": "group4" if page.mode == "1" else "tiff_lzw"}
        pages.append(page)
    first, *others = pages
    compression = first.encoderinfo["compression"]
    first.save(
        target, "TIFF", save_all=True, append_images=others, compression=compression,
        dpi=(round(dpi),) * 2,
    )  # fmt: skip
    return target.getvalue()


def as_pdf(
    pictures: Sequence[Picture],
    *,
    dpi: float | Sequence[float] = 200,
    jpeg_quality: int | None = 75,
) -> bytes:
    """Return a PDF with one picture on each page, as scanners write it.

    Args:
        pictures: RGB or grey; of any size.
        dpi: Pixels per inch, one for all or one each; it sets the size of the pages.
        jpeg_quality: 1 to 95, or None for CCITT G4: then whatever is lighter than the middle
            becomes white.
    """
    each = [float(dpi)] * len(pictures) if isinstance(dpi, int | float) else [*dpi]
    pdf = pikepdf.new()
    for picture, resolution in zip(pictures, each, strict=True):
        height, width = picture.shape[:2]
        size = (width * 72 / resolution, height * 72 / resolution)
        page = pdf.add_blank_page(page_size=size)
        if jpeg_quality is None:
            image = _g4(pdf, picture)
        else:
            image = pdf.make_stream(as_jpeg(picture, jpeg_quality, resolution))
            image.Filter = pikepdf.Name.DCTDecode
            image.BitsPerComponent = 8
        grey = picture.ndim == 2 or jpeg_quality is None
        image.ColorSpace = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height = width, height
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        page.Contents = pdf.make_stream(b"q %.4f 0 0 %.4f 0 0 cm /Im0 Do Q\n" % size)
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def through_jpeg(picture: Picture, quality: int) -> Picture:
    """Return what is left of a picture after it was a JPEG."""
    with Image.open(io.BytesIO(as_jpeg(picture, quality))) as image:
        return np.array(image)


def _is_bw(picture: Picture) -> bool:
    return picture.ndim == 2 and bool(np.isin(picture, (0, 255)).all())


def _g4(pdf: pikepdf.Pdf, picture: Picture) -> pikepdf.Stream:
    height, width = picture.shape[:2]
    grey = Image.fromarray(picture).convert("L")
    image = grey.point([0] * 128 + [255] * 128).convert("1", dither=Image.Dither.NONE)
    target = io.BytesIO()
    image.save(target, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: height})
    with Image.open(io.BytesIO(target.getvalue())) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        (start,), (length,) = tags[_STRIP_OFFSETS], tags[_STRIP_SIZES]
    stream = pdf.make_stream(target.getvalue()[start : start + length])
    stream.Filter = pikepdf.Name.CCITTFaxDecode
    # Pillow writes 1 for white, G4 calls every 1 black: so the black of the code is a 1 here too
    stream.DecodeParms = pikepdf.Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=True)
    stream.BitsPerComponent = 1
    return stream

"""Sheets for the tests of policies: scans, photos and photocopies as PDF."""

from __future__ import annotations

import io
from functools import cache

import pikepdf
from PIL import Image, ImageDraw

A4 = (595.3, 841.9)


@cache
def sheet(dpi: int = 150, *, stamp: bool = True, mode: str = "RGB") -> Image.Image:
    """A page of lines of words with a coloured stamp."""
    size = (round(8.27 * dpi), round(11.69 * dpi))
    picture = Image.new("RGB", size, (250, 250, 250))
    pen = ImageDraw.Draw(picture)
    for row in range(8, 90, 2):
        top = size[1] * row // 100
        pen.rectangle((size[0] // 10, top, size[0] * 9 // 10, top + dpi // 20), fill=(40, 40, 40))
    if stamp:
        middle, right, wide = size[1] * 7 // 10, size[0] * 6 // 10, dpi
        pen.ellipse((right, middle, right + wide, middle + wide), outline=(90, 40, 160), width=8)
    return picture.convert(mode)


@cache
def photo() -> Image.Image:
    """The same page on a dark table under a lamp in one corner."""
    table = Image.new("RGB", (1600, 1200), (60, 45, 35))
    paper = sheet(100).resize((700, 990)).rotate(8, expand=True, fillcolor=(60, 45, 35))
    table.paste(paper, (400, 50))
    shade = Image.linear_gradient("L").resize(table.size)
    return Image.composite(table, Image.new("RGB", table.size, (15, 10, 8)), shade)


def jpeg(picture: Image.Image, *, camera: bool = False, quality: int = 85) -> bytes:
    target = io.BytesIO()
    exif = Image.Exif()
    if camera:
        exif.get_ifd(0x8769)[0x829A] = 0.01  # exposure time
    picture.save(target, "JPEG", quality=quality, exif=exif)
    return target.getvalue()


def scanned(
    *pictures: bytes, page_size: tuple[float, float] = A4, words: bytes = b"", padding: int = 0
) -> bytes:
    """A PDF with one JPEG or PNG on each page, and words over or under it."""
    pdf = pikepdf.new()
    for data in pictures:
        page = pdf.add_blank_page(page_size=page_size)
        page.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(I=_image(pdf, data)),
            Font=pikepdf.Dictionary(
                F1=pikepdf.Dictionary(
                    Type=pikepdf.Name.Font,
                    Subtype=pikepdf.Name.Type1,
                    BaseFont=pikepdf.Name.Helvetica,
                )
            ),
        )
        drawn = b"q %f 0 0 %f 0 0 cm /I Do Q\n" % page_size
        page.Contents = pdf.make_stream(drawn + words)
    if padding:
        pdf.Root.PksPadding = pdf.make_stream(bytes(range(256)) * (padding // 256))
    target = io.BytesIO()
    pdf.save(target, force_version="1.7", deterministic_id=True, compress_streams=not padding)
    return target.getvalue()


def _image(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    with Image.open(io.BytesIO(data)) as picture:
        width, height, mode, kind = *picture.size, picture.mode, picture.format
        raw = data if kind == "JPEG" else picture.tobytes()
    stream = pikepdf.Stream(pdf, raw)
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = width, height
    stream.BitsPerComponent = 1 if mode == "1" else 8
    stream.ColorSpace = pikepdf.Name.DeviceRGB if mode == "RGB" else pikepdf.Name.DeviceGray
    if kind == "JPEG":
        stream.Filter = pikepdf.Name.DCTDecode
    return stream


def png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()

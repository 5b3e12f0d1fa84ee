"""How large each sheet of a scan is on paper, and which PDF pages are no scan at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pks_kit.errors import InputError
from pks_kit.pdf.page_pictures import WHOLE_PAGE, covered_part, is_pdf, pictures_on
from pks_kit.pictures import open_picture
from pks_kit.scan.issued import POINTS

Size = tuple[float, float]
"""Width and height in points, as the sheet is seen."""

_A4_LONG = 841.89
_SHORTEST, _LONGEST = 280.0, 1700.0
"""Points of the longer side of an honest sheet: half a postcard, and more than A2."""
_SIGNATURE = b"/ByteRange"
_MOST_NAMED = 12


def sizes_of(files: Sequence[bytes], names: Sequence[str]) -> Iterator[Size]:
    """Yield the size of every sheet, in the order of :func:`pks_kit.scan.pictures.sheets_of`.

    A PDF page has its own size. A picture has it from the resolution that it tells; where that
    makes no sheet of paper of it (72 dpi of a telephone), its longer side is taken for that of A4.

    Args:
        files: What was sent.
        names: Names of the files, for errors.

    Raises:
        InputError: ``shrink.signed`` for a PDF with an electronic signature, ``shrink.text`` for
            one with pages of text instead of pictures, ``shrink.unreadable`` for neither PDF nor
            picture, ``shrink.empty`` for a PDF without pages.
    """
    for content, name in zip(files, names, strict=True):
        if is_pdf(content):
            yield from _pages(content, name)
        else:
            yield from _frames(content, name)


def _pages(content: bytes, name: str) -> list[Size]:
    import pypdfium2
    import pypdfium2.raw as raw

    if _SIGNATURE in content:
        raise InputError("shrink.signed", file=name)
    try:
        document: Any = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise InputError("shrink.unreadable", file=name) from error
    try:
        if raw.FPDF_GetSignatureCount(document) > 0:
            raise InputError("shrink.signed", file=name)
        sizes, written = [], []
        for number in range(len(document)):
            page = document[number]
            sizes.append(page.get_size())
            if _is_written(page):
                written.append(number + 1)
            page.close()
    except pypdfium2.PdfiumError as error:
        raise InputError("shrink.unreadable", file=name) from error
    finally:
        document.close()
    if written:
        told = ", ".join(str(one) for one in written[:_MOST_NAMED])
        more = ", ..." if len(written) > _MOST_NAMED else ""
        raise InputError("shrink.text", file=name, pages=told + more, count=len(written))
    if not sizes:
        raise InputError("shrink.empty", file=name)
    return sizes


def _is_written(page: Any) -> bool:
    """Return whether a page holds text and no picture of a page.

    The text that a scanner recognised lies under its picture; that page is a scan.
    """
    if covered_part(tuple(pictures_on(page))) >= WHOLE_PAGE:
        return False
    text = page.get_textpage()
    try:
        return bool(text.get_text_bounded().strip())
    finally:
        text.close()


def _frames(content: bytes, name: str) -> list[Size]:
    from PIL import Image, ImageSequence, UnidentifiedImageError

    from pks_kit.scan.opening import MOST_PIXELS

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        opened = open_picture(content, ("JPEG", "PNG", "TIFF"))
        frames = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1
        found = []
        for number, frame in enumerate(ImageSequence.Iterator(opened)):
            if number >= frames:
                break
            turned = frame.getexif().get(0x0112, 1) >= 5
            width, height = frame.size[::-1] if turned else frame.size
            dpi = frame.info.get("dpi", (0, 0))
            found.append(_size(width, height, float(dpi[0])))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError) as error:
        raise InputError("shrink.unreadable", file=name) from error
    except Image.DecompressionBombError as error:
        raise InputError("shrink.unreadable", file=name) from error
    return found


def _size(width: int, height: int, dpi: float) -> Size:
    longer = max(width, height)
    if dpi > 0 and _SHORTEST <= longer * POINTS / dpi <= _LONGEST:
        return width * POINTS / dpi, height * POINTS / dpi
    return width * _A4_LONG / longer, height * _A4_LONG / longer

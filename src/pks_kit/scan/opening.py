"""Open the files that were sent: each page of a PDF and each picture, one at a time.

What is inside was made by others, so every look is guarded: whatever a library raises becomes the
word ``unreadable`` for that page, and the other pages are read all the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

from pks_kit.pdf.page_pictures import WHOLE_PAGE, covered_part, is_pdf, pictures_on
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pictures import open_picture
from pks_kit.scan.issued import POINTS

MOST_PIXELS = 120_000_000
"""Of one sheet: A3 at 600 dpi is 70 million."""

Opened = Any
"""A picture as (height, width) or (height, width, 3) bytes, or a word that says why there is none.
"""

_DRAWN_DPI = 200.0
_FINEST, _COARSEST = 400.0, 72.0
_LARGE_ENOUGH = 0.02
"""Part of a page from which a picture tells how finely the page was scanned."""
_LONGEST = 6700
"""Pixels that are kept of the longer edge: A3 at 400 dpi. Whatever has more is made smaller."""
_WIDE_GREYS = 257
"""Greys of 16 bits for one of 8."""
_ORIENTATION = 0x0112
_TURNS = {
    2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (3, False), 7: (1, True),
    8: (1, False),
}  # fmt: skip
"""Quarters counter-clockwise, then left for right, by which EXIF wants a picture shown."""


def opened(content: bytes) -> Iterator[Callable[[], Opened]]:
    """Yield for each page or picture of a file what opens it; nothing is opened before.

    A file in which nothing can be found has one page, which is ``unreadable``.

    Args:
        content: A PDF, JPEG, PNG or TIFF.
    """
    none = True
    pages = _pdf if is_pdf(content) else _pictures
    for one in pages(content):
        none = False
        yield one
    if none:
        yield lambda: "unreadable"


def has_two_greys(grey: Any) -> bool:
    """Return whether a picture holds black and white alone, as far as JPEG leaves it so."""
    sample = grey[::7, ::7]
    return bool(((sample > 8) & (sample < 247)).mean() < 0.002)


def _guarded(look: Callable[[], Opened]) -> Opened:
    found = guarded(look)
    return "unreadable" if isinstance(found, ParserFailure) else found


def _pdf(content: bytes) -> Iterator[Callable[[], Opened]]:
    import pypdfium2

    document: Any = guarded(lambda: pypdfium2.PdfDocument(content))
    if isinstance(document, ParserFailure):
        return
    try:
        for number in range(len(document)):
            yield partial(_guarded, partial(_drawn, document, number))
    finally:
        document.close()


def _drawn(document: Any, number: int) -> Opened:
    import numpy as np

    page = document[number]
    try:
        every = list(pictures_on(page))
        pictures = [one for one in every if one.share >= _LARGE_ENOUGH]
        if any(one.columns * one.rows > MOST_PIXELS for one in pictures):
            return "too_many_pixels"
        dpi, one_bit = _DRAWN_DPI, False
        if covered_part(pictures) >= WHOLE_PAGE:
            finest = max(one.dpi for one in pictures)
            finest /= max(1, math.ceil(finest / _FINEST))
            dpi = max(_COARSEST, finest) if finest else _DRAWN_DPI
            # what lies over a page of black and white may be in colour, however small
            one_bit = all(one.bits == 1 for one in every)
        width, height = page.get_size()
        dpi = min(dpi, _LONGEST / max(1.0, width, height) * POINTS)
        drawn = page.render(scale=dpi / POINTS, rev_byteorder=True).to_numpy()
        if one_bit:  # drawing makes greys of it, which would say more than it holds
            plane = drawn if drawn.ndim == 2 else drawn[:, :, 0]
            return _two_greys(plane)
        return np.ascontiguousarray(drawn[:, :, :3] if drawn.ndim == 3 else drawn).copy()
    finally:
        page.close()


def _two_greys(plane: Any) -> Any:
    import numpy as np

    return np.where(plane < 128, 0, 255).astype(np.uint8)


def _pictures(content: bytes) -> Iterator[Callable[[], Opened]]:
    kinds = ("JPEG", "PNG", "TIFF")
    picture: Any = guarded(lambda: open_picture(content, kinds))
    if isinstance(picture, ParserFailure):
        return
    yield partial(_guarded, partial(_frame, picture))
    if picture.format != "TIFF":
        return
    # counting the pictures of a TIFF reads all of it; going on until there is none does not
    for number in count(1):
        found = guarded(partial(picture.seek, number))
        if isinstance(found, ParserFailure):
            if not found.text.startswith("EOFError"):
                yield lambda: "unreadable"
            return
        yield partial(_guarded, partial(_frame, picture))


def _frame(picture: Any) -> Opened:
    import cv2
    import numpy as np

    if picture.width * picture.height > MOST_PIXELS:
        return "too_many_pixels"
    if picture.format in ("JPEG", "MPO"):
        picture.draft(None, tuple(one // _times_too_long(picture) for one in picture.size))
    picture.load()
    times = _times_too_long(picture)
    quarters, mirrored = _TURNS.get(picture.getexif().get(_ORIENTATION, 1), (0, False))
    if picture.mode in ("1", "L") or picture.mode.startswith(("I", "F")):
        grey = found = _eight_bits(picture)
        if times > 1:
            size = max(1, grey.shape[1] // times), max(1, grey.shape[0] // times)
            found = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
            found = _two_greys(found) if has_two_greys(grey) else found
    else:
        found = np.array(_coloured(picture, times))
    found = np.rot90(found, quarters)
    return np.ascontiguousarray(found[:, ::-1] if mirrored else found)


def _times_too_long(picture: Any) -> int:
    longest: int = max(picture.size)
    return max(1, math.ceil(longest / _LONGEST))


def _eight_bits(picture: Any) -> Any:
    import numpy as np

    if picture.mode == "1":
        return np.where(np.array(picture), 255, 0).astype(np.uint8)
    if picture.mode == "L":
        return np.array(picture)
    wide = np.array(picture)  # Pillow would cut greys of 16 bits off at 255
    if not np.isfinite(wide).all() or wide.size == 0:
        raise ValueError("no greys")
    if wide.max() <= 1.0 and wide.dtype.kind == "f":
        wide = wide * 255.0
    elif wide.max() > 255:
        wide = wide / _WIDE_GREYS
    return np.clip(wide, 0, 255).astype(np.uint8)


def _coloured(picture: Any, times: int) -> Any:
    from PIL import Image

    if picture.mode in ("P", "PA"):  # an index is no colour that could be averaged
        picture = picture.convert(
            "RGBA" if "transparency" in picture.info else picture.palette.mode
        )
    if times > 1:
        picture = picture.reduce(times)
    if "A" in picture.getbands() or "transparency" in picture.info:
        base = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(base, picture.convert("RGBA"))  # see-through shows paper
    return picture.convert("RGB")

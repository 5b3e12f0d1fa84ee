"""The picture of a specimen stamp: nobody can take it for a real electronic meterai.

Only its shape is that of a delivered one (a square, docs/sumber.md E2.5). It is black on white,
has no emblem, no amount, no plate and no code; ``SPESIMEN`` stands all over it, and in its middle
that it is no meterai.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

SIDE = 320
"""Pixels per side; 320 on 25 mm are 325 dots per inch, delivered ones have 183."""

_WHITE, _PALE, _BLACK = 255, 190, 0
_MARGIN = 4
_ROW = 29
_BANDS = ((_MARGIN + 3 * _ROW, _MARGIN + 6 * _ROW), (_MARGIN + 8 * _ROW, SIDE))
"""Top and bottom of the white bands for the words in the middle and the serial number."""

_STROKE = 0.5
_LEVEL = 4


def specimen(sn: str) -> bytes:
    """Return a grey PNG of a specimen stamp with that serial number."""
    from PIL import ImageDraw

    picture = _blank().copy()
    draw = ImageDraw.Draw(picture)
    half = (len(sn) + 1) // 2
    _centred(draw, f"SN {sn[:half]}", 257, 30)
    _centred(draw, sn[half:], 292, 30)
    draw.rectangle((0, 0, SIDE - 1, SIDE - 1), outline=_BLACK, width=3)
    out = BytesIO()
    picture.save(out, format="PNG", compress_level=_LEVEL)
    return out.getvalue()


@lru_cache(maxsize=1)
def _blank() -> Image:
    """Return what every specimen shows."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (SIDE, SIDE), _WHITE)
    draw = ImageDraw.Draw(picture)
    _fill_with_words(draw)
    for top, bottom in _BANDS:
        draw.rectangle((_MARGIN, top, SIDE - 1 - _MARGIN, bottom), fill=_WHITE)
    _centred(draw, "BUKAN METERAI", 119, 37)
    _centred(draw, "uji coba, tanpa nilai", 155, 26)
    return picture


@lru_cache(maxsize=64)
def _font(size: float) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _fill_with_words(draw: ImageDraw) -> None:
    """Write ``SPESIMEN`` in rows all over the picture, every second row half a word aside."""
    font = _font(25)
    words = "SPESIMEN   " * 4
    step = draw.textlength("SPESIMEN   ", font=font)
    for number, top in enumerate(range(_MARGIN, SIDE, _ROW)):
        left = -step / 2 if number % 2 else -step / 4
        draw.text((left, top), words, font=font, fill=_PALE)


def _centred(draw: ImageDraw, words: str, middle: int, size: int) -> None:
    """Write words in the middle of a line, in the largest type up to ``size`` that fits."""
    room = SIDE - 6 * _MARGIN
    length = draw.textlength(words, font=_font(size))
    fitting = size if length <= room else int(2 * size * room / length) / 2
    draw.text(
        (SIDE / 2, middle),
        words,
        font=_font(fitting),
        fill=_BLACK,
        anchor="mm",
        stroke_width=_STROKE,
    )

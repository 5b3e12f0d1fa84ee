"""The picture of a specimen stamp: nobody can take it for a real electronic meterai.

Only its shape is that of a delivered one (a square, docs/sumber.md E2.5). It is black on white,
has no emblem, no amount, no plate and no code; ``SPESIMEN`` stands all over it, and in its middle
that it is no meterai.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SIDE = 640
"""Pixels per side; 640 on 25 mm are 650 dots per inch."""

_WHITE, _PALE, _BLACK = 255, 190, 0
_MARGIN = 8
_ROW = 58
_BANDS = ((_MARGIN + 3 * _ROW, _MARGIN + 6 * _ROW), (_MARGIN + 8 * _ROW, SIDE))
"""Top and bottom of the white bands for the words in the middle and the serial number."""


def specimen(sn: str) -> bytes:
    """Return a grey PNG of a specimen stamp with that serial number."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (SIDE, SIDE), _WHITE)
    draw = ImageDraw.Draw(picture)
    _fill_with_words(draw)
    for top, bottom in _BANDS:
        draw.rectangle((_MARGIN, top, SIDE - 1 - _MARGIN, bottom), fill=_WHITE)
    _centred(draw, "BUKAN METERAI", 238, 74)
    _centred(draw, "uji coba, tanpa nilai", 310, 52)
    half = (len(sn) + 1) // 2
    _centred(draw, f"SN {sn[:half]}", 515, 60)
    _centred(draw, sn[half:], 585, 60)
    draw.rectangle((0, 0, SIDE - 1, SIDE - 1), outline=_BLACK, width=6)
    out = BytesIO()
    picture.quantize(16).save(out, format="PNG", optimize=True)
    return out.getvalue()


def _fill_with_words(draw: ImageDraw) -> None:
    """Write ``SPESIMEN`` in rows all over the picture, every second row half a word aside."""
    from PIL import ImageFont

    font = ImageFont.load_default(50)
    words = "SPESIMEN   " * 4
    step = draw.textlength("SPESIMEN   ", font=font)
    for number, top in enumerate(range(_MARGIN, SIDE, _ROW)):
        left = -step / 2 if number % 2 else -step / 4
        draw.text((left, top), words, font=font, fill=_PALE)


def _centred(draw: ImageDraw, words: str, middle: int, size: int) -> None:
    """Write words in the middle of a line, in the largest type up to ``size`` that fits."""
    from PIL import ImageFont

    room = SIDE - 6 * _MARGIN
    font = ImageFont.load_default(size)
    length = draw.textlength(words, font=font)
    if length > room:
        font = ImageFont.load_default(size * room / length)
    draw.text((SIDE / 2, middle), words, font=font, fill=_BLACK, anchor="mm", stroke_width=1)

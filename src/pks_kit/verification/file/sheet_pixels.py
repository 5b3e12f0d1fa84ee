"""Colours, light and surroundings of one picture of a page, measured on a small copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pks_kit.pdf.limits import PdfLimits
from pks_kit.pictures import open_picture

if TYPE_CHECKING:
    from PIL import Image

_COPY = (160, 226)
"""Pixels of the small copy, in the proportion of A4."""
_MOST_PIXELS = PdfLimits().pixels
_CELLS = (6, 8)
_COLOURFUL = 36
"""Distance from grey, of 255, from which a pixel counts as coloured; JPEG alone stays below."""
_ENOUGH = 0.0008
"""Part of the page that must be coloured: a stamp of 2 cm on A4 is ten times as much."""
_DARK = 110
_PAPER_RANK = 0.85
_EXIF, _GPS = 0x8769, 0x8825
_CAMERA_TAGS = frozenset({0x829A, 0x829D, 0x8827, 0x920A, 0x9201, 0x9202})
"""Exposure time, aperture, sensitivity, focal length: no scanner writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """What the pixels of a page say; see :class:`~.page_images.PageScan`."""

    colour: Literal["colour", "grey", "bilevel"]
    camera: bool
    uneven: int
    surroundings: int


def measure_jpeg(data: bytes) -> Pixels:
    """Measure a JPEG, opened at an eighth of its size.

    Raises:
        ValueError: It has more than 120 million pixels.
        OSError: It is broken.
    """
    with open_picture(data, ("JPEG",)) as picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise ValueError("too many pixels")
        camera = _by_camera(picture)
        picture.draft(picture.mode, (picture.width // 8, picture.height // 8))
        return measure_picture(picture, camera=camera)


def measure_picture(picture: Image.Image, *, camera: bool = False) -> Pixels:
    """Measure an opened picture of a page."""
    coloured = picture.convert("RGB")
    if coloured.width > coloured.height:
        from PIL import Image

        coloured = coloured.transpose(Image.Transpose.ROTATE_90)
    small = coloured.resize(_COPY, reducing_gap=2.0)
    grey = small.convert("L")
    return Pixels(
        colour="colour" if _coloured_part(coloured) > _ENOUGH else "grey",
        camera=camera,
        uneven=_uneven(grey),
        surroundings=_dark_edge(grey),
    )


def _by_camera(picture: Image.Image) -> bool:
    exif = picture.getexif()
    return bool(_CAMERA_TAGS & set(exif.get_ifd(_EXIF))) or bool(exif.get_ifd(_GPS))


def _coloured_part(picture: Image.Image) -> float:
    """Return which part of the pixels is far from grey: in YCbCr, far from the middle."""
    from PIL import Image, ImageChops

    reduced = picture.copy()
    reduced.thumbnail((600, 850), Image.Resampling.BOX)
    _, blue, red = reduced.convert("YCbCr").split()
    blue = blue.point(lambda value: min(255, abs(value - 128) * 2))
    red = red.point(lambda value: min(255, abs(value - 128) * 2))
    counts = ImageChops.lighter(blue, red).histogram()
    return sum(counts[_COLOURFUL:]) / max(1, sum(counts))


def _uneven(grey: Image.Image) -> int:
    """Compare the brightness of the paper in the cells of a grid, in percent of the brightest.

    The paper of a cell is its bright end; the outermost ring of cells is left out, because
    margins of scanners are black or white as they like.
    """
    columns, rows = _CELLS
    wide, high = grey.width // columns, grey.height // rows
    papers = []
    for column in range(1, columns - 1):
        for row in range(1, rows - 1):
            left, top = column * wide, row * high
            papers.append(_rank(grey.crop((left, top, left + wide, top + high)), _PAPER_RANK))
    brightest = max(papers)
    return 0 if brightest == 0 else round(100 * (brightest - min(papers)) / brightest)


def _rank(grey: Image.Image, part: float) -> int:
    counts = grey.histogram()
    wanted, seen = part * sum(counts), 0
    for value, count in enumerate(counts):
        seen += count
        if seen >= wanted:
            return value
    return 255


def _dark_edge(grey: Image.Image) -> int:
    """Return which part of a ring along the edge is dark, in percent."""
    wide, high = grey.size
    ring = 6
    counts = [0] * 256
    for box in (
        (0, 0, wide, ring),
        (0, high - ring, wide, high),
        (0, ring, ring, high - ring),
        (wide - ring, ring, wide, high - ring),
    ):
        counts = [a + b for a, b in zip(counts, grey.crop(box).histogram(), strict=True)]
    return round(100 * sum(counts[:_DARK]) / max(1, sum(counts)))

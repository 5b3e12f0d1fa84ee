"""The pictures of one page: black and white for print, JPEG for what keeps its colours."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.scan.alignment import paper_white
from pks_kit.scan.pictures import Sheet
from pks_kit.scan.shrinking.areas import DPI, PER_MM, Area, around
from pks_kit.scan.shrinking.paper_sizes import Size

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes, Mask

QUALITIES = (60, 45, 30)
"""Qualities of JPEG that are tried, the best first; below, pen and screen of a stamp blur."""

_WINDOW_MM = 2.0
_WHITE, _PALEST_INK = 245.0, 205
"""Paper as ``paper_white`` leaves it, and the palest ink that is kept."""
_MIDDLE = 0.5
_BLUR, _SHARPER = 1.2, 0.7
"""Sharpening, or the dots of small letters are lost."""
_SPECK = 2
_PAPER = 262.0
"""What the light of paper becomes, so that its noise is white."""
_ROWS_PER_STRIP, _STRIP_OFFSETS, _STRIP_SIZES = 278, 273, 279


@dataclass(frozen=True, slots=True)
class Reduced:
    """A sheet at 150 dpi.

    Attributes:
        grey: On white paper.
        colour: The same in colour; None for a sheet without colours.
        ink: What is black in black and white.
    """

    grey: Bytes
    colour: Bytes | None
    ink: Mask

    @property
    def shape(self) -> tuple[int, int]:
        """Return height and width in pixels."""
        rows, columns = self.grey.shape
        return rows, columns


@dataclass(frozen=True, slots=True)
class Patch:
    """A part of the page as JPEG, in each of :data:`QUALITIES`."""

    area: Area
    colour: bool
    encoded: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """All that is drawn on a page.

    Attributes:
        size: Of the page, in points.
        shape: Pixels down and across that the areas of the patches count in.
        text: CCITT G4, 1 is black; empty when a patch covers the page.
        patches: In the order in which they are drawn.
    """

    size: Size
    shape: tuple[int, int]
    text: bytes
    patches: tuple[Patch, ...]

    def bytes_at(self, quality: int) -> int:
        """Return how many bytes the pictures take at a quality, by its index."""
        return len(self.text) + sum(len(one.encoded[quality]) for one in self.patches)


def reduced(sheet: Sheet, size: Size) -> Reduced:
    """Return a sheet at 150 dpi, its paper white and its ink found.

    Args:
        sheet: The sheet.
        size: Of the paper, in points.
    """
    import cv2

    columns, rows = (max(8, round(side * DPI / 72)) for side in size)
    grey = _scaled(sheet.grey, columns, rows)
    ink = _ink(paper_white(grey))
    black = _black(grey, ink)
    if sheet.colour is None:
        return Reduced(_stretched(grey, black), None, ink)
    colour = _stretched(_scaled(sheet.colour, columns, rows), black)
    return Reduced(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), colour, ink)


def layers_of(seen: Reduced, size: Size, kept: Sequence[Area], grey: Sequence[Area]) -> Layers:
    """Return the pictures of a page.

    Args:
        seen: The sheet.
        size: Of the paper, in points.
        kept: What keeps its colours.
        grey: What keeps its greys.
    """
    ink = seen.ink.copy()
    picture = seen.grey if seen.colour is None else seen.colour
    patches = [_patch(seen.grey, one) for one in grey]
    patches += [_patch(picture, one) for one in kept]
    for left, top, right, bottom in (*grey, *kept):
        ink[top:bottom, left:right] = False
    whole = any(one == (0, 0, seen.shape[1], seen.shape[0]) for one in (*grey, *kept))
    return Layers(size, seen.shape, b"" if whole else _g4(ink), tuple(patches))


def _scaled(picture: Bytes, columns: int, rows: int) -> Bytes:
    import cv2

    fewer = picture.shape[1] > columns
    way = cv2.INTER_AREA if fewer else cv2.INTER_CUBIC
    scaled: Bytes = cv2.resize(picture, (columns, rows), interpolation=way)
    return scaled


def _black(grey: Bytes, ink: Mask) -> float:
    """Return how dark the print of a sheet is."""
    import numpy as np

    print_ = grey[ink]
    return float(np.clip(np.percentile(print_, 25), 0, 110)) if len(print_) > 500 else 50.0


def _stretched(picture: Bytes, black: float) -> Bytes:
    """Return a picture whose paper is white and whose print is black; faces keep their tone.

    The print around it becomes pure black, so a pen must stay as dark beside it as it was.
    """
    import cv2
    import numpy as np

    sample = picture[::5, ::5].reshape(-1, *picture.shape[2:])
    paper = np.maximum(140.0, np.percentile(sample, 85, axis=0)).reshape(-1)
    levels = np.arange(256, dtype=np.float32)
    curves = [np.clip((levels - black) * (_PAPER / (one - black)), 0, 255) for one in paper]
    table = np.stack(curves, axis=1).round().astype(np.uint8)
    planes = cv2.split(picture) if picture.ndim == 3 else [picture]
    done = [cv2.LUT(plane, table[:, index]) for index, plane in enumerate(planes)]
    white: Bytes = cv2.merge(done) if picture.ndim == 3 else done[0]
    return white


def _ink(white: Bytes) -> Mask:
    """Return what is ink: nearer to the darkest beside it than to paper (Bernsen), without specks.

    The middle keeps strokes as wide as they are; a fixed level would make bold print bolder and
    lose thin grey lines.
    """
    import cv2
    import numpy as np

    blurred = cv2.GaussianBlur(white, (0, 0), _BLUR)
    soft = cv2.addWeighted(white, 1 + _SHARPER, blurred, -_SHARPER, 0)
    side = 2 * round(_WINDOW_MM * PER_MM / 2) + 1
    darkest = cv2.erode(soft, np.ones((side, side), np.uint8))
    darkest = cv2.blur(darkest, (side, side)).astype(np.float32)
    level = _MIDDLE * _WHITE + (1 - _MIDDLE) * darkest
    ink = (soft < level) & (darkest < _PALEST_INK)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    keep = stats[:, 4] > _SPECK
    keep[0] = False
    found: Mask = keep[labels] if count > 1 else ink
    return found


def _patch(picture: Any, area: Area) -> Patch:
    from PIL import Image

    left, top, right, bottom = area
    part = Image.fromarray(picture[top:bottom, left:right].copy())
    encoded = []
    for quality in QUALITIES:
        target = io.BytesIO()
        part.save(target, "JPEG", quality=quality, optimize=True)
        encoded.append(target.getvalue())
    return Patch(area, picture.ndim == 3, tuple(encoded))


def _g4(ink: Any) -> bytes:
    """Return black and white as one strip of CCITT G4, in which 1 is black."""
    import numpy as np
    from PIL import Image

    if not ink.any():
        ink = ink.copy()
        ink[0, 0] = True  # a picture without black is written in another way by some encoders
    height = ink.shape[0]
    image = Image.fromarray(np.where(ink, 0, 255).astype(np.uint8)).convert(
        "1", dither=Image.Dither.NONE
    )
    target = io.BytesIO()
    image.save(target, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: height})
    with Image.open(io.BytesIO(target.getvalue())) as tiff:
        tags: Any = tiff.tag_v2  # type: ignore[attr-defined]
        (start,), (length,) = tags[_STRIP_OFFSETS], tags[_STRIP_SIZES]
    return target.getvalue()[start : start + length]


def areas_of(quads: Iterable[Any], scale: tuple[float, float]) -> list[Area]:
    """Return the boxes around quadrilaterals of the sheet, in pixels of the page.

    Args:
        quads: Corners (4, 2).
        scale: Pixels of the page per pixel of the sheet.
    """
    return [around(quad * scale) for quad in quads]

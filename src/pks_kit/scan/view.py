"""A sheet in the frame of its issued page: darkness, colour, and what nobody printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.domain.rect import Rect
from pks_kit.scan import thresholds
from pks_kit.scan.alignment import Alignment, paper_white
from pks_kit.scan.issued import POINTS
from pks_kit.scan.pictures import Colours

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes, Floats, Mask

PER_MM = thresholds.VIEW_DPI / 25.4
_PER_POINT = thresholds.VIEW_DPI / POINTS

_PRINTED = 200
"""Grey of the issued page up to which something is printed."""
_MOSTLY = 0.5
"""Part of a sheet that is pure black or white when it may be a picture of nothing else."""

Box = tuple[int, int, int, int]
"""Pixels of a view: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class View:
    """What a sheet shows at 150 dpi of the issued page.

    Attributes:
        height_points: Height of the page.
        raw: Grey as scanned, in the frame of the page.
        grey: The same on white paper.
        issued: The issued page.
        dark: 0 for paper, about 1 for the print of this sheet.
        chroma: Distance from the colour of the paper; None for pictures without colours.
        hues: a and b of each pixel, from the paper's; None as above.
        printed: Where print may lie.
        extra: What is dark or coloured and was not printed there.
        black: Grey of the print.
        colours: What the picture holds.
        thicker: Millimetres of black that the sheet adds to a thin line across it.
    """

    height_points: float
    raw: Bytes
    grey: Bytes
    issued: Bytes
    dark: Floats
    chroma: Floats | None
    hues: Floats | None
    printed: Mask
    extra: Mask
    black: float
    colours: Colours
    thicker: float = 0.0

    @property
    def shape(self) -> tuple[int, int]:
        """Return height and width in pixels."""
        height, width = self.dark.shape
        return height, width

    def box(self, rect: Rect, pad_mm: float = 0.0) -> Box:
        """Return the pixels of a rectangle in points, with room around it, inside the view."""
        left, bottom, right, top = rect
        height, width = self.shape
        pad = pad_mm * PER_MM
        x0, y0 = left * _PER_POINT - pad, (self.height_points - top) * _PER_POINT - pad
        x1, y1 = right * _PER_POINT + pad, (self.height_points - bottom) * _PER_POINT + pad
        return (
            min(width, max(0, round(x0))),
            min(height, max(0, round(y0))),
            min(width, max(0, round(x1))),
            min(height, max(0, round(y1))),
        )

    def strength(self, part: tuple[slice, slice], own: Mask) -> float:
        """Return how dark or coloured the stronger half of some ink is, 0 to about 1."""
        import numpy as np

        if not own.any():
            return 0.0
        ink = self.dark[part][own]
        if self.chroma is not None:
            ink = np.maximum(ink, self.chroma[part][own] / 75)
        return float(np.percentile(ink, 70))

    def keeps_thin_print(self) -> bool:
        """Return whether thin print stayed black, so that a pale stamp would have left something.

        Only black and white scans lose what is pale.
        """
        kept = self.dark[self.issued < _PRINTED] > 0.5
        return bool(kept.mean() > thresholds.STAMP_KEPT) if kept.size else False

    def rect(self, box: Box) -> Rect:
        """Return the points of a box of pixels."""
        left, top, right, bottom = box
        return (
            round(left / _PER_POINT, 1),
            round(self.height_points - bottom / _PER_POINT, 1),
            round(right / _PER_POINT, 1),
            round(self.height_points - top / _PER_POINT, 1),
        )


def view_of(lying: Alignment, picture: Bytes, colours: Colours) -> View:
    """Return the whole page as the sheet shows it.

    Args:
        lying: How the sheet lies over its page.
        picture: The sheet, grey or in colours.
        colours: What it holds.
    """
    import cv2

    page = lying.page
    width, height = round(page.width * _PER_POINT), round(page.height * _PER_POINT)
    warped = lying.warped(picture, 0.0, 0.0, width, height, thresholds.VIEW_DPI)
    issued = cv2.resize(page.fine, (width, height), interpolation=cv2.INTER_AREA)
    toned = _toned(picture)
    if toned is not None:
        toned = lying.warped(toned, 0.0, 0.0, width, height, thresholds.VIEW_DPI)
    return view_from(warped, issued, page.height, colours, toned)


def hues_of(colour: Bytes, grey: Bytes) -> tuple[Floats, Floats]:
    """Return how far each pixel is from the colour of paper: a and b of CIELAB, and both together.

    Args:
        colour: A picture in colours.
        grey: The same on white paper, which tells where paper is.
    """
    import cv2
    import numpy as np

    _, *planes = cv2.split(cv2.cvtColor(colour, cv2.COLOR_RGB2LAB))
    lab = cv2.merge(planes).astype(np.float32)
    paper = lab[grey > 225][::37]
    hues = lab - (np.median(paper, axis=0) if len(paper) else np.float32(128))
    return hues, cv2.magnitude(*cv2.split(hues))


def ellipse(radius_mm: float) -> Any:
    """Return a round brush of a radius in millimetres of a view."""
    import cv2

    reach = max(1, round(radius_mm * PER_MM))
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))


def view_from(
    warped: Bytes,
    issued: Bytes,
    height_points: float,
    colours: Colours,
    toned: Bytes | None = None,
) -> View:
    """Return what a picture shows that lies pixel by pixel over what was issued.

    Args:
        warped: The sheet in the frame of the page at :data:`thresholds.VIEW_DPI`.
        issued: The issued page, grey, of the same size.
        height_points: Height of the page.
        colours: What the sheet holds.
        toned: Where a sheet of black and white has tones; None for other sheets.
    """
    import cv2
    import numpy as np

    raw = cv2.cvtColor(warped, cv2.COLOR_RGB2GRAY) if warped.ndim == 3 else warped
    grey = paper_white(raw)

    # how dark print is on this sheet: the middle of what was printed black
    core = cv2.erode((issued < 70).astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    if core.sum() < 200:
        core = issued < 90
    black = float(np.percentile(grey[core], 35)) if core.sum() > 50 else 60.0
    greys = np.arange(256, dtype=np.float32)  # 256 greys are reckoned once, not every pixel
    dark = cv2.LUT(grey, np.clip((243 - greys) / max(60.0, 243 - black), 0, 1.3))

    hues = chroma = None
    if warped.ndim == 3:
        hues, chroma = hues_of(warped, grey)

    tolerance = max(2, round(thresholds.PRINT_TOLERANCE * PER_MM))
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * tolerance + 1,) * 2)
    printed = cv2.dilate((issued < 225).astype(np.uint8), around) > 0
    extra = dark > thresholds.EXTRA_DARK
    square = np.ones((2 * tolerance + 1,) * 2, np.uint8)
    printed_dark = cv2.LUT(cv2.erode(issued, square), (255 - greys) / 255 * 1.05)
    over = dark - printed_dark > thresholds.OVER_PRINT_DARK
    if toned is not None:  # in black and white the palest line of the print is as black as ink
        over &= toned > 0
    if chroma is not None:
        extra |= (chroma > thresholds.EXTRA_COLOUR) & (dark > 0.10)
        over |= (chroma > thresholds.OVER_PRINT_COLOUR) & (dark > 0.2)
    extra &= ~printed | over
    return View(
        height_points, raw, grey, issued, dark, chroma, hues, printed, extra, black, colours
    )  # fmt: skip


def _toned(picture: Bytes) -> Bytes | None:
    """Return where a sheet has tones between black and white; None where that is everywhere.

    A scan may be black and white with places in colour laid over it.
    """
    import cv2
    import numpy as np

    plane = picture if picture.ndim == 2 else picture[:, :, 1]
    sample = plane[::5, ::5]
    if ((sample == 0) | (sample == 255)).mean() < _MOSTLY:
        return None
    between = ((plane > 12) & (plane < 243)).astype(np.uint8) * 255
    found: Bytes = cv2.dilate(between, np.ones((7, 7), np.uint8))
    return found

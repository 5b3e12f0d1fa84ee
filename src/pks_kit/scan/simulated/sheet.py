"""One sheet of paper as a picture, and how anything comes onto it: ink, stickers, toner.

Coordinates of pictures are continuous: the upper left corner of the picture is (0, 0), the centre
of its first pixel (0.5, 0.5). Places are PDF points of the issued page, from its lower left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pks_kit.domain.rect import Rect

Picture = NDArray[np.uint8]
"""(h, w, 3) RGB or (h, w) grey."""

Plane = NDArray[np.floating[Any]]
"""(h, w) of numbers, mostly 0 to 1."""

Points = NDArray[np.floating[Any]]
"""(n, 2): x, y."""

Random = np.random.Generator

INCH = 25.4
POINTS_PER_MM = 72 / INCH
_FINER = 3
"""Strokes are drawn that much larger and reduced, so that their edges are smooth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line of a pen.

    Attributes:
        points: Dense points in mm, x to the right, y down.
        widths: Width in mm at each point.
    """

    points: Points
    widths: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What was laid on a sheet: how much of it, and where its upper left pixel is.

    Attributes:
        mask: 0 nothing to 1 all of it.
        left: Column of the first pixel; may lie outside the sheet.
        top: Row of the first pixel.
    """

    mask: Plane
    left: int
    top: int


@dataclass(slots=True, kw_only=True)
class Sheet:
    """A sheet of paper; drawing changes its pixels.

    Attributes:
        pixels: RGB.
        dpi: Pixels per inch of paper.
        placed: 3 x 3 matrix from issued PDF points to pixels.
    """

    pixels: Picture
    dpi: float
    placed: Points

    @property
    def per_mm(self) -> float:
        """Return pixels per millimetre."""
        return self.dpi / INCH

    def where(self, points: Any) -> Points:
        """Return where issued points lie, in pixels."""
        return through(self.placed, np.asarray(points, dtype=np.float64).reshape(-1, 2))

    def box(self, rect: Rect) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom in pixels of the box around an issued rectangle."""
        left, bottom, right, top = rect
        corners = self.where([(left, bottom), (right, bottom), (left, top), (right, top)])
        low, high = corners.min(axis=0), corners.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def ink(self, mark: Mark, colour: Sequence[float], strength: float = 1.0) -> None:
        """Lay transparent ink over what is there: it only darkens.

        Args:
            mark: Where and how much.
            colour: RGB of full ink on white paper.
            strength: 0 to 1.
        """
        region, mask = self._under(mark)
        taken = 1 - np.asarray(colour, dtype=np.float32) / 255
        kept = 1 - (strength * mask)[..., None] * taken
        region[:] = np.clip(region * kept + 0.5, 0, 255).astype(np.uint8)

    def cover(self, mark: Mark, picture: Any) -> None:
        """Lay something opaque over what is there.

        Args:
            mark: Where; 1 is opaque.
            picture: RGB of the size of the mask, or one colour.
        """
        region, mask = self._under(mark)
        above = np.asarray(picture, dtype=np.float32)
        if above.ndim == 3:
            rows, columns = self._inside(mark)
            above = above[rows, columns]
        opaque = mask[..., None]
        region[:] = np.clip(region * (1 - opaque) + above * opaque + 0.5, 0, 255).astype(np.uint8)

    def amount(self, mark: Mark, rect: Rect, over: float = 0.3) -> float:
        """Return the area in mm2 that a mark has inside an issued rectangle."""
        left, top, right, bottom = (round(one) for one in self.box(rect))
        rows = slice(max(top - mark.top, 0), max(bottom - mark.top, 0))
        columns = slice(max(left - mark.left, 0), max(right - mark.left, 0))
        return float((mark.mask[rows, columns] > over).sum()) / self.per_mm**2

    def _inside(self, mark: Mark) -> tuple[slice, slice]:
        height, width = mark.mask.shape
        rows = slice(max(-mark.top, 0), max(min(height, self.pixels.shape[0] - mark.top), 0))
        columns = slice(max(-mark.left, 0), max(min(width, self.pixels.shape[1] - mark.left), 0))
        return rows, columns

    def _under(self, mark: Mark) -> tuple[Picture, Plane]:
        rows, columns = self._inside(mark)
        mask = mark.mask[rows, columns]
        top, left = mark.top + rows.start, mark.left + columns.start
        return self.pixels[top : top + mask.shape[0], left : left + mask.shape[1]], mask


def through(matrix: Points, points: Points) -> Points:
    """Return points moved by a 3 x 3 matrix."""
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return moved[:, :2] / moved[:, 2:]


def drawn(strokes: Sequence[Stroke], centre: Points, per_mm: float, turn: float = 0.0) -> Mark:
    """Return strokes as a mark.

    Args:
        strokes: Lines in mm.
        centre: Pixel at which the middle of all strokes lies, (x, y).
        per_mm: Pixels per mm.
        turn: Degrees, against the clock.
    """
    joined = np.concatenate([one.points for one in strokes])
    middle = (joined.min(axis=0) + joined.max(axis=0)) / 2
    angle = np.deg2rad(turn)
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    laid = [((one.points - middle) @ turned.T) * per_mm + centre for one in strokes]
    margin = 2 + max(float(one.widths.max()) for one in strokes) * per_mm
    everything = np.concatenate(laid)
    left, top = np.floor(everything.min(axis=0) - margin).astype(int)
    right, bottom = np.ceil(everything.max(axis=0) + margin).astype(int)
    large = np.zeros(((bottom - top) * _FINER, (right - left) * _FINER), dtype=np.uint8)
    for line, stroke in zip(laid, strokes, strict=True):
        fixed = np.round(((line - (left, top)) * _FINER - 0.5) * 16).astype(int).tolist()
        thick = np.maximum(np.round(stroke.widths * per_mm * _FINER), 1).astype(int).tolist()
        for start, end, width in zip(fixed[:-1], fixed[1:], thick[1:], strict=True):
            cv2.line(large, start, end, 255, width, cv2.LINE_8, 4)
    mask = cv2.resize(large, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    return Mark(mask=np.asarray(mask, dtype=np.float32) / 255, left=int(left), top=int(top))


def clouds(random: Random, height: int, width: int, cell: float) -> Plane:
    """Return smooth noise between 0 and 1.

    Args:
        random: Source of chance.
        height: Rows.
        width: Columns.
        cell: Size of a cloud in pixels.
    """
    rows, columns = max(round(height / cell) + 2, 3), max(round(width / cell) + 2, 3)
    coarse = random.random((rows, columns)).astype(np.float32)
    large = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.asarray(large, dtype=np.float32), 0, 1)


def blurred(plane: Any, sigma: float) -> Any:
    """Return a picture or plane blurred by a Gaussian of that many pixels."""
    return plane if sigma < 0.15 else cv2.GaussianBlur(plane, (0, 0), sigma)

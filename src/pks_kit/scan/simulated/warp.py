"""How a device moves the points of a sheet, exactly both ways; the truth of a simulated scan.

A warp is a matrix (turn, scale, perspective) and a smooth bend (lens, uneven transport, curled
paper). The bend is a function of the taken picture, so that the way back is a formula; the way
forward is found by iteration to a thousandth of a pixel. OpenCV's ``remap`` rounds what it reads to
1/32 pixel of the source: maps are therefore computed for every pixel, never enlarged with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pks_kit.scan.simulated.sheet import Picture, Plane, Points, through


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One sine over the taken picture.

    Attributes:
        push: How far it moves to the right and down, in pixels of the taken picture.
        turns: Radians per pixel to the right and down.
        begin: Radians at the upper left corner.
    """

    push: tuple[float, float]
    turns: tuple[float, float]
    begin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Warp:
    """One step from a picture to the next.

    Attributes:
        matrix: 3 x 3, from the source to the straight picture, continuous coordinates.
        waves: What bends the straight picture.
        lens: Radial part of the bend per pixel cubed; positive is a barrel.
        centre: Centre of the lens.
    """

    matrix: Points
    waves: tuple[Wave, ...] = ()
    lens: float = 0.0
    centre: tuple[float, float] = (0.0, 0.0)

    def forward(self, points: Points) -> Points:
        """Return where points of the source lie in the taken picture."""
        straight = through(self.matrix, points)
        found = straight
        for _ in range(30):
            found = straight - self.bend(found)
        return found

    def back(self, points: Points) -> Points:
        """Return where points of the taken picture come from."""
        return through(np.linalg.inv(self.matrix), points + self.bend(points))

    def bend(self, points: Points) -> Points:
        """Return by how much the straight picture lies elsewhere than these points."""
        away = points - np.asarray(self.centre)
        bent = self.lens * (away**2).sum(axis=1, keepdims=True) * away
        for wave in self.waves:
            angle = points @ np.asarray(wave.turns) + wave.begin
            bent = bent + np.sin(angle)[:, None] * np.asarray(wave.push)
        return np.asarray(bent)

    def maps(self, width: int, height: int) -> tuple[Plane, Plane]:
        """Return for every pixel of the taken picture where it comes from, continuous."""
        across = np.arange(width) + 0.5
        down = np.arange(height) + 0.5
        x = np.repeat(across[None, :], height, axis=0).astype(np.float32)
        y = np.repeat(down[:, None], width, axis=1).astype(np.float32)
        if self.lens:
            far_x, far_y = across - self.centre[0], down - self.centre[1]
            square = (self.lens * (far_x[None, :] ** 2 + far_y[:, None] ** 2)).astype(np.float32)
            x += square * far_x[None, :].astype(np.float32)
            y += square * far_y[:, None].astype(np.float32)
        for wave in self.waves:
            right, below = wave.turns[0] * across + wave.begin, wave.turns[1] * down
            left_side = np.column_stack([np.cos(below), np.sin(below)])
            sines = (left_side @ np.vstack([np.sin(right), np.cos(right)])).astype(np.float32)
            x += wave.push[0] * sines
            y += wave.push[1] * sines
        (a, b, c), (d, e, f), (g, h, i) = np.linalg.inv(self.matrix).astype(np.float32)
        under = g * x + h * y + i
        return (a * x + b * y + c) / under, (d * x + e * y + f) / under


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Where issued points lie in a scan, on a grid of about 5 mm; between them it is linear.

    Attributes:
        across: Issued x of the columns, PDF points.
        down: Issued y of the rows, PDF points.
        pixels: (rows, columns, 2): x, y in the scan, continuous coordinates.
    """

    across: Points
    down: Points
    pixels: Points

    def where(self, points: Any) -> Points:
        """Return where issued points lie in the scan; the rim goes on beyond the page."""
        given = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        column = _cell(self.across, given[:, 0])
        row = _cell(self.down, given[:, 1])
        u = ((given[:, 0] - self.across[column]) / np.diff(self.across)[column])[:, None]
        v = ((given[:, 1] - self.down[row]) / np.diff(self.down)[row])[:, None]
        grid = self.pixels
        low = grid[row, column] * (1 - u) + grid[row, column + 1] * u
        high = grid[row + 1, column] * (1 - u) + grid[row + 1, column + 1] * u
        return np.asarray(low * (1 - v) + high * v)


def _cell(lines: Points, values: Points) -> NDArray[np.intp]:
    found = np.searchsorted(lines, values, side="right") - 1
    return np.clip(found, 0, len(lines) - 2)


@dataclass(slots=True, kw_only=True)
class Taken:
    """A picture that a device took of a sheet.

    Attributes:
        picture: RGB or grey; a 1-bit scan is grey with 0 and 255 only.
        dpi: Pixels per inch as the file says; for a phone about what the page has.
        steps: Warps from the sheet to the picture, first one first.
    """

    picture: Picture
    dpi: float
    steps: tuple[Warp, ...] = field(default=())

    def moved(self, matrix: Any, picture: Picture) -> Taken:
        """Return the same scan after its pixels were moved as a whole."""
        step = Warp(matrix=np.asarray(matrix, dtype=np.float64))
        return Taken(picture=picture, dpi=self.dpi, steps=(*self.steps, step))


def grid_of(
    placed: Points, steps: Sequence[Warp], width: float, height: float, pitch: float = 14.0
) -> Grid:
    """Sample the way of issued points through all steps.

    Args:
        placed: Issued points to pixels of the sheet.
        steps: Warps after that.
        width: Width of the issued page in PDF points.
        height: Height of the issued page in PDF points.
        pitch: Distance of the lines in PDF points.
    """
    across = np.linspace(0, width, round(width / pitch) + 1)
    down = np.linspace(0, height, round(height / pitch) + 1)
    points = through(placed, np.array([(x, y) for y in down for x in across]))
    for step in steps:
        points = step.forward(points)
    return Grid(across=across, down=down, pixels=points.reshape(len(down), len(across), 2))


def taken_through(warp: Warp, source: Picture, width: int, height: int) -> tuple[Picture, Plane]:
    """Return what a device sees, and where it sees the source (1) or nothing (0).

    The source is reduced first to a little more than the resolution of the device, by averages.
    """
    middle = np.array([(source.shape[1] / 2, source.shape[0] / 2)])
    near = warp.forward(middle + np.array([[0, 0], [4, 0], [0, 4]]))
    size = float(np.sqrt(abs(np.linalg.det(near[1:] - near[0])))) / 4
    x, y = warp.maps(width, height)
    inside = (x > 0) & (x < source.shape[1]) & (y > 0) & (y < source.shape[0])
    part = min(1.0, size * 1.3)
    if part < 0.95:
        smaller = (round(source.shape[1] * part), round(source.shape[0] * part))
        x *= np.float32(smaller[0] / source.shape[1])
        y *= np.float32(smaller[1] / source.shape[0])
        source = np.asarray(cv2.resize(source, smaller, interpolation=cv2.INTER_AREA), np.uint8)
    half = np.float32(0.5)
    way = cv2.INTER_CUBIC if size > 1.2 else cv2.INTER_LINEAR
    seen = cv2.remap(source, x - half, y - half, way, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.uint8), inside.astype(np.float32)

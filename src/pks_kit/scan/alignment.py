"""Lay a sheet over its issued page: turned, shrunk, skewed and stretched as the machine left it.

The page codes tell roughly where the page lies. Small blocks, each looked for near where it should
be, follow what paper and rollers stretched. Where they do not find their places everywhere, as on
photos, or where no code was read, features that agree on one perspective tell first where to look.
How far the blocks lie from their places at the end is the measure that everybody else trusts or not
(:meth:`Alignment.vouched`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pks_kit.scan import thresholds
from pks_kit.scan.blocks import (
    COLUMNS,
    ROWS,
    field_of,
    find_blocks,
    left_over,
    sampled,
    upsampled,
    weights_at,
)
from pks_kit.scan.codes import FoundCode
from pks_kit.scan.features import Features, features_of, perspective
from pks_kit.scan.issued import POINTS, IssuedPage

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes, Floats

_PER_MM = thresholds.ALIGN_DPI / 25.4
_NO_MAP: Any = None
"""OpenCV takes None for the second map; its types do not say so."""
_FAR_ROUNDS = ((22, 20, 10, 0.22, 5.0), (17, 13, 5, 0.12, 2.5))
"""At half the resolution: step, half a block, search in pixels; smoothing; outliers from."""
_NEAR_ROUNDS = ((34, 22, 4, 0.12, 2.5), (30, 22, 4, 0.09, 1.5))
_AFTER_FEATURES = ((44, 40, 10, 0.22, 5.0), (34, 26, 6, 0.12, 2.5), _NEAR_ROUNDS[1])
_GOOD_ENOUGH = 0.6
"""Pixels of residual after which another round changes nothing."""
_SETTLED = 1.2
"""Pixels that a block may lie from its place when it has found it."""
_CELLS = 3, 2
_CELL_BLOCKS = 6
_CELL_SHARE = 0.5
"""Part of the blocks of each cell of a page that must have found their places."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the points of an issued page map to the pixels of a sheet.

    Attributes:
        dpi: Resolution of the sheet.
        grid: Pixels of the sheet at 100 dpi, at regular points of the page (rows, columns, 2).
        scale: Pixels at 100 dpi per pixel of the sheet, across and down.
        blocks: Blocks that were found again: x, y at 100 dpi of the page, what is left, fit.
        matches: Features that agreed.
        turned: Quarter turns counter-clockwise that the page lies turned by.
        page: The page.
    """

    dpi: float
    grid: Floats
    scale: tuple[float, float]
    blocks: Floats
    matches: int
    turned: int
    page: IssuedPage

    @property
    def residual_mm(self) -> float:
        """Return the median of what is left, in millimetres; infinite when nothing was found."""
        import numpy as np

        if len(self.blocks) < thresholds.GATE_BLOCKS:
            return float("inf")
        return float(np.median(np.hypot(self.blocks[:, 2], self.blocks[:, 3]))) / _PER_MM

    def vouched(self, x: float, y: float) -> bool:
        """Return whether blocks near a point (in points from the upper left) lie where they should.

        Args:
            x: From the left.
            y: From the top.
        """
        import numpy as np

        if len(self.blocks) < thresholds.GATE_BLOCKS:
            return False
        per_point = thresholds.ALIGN_DPI / POINTS
        away = np.hypot(self.blocks[:, 0] - x * per_point, self.blocks[:, 1] - y * per_point)
        near = self.blocks[away / _PER_MM < thresholds.GATE_RADIUS]
        if len(near) < thresholds.GATE_BLOCKS:
            return False
        left = np.hypot(near[:, 2], near[:, 3]) / _PER_MM
        return bool(
            np.median(left) < thresholds.GATE_MEDIAN
            and np.percentile(left, 80) < thresholds.GATE_WORST
        )

    def pixels(self, left: float, top: float, width: int, height: int, dpi: float) -> Floats:
        """Return where each pixel of a part of the page lies on the sheet, (height, width, 2).

        Args:
            left: Left edge of the part, points from the left edge of the page.
            top: Upper edge, points from the upper edge.
            width: Pixels across.
            height: Pixels down.
            dpi: Of the part.
        """
        import numpy as np

        return np.stack(self._planes(left, top, width, height, dpi), axis=2)

    def _planes(
        self, left: float, top: float, width: int, height: int, dpi: float
    ) -> tuple[Floats, Floats]:
        import numpy as np

        per_pixel = POINTS / dpi
        across = (left + (np.arange(width) + 0.5) * per_pixel) / self.page.width
        down = (top + (np.arange(height) + 0.5) * per_pixel) / self.page.height
        rows, columns = self.page.coarse.shape[:2]
        # pixel centres of the coarse picture carry the grid
        u = (across * columns - 0.5) / (columns - 1) * (COLUMNS - 1)
        v = (down * rows - 0.5) / (rows - 1) * (ROWS - 1)
        # matrix products, because remap rounds the points of a small picture to 1/32
        weights_u = np.ascontiguousarray(weights_at(u, COLUMNS).T.astype(np.float32))
        weights_v = weights_at(v, ROWS)
        x, y = (
            (weights_v @ ((self.grid[:, :, one] + 0.5) / self.scale[one] - 0.5)).astype(np.float32)
            @ weights_u
            for one in (0, 1)
        )
        return x, y

    def warped(
        self, picture: Bytes, left: float, top: float, width: int, height: int, dpi: float
    ) -> Bytes:
        """Return a part of the sheet in the frame of the page; see :meth:`pixels`."""
        import cv2
        import numpy as np

        x, y = self._planes(left, top, width, height, dpi)
        # only what is needed of a large picture is softened and mapped
        x0, y0 = max(0, math.floor(x.min()) - 4), max(0, math.floor(y.min()) - 4)
        x1, y1 = max(x0 + 1, math.ceil(x.max()) + 5), max(y0 + 1, math.ceil(y.max()) + 5)
        part = picture[y0:y1, x0:x1]
        if part.size == 0:
            shape = (height, width) if picture.ndim == 2 else (height, width, 3)
            return np.full(shape, 245, np.uint8)
        finer = self.dpi / dpi
        if finer > 1.3:
            part = cv2.GaussianBlur(part, (0, 0), 0.4 * finer)
        mapped: Bytes = cv2.remap(
            part, x - np.float32(x0), y - np.float32(y0), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT, borderValue=(245, 245, 245),
        )  # fmt: skip
        return mapped


class LaidSheet:
    """A sheet as it is laid over pages: what several pages ask of it is made once.

    Args:
        grey: The sheet.
    """

    def __init__(self, grey: Bytes) -> None:
        self.grey = grey
        self._made: tuple[float, _Coarse] | None = None

    def at(self, dpi: float) -> _Coarse:
        """Return it at :data:`thresholds.ALIGN_DPI`, on white paper.

        Args:
            dpi: Its own resolution.
        """
        import cv2

        if self._made is None or abs(self._made[0] / dpi - 1) > 1e-6:
            rows, columns = self.grey.shape[:2]
            factor = thresholds.ALIGN_DPI / dpi
            size = max(16, round(columns * factor)), max(16, round(rows * factor))
            small = cv2.resize(self.grey, size, interpolation=cv2.INTER_AREA)
            scale = size[0] / columns, size[1] / rows
            self._made = dpi, _Coarse(dpi, paper_white(small), scale)
        return self._made[1]


@dataclass(frozen=True)
class _Coarse:
    dpi: float
    picture: Bytes
    scale: tuple[float, float]

    @cached_property
    def half(self) -> Bytes:
        import cv2

        return cv2.resize(self.picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)

    @cached_property
    def features(self) -> Features:
        return features_of(self.picture)


def paper_white(grey: Bytes) -> Bytes:
    """Return a picture whose paper is white: shadows and yellow paper divided away."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    small = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    small = cv2.GaussianBlur(small, (0, 0), 4)
    paper = cv2.resize(small, grey.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    white: Bytes = cv2.divide(grey, np.maximum(paper, 20), scale=245)
    return white


def align(page: IssuedPage, sheet: LaidSheet, codes: Sequence[FoundCode]) -> Alignment | None:
    """Lay a sheet over a page.

    Args:
        page: The issued page that it shows.
        sheet: The sheet.
        codes: Page codes of this page on the sheet; may be none.

    Returns:
        None when too little of the page can be found again.
    """
    coarse = sheet.at(resolution(page, sheet.grey.shape[:2], codes))

    # 1. from where the codes say that it lies
    priors = list(_priors(page, codes, coarse.scale))
    best: Alignment | None = None
    for prior in priors:
        lying, settled = _followed(page, coarse, prior, 0)
        if settled:
            return lying
        if best is None or _found(lying) > _found(best):
            best = lying

    # 2. from what features agree on
    agreed: tuple[int, Any] = (0, None)
    for prior in priors or [None]:
        one = perspective(page.features, coarse.features, page.coarse.shape[:2], prior)
        if one[0] > agreed[0]:
            agreed = one
    matches, start = agreed
    if start is not None:
        lying, _ = _followed(page, coarse, start, matches)
        if best is None or _found(lying) > _found(best):
            best = lying
    elif len(codes) < 2:
        return None  # two codes of one page are enough: 260 mm apart, nothing else readable
    return best


def _found(lying: Alignment) -> int:
    import numpy as np

    return int((np.hypot(lying.blocks[:, 2], lying.blocks[:, 3]) < _SETTLED).sum())


def _followed(
    page: IssuedPage, coarse: _Coarse, start: Any, matches: int
) -> tuple[Alignment, bool]:
    """Return how the page lies when its blocks are followed, and whether they settled everywhere.

    Args:
        page: The page.
        coarse: The sheet.
        start: Map from page to sheet that is roughly right.
        matches: Features that told it; 0 when codes did.
    """
    import cv2
    import numpy as np

    height, width = page.coarse.shape[:2]
    across, down = np.meshgrid(np.linspace(0, width - 1, COLUMNS), np.linspace(0, height - 1, ROWS))
    flat = np.stack([across.ravel(), down.ravel()], axis=1).astype(np.float32)[:, None]
    grid = cv2.perspectiveTransform(flat, start).reshape(ROWS, COLUMNS, 2).astype(np.float64)
    issued = 255 - cv2.GaussianBlur(page.coarse, (0, 0), 0.8)
    if matches:
        rounds = [(one, 1) for one in _AFTER_FEATURES]
    else:
        rounds = [*((one, 2) for one in _FAR_ROUNDS), *((one, 1) for one in _NEAR_ROUNDS)]
        half = cv2.resize(issued, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    for (step, reach, search, smooth, outlier), shrunk in rounds:
        rows, columns = (height, width) if shrunk == 1 else half.shape[:2]
        lying = upsampled((grid + 0.5) / shrunk - 0.5, columns, rows)
        picture = coarse.picture if shrunk == 1 else coarse.half
        seen = 255 - cv2.remap(picture, lying, _NO_MAP, cv2.INTER_LINEAR, borderValue=245)
        blocks, asked = find_blocks(issued if shrunk == 1 else half, seen, step, reach, search)
        field, left = field_of(blocks, columns, rows, smooth, outlier)
        moved_x = across / (width - 1) * (COLUMNS - 1) + field[:, :, 0] / (columns - 1) * (
            COLUMNS - 1
        )
        moved_y = down / (height - 1) * (ROWS - 1) + field[:, :, 1] / (rows - 1) * (ROWS - 1)
        grid = sampled(grid, moved_x, moved_y)
        if step == _NEAR_ROUNDS[0][0] and left < _GOOD_ENOUGH:
            break
    if len(blocks):
        blocks = left_over(blocks, field, across, down)
    found = Alignment(coarse.dpi, grid, coarse.scale, blocks, matches, _turned(grid), page)
    return found, _settled(blocks, asked, width, height)


def _settled(blocks: Floats, asked: Floats, width: int, height: int) -> bool:
    """Return whether in every part of a page most blocks that hold print found their places."""
    import numpy as np

    rows, columns = _CELLS

    def counted(points: Floats) -> Floats:
        return np.histogram2d(
            points[:, 1], points[:, 0], bins=(rows, columns), range=((0, height), (0, width))
        )[0]

    near = blocks[np.hypot(blocks[:, 2], blocks[:, 3]) < _SETTLED]
    wanted, found = counted(asked), counted(near)
    filled = wanted >= _CELL_BLOCKS
    return bool(filled.any() and (found[filled] >= _CELL_SHARE * wanted[filled]).all())


def resolution(page: IssuedPage, shape: tuple[int, ...], codes: Sequence[FoundCode]) -> float:
    """Return the resolution of a sheet, from its codes or else from its size."""
    sides = page.sheet.codes if page.sheet else ()
    if len(codes) >= 2 and len(sides) >= 2:
        wide = sum(one[2] - one[0] for one in sides[:2])
        return sum(sorted(code.side for code in codes)[-2:]) / wide * POINTS
    longest = max(page.width, page.height) / POINTS
    by_size = max(shape) / longest
    if codes and sides:
        # one code: it is the one whose size fits the sheet better
        guesses = [codes[0].side / (one[2] - one[0]) * POINTS for one in sides]
        return min(guesses, key=lambda one: abs(one / by_size - 1))
    return by_size


def _priors(
    page: IssuedPage, codes: Sequence[FoundCode], scale: tuple[float, float]
) -> Iterable[Any]:
    """Yield maps from the page at 100 dpi to the sheet at 100 dpi that the codes allow."""
    import cv2
    import numpy as np

    squares = list(page.sheet.codes) if page.sheet else []
    if not codes or not squares:
        return
    per_point = thresholds.ALIGN_DPI / POINTS

    def corners(square: tuple[float, float, float, float]) -> Any:
        left, bottom, right, top = square
        up, low = page.height - top, page.height - bottom
        return np.array([[left, up], [right, up], [right, low], [left, low]]) * per_point - 0.5

    def seen(code: FoundCode) -> Any:
        return (code.corners + 0.5) * np.array(scale) - 0.5

    if len(codes) >= 2 and len(squares) >= 2:
        ordered = sorted(codes, key=lambda one: one.side)[-2:]
        small, large = ordered
        by_size = sorted(squares, key=lambda one: one[2] - one[0])
        pairs = [[(by_size[0], small), (by_size[-1], large)]]
    else:
        pairs = [[(square, codes[0])] for square in squares]
    for pair in pairs:
        source = np.concatenate([corners(square) for square, _ in pair]).astype(np.float32)
        target = np.concatenate([seen(code) for _, code in pair]).astype(np.float32)
        found, _ = cv2.estimateAffinePartial2D(source, target)
        if found is not None:
            yield np.vstack([found, [0, 0, 1]])


def _turned(grid: Any) -> int:
    """Return by how many quarters the page lies turned counter-clockwise."""
    import math

    across = grid[:, -1] - grid[:, 0]
    angle = math.degrees(math.atan2(-float(across[:, 1].mean()), float(across[:, 0].mean())))
    return round(angle / 90) % 4

"""Blocks of a page that are found again on a sheet, and the grid that follows them."""

from __future__ import annotations

from typing import Any

from pks_kit.scan.arrays import Floats

COLUMNS, ROWS = 22, 31
"""Points of the grid that lies over every page."""

_PRINTED = 9
"""Spread of the greys of a block that holds print."""


def weights_at(at: Floats, count: int) -> Floats:
    """Return the weights of linear interpolation, going on straight outside the grid."""
    import numpy as np

    first = np.clip(np.floor(at).astype(int), 0, count - 2)
    part = at - first
    weights = np.zeros((len(at), count), np.float64)
    rows = np.arange(len(at))
    weights[rows, first] = 1 - part
    weights[rows, first + 1] = part
    return weights


def upsampled(grid: Any, width: int, height: int) -> Any:
    """Return the grid at every pixel of a page of this size."""
    import numpy as np

    weights_x = weights_at(np.linspace(0, COLUMNS - 1, width), COLUMNS)
    weights_y = weights_at(np.linspace(0, ROWS - 1, height), ROWS)
    planes = np.ascontiguousarray(grid.transpose(2, 0, 1).astype(np.float64))
    found = np.empty((height, width, 2), np.float32)
    for number, plane in enumerate(planes):
        found[:, :, number] = weights_y @ plane @ weights_x.T
    return found


def sampled(grid: Any, across: Any, down: Any) -> Any:
    """Return the grid at other points of itself, going on straight outside."""
    import numpy as np

    x = np.clip(np.floor(across).astype(int), 0, COLUMNS - 2)
    y = np.clip(np.floor(down).astype(int), 0, ROWS - 2)
    a, b = (across - x)[..., None], (down - y)[..., None]
    upper = grid[y, x] * (1 - a) + grid[y, x + 1] * a
    lower = grid[y + 1, x] * (1 - a) + grid[y + 1, x + 1] * a
    return upper * (1 - b) + lower * b


def find_blocks(issued: Any, seen: Any, step: int, half: int, search: int) -> tuple[Any, Any]:
    """Return the blocks of the issued page that are found again, and all that were looked for.

    Args:
        issued: The issued page, black on white turned round.
        seen: The sheet in its frame.
        step: Pixels from block to block.
        half: Half the side of a block.
        search: Pixels by which it may lie elsewhere.

    Returns:
        Rows of x, y, dx, dy, fit; and rows of x, y.
    """
    import cv2
    import numpy as np

    found, asked = [], []
    height, width = issued.shape
    reach = half + search
    for y in range(reach, height - reach, step):
        for x in range(reach, width - reach, step):
            block = issued[y - half : y + half, x - half : x + half]
            if cv2.meanStdDev(block)[1][0, 0] < _PRINTED:
                continue
            asked.append((x, y))
            window = seen[y - reach : y + reach, x - reach : x + reach]
            fits = cv2.matchTemplate(window, block, cv2.TM_CCOEFF_NORMED)
            _, best, _, (across, down) = cv2.minMaxLoc(fits)
            last_y, last_x = fits.shape[0] - 1, fits.shape[1] - 1
            if best < 0.45 or across in (0, last_x) or down in (0, last_y):
                continue
            dx = across - search + _peak(*fits[down, across - 1 : across + 2])
            dy = down - search + _peak(*fits[down - 1 : down + 2, across])
            found.append((x, y, dx, dy, best))
    rows = np.array(found, np.float64).reshape(-1, 5)
    return rows, np.array(asked, np.float64).reshape(-1, 2)


def _peak(before: float, at: float, after: float) -> float:
    """Return where a parabola through three neighbours is highest, from the middle one."""
    bend = before - 2 * at + after
    return 0.5 * (before - after) / bend if abs(bend) > 1e-6 else 0.0


def field_of(
    blocks: Any, width: int, height: int, smooth: float, outlier: float
) -> tuple[Any, float]:
    """Return the displacement at every point of the grid, and the median of what it leaves.

    A robust quadratic carries the whole sheet, a smooth remainder the uneven stretch; blocks that
    tell something else are left out.
    """
    import numpy as np

    zeros = np.zeros((ROWS, COLUMNS, 2))
    if len(blocks) < 8:
        return zeros, float("inf")
    x, y = blocks[:, 0] / width - 0.5, blocks[:, 1] / height - 0.5
    rich = len(blocks) >= 20
    terms = _terms(x, y, rich)
    weights = np.ones(len(blocks))
    for _ in range(6):
        solved = np.linalg.lstsq(
            terms * weights[:, None], blocks[:, 2:4] * weights[:, None], rcond=None
        )[0]
        rest = blocks[:, 2:4] - terms @ solved
        size = np.hypot(*rest.T)
        spread = max(0.3, 1.48 * float(np.median(size)))
        weights = 1 / (1 + (size / (2 * spread)) ** 2)
    kept = size < max(outlier, 3 * spread)
    grid_y, grid_x = np.mgrid[0:ROWS, 0:COLUMNS]
    gx = (grid_x.ravel() / (COLUMNS - 1) * (width - 1)) / width - 0.5
    gy = (grid_y.ravel() / (ROWS - 1) * (height - 1)) / height - 0.5
    apart = (gx[:, None] - x[kept]) ** 2 + ((gy[:, None] - y[kept]) * height / width) ** 2
    near = np.exp(-apart / (2 * (smooth / 2) ** 2))
    remainder = (near @ rest[kept]) / (near.sum(axis=1)[:, None] + 0.25)
    field = (_terms(gx, gy, rich) @ solved + remainder).reshape(ROWS, COLUMNS, 2)
    return field, float(np.median(size))


def _terms(x: Any, y: Any, rich: bool) -> Any:
    import numpy as np

    plain = [np.ones_like(x), x, y]
    return np.stack([*plain, x * y, x * x, y * y] if rich else plain, axis=1)


def left_over(blocks: Any, field: Any, across: Any, down: Any) -> Any:
    """Return the blocks with what the last round left, not what it found."""
    import numpy as np

    x = blocks[:, 0] / across.max() * (COLUMNS - 1)
    y = blocks[:, 1] / down.max() * (ROWS - 1)
    left = blocks.copy()
    left[:, 2:4] -= sampled(field, x, y)
    return np.asarray(left)

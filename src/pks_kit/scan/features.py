"""Features that a page and a sheet share, and the perspective on which they agree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pks_kit.scan import thresholds

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes, Floats

_FEATURES = 900
_RATIO = 0.82
"""How much nearer the best of two partners must be."""


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a grey picture at :data:`thresholds.ALIGN_DPI`.

    Attributes:
        points: (n, 2) pixels.
        described: Their descriptors; None when there are none.
    """

    points: Floats
    described: Any


def features_of(grey: Bytes) -> Features:
    """Return the features of a picture.

    Args:
        grey: At :data:`thresholds.ALIGN_DPI`.
    """
    import numpy as np

    found, described = _detector().detectAndCompute(grey, None)
    return Features(np.array([one.pt for one in found], np.float32).reshape(-1, 2), described)


@lru_cache(maxsize=1)
def _detector() -> Any:
    import cv2

    cv2.setNumThreads(1)
    return cv2.ORB.create(_FEATURES, 1.2, 5, patchSize=31, fastThreshold=12)


def perspective(
    page: Features, sheet: Features, shape: tuple[int, int], prior: Any
) -> tuple[int, Any]:
    """Return how many features agree on one perspective, and the perspective.

    Args:
        page: Features of the issued page.
        sheet: Features of the sheet.
        shape: Rows and columns of the page.
        prior: Map from page to sheet that is roughly right; None when nothing is known.

    Returns:
        0 and None when too few agree, or when they agree on what no sheet of paper does.
    """
    import cv2
    import numpy as np

    few = thresholds.FEWEST_MATCHES
    if sheet.described is None or page.described is None:
        return 0, None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(page.described, sheet.described, k=2)
    good = [
        pair[0]
        for pair in pairs
        if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance
    ]  # fmt: skip
    if len(good) < few:
        return 0, None
    source = page.points[[one.queryIdx for one in good]]
    target = sheet.points[[one.trainIdx for one in good]]
    if prior is not None:
        expected = cv2.perspectiveTransform(source[:, None].astype(np.float32), prior)[:, 0]
        near = np.hypot(*(expected - target).T) < thresholds.NEAR_PRIOR
        source, target = source[near], target[near]
        if len(source) < few:
            return 0, None
    found, agreeing = cv2.findHomography(
        source, target, cv2.USAC_MAGSAC, 3.0, maxIters=3000, confidence=0.999
    )
    count = int(agreeing.sum()) if agreeing is not None else 0
    if found is None or count < few or not _possible(found, shape):
        return 0, None
    return count, found


def _possible(found: Any, shape: tuple[int, int]) -> bool:
    """Return whether the corners of the page stay a sheet: convex, not mirrored, of some size."""
    import cv2
    import numpy as np

    rows, columns = shape
    corners = np.array([[[0, 0]], [[columns, 0]], [[columns, rows]], [[0, rows]]], np.float32)
    quad = cv2.perspectiveTransform(corners, found)[:, 0]
    edges = np.roll(quad, -1, axis=0) - quad
    after = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * after[:, 1] - edges[:, 1] * after[:, 0]
    area = abs(cv2.contourArea(quad.astype(np.float32)))
    return bool((turns > 0).all()) and 0.25 < area / (rows * columns) < 4

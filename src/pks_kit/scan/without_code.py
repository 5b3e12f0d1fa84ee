"""Find which page a sheet shows when no code can be read: pictures first, then geometry.

The ink of sheet and issued pages is compared at 40 dpi, whatever the turn; the best few are tried
feature by feature. Sister pages (forms of several jejaring) come close to each other, so the answer
only counts when one is clearly better, and the header is read afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pks_kit.scan.alignment import Alignment, LaidSheet, align, paper_white
from pks_kit.scan.issued import IssuedPage, IssuedPages

_DPI = 40
_SIZE = 512
_SCALES = (1.0, 1.025)
_TRIED = 4


@dataclass(frozen=True, slots=True)
class Guess:
    """A page and how the sheet lies over it."""

    page: IssuedPage
    lying: Alignment


class PageFinder:
    """Compares sheets without a code with all issued pages; prepared at the first one."""

    def __init__(self, issued: IssuedPages) -> None:
        self._issued = issued
        self._spectra: Any = None

    def find(self, grey: Any) -> Guess | None:
        """Return the page that a sheet shows, or None when none is clearly the best.

        Args:
            grey: The sheet.
        """
        import cv2
        import numpy as np

        if self._spectra is None:
            self._spectra = np.stack([self._spectrum_of(one) for one in self._numbers()])
        dpi = max(grey.shape) / (842 / 72)
        small = cv2.resize(grey, None, fx=100 / dpi, fy=100 / dpi, interpolation=cv2.INTER_AREA)
        white = paper_white(small)
        skew = (_skew(white), _skew(np.ascontiguousarray(np.rot90(white))))
        scores = np.zeros(self._issued.count)
        for turn in range(4):
            turned = np.ascontiguousarray(np.rot90(white, turn))
            middle = turned.shape[1] / 2, turned.shape[0] / 2
            rotation = cv2.getRotationMatrix2D(middle, skew[turn % 2], 1)
            straight = cv2.warpAffine(turned, rotation, turned.shape[1::-1], borderValue=245)
            for scale in _SCALES:
                own = _spectrum(_thumbnail(straight, 100 / scale))
                fits = np.fft.irfft2(self._spectra * own[None], s=(_SIZE, _SIZE))
                scores = np.maximum(scores, fits.reshape(len(scores), -1).max(axis=1))
        best: list[tuple[int, Guess]] = []
        sheet = LaidSheet(grey)
        for number in np.argsort(-scores)[:_TRIED]:
            page = self._issued.page(int(number) + 1)
            lying = align(page, sheet, ())
            if lying is not None and lying.residual_mm < 0.5:
                best.append((lying.matches, Guess(page, lying)))
        best.sort(key=lambda one: -one[0])
        if not best or (len(best) > 1 and best[0][0] < 1.15 * best[1][0]):
            return None
        return best[0][1]

    def _numbers(self) -> range:
        return range(1, self._issued.count + 1)

    def _spectrum_of(self, number: int) -> Any:
        import numpy as np

        width, height = self._issued.size(number)
        picture = self._issued.crop(number, (0, 0, width, height), 100)
        return np.conj(_spectrum(_thumbnail(picture, 100))).astype(np.complex64)


def _thumbnail(grey: Any, dpi: float) -> Any:
    """Return the ink of a picture in a square, without its mean."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=_DPI / dpi, fy=_DPI / dpi, interpolation=cv2.INTER_AREA)
    ink = np.clip(235 - small.astype(np.float32), 0, 160)
    ink -= ink.mean()
    square = np.zeros((_SIZE, _SIZE), np.float32)
    rows, columns = min(_SIZE, ink.shape[0]), min(_SIZE, ink.shape[1])
    square[:rows, :columns] = ink[:rows, :columns]
    return square


def _spectrum(square: Any) -> Any:
    """Return the whitened spectrum: every frequency counts alike."""
    import numpy as np

    found = np.fft.rfft2(square)
    size = np.abs(found)
    return found / (size + 0.02 * np.sqrt(size.max()) * np.sqrt(size.mean()) + 1e-3)


def _skew(grey: Any) -> float:
    """Return the angle in degrees at which lines of words stand out most."""
    import cv2
    import numpy as np

    ink = cv2.resize(255 - grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    best = (0.0, 0.0)
    for angle in np.arange(-4, 4.01, 0.5):
        middle = ink.shape[1] / 2, ink.shape[0] / 2
        turned = cv2.warpAffine(
            ink, cv2.getRotationMatrix2D(middle, float(angle), 1), ink.shape[1::-1]
        )
        profile = turned.sum(axis=1).astype(float)
        value = float(((profile[1:] - profile[:-1]) ** 2).sum())
        if value > best[0]:
            best = (value, float(angle))
    return best[1]

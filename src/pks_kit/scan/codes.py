"""Read the page codes of a sheet.

What the camera or the glass made of a code is tried as it is first, then enlarged or softened; more
tries than these rescue next to nothing and cost as much again. Read texts are believed only when
their check value is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.domain.page_code import COVER_TAG, PageCode, parse_cover_code, parse_page_code
from pks_kit.errors import InputError

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes, Floats

_COARSE = 220.0
"""Resolution up to which enlarging helps; above, softening does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCode:
    """A page code on a sheet.

    Attributes:
        code: What it says.
        corners: Upper left, upper right, lower right, lower left corner as (x, y) pixels of the
            sheet, as the code itself stands; quiet zone not included.
    """

    code: PageCode
    corners: Floats

    @property
    def side(self) -> float:
        """Return the length of its sides in pixels, in the mean."""
        import numpy as np

        steps = self.corners - np.roll(self.corners, -1, axis=0)
        return float(np.hypot(steps[:, 0], steps[:, 1]).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesRead:
    """What the codes of a sheet say.

    Attributes:
        pages: Page codes, each place once.
        covers: Ids of agreements whose covering instructions it says to be a page of.
    """

    pages: list[FoundCode]
    covers: frozenset[str]


def read_codes(grey: Bytes, dpi: float) -> list[FoundCode]:
    """Return every page code that can be read, each place once.

    Args:
        grey: The sheet.
        dpi: Its resolution, roughly.
    """
    return read_all_codes(grey, dpi).pages


def read_all_codes(grey: Bytes, dpi: float) -> CodesRead:
    """Return every page code that can be read, and whose covering page the sheet is.

    Args:
        grey: The sheet.
        dpi: Its resolution, roughly.
    """
    found: list[FoundCode] = []
    covers: set[str] = set()
    for picture, factor in _tries(grey, dpi):
        for one in _read(picture, factor):
            if isinstance(one, str):
                covers.add(one)
            elif all(_apart(one, other) for other in found):
                found.append(one)
        if found:  # a covering code alone does not say that no page code is there
            break
    return CodesRead(pages=found, covers=frozenset(covers))


def _tries(grey: Bytes, dpi: float) -> Iterator[tuple[Bytes, float]]:
    import cv2

    yield grey, 1.0
    if dpi <= _COARSE:
        yield cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), 2.0
        soft = cv2.GaussianBlur(grey, (0, 0), 1.0)
        sharp = cv2.addWeighted(grey, 2.2, soft, -1.2, 0)
        yield cv2.resize(sharp, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), 3.0
    else:
        yield cv2.GaussianBlur(grey, (0, 0), 1.2), 1.0
        less = 1 / 1.5
        yield cv2.resize(grey, None, fx=less, fy=less, interpolation=cv2.INTER_AREA), less


def _read(picture: Bytes, factor: float) -> Iterator[FoundCode | str]:
    import numpy as np
    import zxingcpp

    qr: Any = zxingcpp.BarcodeFormat.QRCode
    for one in zxingcpp.read_barcodes(np.ascontiguousarray(picture), formats=qr, try_invert=False):
        if one.text.startswith(COVER_TAG):
            with suppress(InputError):
                yield parse_cover_code(one.text)
            continue
        try:
            code = parse_page_code(one.text)
        except InputError:
            continue
        place = one.position
        points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        corners = np.array([(point.x, point.y) for point in points], np.float32) / factor
        yield FoundCode(code=code, corners=corners)


def _apart(one: FoundCode, other: FoundCode) -> bool:
    import numpy as np

    between = one.corners.mean(axis=0) - other.corners.mean(axis=0)
    return float(np.hypot(*between)) > one.side

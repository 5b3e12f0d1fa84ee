"""Take the sheets out of what was sent: PDF of pictures, JPEG, PNG, TIFF.

Pictures are opened one after another and forgotten again, because ninety of them at 300 dpi are
three gigabytes. A PDF page is drawn at the resolution of the picture that covers it, so nothing is
lost; one without such a picture is drawn at 200 dpi.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.paper import MOST_SHEETS
from pks_kit.errors import InputError
from pks_kit.scan.opening import has_two_greys, opened

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes

_COLOURED = 14
"""Distance from grey, 0 to 255, that paper and lamps alone do not reach."""

Colours = Literal["colour", "grey", "bilevel"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        number: From 1, through all files.
        grey: (height, width).
        colour: (height, width, 3) red, green, blue; None for a picture without colours.
        colours: What the picture holds.
        failure: Why it could not be opened; then the pictures are empty.
        file: Which of the files held it, from 1.
        file_page: Its number in that file, from 1.
    """

    number: int
    grey: Bytes
    colour: Bytes | None
    colours: Colours
    failure: str = ""
    file: int = 1
    file_page: int = 1

    @property
    def seen(self) -> Bytes:
        """Return the picture with the most in it."""
        return self.grey if self.colour is None else self.colour


def sheets_of(files: Sequence[bytes], only: Collection[int] = ()) -> Iterator[Sheet]:
    """Yield the sheets of the files, in their order.

    A sheet that cannot be opened is yielded as a failure: the others are judged all the same.

    Args:
        files: What was sent.
        only: Numbers of the sheets that are wanted, through all files; none given: all of them.
            The others are counted and never opened.

    Raises:
        InputError: ``paper.too_many_sheets``.
    """
    number = 0
    for file, content in enumerate(files, start=1):
        for inside, open_it in enumerate(opened(content), start=1):
            number += 1
            if number > MOST_SHEETS:
                raise InputError("paper.too_many_sheets", most=MOST_SHEETS)
            if not only or number in only:
                yield _sheet(number, open_it(), file, inside)


def _sheet(number: int, picture: Any, file: int, inside: int) -> Sheet:
    import cv2
    import numpy as np

    if isinstance(picture, str):
        nothing = np.full((8, 8), 255, np.uint8)
        return Sheet(number, nothing, None, "grey", picture, file, inside)
    colour: Any = None
    if picture.ndim == 3:
        small = picture[:: max(1, picture.shape[0] // 400), :: max(1, picture.shape[1] // 400)]
        spread = small.max(axis=2).astype(int) - small.min(axis=2)
        if (spread > _COLOURED).mean() > 1e-4 * 3:
            colour = picture
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = np.ascontiguousarray(picture)
    colours: Colours = "colour" if colour is not None else "grey"
    if colour is None and has_two_greys(grey):
        colours = "bilevel"
    return Sheet(number, grey, colour, colours, "", file, inside)

"""The boxes that hands use, in millimetres: one table for the style sheet and for the receipt.

Nothing is printed inside a box: words stand above, the stamp has four ticks outside the frame. The
pen must cross the adhesive meterai, so the signature field begins in the middle of the sticker;
its next 25 mm belong to the pen alone, then the stamp begins. The date has a line of its own below.
"""

from __future__ import annotations

from dataclasses import dataclass

COLUMN = 81.0
"""Width of one place; two of them stand side by side on an upright sheet."""

LABEL = 3.6
"""Height of the row of words above the frames."""

FREE = 25.0
"""Width of a signature field that neither sticker nor stamp may need."""

STAMP = 30.0
"""Side of the stamp's square; institution stamps are round, 30 to 38 mm are seen."""

METERAI_ROOM = 1.0
"""White between the adhesive meterai and its frame, each side."""

DATE_GAP, DATE_HEIGHT, DATE_LEFT = 3.0, 7.0, 18.0
"""The date line: distance below the frame, room for a hand, room for its word."""

TICK, STROKE = 1.6, 0.18
"""Length of a tick of the stamp and width of every line (0.5 pt)."""

ELECTRONIC_METERAI, ELECTRONIC_GAP, ELECTRONIC_WIDTH = 22.0, 4.0, 51.0
ELECTRONIC_HEIGHT = 22.5
"""An electronic place beside another one; beside a pen place it is as high as that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker:
    """Size of the adhesive meterai in millimetres, upright; docs/sumber.md 13.7."""

    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PenBox:
    """Rectangles of one pen place as left, top, width, height from its upper left corner.

    Attributes:
        frame: The frame of the whole place.
        meterai: Room for the sticker, or None.
        tanda: The signature field.
        stempel: Room for the stamp, or None.
        tanggal: Room for the date, down to its line.
    """

    frame: tuple[float, float, float, float]
    meterai: tuple[float, float, float, float] | None
    tanda: tuple[float, float, float, float]
    stempel: tuple[float, float, float, float] | None
    tanggal: tuple[float, float, float, float]

    @property
    def height(self) -> float:
        """Return the height of the whole place with its words and its date line."""
        return self.tanggal[1] + self.tanggal[3]


def frame_height(sticker: Sticker) -> float:
    """Return the height of the frames; both parties' frames are equally high."""
    return max(sticker.height + 2 * METERAI_ROOM, STAMP)


def pen_box(sticker: Sticker, *, meterai: bool, stempel: bool) -> PenBox:
    """Return the rectangles of a pen place.

    Raises:
        ValueError: Sticker and stamp leave no 25 mm to the pen.
    """
    height = frame_height(sticker)
    wide = sticker.width + 2 * METERAI_ROOM
    stamp_left = COLUMN - STAMP
    if stempel and meterai and stamp_left - wide < FREE:
        raise ValueError(f"{stamp_left - wide:.1f} mm are left to the pen, {FREE} are needed")
    left = wide / 2 if meterai else 0.0
    return PenBox(
        frame=(0.0, LABEL, COLUMN, height),
        meterai=(0.0, LABEL, wide, height) if meterai else None,
        tanda=(left, LABEL, COLUMN - left, height),
        stempel=(stamp_left, LABEL, STAMP, height) if stempel else None,
        tanggal=(DATE_LEFT, LABEL + height + DATE_GAP, COLUMN - DATE_LEFT, DATE_HEIGHT),
    )

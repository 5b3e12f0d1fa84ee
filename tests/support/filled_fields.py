"""A field of one party as hands leave it: sticker, stamp and date there, the signature or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np

from pks_kit.scan.alignment import Alignment
from pks_kit.scan.issued import HandPlace
from pks_kit.scan.pictures import Colours
from pks_kit.scan.places import decide
from pks_kit.scan.simulated import pen
from pks_kit.scan.simulated.sheet import Random, Sheet, Stroke
from pks_kit.scan.simulated.stamp import any_rubber, stamp
from pks_kit.scan.simulated.sticker import stick
from pks_kit.scan.view import view_from
from support import paper_samples as paper

PER_MM = 300 / 25.4
POINTS = 72 / 25.4


class Sure:
    """An alignment that vouches for everything."""

    def vouched(self, x: float, y: float) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a field is filled.

    Attributes:
        signed: Whether there is a signature.
        radius: Radius of the stamp in mm; 0 for none.
        rings: Draw two plain rings and a word instead of a stamp of an institution.
        stamp_at: Millimetres from the middle of its own field.
        again: Stamp a second time, there.
        sticker: Whether there is a sticker.
        date_up: Millimetres that the date stands above its line.
    """

    signed: bool
    radius: float = 16
    rings: bool = False
    stamp_at: tuple[float, float] = (0, 0)
    again: tuple[float, float] | None = None
    sticker: bool = True
    date_up: float = 0


def filled(manner: Manner, seed: int, colours: Colours = "colour") -> dict[str, str]:
    """Return what is decided of the places of a field, by kind."""
    random = np.random.default_rng(seed)
    page = paper.place("TTD_PERNYATAAN").page
    places = {one.kind: one for one in paper.pages().places(page) if one.kind != "paraf"}
    sheet = sheet_of(page)
    _fill(sheet, places, manner, random)
    picture = sheet.pixels
    small = cv2.resize(
        picture, tuple(one // 2 for one in picture.shape[1::-1]), interpolation=cv2.INTER_AREA
    )
    small = np.clip(small.astype(np.float32) + random.normal(0, 3, small.shape), 0, 255)
    if colours == "grey":
        small = cv2.cvtColor(small.astype(np.uint8), cv2.COLOR_RGB2GRAY)
    issued = cv2.resize(paper.printed(page), small.shape[1::-1], interpolation=cv2.INTER_AREA)
    _, height = paper.pages().size(page)
    view = view_from(small.astype(np.uint8), issued, height, colours, None)
    found = decide(view, cast(Alignment, Sure()), paper.pages().places(page), 1)
    return {one.kind: one.decision for one in found.places if one.kind != "paraf"}


def sheet_of(page: int) -> Sheet:
    """Return a page of the sample as a scanner without faults would see it."""
    picture = cv2.cvtColor(paper.printed(page), cv2.COLOR_GRAY2RGB)
    _, height = paper.pages().size(page)
    scale = 300 / 72
    placed = np.array([[scale, 0, 0], [0, -scale, height * scale], [0, 0, 1]])
    return Sheet(pixels=picture, dpi=300, placed=placed)


def _middle(sheet: Sheet, place: HandPlace) -> Any:
    left, bottom, right, top = place.rect
    return sheet.where([((left + right) / 2, (bottom + top) / 2)])[0]


def _fill(sheet: Sheet, places: dict[Any, HandPlace], manner: Manner, random: Random) -> None:
    ink = pen.any_ink(random)
    if manner.sticker:
        stick(sheet, _middle(sheet, places["meterai"]) + random.normal(0, 4, 2), random)
    if manner.signed:
        _sign(sheet, places, random, ink, over=manner.sticker)
    if manner.radius:
        rubber = any_rubber(random, radius_mm=(manner.radius, manner.radius))
        for shift in [manner.stamp_at, *([manner.again] if manner.again else [])]:
            at = _middle(sheet, places["stempel"]) + np.array(shift) * PER_MM
            if manner.rings:
                _rings(sheet, at, manner.radius, rubber.colour)
            else:
                stamp(sheet, rubber, at, random, faint=0.8)
    text = ("17-12-2026", "17/12/26", "17 - 12 - 2026")[int(random.integers(3))]
    tall = float(random.uniform(2.8, 4.2))
    line = places["tanggal"]
    moved = np.array([random.uniform(-8, 8), -manner.date_up]) * PER_MM
    at = _middle(sheet, line) + moved
    pen.write(sheet, pen.figures(random, text, tall), at, random, ink=ink)


def _sign(
    sheet: Sheet, places: dict[Any, HandPlace], random: Random, ink: Any, *, over: bool
) -> None:
    _, bottom, _, top = places["tanda_tangan"].rect
    start = places["meterai"].rect[2] - (POINTS * random.uniform(4, 10) if over else -6)
    width, height = random.uniform(20, 34), random.uniform(9, 18)
    middle = (start + width / 2 * POINTS, (bottom + top) / 2)
    strokes: tuple[Stroke, ...] = pen.signature(random, width, height)
    pen.write(sheet, strokes, sheet.where([middle])[0], random, ink=ink)


def _rings(sheet: Sheet, at: Any, radius: float, colour: tuple[int, int, int]) -> None:
    middle = round(float(at[0])), round(float(at[1]))
    for size, wide in ((radius, 6), (radius - 1.4, 4)):
        cv2.circle(sheet.pixels, middle, round(size * PER_MM), colour, wide, cv2.LINE_AA)
    start = middle[0] - round(0.75 * radius * PER_MM), middle[1] + 10
    cv2.putText(sheet.pixels, "FASKES", start, cv2.FONT_HERSHEY_SIMPLEX, radius / 10, colour, 3)

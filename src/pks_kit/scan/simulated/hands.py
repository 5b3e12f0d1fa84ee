"""How people fill the places of a page: who signs, how, and what else gets in there.

One person has one signature and one pen on all pages, one institution one stamp. What comes out is
the truth: for every place what stands there and what merely lies there.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from pks_kit.domain.receipt import PlaceKind, Receipt
from pks_kit.domain.rect import Rect
from pks_kit.scan.simulated import dirt, pen
from pks_kit.scan.simulated.sheet import POINTS_PER_MM, Mark, Points, Random, Sheet
from pks_kit.scan.simulated.stamp import any_rubber, stamp
from pks_kit.scan.simulated.sticker import SIZE_MM, stick

State = Literal["signed", "empty", "dirty"]

_LEAST = 0.5
"""mm2 of foreign ink that count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A box for the pen on one page.

    Attributes:
        name: As in the receipt; ``PARAF_PIHAK_KESATU`` for a box of initials.
        kode: What belongs together has the same; empty for initials.
        who: Whose place it is: the person, or the party for initials.
        kind: What belongs there.
        page: Page number from 1.
        rect: PDF points.
    """

    name: str
    kode: str
    who: str
    kind: PlaceKind
    page: int
    rect: Rect


@dataclass(frozen=True, slots=True, kw_only=True)
class TruePlace:
    """What is in a place.

    Attributes:
        name: See :class:`Place`.
        page: Page number from 1.
        kind: What belongs there.
        rect: PDF points.
        state: ``signed`` when what belongs there is there, with dirt or without; ``dirty`` when it
            is not, but dirt is; ``empty`` otherwise.
        dirt: Kinds of dirt in it; ``ink:tanggal`` is ink of a place that has nothing to do here.
        beside: Kinds of its own group that reach into it, as a stamp into a signature field.
        crossed: Whether a pen runs over the edge of the sticker; None unless one is stuck here.
    """

    name: str
    page: int
    kind: PlaceKind
    rect: Rect
    state: State
    dirt: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    crossed: bool | None = None

    @property
    def id(self) -> str:
        """Return the name under which a reader answers: initials carry their page."""
        return f"{self.name}_{self.page:04d}" if self.kind == "paraf" else self.name


@dataclass(slots=True, kw_only=True)
class Plan:
    """What shall be done on one page.

    Attributes:
        signed: Names of the places that get what belongs there.
        dirt: Kinds of dirt by name of the place.
        crossing: Whether signatures run over stickers.
        initials_mm: Shortest and longest line of a paraf.
        day: The first day of the term; people date a little before it.
        seed: Seed of the people.
    """

    signed: frozenset[str]
    dirt: dict[str, str]
    crossing: bool
    initials_mm: tuple[float, float]
    day: date
    seed: int


def places_of(receipt: Receipt, page: int) -> tuple[Place, ...]:
    """Return the boxes for the pen on a page; what is signed electronically is none.

    Args:
        receipt: Receipt of format 2, or one of format 1 that was completed.
        page: Page number from 1.
    """
    found = [
        Place(name=one.name, kode=one.kode, who=one.nama, kind=one.kind, page=page, rect=one.rect)
        for one in receipt.places
        if one.page == page and one.medium == "pen"
    ]
    for kind, medium, peran, rect in receipt.places_on(page):
        if kind == "paraf" and medium == "pen":
            name = f"PARAF_{peran.upper()}"
            found.append(Place(name=name, kode="", who=peran, kind=kind, page=page, rect=rect))
    return tuple(found)


def fill(
    sheet: Sheet, places: Sequence[Place], plan: Plan, random: Random
) -> tuple[TruePlace, ...]:
    """Fill the places of a page as planned; return what stands in each.

    Args:
        sheet: The printed page, which changes.
        places: All boxes for the pen on it.
        plan: What shall be done.
        random: Source of chance.
    """
    marks: dict[str, Mark] = {}
    order = ("meterai", "tanda_tangan", "stempel", "tanggal", "paraf")
    for place in sorted(places, key=lambda one: order.index(one.kind)):
        if place.name in plan.signed:
            marks[place.name] = _done(sheet, place, places, plan, random)
    soiled = [
        (plan.dirt[place.name], dirt.on_place(sheet, plan.dirt[place.name], place.rect, random))
        for place in places
        if place.name in plan.dirt
    ]
    return tuple(_truth(sheet, place, places, soiled, plan, marks) for place in places)


def _truth(
    sheet: Sheet, place: Place, places: Sequence[Place], soiled: Sequence[tuple[str, Mark]],
    plan: Plan, marks: dict[str, Mark],
) -> TruePlace:  # fmt: skip
    kinds = [plan.dirt[place.name]] if place.name in plan.dirt else []
    for kind, mark in soiled:
        if kind not in kinds and sheet.amount(mark, place.rect, over=0.1) > _LEAST / 5:
            kinds.append(kind)
    beside = []
    for other in places:
        if other is place or other.name not in marks:
            continue
        if sheet.amount(marks[other.name], place.rect) > _LEAST:
            if place.kode and other.kode == place.kode:
                beside.append(other.kind)
            else:
                kinds.append(f"ink:{other.kind}")
    crossed = None
    if place.kind == "meterai" and place.name in marks:
        pens = [one for one in places if one.kode == place.kode and one.kind == "tanda_tangan"]
        crossed = any(
            _overlap(marks[one.name], marks[place.name]) > _LEAST * sheet.per_mm**2
            for one in pens
            if one.name in marks
        )
    state: State = "signed" if place.name in marks else "dirty" if kinds else "empty"
    return TruePlace(
        name=place.name,
        page=place.page,
        kind=place.kind,
        rect=place.rect,
        state=state,
        dirt=tuple(kinds),
        beside=tuple(beside),
        crossed=crossed,
    )


def _overlap(one: Mark, other: Mark) -> float:
    """Return the pixels that both marks have."""
    left, top = max(one.left, other.left), max(one.top, other.top)
    right = min(one.left + one.mask.shape[1], other.left + other.mask.shape[1])
    bottom = min(one.top + one.mask.shape[0], other.top + other.mask.shape[0])
    if right <= left or bottom <= top:
        return 0.0
    first, second = (
        each.mask[top - each.top : bottom - each.top, left - each.left : right - each.left] > 0.4
        for each in (one, other)
    )
    return float((first & second).sum())


def _done(sheet: Sheet, place: Place, places: Sequence[Place], plan: Plan, random: Random) -> Mark:
    person = np.random.default_rng([plan.seed, zlib.crc32(place.who.encode())])
    ink = pen.any_ink(person)
    left, bottom, right, top = place.rect
    width, height = (right - left) / POINTS_PER_MM, (top - bottom) / POINTS_PER_MM
    middle = sheet.where([((left + right) / 2, (bottom + top) / 2)])[0]
    match place.kind:
        case "meterai":
            size = min(SIZE_MM[0], width), min(SIZE_MM[1], height)
            return stick(sheet, middle + _stray(random, sheet, 0.6), random, size=size)
        case "stempel":
            rubber = any_rubber(
                np.random.default_rng([plan.seed, 7, zlib.crc32(place.who.encode())])
            )
            return stamp(sheet, rubber, middle + _stray(random, sheet, 1.3), random)
        case "tanggal":
            early = int(random.integers(3, 15))
            text = _written_day(plan.day - timedelta(early), random)
            tall = min(float(random.uniform(2.8, 4.2)), 0.6 * height)
            reach = min(len(text) * tall * 0.8, width - 2) / width
            part = random.uniform(reach / 2 + 0.02, max(0.98 - reach / 2, reach / 2 + 0.03))
            at = (left + part * (right - left), bottom + 0.55 * (top - bottom))
            strokes = pen.figures(random, text, tall)
            return pen.write(sheet, strokes, sheet.where([at])[0], random, ink=ink)
        case "paraf":
            strokes = pen.initials(person, float(random.uniform(*plan.initials_mm)))
            turn = float(random.normal(0, 6))
            at = middle + _stray(random, sheet, 0.8)
            return pen.write(sheet, strokes, at, random, ink=ink, turn=turn)
        case _:
            return _sign(sheet, place, places, plan, random)


def _sign(sheet: Sheet, place: Place, places: Sequence[Place], plan: Plan, random: Random) -> Mark:
    """Sign between sticker and stamp, over the edge of the sticker if that is the habit."""
    person = np.random.default_rng([plan.seed, zlib.crc32(place.who.encode())])
    ink = pen.any_ink(person)
    left, bottom, right, top = (one / POINTS_PER_MM for one in place.rect)
    start, end = left + random.uniform(1.5, 6), right - 1.5
    for other in places:
        if other.kode != place.kode or other is place:
            continue
        if other.kind == "meterai":
            edge = other.rect[2] / POINTS_PER_MM
            inside, outside = random.uniform(5, 11), random.uniform(1.5, 3)
            start = edge - inside if plan.crossing else edge + outside
        elif other.kind == "stempel" and other.rect[0] / POINTS_PER_MM - start > 15:
            end = min(end, other.rect[0] / POINTS_PER_MM + random.uniform(-3, 4))
    width = float(person.uniform(18, 46)) * random.uniform(0.92, 1.08)
    width = max(min(width, end - start), 14.0)
    if not plan.crossing:
        start = random.uniform(start, max(end - width, start + 0.1))
    height = min(float(person.uniform(9, 20)) * random.uniform(0.92, 1.08), top - bottom - 4)
    middle = ((start + width / 2) * POINTS_PER_MM,
              ((bottom + top) / 2 + random.normal(0, 1.2)) * POINTS_PER_MM)  # fmt: skip
    strokes = pen.signature(person, width, height)
    turn = float(random.normal(0, 2))
    return pen.write(sheet, strokes, sheet.where([middle])[0], random, ink=ink, turn=turn)


def _stray(random: Random, sheet: Sheet, size: float) -> Points:
    return np.clip(random.normal(0, size, 2), -2.2 * size, 2.2 * size) * sheet.per_mm


def _written_day(day: date, random: Random) -> str:
    forms = ("%d-%m-%Y", "%d/%m/%Y", "%d - %m - %Y", "%d-%m-%y")
    return day.strftime(forms[int(random.integers(len(forms)))])

"""Round stamps of institutions: two rings, a band of words, something in the middle.

Drawn by ourselves with invented words; the rubber is inked badly, as rubber is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pks_kit.scan.simulated.sheet import Mark, Plane, Points, Random, Sheet, blurred, clouds

VIOLET, BLUE, RED = (98, 52, 150), (42, 66, 168), (186, 44, 60)
_COLOURS = (VIOLET, BLUE, RED, (70, 70, 150))
_FINE = 24.0
"""Pixels per mm in which a rubber is cut."""

_NAMES = ("KLINIK SIMULASI", "BADAN PENYELENGGARA CONTOH", "APOTEK UMPAMA", "PRAKTIK MISALNYA")
_TOWNS = ("REKAWANGI", "LEMBAYUNG", "UMPAMASARI", "KOTA CONTOH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubber:
    """One stamp of one institution.

    Attributes:
        radius: Radius of the outer ring in mm.
        colour: RGB of its ink pad.
        face: 1 where the rubber is, ``_FINE`` pixels per mm.
    """

    radius: float
    colour: tuple[int, int, int]
    face: Plane


def any_rubber(random: Random, *, radius_mm: tuple[float, float] = (15, 19)) -> Rubber:
    """Cut a stamp of some institution.

    Args:
        random: Source of chance.
        radius_mm: Least and greatest radius; stamps of practices are smaller.
    """
    radius = float(random.uniform(*radius_mm))
    side = round((2 * radius + 2) * _FINE)
    face = np.zeros((side, side), dtype=np.uint8)
    middle = (side // 2, side // 2)
    band = radius - random.uniform(4.2, 5.2) * min(1.0, radius / 12)
    outer, inner = (
        round(random.uniform(low, high) * _FINE) for low, high in ((0.6, 1), (0.3, 0.6))
    )
    cv2.circle(face, middle, round((radius - 0.5) * _FINE), 255, outer, cv2.LINE_AA)
    cv2.circle(face, middle, round(band * _FINE), 255, inner, cv2.LINE_AA)
    name = _NAMES[int(random.integers(len(_NAMES)))]
    town = _TOWNS[int(random.integers(len(_TOWNS)))]
    inside = np.zeros_like(face)
    cv2.circle(inside, middle, round((radius - 0.6) * _FINE), 255, -1)
    words = _lettered_band(f"{name} * {town} * ", band, radius, side)
    face = np.maximum(face, np.minimum(words, inside))
    if random.random() < 0.5:
        for row, line in enumerate((name.partition(" ")[0], town)):
            _line(face, line, (middle[0], round(middle[1] + (row * 2 - 1) * 2.2 * _FINE)), band)
    else:
        corners = 5 if random.random() < 0.5 else 3
        angles = np.arange(corners * 2) * np.pi / corners - np.pi / 2
        far = np.where(np.arange(corners * 2) % 2, 0.42, 1.0) * band * 0.62 * _FINE
        star = np.column_stack([np.cos(angles), np.sin(angles)]) * far[:, None] + middle
        cv2.polylines(face, [star.astype(np.int32)], True, 255, round(0.7 * _FINE), cv2.LINE_AA)
    colour = _COLOURS[int(random.choice(4, p=(0.45, 0.3, 0.15, 0.1)))]
    return Rubber(radius=radius, colour=colour, face=face.astype(np.float32) / 255)


def stamp(
    sheet: Sheet, rubber: Rubber, centre: Points, random: Random, *, faint: float | None = None
) -> Mark:
    """Press a stamp on a sheet; return what it left.

    Args:
        sheet: The sheet, which changes.
        rubber: The stamp.
        centre: Pixel of its middle.
        random: Source of chance: tilt, pressure, ink.
        faint: Strength of the ink, 0 to 1; without it 0.45 to 0.95.
    """
    per_mm = sheet.per_mm
    side = int(np.ceil((2 * rubber.radius + 2) * per_mm)) + 2
    left, top = (int(one) for one in np.floor(np.asarray(centre) - side / 2))
    turned = cv2.getRotationMatrix2D(
        (rubber.face.shape[1] / 2, rubber.face.shape[0] / 2), float(random.normal(0, 12)), 1.0
    )
    face = cv2.warpAffine(rubber.face, turned, rubber.face.shape[::-1], flags=cv2.INTER_LINEAR)
    reduced = cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA)
    mask = blurred(np.asarray(reduced, dtype=np.float32), 0.05 * per_mm)
    mask = np.clip(mask * random.uniform(1.0, 1.4), 0, 1)
    patches = clouds(random, side, side, random.uniform(4, 10) * per_mm)
    missing = np.clip((patches - random.uniform(0.02, 0.3)) * 4, 0.12, 1)
    speckles = 0.65 + 0.35 * clouds(random, side, side, 0.25 * per_mm)
    slope = random.uniform(-0.3, 0.3, 2)
    across = np.linspace(-1, 1, side, dtype=np.float32)
    press = np.clip(1 + slope[0] * across[None, :] + slope[1] * across[:, None], 0.3, 1)
    strength = float(random.uniform(0.45, 0.95)) if faint is None else faint
    mark = Mark(mask=(mask * missing * speckles * press).astype(np.float32), left=left, top=top)
    sheet.ink(mark, rubber.colour, strength)
    return mark


def _lettered_band(
    text: str, band: float, radius: float, side: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return words that run round between two radii, as the face of a stamp."""
    around = round(2 * np.pi * (band + radius) / 2 * _FINE)
    deep = round(radius * _FINE)
    letters = (
        (radius - band) * (1 - 2.0 / 4.7) * _FINE if radius < 12 else (radius - band - 2.0) * _FINE
    )
    strip = np.zeros((deep, around), dtype=np.uint8)
    size = letters / 22
    thick = max(round(letters / 8), 2)
    (wide, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, thick)
    row = np.zeros((deep, max(wide, 1)), dtype=np.uint8)
    base = round((radius - band) * _FINE / 2 + letters / 2)
    cv2.putText(row, text, (0, base), cv2.FONT_HERSHEY_DUPLEX, size, 255, thick, cv2.LINE_AA)
    strip = np.asarray(cv2.resize(row, (around, deep), interpolation=cv2.INTER_AREA), np.uint8)
    # polar pictures of OpenCV run round downwards and outwards to the right
    polar = np.ascontiguousarray(np.flipud(strip).T)
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS
    face = cv2.warpPolar(polar, (side, side), (side / 2, side / 2), deep, flags)
    return np.asarray(face, dtype=np.uint8)


def _line(
    face: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    text: str,
    at: tuple[int, int],
    band: float,
) -> None:
    size, thick = 2.4, round(min(0.4, 0.035 * band) * _FINE)
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, thick)
    room = 1.5 * band * _FINE
    if wide > room:
        size *= room / wide
        (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, thick)
    start = (at[0] - wide // 2, at[1] + high // 2)
    cv2.putText(face, text, start, cv2.FONT_HERSHEY_DUPLEX, size, 255, thick, cv2.LINE_AA)

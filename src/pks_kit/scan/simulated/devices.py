"""Flatbed scanner and copier, and what people do with the pages afterwards.

Working resolution is that of the sheet, usually 300 dpi: a scan of 600 dpi holds more pixels, not
more detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from pks_kit.scan.simulated.sheet import Picture, Plane, Random, Sheet, blurred, clouds
from pks_kit.scan.simulated.warp import Taken, Warp, Wave, taken_through

Mode = Literal["colour", "grey", "bw"]
Severity = Literal["light", "medium", "heavy"]

_HARD: dict[Severity, float] = {"light": 0.4, "medium": 1.0, "heavy": 2.0}
_POOL = 1_000_003


@dataclass(frozen=True, slots=True, kw_only=True)
class Flatbed:
    """A scanner and its settings.

    Attributes:
        dpi: 72 to 600.
        mode: ``bw`` is 1 bit a pixel.
        severity: How crooked, uneven, noisy and dark its scans are.
        quality: JPEG quality of its files; None keeps every pixel. Nothing for ``bw``.
    """

    dpi: int = 200
    mode: Mode = "colour"
    severity: Severity = "light"
    quality: int | None = 75


def flatbed(sheet: Sheet, device: Flatbed, random: Random) -> Taken:
    """Scan a sheet on an area of its own size.

    Args:
        sheet: What lies on the glass.
        device: The scanner.
        random: Source of chance: where and how crooked the sheet lies, noise, light.
    """
    hard = _HARD[device.severity]
    if device.mode != "colour":
        source = np.asarray(cv2.cvtColor(sheet.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    else:
        source = sheet.pixels
    ratio = device.dpi / sheet.dpi
    width, height = (round(one * ratio) for one in source.shape[1::-1])
    warp = _scan_warp(source.shape, ratio, device.dpi / 25.4, hard, random)
    seen, inside = taken_through(warp, source, width, height)
    gamma = float(random.uniform(0.9, 1.12))
    curve = np.round(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    picture = np.asarray(cv2.LUT(seen, curve), dtype=np.float32)
    lid = float(random.choice((252.0, 245.0, 215.0, 150.0)))
    edge = blurred(inside, 0.12 * device.dpi / 25.4)
    shade = (edge if picture.ndim == 2 else edge[..., None]).astype(np.float32)
    picture = picture * shade + (lid * 0.92) * (1 - shade)
    light = _falloff(random, height, width, hard)
    picture *= light if picture.ndim == 2 else light[..., None]
    if picture.ndim == 3:
        picture *= np.asarray(1 - random.uniform(0, 0.012 * (1 + hard), 3), dtype=np.float32)
    picture = blurred(picture, 0.25 + 0.25 * hard)
    picture += noise(random, picture.shape, 1.0 + 1.6 * hard)
    if device.mode == "bw":
        return Taken(picture=_thresholded(picture, random), dpi=device.dpi, steps=(warp,))
    clean = np.clip(picture + 0.5, 0, 255).astype(np.uint8)
    return Taken(picture=clean, dpi=device.dpi, steps=(warp,))


def copier(sheet: Sheet, random: Random) -> tuple[Sheet, Warp]:
    """Copy a sheet; return the copy, grey, and how it moved every point.

    Args:
        sheet: The original; its own points stay those of the issued page, through the warp.
        random: Source of chance: contrast, tired toner, bands, specks.
    """
    grey = np.asarray(cv2.cvtColor(sheet.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    height, width = grey.shape
    warp = _scan_warp(grey.shape, float(random.uniform(0.985, 1.0)), sheet.per_mm, 0.8, random)
    seen, inside = taken_through(warp, grey, width, height)
    seen = np.where(inside > 0, seen, 250).astype(np.uint8)
    soft = np.asarray(blurred(seen, 0.05 * sheet.per_mm), dtype=np.float32)
    middle, steep = random.uniform(120, 165), random.uniform(14, 30)
    toner = 1 / (1 + np.exp(np.clip((soft - middle) / steep, -20, 20)))
    bands = clouds(random, 1, width, 9 * sheet.per_mm) * 0.25 + 0.75
    tired = 0.8 + 0.2 * clouds(random, height, width, 14 * sheet.per_mm)
    fine = 0.78 + 0.22 * clouds(random, height, width, 0.18 * sheet.per_mm)
    toner = toner * bands * tired * fine
    for _ in range(int(random.integers(30, 160))):
        at = (int(random.integers(width)), int(random.integers(height)))
        cv2.circle(toner, at, int(random.integers(1, 3)), float(random.uniform(0.4, 0.9)), -1)
    toner = blurred(toner.astype(np.float32), 0.03 * sheet.per_mm)
    black, white = random.uniform(25, 60), random.uniform(238, 250)
    pixels = np.clip(white - (white - black) * toner + 0.5, 0, 255).astype(np.uint8)
    return Sheet(pixels=np.dstack([pixels] * 3), dpi=sheet.dpi, placed=sheet.placed), warp


def turned(taken: Taken, quarters: int) -> Taken:
    """Return the scan turned against the clock by that many times 90 degrees."""
    for _ in range(quarters % 4):
        width = taken.picture.shape[1]
        matrix = [[0, 1, 0], [-1, 0, width], [0, 0, 1]]
        taken = taken.moved(matrix, np.ascontiguousarray(np.rot90(taken.picture)))
    return taken


def cropped(taken: Taken, left: float, top: float, right: float, bottom: float) -> Taken:
    """Return the scan without some millimetres at its edges."""
    per_mm = taken.dpi / 25.4
    first = (round(left * per_mm), round(top * per_mm))
    height, width = taken.picture.shape[:2]
    last = (width - round(right * per_mm), height - round(bottom * per_mm))
    kept = np.ascontiguousarray(taken.picture[first[1] : last[1], first[0] : last[0]])
    return taken.moved([[1, 0, -first[0]], [0, 1, -first[1]], [0, 0, 1]], kept)


def side_by_side(one: Taken, other: Taken) -> tuple[Taken, Taken]:
    """Return two scans as one picture, which both results share."""
    height = max(one.picture.shape[0], other.picture.shape[0])
    shape = (height, one.picture.shape[1] + other.picture.shape[1], *one.picture.shape[2:])
    both = np.full(shape, 250, dtype=np.uint8)
    width = one.picture.shape[1]
    both[: one.picture.shape[0], :width] = one.picture
    both[: other.picture.shape[0], width:] = other.picture
    return one.moved(np.eye(3), both), other.moved([[1, 0, width], [0, 1, 0], [0, 0, 1]], both)


def noise(random: Random, shape: tuple[int, ...], sigma: float) -> Plane:
    """Return Gaussian noise; a million values are drawn and go round in runs of a prime length."""
    pool = random.standard_normal(_POOL, dtype=np.float32) * np.float32(sigma)
    return np.resize(pool, shape)


def _scan_warp(
    shape: tuple[int, ...], ratio: float, per_mm: float, hard: float, random: Random
) -> Warp:
    """Return turn, shift, unequal scales and uneven transport of one scan."""
    height, width = shape[:2]
    angle = np.deg2rad(random.normal(0, 0.45 * hard))
    across, down = ratio * (1 + random.normal(0, 0.0012 * hard, 2))
    cosine, sine = np.cos(angle), np.sin(angle)
    linear = np.array([[cosine, sine], [-sine, cosine]]) * (across, down)
    middle = np.array([width / 2, height / 2])
    matrix = np.eye(3)
    matrix[:2, :2] = linear
    matrix[:2, 2] = middle * ratio - linear @ middle + random.normal(0, 0.9 * hard, 2) * per_mm
    waves = []
    for length, size in ((random.uniform(120, 320), 0.22), (random.uniform(40, 110), 0.07)):
        amount = random.normal(0, size * hard, 2) * per_mm * (0.4, 1.0)
        waves.append(
            Wave(
                push=(float(amount[0]), float(amount[1])),
                turns=(
                    float(random.normal(0, 0.002)) / per_mm,
                    float(2 * np.pi / (length * per_mm)),
                ),
                begin=float(random.uniform(0, 2 * np.pi)),
            )
        )
    return Warp(matrix=matrix, waves=tuple(waves))


def _falloff(random: Random, height: int, width: int, hard: float) -> Plane:
    """Return the light of the lamp: uneven across, darker where the lid stands open."""
    across, down = np.linspace(-1, 1, width), np.linspace(-1, 1, height)
    bow = 1 - 0.02 * hard * across**2 + random.normal(0, 0.008 * hard) * across
    light = np.repeat(bow[None, :], height, axis=0)
    if random.random() < 0.15 * hard:
        depth = random.uniform(0.15, 0.4)
        away = np.exp(-(1 + across if random.random() < 0.5 else 1 - across) / 0.05)
        light = light * (1 - depth * away[None, :])
    return (light * (1 + random.normal(0, 0.008 * hard) * down[:, None])).astype(np.float32)


def _thresholded(picture: Plane, random: Random) -> Picture:
    """Return black and white; the driver follows the paper a little."""
    small = cv2.resize(picture, None, fx=1 / 16, fy=1 / 16, interpolation=cv2.INTER_AREA)
    paper = cv2.resize(blurred(small, 6), picture.shape[::-1], interpolation=cv2.INTER_LINEAR)
    follow = random.uniform(0, 0.5)
    level = random.uniform(125, 185) + follow * (np.asarray(paper, dtype=np.float32) - 235)
    return np.where(picture > level, 255, 0).astype(np.uint8)

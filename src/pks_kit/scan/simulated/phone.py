"""Photos of pages: good ones, poor ones, and good ones after a chat application had them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np

from pks_kit.scan.simulated.devices import noise
from pks_kit.scan.simulated.sheet import Plane, Random, Sheet, blurred, clouds
from pks_kit.scan.simulated.warp import Taken, Warp, Wave, taken_through

Care = Literal["good", "poor", "chat"]

_TABLES = ((112, 82, 58), (72, 58, 50), (150, 146, 140), (46, 48, 54), (176, 160, 138))


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone in somebody's hand.

    Attributes:
        care: ``chat`` is taken as carelessly as most photos and reduced to 1,600 pixels.
        long_edge: Pixels of the longer edge; None is usual for that care.
        quality: JPEG quality of the file; None is usual for that care.
    """

    care: Care = "good"
    long_edge: int | None = None
    quality: int | None = None

    @property
    def jpeg(self) -> int:
        """Return the JPEG quality of its files."""
        usual = {"good": 88, "poor": 75, "chat": 52}
        return usual[self.care] if self.quality is None else self.quality


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hand:
    """How badly a photo is taken; lengths as parts of the page."""

    corner: float
    turn: float
    blur: float
    shadow: float
    noise: float
    curl: float
    edge: int


_HANDS: dict[Care, _Hand] = {
    "good": _Hand(corner=0.012, turn=1.5, blur=0.7, shadow=0.22, noise=2.5, curl=0.0015, edge=2800),
    "poor": _Hand(corner=0.04, turn=6, blur=1.3, shadow=0.5, noise=6, curl=0.004, edge=2400),
    "chat": _Hand(corner=0.025, turn=3, blur=0.7, shadow=0.38, noise=2.5, curl=0.003, edge=1600),
}


def phone(sheet: Sheet, device: Phone, random: Random) -> Taken:
    """Photograph a sheet that lies on a table.

    Args:
        sheet: The sheet.
        device: Phone and care.
        random: Source of chance: perspective, lens, curl, light, table.
    """
    hand = _HANDS[device.care]
    source = sheet.pixels
    tall = source.shape[0] >= source.shape[1]
    edge = hand.edge if device.long_edge is None else device.long_edge
    width, height = (round(edge * 0.75), edge) if tall else (edge, round(edge * 0.75))
    warp, size = _view(source.shape, width, height, hand, random)
    seen, inside = taken_through(warp, source, width, height)
    soft = blurred(inside, 0.8)[..., None]
    shade = np.roll(blurred(inside, edge / 150), (edge // 300,) * 2, axis=(0, 1))[..., None]
    ground = _table(random, height, width) * (1 - 0.55 * shade)
    picture = seen.astype(np.float32) * soft + ground * (1 - soft)
    picture *= _light(random, height, width, hand.shadow)[..., None]
    tint = np.array((1 + random.normal(0, 0.03), 1.0, 1 + random.normal(-0.02, 0.04)))
    picture *= (tint * random.uniform(0.86, 1.02)).astype(np.float32)
    picture = blurred(picture, hand.blur * random.uniform(0.6, 1.15))
    if device.care == "poor" and random.random() < 0.5:
        picture = _shaken(picture, random)
    picture += noise(random, picture.shape, hand.noise)
    sharp = picture + 0.5 * (picture - blurred(picture, 1.2))
    pixels = np.clip(sharp + 0.5, 0, 255).astype(np.uint8)
    return Taken(picture=pixels, dpi=round(sheet.dpi * size), steps=(warp,))


def _view(
    shape: tuple[int, ...], width: int, height: int, hand: _Hand, random: Random
) -> tuple[Warp, float]:
    """Return the warp of a photo and how large the page is in it."""
    rows, columns = shape[:2]
    size = random.uniform(0.88, 0.95) * min(width / columns, height / rows)
    size *= 1 - 1.2 * hand.corner
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (columns / 2, rows / 2)
    angle = np.deg2rad(random.normal(0, hand.turn * 0.6))
    cosine, sine = np.cos(angle), np.sin(angle)
    laid = corners @ np.array([[cosine, -sine], [sine, cosine]]) * size
    reach = max(columns, rows) * size * hand.corner
    laid += random.uniform(-reach, reach, (4, 2))
    laid += np.array([width, height]) / 2 + random.normal(0, 0.008, 2) * (width, height)
    whole = corners + np.array([columns, rows]) / 2
    matrix: Any = cv2.getPerspectiveTransform(whole.astype(np.float32), laid.astype(np.float32))
    waves = []
    for length in (random.uniform(1.0, 2.2), random.uniform(0.6, 1.2)):
        push = random.normal(0, hand.curl, 2) * height * (0.5, 1.0)
        lean = random.uniform(-1, 1)
        waves.append(
            Wave(
                push=(float(push[0]), float(push[1])),
                turns=(float(lean * np.pi / (length * width)), float(np.pi / (length * height))),
                begin=float(random.uniform(0, 2 * np.pi)),
            )
        )
    lens = float(random.normal(0, 0.006)) / (width / 2) ** 2
    warp = Warp(matrix=matrix, waves=tuple(waves), lens=lens, centre=(width / 2, height / 2))
    return warp, float(size)


def _table(random: Random, height: int, width: int) -> Plane:
    colour = np.array(_TABLES[int(random.integers(len(_TABLES)))], dtype=np.float32)
    coarse = clouds(random, height // 4, max(width // 40, 3), 3)
    grain = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    veins = (
        0.8 + 0.25 * np.asarray(grain, np.float32) + 0.1 * clouds(random, height, width, width / 3)
    )
    return np.asarray(colour * veins[..., None], dtype=np.float32)


def _light(random: Random, height: int, width: int, depth: float) -> Plane:
    """Return the light on the table: a lamp on one side, and the shadow of hand or phone."""
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    angle = random.uniform(0, 2 * np.pi)
    slope = 1 - depth * 0.4 * (0.5 + 0.5 * (np.cos(angle) * across + np.sin(angle) * down))
    side = random.uniform(0, 2 * np.pi)
    over = np.cos(side) * across + np.sin(side) * down - random.uniform(0.1, 0.9)
    bumps = 0.5 * (clouds(random, height, width, width / 4) - 0.5)
    hand = 1 / (1 + np.exp(-(over + bumps) / random.uniform(0.02, 0.12)))
    return np.asarray(slope * (1 - depth * random.uniform(0.4, 1.0) * hand), dtype=np.float32)


def _shaken(picture: Plane, random: Random) -> Plane:
    length = int(random.integers(3, 6))
    kernel = np.zeros((length, length), dtype=np.float32)
    end = random.uniform(0, 1, 2) * (length - 1)
    cv2.line(kernel, (0, 0), (round(end[0]), round(end[1])), 1.0)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), dtype=np.float32)

"""An adhesive label of the size of a meterai, drawn by ourselves.

It shows texture, border, a shiny strip and words that say that it is simulated; it is no picture
of a real meterai and could be taken for none.
"""

from __future__ import annotations

import cv2
import numpy as np

from pks_kit.scan.simulated.sheet import Mark, Picture, Points, Random, Sheet, blurred, clouds

SIZE_MM = (24.0, 32.0)
"""Width and height; layout 2 leaves room for this size, layout 1 for 24 x 30."""

_FINE = 16.0
_TINTS = ((206, 120, 140), (196, 132, 168), (170, 150, 190), (190, 140, 120))


def stick(
    sheet: Sheet, centre: Points, random: Random, *, size: tuple[float, float] = SIZE_MM
) -> Mark:
    """Stick a label on a sheet; return where it covers the paper.

    Args:
        sheet: The sheet, which changes.
        centre: Pixel of its middle.
        random: Source of chance: tint, pattern, up to 4 degrees of tilt.
        size: Width and height in mm.
    """
    per_mm = sheet.per_mm
    face = _face(random, size)
    high, wide = face.shape[:2]
    side = int(np.ceil(np.hypot(*size) * per_mm)) + 8
    left, top = (int(one) for one in np.floor(np.asarray(centre) - side / 2))
    angle = float(np.clip(random.normal(0, 1.8), -4, 4))
    turned = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, per_mm / _FINE)
    turned[:, 2] += np.asarray(centre) - (left, top) - (wide / 2, high / 2)
    fine = blurred(face, 0.4 * _FINE / per_mm)
    laid = cv2.warpAffine(fine, turned, (side, side), flags=cv2.INTER_LINEAR)
    full = np.full((high, wide), 255, dtype=np.uint8)
    mask = np.asarray(cv2.warpAffine(full, turned, (side, side)), dtype=np.float32) / 255
    shadow = np.roll(blurred(mask, 0.25 * per_mm), (2, 2), axis=(0, 1))
    sheet.ink(Mark(mask=shadow, left=left, top=top), (120, 120, 120), 0.35)
    mark = Mark(mask=mask, left=left, top=top)
    sheet.cover(mark, laid)
    return mark


def _face(random: Random, size: tuple[float, float]) -> Picture:
    wide, high = (round(one * _FINE) for one in size)
    across = np.arange(wide, dtype=np.float32)[None, :] / _FINE
    down = np.arange(high, dtype=np.float32)[:, None] / _FINE
    waves = np.zeros((high, wide), dtype=np.float32)
    for _ in range(3):
        length, bend = random.uniform(0.9, 1.6), random.uniform(3, 8)
        lean = random.uniform(-0.8, 0.8)
        phase = across + lean * down + 1.2 * np.sin(down / bend + across / (2 * bend))
        waves += 0.5 + 0.5 * np.cos(2 * np.pi * phase / length)
    tint = np.array(_TINTS[int(random.integers(len(_TINTS)))], dtype=np.float32)
    paper = np.array((242, 232, 234), dtype=np.float32)
    amount = (0.25 + 0.55 * waves / 3)[..., None]
    face = paper * (1 - amount) + tint * amount
    border = round(1.1 * _FINE)
    frame = np.ones((high, wide, 1), dtype=np.float32)
    frame[border:-border, border:-border] = 0
    face = face * (1 - frame) + np.array((246, 244, 242), dtype=np.float32) * frame
    strip = slice(round(0.72 * wide), round(0.86 * wide))
    shine = 150 + 90 * clouds(random, high, strip.stop - strip.start, 1.5 * _FINE)
    face[border:-border, strip] = shine[border:-border, :, None] * np.array((0.97, 1.0, 1.02))
    picture = np.clip(face, 0, 255).astype(np.uint8)
    dark = tuple(int(one) for one in tint * 0.45)
    number = "".join(str(one) for one in random.integers(0, 10, 8))
    rows = (("SIMULASI", 0.16, 0.62), ("BUKAN METERAI", 0.26, 0.62), ("10.000", 0.5, 0.62),
            (f"UJI {number}", 0.88, 0.6))  # fmt: skip
    for text, part, room in rows:
        (measured, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 1.0, 2)
        scale = room * wide / measured
        at = (round(0.08 * wide), round(part * high))
        thick = max(round(scale * 2), 1)
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_DUPLEX, scale, dark, thick, cv2.LINE_AA)
    seal = (round(0.38 * wide), round(0.68 * high))
    for radius in (2.0, 2.8, 3.6):
        cv2.circle(picture, seal, round(radius * _FINE), dark, round(0.2 * _FINE), cv2.LINE_AA)
    return picture

"""Sheets for tests of paper: an issued agreement, and its pages as a plain scanner sees them."""

from __future__ import annotations

import atexit
import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL import Image

from pks_kit.domain.receipt import Receipt
from pks_kit.scan.issued import POINTS, HandPlace, IssuedPages
from support.issued_paper import issued


@dataclass(frozen=True)
class Issue:
    """An issued agreement that is signed on paper."""

    pdf: bytes
    receipt: Receipt


@cache
def issue() -> Issue:
    """The agreement of a laboratory, manual: few pages, all kinds of places."""
    return Issue(*issued())


@cache
def pages() -> IssuedPages:
    """Its pages."""
    opened = IssuedPages(issue().pdf, issue().receipt)
    atexit.register(opened.close)  # before PDFium itself ends, which tells what is still open
    return opened


@cache
def printed(number: int, dpi: int = 300) -> Any:
    """A page as printed, grey; tests change copies."""
    width, height = pages().size(number)
    picture = pages().crop(number, (0, 0, width, height), dpi)
    picture.setflags(write=False)
    return picture


def place(name: str) -> HandPlace:
    """A place by the beginning of its name."""
    for number in range(1, pages().count + 1):
        for one in pages().places(number):
            if one.id.startswith(name):
                return one
    raise AssertionError(name)


def pixels(page: int, x: float, y: float, dpi: int = 300) -> tuple[int, int]:
    """Points from the lower left to pixels."""
    _, height = pages().size(page)
    return round(x * dpi / POINTS), round((height - y) * dpi / POINTS)


def written(
    picture: Any, one: HandPlace, *, seed: int = 1, dpi: int = 300, width_mm: float = 0.5
) -> Any:
    """The page with a scribble in a place: loops as wide as the place."""
    rng = np.random.default_rng(seed)
    left, bottom, right, top = one.rect
    if one.kind == "tanda_tangan":  # beside the room of sticker and stamp
        left, right = left + (right - left) * 0.25, left + (right - left) * 0.52
    steps = np.linspace(0, 1, 160)
    x = left + (right - left) * (0.15 + 0.7 * steps) + rng.normal(0, 0.15, 160)
    middle, high = (bottom + top) / 2, (top - bottom) * 0.28
    y = middle + high * np.sin(steps * 24 + rng.uniform(0, 6)) * (0.6 + 0.4 * np.cos(steps * 5))
    points = np.array([pixels(one.page, a, b, dpi) for a, b in zip(x, y, strict=True)], np.int32)
    thick = max(1, round(width_mm * dpi / 25.4))
    done = picture.copy()
    cv2.polylines(done, [points[:, None]], False, 40, thick, cv2.LINE_AA)
    return done


def scanned(
    picture: Any, *, dpi: int = 150, angle: float = 0.6, scale: float = 0.98, noise: float = 3.0,
    quality: int = 70, turn: int = 0, seed: int = 0,
) -> bytes:  # fmt: skip
    """A JPEG of a page as a flatbed scanner sees it."""
    height, width = picture.shape[:2]
    lying = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    moved = cv2.warpAffine(picture, lying, (width, height), borderValue=(250, 250, 250))
    factor = dpi / 300
    small = cv2.resize(moved, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    rng = np.random.default_rng(seed)
    grey = np.clip(small * 0.9 + 14 + rng.normal(0, noise, small.shape), 0, 255).astype(np.uint8)
    target = io.BytesIO()
    Image.fromarray(np.rot90(grey, turn).copy()).save(target, "JPEG", quality=quality)
    return target.getvalue()

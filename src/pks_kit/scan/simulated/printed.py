"""A page of an issued PDF, rendered and then printed by an office printer.

The printer spreads its toner a little, fits the page to the area it can print (0.94 to 1.0), shifts
and turns it slightly. What the printed page says can be changed between the two steps, as whoever
edits the file before printing does.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from pks_kit.domain.rect import Rect
from pks_kit.pdf import pdfium
from pks_kit.scan.simulated.sheet import INCH, Picture, Random, Sheet, blurred, clouds


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A printed letter.

    Attributes:
        text: One character.
        box: Its ink in PDF points.
        cell: Its room in the line in PDF points.
        font: Name of the font.
        size: Points.
    """

    text: str
    box: Rect
    cell: Rect
    font: str
    size: float


@dataclass(slots=True, kw_only=True)
class Rendered:
    """An issued page as pixels, nothing printed yet.

    Attributes:
        page: Page number from 1.
        pixels: Grey when the page holds no colour, else RGB.
        dpi: Pixels per inch.
        width: Width of the page in PDF points.
        height: Height of the page in PDF points.
        letters: In the order of the file.
    """

    page: int
    pixels: Picture
    dpi: float
    width: float
    height: float
    letters: tuple[Letter, ...]

    def box(self, rect: Rect) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom of a rectangle in pixels."""
        across, down = self.pixels.shape[1] / self.width, self.pixels.shape[0] / self.height
        left, bottom, right, top = rect
        return (
            left * across,
            (self.height - top) * down,
            right * across,
            (self.height - bottom) * down,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """How a page comes onto paper.

    Attributes:
        scale: 1 is true size; "fit to page" gives 0.94 to 1.
        shift: mm to the right and down.
        turn: Degrees against the clock.
        spread: Blur of the toner in mm.
        black: Grey of full toner, 0 to 255.
        paper: RGB of the paper.
    """

    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    spread: float = 0.03
    black: float = 30.0
    paper: tuple[int, int, int] = (250, 250, 248)


def any_printer(random: Random) -> Printer:
    """Return a printer of some office; the same one prints all pages of a stack."""
    fits = random.random() < 0.5
    white = random.uniform(243, 253)
    return Printer(
        scale=float(random.uniform(0.94, 0.985)) if fits else float(random.uniform(0.995, 1.0)),
        shift=(float(random.uniform(-1.5, 1.5)), float(random.uniform(-1.5, 1.5))),
        turn=float(random.uniform(-0.25, 0.25)),
        spread=float(random.uniform(0.02, 0.05)),
        black=float(random.uniform(12, 50)),
        paper=(round(white), round(white), round(white - random.uniform(0, 5))),
    )


def rendered(pdf: bytes, page: int, *, dpi: float = 300, letters: bool = False) -> Rendered:
    """Render a page of an issued PDF.

    Args:
        pdf: The file.
        page: Page number from 1.
        dpi: Pixels per inch.
        letters: Whether to read the letters too.

    Raises:
        IndexError: No such page.
        pypdfium2.PdfiumError: PDFium cannot read the file.
    """
    with pdfium.opened(pdf, forms=True) as document:  # a printer prints what signatures show
        if not 1 <= page <= len(document):
            raise IndexError(f"page {page} of {len(document)}")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        bitmap = sheet.render(scale=dpi / 72, rev_byteorder=True)
        pixels = np.array(bitmap.to_numpy()[..., :3])
        found = _letters(sheet) if letters else ()
        bitmap.close()
    if int(np.ptp(pixels[::3, ::3].astype(np.int16), axis=2).max()) < 12:
        pixels = pixels[..., 1].copy()
    return Rendered(page=page, pixels=pixels, dpi=dpi, width=width, height=height, letters=found)


def printed(page: Rendered, printer: Printer, random: Random) -> Sheet:
    """Print a rendered page on a sheet of its own size.

    Args:
        page: The page.
        printer: Same values for all pages of a stack; the feed differs a little from page to page.
        random: Source of chance: feed, density of toner, grain of paper.
    """
    per_mm = page.dpi / INCH
    height, width = page.pixels.shape[:2]
    turn = np.deg2rad(printer.turn + random.normal(0, 0.05))
    shift = np.asarray(printer.shift) + random.normal(0, 0.15, 2)
    cosine, sine = printer.scale * np.cos(turn), printer.scale * np.sin(turn)
    middle = np.array([width / 2, height / 2])
    turned = np.array([[cosine, sine], [-sine, cosine]])
    moved = np.eye(3)
    moved[:2, :2] = turned
    moved[:2, 2] = middle - turned @ middle + shift * per_mm
    white: Any = 255 if page.pixels.ndim == 2 else (255, 255, 255)
    flat = blurred(page.pixels, printer.spread * per_mm)
    laid = cv2.warpAffine(
        flat, by_centres(moved)[:2], (width, height), flags=cv2.INTER_LINEAR, borderValue=white
    )
    toner = 1 - np.asarray(laid, dtype=np.float32) / 255
    toner = np.clip(toner * 1.25 - 0.05, 0, 1)
    density = 0.9 + 0.1 * clouds(random, height, width, 6 * per_mm)
    toner *= (density if toner.ndim == 2 else density[..., None]) * (1 - printer.black / 255)
    grain = 1 - 0.012 * clouds(random, height, width, 0.5 * per_mm)
    bare = (1 - toner) * (grain if toner.ndim == 2 else grain[..., None])
    channels = [bare] * 3 if bare.ndim == 2 else cv2.split(bare)
    tints = zip(channels, printer.paper, strict=True)
    merged = cv2.merge([cv2.convertScaleAbs(one, alpha=tint) for one, tint in tints])
    pixels = np.asarray(merged, dtype=np.uint8)
    upright = np.array([
        [width / page.width, 0, 0],
        [0, -height / page.height, height],
        [0, 0, 1],
    ])  # fmt: skip
    return Sheet(pixels=pixels, dpi=page.dpi, placed=moved @ upright)


def by_centres(matrix: Any) -> Any:
    """Return a matrix between continuous coordinates as OpenCV wants it: between pixel centres."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    return np.linalg.inv(half) @ matrix @ half


def _letters(sheet: Any) -> tuple[Letter, ...]:
    from pypdfium2 import raw

    words = sheet.get_textpage()
    found: list[Letter] = []
    flags, name = ctypes.c_int(), ctypes.create_string_buffer(128)
    for index in range(words.count_chars()):
        code = raw.FPDFText_GetUnicode(words, index)
        if code <= 32 or code > 0xFFFF:
            continue
        raw.FPDFText_GetFontInfo(words, index, name, 128, flags)
        found.append(
            Letter(
                text=chr(code),
                box=tuple(words.get_charbox(index)),
                cell=tuple(words.get_charbox(index, loose=True)),
                font=name.value.decode(errors="replace"),
                size=round(raw.FPDFText_GetFontSize(words, index), 2),
            )
        )
    words.close()
    return tuple(found)

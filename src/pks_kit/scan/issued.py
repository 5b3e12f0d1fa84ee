"""The issued pages: how they look, what is written on them letter by letter, where places are."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pks_kit.domain.paper import PaperPlaceKind
from pks_kit.domain.receipt import CriticalValue, Receipt, RecordedPlace, RecordedSheet
from pks_kit.domain.rect import Rect, hull, rounded
from pks_kit.scan import thresholds
from pks_kit.scan.features import Features, features_of

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes

POINTS = 72.0
MM = POINTS / 25.4

_KEPT_PAGES = 6
_KEPT_LETTERS = 16
"""Pages whose letters are kept: about 0.7 MB each."""


class Glyph(NamedTuple):
    """A printed letter: its box in points from the lower left, size, font, and its line."""

    letter: str
    box: Rect
    size: float
    font: str
    base: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPlace:
    """A place that a hand uses on paper."""

    id: str
    kind: PaperPlaceKind
    kode: str
    peran: str
    page: int
    rect: Rect


@dataclass(frozen=True)
class IssuedPage:
    """One page.

    Attributes:
        number: From 1.
        width: In points.
        height: In points.
        fine: Grey picture at :data:`thresholds.VALUE_DPI`.
        coarse: Grey picture at :data:`thresholds.ALIGN_DPI`.
        sheet: What the receipt tells of pages of this size.
    """

    number: int
    width: float
    height: float
    fine: Bytes
    coarse: Bytes
    sheet: RecordedSheet | None

    @cached_property
    def features(self) -> Features:
        """Return the features of the coarse picture."""
        return features_of(self.coarse)


class IssuedPages:
    """The issued file and its receipt (completed, when it is one of the first format).

    Args:
        pdf: The issued file; in kontrak digital with the electronic signatures of BPJS.
        receipt: Its receipt, with places, sheets and, from format 2 on, values.

    Raises:
        Exception: Whatever a malformed file provokes.
    """

    def __init__(self, pdf: bytes, receipt: Receipt) -> None:
        import pypdfium2

        self._document: Any = pypdfium2.PdfDocument(pdf)
        try:
            # it draws what signatures show; printed paper shows it too
            self._document.init_forms()
        except Exception:
            self._document.close()
            raise
        self.receipt = receipt
        self.count = len(self._document)
        self._loaded = lru_cache(maxsize=_KEPT_PAGES)(self._load)
        self.size = lru_cache(maxsize=None)(self._size)
        self.page = lru_cache(maxsize=_KEPT_PAGES)(self._page)
        self.glyphs = lru_cache(maxsize=_KEPT_LETTERS)(self._glyphs)

    def close(self) -> None:
        """Let go of the file."""
        self.page.cache_clear()
        self._loaded.cache_clear()
        self._document.close()

    def sheet_of(self, number: int) -> RecordedSheet | None:
        """Return what stands at the same spot on every page of this page's size."""
        for sheet in self.receipt.sheets or ():
            if any(first <= number <= last for first, last in sheet.pages):
                return sheet
        return None

    def _load(self, number: int) -> Any:
        return self._document[number - 1]

    def _size(self, number: int) -> tuple[float, float]:
        width, height = self._loaded(number).get_size()
        return float(width), float(height)

    def crop(self, number: int, box: Rect, dpi: float, *, forms: bool = True) -> Bytes:
        """Return the grey picture of a part of a page; without forms no signature is shown."""
        import numpy as np

        width, height = self.size(number)
        left, bottom, right, top = box
        drawn = self._loaded(number).render(
            scale=dpi / POINTS,
            crop=(left, bottom, width - right, height - top),
            grayscale=True,
            may_draw_forms=forms,
        )
        picture: Bytes = np.ascontiguousarray(_plane(drawn.to_numpy()))
        return picture

    def _page(self, number: int) -> IssuedPage:
        import cv2
        import numpy as np

        width, height = self.size(number)
        drawn = self._loaded(number).render(scale=thresholds.VALUE_DPI / POINTS, grayscale=True)
        fine = np.ascontiguousarray(_plane(drawn.to_numpy()))
        scale = thresholds.ALIGN_DPI / POINTS
        size = round(width * scale), round(height * scale)
        coarse = cv2.resize(fine, size, interpolation=cv2.INTER_AREA)
        return IssuedPage(number, width, height, fine, coarse, self.sheet_of(number))

    def _glyphs(self, number: int) -> tuple[Glyph, ...]:
        return tuple(_letters(self._loaded(number)))

    def words(self, number: int) -> Iterator[tuple[Glyph, ...]]:
        """Yield the words of a page, letter by letter."""
        word: list[Glyph] = []
        for glyph in self.glyphs(number):
            blank = not glyph.letter or glyph.letter.isspace()
            if word and (blank or _breaks(word[-1], glyph)):
                yield tuple(word)
                word = []
            if not blank:
                word.append(glyph)
        if word:
            yield tuple(word)

    def electronic(self, number: int) -> list[HandPlace]:
        """Return the places of a page that are signed electronically, initials apart."""
        return [_place(one) for one in self._recorded(number) if one.medium == "electronic"]

    def _recorded(self, number: int) -> list[RecordedPlace]:
        return [one for one in self.receipt.places if one.page == number]

    def places(self, number: int) -> list[HandPlace]:
        """Return the places of a page that a hand uses; electronic ones are none."""
        found = [_place(one) for one in self._recorded(number) if one.medium != "electronic"]
        sheet = self.sheet_of(number)
        for box in sheet.initials if sheet else ():
            if box.medium == "pen":
                name = f"PARAF_{box.peran.upper()}_{number:04d}"
                found.append(
                    HandPlace(
                        id=name, kind="paraf", kode=f"paraf_{box.peran}", peran=box.peran,
                        page=number, rect=box.rect,
                    )
                )  # fmt: skip
        return found

    def values(self, number: int) -> Sequence[CriticalValue]:
        """Return the critical values of a page."""
        return [one for one in self.receipt.critical or () if one.page == number]


def rect_of(glyphs: Sequence[Glyph]) -> Rect:
    """Return the rectangle around letters."""
    return rounded(hull(one.box for one in glyphs), 1)


def _place(one: RecordedPlace) -> HandPlace:
    return HandPlace(
        id=one.name, kind=one.kind, kode=one.kode, peran=one.peran, page=one.page, rect=one.rect
    )


def _plane(picture: Any) -> Any:
    return picture if picture.ndim == 2 else picture[:, :, 0]


def _breaks(before: Glyph, after: Glyph) -> bool:
    """Return whether a new word begins: another line, or a gap."""
    apart = after.box[0] - before.box[2]
    return abs(after.box[1] - before.box[1]) > 6 or apart > 4 or after.box[0] < before.box[0] - 2


def _letters(page: Any) -> Iterator[Glyph]:
    import pypdfium2.raw as raw

    text = page.get_textpage()
    handle = text.raw
    sides = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = (ctypes.pointer(one) for one in sides)
    box_of, letter_of, object_of, origin_of = (
        raw.FPDFText_GetCharBox, raw.FPDFText_GetUnicode, raw.FPDFText_GetTextObject,
        raw.FPDFText_GetCharOrigin,
    )  # fmt: skip
    origin = [ctypes.c_double() for _ in range(2)]
    across, line = (ctypes.pointer(one) for one in origin)
    written: dict[int, tuple[float, str]] = {}  # size and font by text object, which are few
    try:
        for number in range(raw.FPDFText_CountChars(handle)):
            if not box_of(handle, number, left, right, bottom, top):
                continue
            code, drawn = letter_of(handle, number), object_of(handle, number)
            address = ctypes.addressof(drawn.contents) if drawn else 0
            if address not in written:
                written[address] = _written(handle, number)
            x0, x1, y0, y1 = (one.value for one in sides)
            size, font = written[address]
            base = origin[1].value if origin_of(handle, number, across, line) else y0
            yield Glyph(chr(code) if code else "", (x0, y0, x1, y1), size, font, base)
    finally:
        text.close()


def _written(text: Any, number: int) -> tuple[float, str]:
    """Return size and font of a letter."""
    import pypdfium2.raw as raw

    flags, name = ctypes.c_int(), ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text, number, name, 128, flags)
    size = round(raw.FPDFText_GetFontSize(text, number), 2)
    return size, sys.intern(name.value.decode("latin-1"))

"""Cut out what a person is to look at: the issued part and the scanned part in the same frame.

The scanned part is taken from the picture as it came, neither cleaned nor made black and white, so
that eyes see what the machine saw. Everything is bounded: number, size and bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pks_kit.domain.paper import PaperChange, PaperFacts, PaperPlace, change_key, not_compared_key
from pks_kit.domain.paper_pictures import (
    MOST_PICTURE_BYTES,
    MOST_PICTURES,
    PaperPicture,
    PaperPictureKind,
)
from pks_kit.domain.paper_review import grouped
from pks_kit.domain.receipt import CriticalValue
from pks_kit.domain.rect import Rect, hull
from pks_kit.scan.alignment import Alignment
from pks_kit.scan.issued import MM, POINTS, IssuedPages
from pks_kit.scan.letters import Letters
from pks_kit.scan.pictures import Sheet

if TYPE_CHECKING:
    from pks_kit.scan.arrays import Bytes

_AROUND_MM = 4.0
_LEAST_MM = (26.0, 11.0)
"""A part shows at least this much, or nobody knows where on the page it is."""
_WIDEST, _HIGHEST = 520, 300
_FINEST, _COARSEST = 300.0, 30.0
_PAGE_SIDE = 1150
_QUALITY = 78
_MOST_BYTES = 18 << 20
"""Of all pictures; an answer of a child holds them twice as hexadecimal digits."""
_UNREAD = (
    "other_agreement", "other_edition", "other_page_count", "edition_unknown", "unreadable",
    "double_differs",
)  # fmt: skip


@dataclass(slots=True)
class Crops:
    """Keeps the parts of each page, and replaces them when a better sheet of the page comes.

    Attributes:
        issued: The issued pages.
        letters: How their letters are printed.
        sheet: The sheet that is being read.
    """

    issued: IssuedPages
    letters: Letters
    _sheet: Sheet | None = None
    _of_page: dict[int, list[PaperPicture]] = field(default_factory=dict)
    _of_sheet: dict[int, PaperPicture] = field(default_factory=dict)
    _bytes: int = 0

    @property
    def sheet(self) -> Sheet | None:
        """Return the sheet that is being read."""
        return self._sheet

    @sheet.setter
    def sheet(self, sheet: Sheet) -> None:
        """Take a sheet; it is kept small until it is known whether anybody must see it whole."""
        self._sheet = sheet
        small = _fitted(sheet.seen, _PAGE_SIDE)
        self._keep(self._of_sheet, sheet.number, _picture(f"sheet_{sheet.number}", "sheet", small))

    def take(
        self, lying: Alignment, places: Sequence[PaperPlace], changes: Sequence[PaperChange],
        unjudged: int,
    ) -> None:  # fmt: skip
        """Cut out the parts of a page that the present sheet shows."""
        number = lying.page.number
        for one in self._of_page.pop(number, []):
            self._bytes -= len(one.jpeg)
        sheet = self._sheet
        if sheet is None:
            return
        if not (changes or unjudged):  # else it is still to be seen when a better one comes
            known = self._of_sheet.pop(sheet.number, None)  # its page tells more
            self._bytes -= len(known.jpeg) if known else 0
        found: list[PaperPicture] = []
        for change in grouped(changes):
            value = self._value(change)
            key = change_key(change)
            box = self._frame(number, value.rect if value else change.box)
            found += self._pair(lying, sheet, key, box)
            drawn = self._as_read(change, value, box) if value else None
            if drawn is not None:
                found.append(_picture(key, "as_read", drawn))
        for place in sorted(places, key=lambda one: one.decision == "signed"):
            found += self._pair(lying, sheet, place.id, self._frame(number, place.rect))
        to_look_at = changes or unjudged or any(one.decision != "signed" for one in places)
        if unjudged:
            values = [one.rect for one in self.issued.values(number)]
            if values:
                box = self._frame(number, hull(values))
                found += self._pair(lying, sheet, not_compared_key(number), box)
        if to_look_at:
            found.insert(0, self._whole(lying, sheet))
        kept = self._of_page.setdefault(number, [])
        for one in found:
            if self._room(one):
                kept.append(one)
                self._bytes += len(one.jpeg)

    def all(self, facts: PaperFacts) -> tuple[PaperPicture, ...]:
        """Return all pictures, what needs eyes most first; others fall away at the bound.

        Args:
            facts: What was read.
        """
        unread = {one.scan_page for one in facts.pages if one.status in _UNREAD}
        sheets = [one for number, one in sorted(self._of_sheet.items()) if number in unread]
        pages = [one for number in sorted(self._of_page) for one in self._of_page[number]]
        return tuple((sheets + pages)[:MOST_PICTURES])

    def _keep(self, kept: dict[int, PaperPicture], number: int, one: PaperPicture) -> None:
        if self._room(one):
            kept[number] = one
            self._bytes += len(one.jpeg)

    def _room(self, one: PaperPicture) -> bool:
        return len(one.jpeg) <= MOST_PICTURE_BYTES and self._bytes + len(one.jpeg) <= _MOST_BYTES

    def _frame(self, number: int, rect: Rect) -> Rect:
        """Return a rectangle with room around it, inside the page."""
        width, height = self.issued.size(number)
        left, bottom, right, top = rect
        across = max(_AROUND_MM * MM, (_LEAST_MM[0] * MM - (right - left)) / 2)
        down = max(_AROUND_MM * MM, (_LEAST_MM[1] * MM - (top - bottom)) / 2)
        left, bottom = max(0.0, left - across), max(0.0, bottom - down)
        right, top = min(width, right + across), min(height, top + down)
        # what lies outside the page, by a receipt that lies, still gives a part of it
        left, bottom = min(left, width - 4), min(bottom, height - 4)
        return left, bottom, max(right, left + 4), max(top, bottom + 4)

    def _pair(
        self, lying: Alignment, sheet: Sheet, key: str, box: Rect
    ) -> tuple[PaperPicture, PaperPicture]:
        number, dpi = lying.page.number, _dpi(box)
        issued = self.issued.crop(number, box, dpi)
        height, width = issued.shape[:2]
        scanned = lying.warped(
            sheet.seen, box[0], lying.page.height - box[3], width, height, dpi
        )  # fmt: skip
        return _picture(key, "issued", issued), _picture(key, "scanned", scanned)

    def _whole(self, lying: Alignment, sheet: Sheet) -> PaperPicture:
        page = lying.page
        dpi = _PAGE_SIDE / max(page.width, page.height) * POINTS
        width, height = round(page.width * dpi / POINTS), round(page.height * dpi / POINTS)
        seen = lying.warped(sheet.seen, 0.0, 0.0, width, height, dpi)
        points = round(page.width, 2), round(page.height, 2)
        return _picture(f"page_{page.number}", "page", seen, points, quality=60)

    def _as_read(self, change: PaperChange, value: CriticalValue, box: Rect) -> Any:
        """Return the issued part with the letters that fit the scan better, or None."""
        import cv2
        import numpy as np

        glyphs = self.letters.of_value(value)
        read = [one for one in change.read or "" if not one.isspace()]
        if not glyphs or len(read) != len(glyphs):
            return None
        dpi = _dpi(box)
        drawn = self.issued.crop(change.page, box, dpi).copy()
        scale = dpi / POINTS
        for glyph, letter in zip(glyphs, read, strict=True):
            if letter == glyph.letter:
                continue
            pattern = self.letters.pattern(glyph, letter)
            if pattern is None:
                return None
            left, bottom, right, top = glyph.box
            x0, y0 = int((left - box[0]) * scale), int((box[3] - top) * scale) - 1
            x1, y1 = round((right - box[0]) * scale) + 1, round((box[3] - bottom) * scale) + 2
            drawn[max(0, y0) : y1, max(0, x0) : x1] = 255
            fine = pattern.scale / scale  # pixels of the pattern for one of the part
            size = round(pattern.picture.shape[1] / fine), round(pattern.picture.shape[0] / fine)
            small = cv2.resize(pattern.picture, size, interpolation=cv2.INTER_AREA)
            x = round(((left + right) / 2 - box[0]) * scale - pattern.middle / fine)
            y = round((box[3] - glyph.base) * scale - pattern.foot / fine)
            under = drawn[max(0, y) : y + size[1], max(0, x) : x + size[0]]
            over = small[max(0, -y) :, max(0, -x) :][: under.shape[0], : under.shape[1]]
            under[:] = np.minimum(under, over.astype(np.uint8))
        return drawn

    def _value(self, change: PaperChange) -> CriticalValue | None:
        """Return the value in which a letter changed, or over which something lies."""
        x, y = (change.box[0] + change.box[2]) / 2, (change.box[1] + change.box[3]) / 2
        for value in self.issued.values(change.page) if change.path else ():
            left, bottom, right, top = value.rect
            inside = left - 1 <= x <= right + 1 and bottom - 2 <= y <= top + 2
            if inside and value.path == change.path and value.text[:200] == change.issued:
                return value
        return None


def _dpi(box: Rect) -> float:
    wide, high = (box[2] - box[0]) / POINTS, (box[3] - box[1]) / POINTS
    return max(_COARSEST, min(_FINEST, _WIDEST / wide, _HIGHEST / high))


def _fitted(picture: Bytes, side: int) -> Bytes:
    import cv2

    factor = min(1.0, side / max(picture.shape[:2]))
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    small: Bytes = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return small


def _picture(
    key: str, kind: PaperPictureKind, picture: Bytes, points: tuple[float, float] = (0.0, 0.0),
    quality: int = _QUALITY,
) -> PaperPicture:  # fmt: skip
    import cv2

    seen = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    done, jpeg = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("no JPEG")
    height, width = picture.shape[:2]
    return PaperPicture(
        item=key, kind=kind, jpeg=jpeg.tobytes(), width=width, height=height, points=points
    )

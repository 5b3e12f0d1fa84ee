"""What somebody changes in an agreement after it was issued, and the record of it.

In the file before printing: another digit, one digit more, a word less; all with the page's own
glyphs. On paper: a pen over a digit, a strip pasted over, white-out, a line written between lines,
a clause crossed out. Every function returns what it did, or None where the page has no room for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import cv2
import numpy as np

from pks_kit.domain.receipt import CriticalValue
from pks_kit.domain.rect import Rect, hull, overlap
from pks_kit.scan.simulated.pen import BLACK, any_ink, figures, straight, words, write
from pks_kit.scan.simulated.printed import Letter, Rendered
from pks_kit.scan.simulated.sheet import (
    POINTS_PER_MM,
    Mark,
    Picture,
    Points,
    Random,
    Sheet,
    blurred,
    clouds,
)

_T = TypeVar("_T")
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that was made.

    Attributes:
        kind: Name of the function that made it.
        rect: Where, in issued PDF points.
        path: Path of the critical value it touches, or None.
        was: What the issued page says there; empty for nothing.
        now: What the changed page says there; empty for nothing that can be read.
    """

    kind: str
    rect: Rect
    path: str | None = None
    was: str = ""
    now: str = ""


@dataclass(slots=True, kw_only=True)
class Ground:
    """A page that is to be changed.

    Attributes:
        page: The rendered page with its letters; changes before printing alter its pixels.
        critical: Critical values of that page.
        places: Boxes for hands, and what was changed before: nothing is changed there.
        made: Changes so far.
    """

    page: Rendered
    critical: tuple[CriticalValue, ...]
    places: tuple[Rect, ...]
    made: list[Change] = field(default_factory=list)

    def note(self, change: Change | None) -> None:
        """Remember a change, so that the next one stays away from it."""
        if change is not None:
            self.made.append(change)
            self.places = (*self.places, change.rect)


def changed_digit(ground: Ground, random: Random) -> Change | None:
    """Put another digit of the same page, font and size in the place of a critical one."""
    page = ground.page
    for value, target in _critical_digits(ground, random):
        for source in _shuffled(page.letters, random):
            alike = (source.font, source.size) == (target.font, target.size)
            if alike and source.text in _DIGITS and source.text != target.text:
                tile = _cut(page, source, source.cell)
                _paste(page, tile, _onto(target, source), target.cell)
                return Change(kind="changed_digit", rect=target.cell, path=value.path,
                              was=target.text, now=source.text)  # fmt: skip
    return None


def digit_added(ground: Ground, random: Random) -> Change | None:
    """Set one more digit behind a critical number, where the line has room."""
    page = ground.page
    for value, last in _critical_digits(ground, random):
        width = last.cell[2] - last.cell[0]
        room = (last.cell[2], last.cell[1], last.cell[2] + width, last.cell[3])
        if not _is_white(page, (room[0] + 0.2, room[1], room[2] + 1.5, room[3])):
            continue
        fitting = [
            one for one in page.letters
            if one.text in _DIGITS and (one.font, one.size) == (last.font, last.size)
        ]  # fmt: skip
        source = fitting[int(random.integers(len(fitting)))]
        left = last.cell[2]
        new = (left, last.cell[1], left + source.cell[2] - source.cell[0], last.cell[3])
        _paste(page, _cut(page, source, source.cell), new, None)
        return Change(kind="digit_added", rect=new, path=value.path, now=source.text)
    return None


def word_removed(ground: Ground, random: Random) -> Change | None:
    """Take one word of at least four letters out of the text."""
    page = ground.page
    for text, rect in _shuffled(tuple(_words(page.letters)), random):
        if len(text) < 4 or not text.isalpha() or not _is_free(ground, rect):
            continue
        left, top, right, bottom = (round(one) for one in page.box(_grown(rect, 0.3)))
        page.pixels[top:bottom, left:right] = 255
        return Change(kind="word_removed", rect=rect, was=text)
    return None


def pen_over_digit(ground: Ground, sheet: Sheet, random: Random) -> Change | None:
    """Write another digit over a critical one."""
    for value, target in _critical_digits(ground, random):
        other = str((int(target.text) + int(random.integers(1, 10))) % 10)
        height = (target.box[3] - target.box[1]) / POINTS_PER_MM * random.uniform(1.0, 1.25)
        strokes = figures(random, other, height)
        middle = sheet.where([_middle(target.box)])[0]
        write(
            sheet, strokes, middle, random, ink=BLACK if random.random() < 0.6 else any_ink(random)
        )
        return Change(kind="pen_over_digit", rect=target.cell, path=value.path,
                      was=target.text, now=other)  # fmt: skip
    return None


def strip_pasted(ground: Ground, sheet: Sheet, random: Random) -> Change | None:
    """Paste a strip of paper with other words of the page over a line of text."""
    lines = [one for one in _lines(ground.page.letters) if one[2] - one[0] > 120]
    for rect in _shuffled(tuple(lines), random):
        wide = random.uniform(60, min(rect[2] - rect[0], 220))
        left = random.uniform(rect[0], rect[2] - wide)
        area = _grown((left, rect[1], left + wide, rect[3]), 1.0)
        others = [one for one in lines if abs(one[1] - rect[1]) > 20 and one[2] - one[0] >= wide]
        if not others or not _is_free(ground, area):
            continue
        source = others[int(random.integers(len(others)))]
        taken = _grown((source[0], source[1], source[0] + wide, source[3]), 1.0)
        box = sheet.box(area)
        size = (max(round(box[2] - box[0]), 2), max(round(box[3] - box[1]), 2))
        text = cv2.resize(_grey(_crop(ground.page, taken)), size, interpolation=cv2.INTER_AREA)
        toner = 1 - np.asarray(blurred(text, 0.6), dtype=np.float32)[..., None] / 255
        tint = np.array((252, 251, 246), dtype=np.float32) - random.uniform(0, 8)
        strip = tint * (1 - 0.88 * toner)
        at = {"left": round(box[0]), "top": round(box[1])}
        edge = np.pad(np.ones(size[::-1], dtype=np.float32), 3)
        shadow = Mark(mask=blurred(edge, 1.2), left=at["left"] - 2, top=at["top"] - 2)
        sheet.ink(shadow, (90, 90, 90), 0.45)
        sheet.cover(Mark(mask=np.ones(size[::-1], dtype=np.float32), **at), strip)
        return Change(kind="strip_pasted", rect=area)
    return None


def white_out(ground: Ground, sheet: Sheet, random: Random) -> Change | None:
    """Cover a word or a critical number with correction fluid."""
    numbers = [(one.text, one.rect, one.path) for one in ground.critical if len(one.text) > 3]
    others = [(text, rect, None) for text, rect in _words(ground.page.letters) if len(text) > 4]
    choice = numbers if numbers and random.random() < 0.5 else others
    for text, rect, path in _shuffled(tuple(choice), random):
        if not _is_free(ground, rect, critical=path is None):
            continue
        left, top, right, bottom = sheet.box(_grown(rect, 1.5))
        wide, high = round(right - left), round(bottom - top)
        rough = clouds(random, high, wide, 0.8 * sheet.per_mm)
        edge = np.zeros((high, wide), dtype=np.float32)
        edge[3:-3, 3:-3] = 1
        mask = np.clip((blurred(edge, 0.35 * sheet.per_mm) + 0.35 * rough - 0.3) * 5, 0, 1)
        fluid = (
            np.array((252, 252, 250))
            - 9 * clouds(random, high, wide, 0.5 * sheet.per_mm)[..., None]
        )
        sheet.cover(Mark(mask=mask, left=round(left), top=round(top)), fluid)
        return Change(kind="white_out", rect=rect, path=path, was=text)
    return None


def line_written(ground: Ground, sheet: Sheet, random: Random) -> Change | None:
    """Write words between two lines of text."""
    for rect in _shuffled(tuple(_lines(ground.page.letters)), random):
        length = random.uniform(25, 70)
        wide = min(length * POINTS_PER_MM, 420)
        left = random.uniform(rect[0], max(rect[2] - wide, rect[0] + 1))
        area = (left, rect[1] - 7, min(left + wide, 560.0), rect[1])
        if area[2] - area[0] < 60 or not _is_free(ground, area, critical=False):
            continue
        strokes = words(random, (area[2] - area[0]) / POINTS_PER_MM, random.uniform(0.9, 1.4))
        write(sheet, strokes, sheet.where([_middle(area)])[0], random, ink=any_ink(random))
        return Change(kind="line_written", rect=area, path=_path(ground, area))
    return None


def clause_crossed(ground: Ground, sheet: Sheet, random: Random) -> Change | None:
    """Cross out one to three lines of text with a pen."""
    lines = sorted(
        (one for one in _lines(ground.page.letters) if one[2] - one[0] > 150),
        key=lambda one: -one[3],
    )
    for start in _shuffled(tuple(range(len(lines))), random):
        several = [lines[start]]
        for one in lines[start + 1 : start + int(random.integers(1, 4))]:
            if several[-1][1] - one[3] < 12:
                several.append(one)
        area = hull(several)
        if not _is_free(ground, area, critical=False):
            continue
        ink = any_ink(random)
        for one in several:
            strokes = straight(random, (one[2] - one[0]) / POINTS_PER_MM)
            write(sheet, strokes, sheet.where([_middle(one)])[0], random, ink=ink)
        return Change(kind="clause_crossed", rect=area, path=_path(ground, area))
    return None


IN_FILE: dict[str, Callable[[Ground, Random], Change | None]] = {
    "changed_digit": changed_digit,
    "digit_added": digit_added,
    "word_removed": word_removed,
}
ON_PAPER: dict[str, Callable[[Ground, Sheet, Random], Change | None]] = {
    "pen_over_digit": pen_over_digit,
    "strip_pasted": strip_pasted,
    "white_out": white_out,
    "line_written": line_written,
    "clause_crossed": clause_crossed,
}


def _critical_digits(ground: Ground, random: Random) -> Iterator[tuple[CriticalValue, Letter]]:
    """Yield values in any order with one of their digits; the last one when it ends the value."""
    for value in _shuffled(ground.critical, random):
        if any(overlap(value.rect, one) for one in ground.places):
            continue
        inside = [one for one in ground.page.letters if _holds(value.rect, _middle(one.box))]
        digits = [one for one in inside if one.text in _DIGITS]
        if digits:
            yield (
                value,
                digits[-1] if random.random() < 0.3 else digits[int(random.integers(len(digits)))],
            )


def _shuffled(several: Sequence[_T], random: Random) -> list[_T]:
    return [several[int(one)] for one in random.permutation(len(several))]


def _middle(rect: Rect) -> tuple[float, float]:
    return (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2


def _grown(rect: Rect, by: float) -> Rect:
    return rect[0] - by, rect[1] - by, rect[2] + by, rect[3] + by


def _holds(rect: Rect, point: tuple[float, float]) -> bool:
    return rect[0] <= point[0] <= rect[2] and rect[1] <= point[1] <= rect[3]


def _is_free(ground: Ground, rect: Rect, *, critical: bool = True) -> bool:
    """Return whether a rectangle meets no place, no furniture and, if asked, no critical value."""
    if rect[1] < 70 or rect[3] > ground.page.height - 48:
        return False
    taken: Iterable[Rect] = [_grown(one, 4) for one in ground.places]
    if critical:
        taken = [*taken, *(one.rect for one in ground.critical)]
    return not any(overlap(rect, one) for one in taken)


def _path(ground: Ground, rect: Rect) -> str | None:
    """Return the path of the first critical value that a rectangle meets."""
    return next((one.path for one in ground.critical if overlap(rect, one.rect)), None)


def _words(letters: Sequence[Letter]) -> Iterator[tuple[str, Rect]]:
    text, rect = "", (0.0, 0.0, 0.0, 0.0)
    for one in letters:
        near = abs(one.cell[1] - rect[1]) < 1 and -1 < one.cell[0] - rect[2] < 0.8
        if text and near:
            text, rect = text + one.text, hull((rect, one.cell))
            continue
        if text:
            yield text, rect
        text, rect = one.text, one.cell
    if text:
        yield text, rect


def _lines(letters: Sequence[Letter]) -> Iterator[Rect]:
    rect: Rect | None = None
    for one in letters:
        if rect is not None and abs(one.cell[1] - rect[1]) < 1 and -1 < one.cell[0] - rect[2] < 12:
            rect = hull((rect, one.cell))
            continue
        if rect is not None and rect[2] - rect[0] > 60:
            yield rect
        rect = one.cell
    if rect is not None and rect[2] - rect[0] > 60:
        yield rect


def _crop(page: Rendered, rect: Rect) -> Picture:
    left, top, right, bottom = (round(one) for one in page.box(rect))
    return page.pixels[max(top, 0) : bottom, max(left, 0) : right]


def _grey(picture: Picture) -> Picture:
    return (
        picture
        if picture.ndim == 2
        else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    )


def _cut(page: Rendered, letter: Letter, cell: Rect) -> tuple[Picture, Points]:
    """Return the pixels of a glyph with a rim, and where its cell begins in them."""
    left, top, right, bottom = page.box(cell)
    first = np.floor([left, top]).astype(int)
    last = np.ceil([right, bottom]).astype(int)
    tile = _grey(page.pixels[first[1] : last[1], first[0] : last[0]]).copy()
    ink_left, _, ink_right, _ = page.box(letter.box)
    # neighbours that lean into the cell do not come along
    tile[:, : max(round(ink_left - first[0]) - 1, 0)] = 255
    tile[:, round(ink_right - first[0]) + 2 :] = 255
    return tile, np.array([left, top]) - first


def _onto(target: Letter, source: Letter) -> Rect:
    """Return the cell of a glyph that is set in the place of another: same middle and line."""
    middle, half = _middle(target.cell)[0], (source.cell[2] - source.cell[0]) / 2
    return middle - half, target.cell[1], middle + half, target.cell[3]


def _paste(page: Rendered, tile: tuple[Picture, Points], cell: Rect, erased: Rect | None) -> None:
    glyph, begin = tile
    if erased is not None:
        left, top, right, bottom = (round(one) for one in page.box(erased))
        page.pixels[top:bottom, left:right] = 255
    at = np.array(page.box(cell)[:2]) - begin
    whole = np.floor(at)
    moved = np.eye(2, 3)
    moved[:, 2] = at - whole
    size = (glyph.shape[1] + 1, glyph.shape[0] + 1)
    laid = np.asarray(cv2.warpAffine(glyph, moved, size, borderValue=255), dtype=np.uint8)
    column, row = int(whole[0]), int(whole[1])
    room = page.pixels[row : row + size[1], column : column + size[0]]
    np.minimum(room, laid if room.ndim == 2 else laid[..., None], out=room)


def _is_white(page: Rendered, rect: Rect) -> bool:
    region = _crop(page, rect)
    return region.size > 0 and int(region.min()) > 200

"""Content that a page holds but does not show, or that lies on top of other content.

Cut away by the crop box, outside the page, under an annotation, under a white rectangle. Honest
files have all of these too, so the answers are for a person: ``indeterminate`` where words are
hidden, a note where something merely could be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from pks_kit.domain.rect import Rect
from pks_kit.pdf.objects import annotations_of
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.pdfium import bounds_of, page_objects
from pks_kit.verification.report.answers import indeterminate, passed
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from pks_kit.verification.report.verdict import Check

_HARMLESS = frozenset({"/Widget", "/Link", "/Popup", "/Highlight", "/Underline", "/StrikeOut"})
_HIDDEN_FLAGS = 0x02 | 0x20
"""Annotations that are hidden or not viewed cover nothing."""
_MARGIN = 2.0
_MOST_OBJECTS = 1 << 14
_MOST_ANNOTATIONS = 2_000
_PATH, _TEXT = 2, 1
_WHITE = 247
_LEAST_AREA = 60.0
_FILLED = (1, 2)


@dataclass(slots=True)
class Concealed:
    """Pages by what was met on them, filled by :func:`look_for_concealed`."""

    outside: list[int] = field(default_factory=list)
    cropped: list[int] = field(default_factory=list)
    covered: list[int] = field(default_factory=list)
    whitened: list[int] = field(default_factory=list)
    objects: int = 0
    annotations: int = 0


def check_concealed(found: Concealed | ParserFailure) -> tuple[list[Check], list[Note]]:
    """Judge what was met outside the visible page and under annotations or white rectangles."""
    if isinstance(found, ParserFailure):
        return [indeterminate("content.concealed", "not_measured", "visual")], []
    checks: list[Check] = []
    if found.outside:
        checks.append(
            indeterminate(
                "content.concealed",
                "outside",
                "visual",
                pages=_listed(found.outside),
                page=found.outside[0],
            )
        )
    if found.covered:
        checks.append(
            indeterminate(
                "content.concealed",
                "annotation",
                "visual",
                pages=_listed(found.covered),
                page=found.covered[0],
            )
        )
    if not checks:
        checks.append(passed("content.concealed", "none", "visual"))
    notes = [
        Note(code=code, params={"pages": _listed(pages)})
        for code, pages in (("cropped", found.cropped), ("white_over_words", found.whitened))
        if pages
    ]
    return checks, notes


def _listed(pages: list[int]) -> str:
    return ", ".join(str(page) for page in pages[:20])


def look_for_concealed(
    number: int, page: Any, words: Any, described: Any, found: Concealed
) -> None:
    """Look at one page for words outside it and under annotations or white rectangles.

    Args:
        number: Page from 1.
        page: PDFium's page.
        words: PDFium's text page.
        described: The same page as qpdf sees it, for its annotations.
        found: What was met so far.

    Raises:
        Exception: Whatever a malformed page provokes.
    """
    media, crop = page.get_mediabox(), page.get_cropbox()
    shown: Rect = (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )
    if any(abs(a - b) > _MARGIN for a, b in zip(media, shown, strict=True)):
        found.cropped.append(number)
    _look_at_objects(number, page, words, shown, found)
    for box in _annotation_boxes(described, found):
        inside = words.get_text_bounded(*box)
        if len(str(inside).strip()) > 1:
            found.covered.append(number)
            break


def _objects(page: Any, found: Concealed) -> Iterator[tuple[Any, int, Rect]]:
    """Yield text and paths of a page with type and box, as long as the file may cost something."""
    left = max(0, _MOST_OBJECTS - found.objects)
    for item, kind, _ in islice(page_objects(page, most_depth=3), left):
        found.objects += 1
        if kind in (_PATH, _TEXT):
            bounds = bounds_of(item)
            if bounds is not None:
                yield item, kind, bounds


def _annotation_boxes(described: Any, found: Concealed) -> list[Rect]:
    """Return the boxes of visible annotations with an appearance of their own."""
    boxes: list[Rect] = []
    for annotation in annotations_of(described.obj):
        found.annotations += 1
        if found.annotations > _MOST_ANNOTATIONS:
            break
        kind = str(annotation.get("/Subtype", ""))
        if kind in _HARMLESS or int(annotation.get("/F", 0)) & _HIDDEN_FLAGS:
            continue
        edges = [float(edge) for edge in annotation.get("/Rect", ())]
        if len(edges) == 4:
            left, right = sorted((edges[0], edges[2]))
            bottom, top = sorted((edges[1], edges[3]))
            boxes.append((left, bottom, right, top))
    return boxes


def _look_at_objects(number: int, page: Any, words: Any, shown: Rect, found: Concealed) -> None:
    """Note a piece of text wholly outside the visible page, and a white path over earlier text."""
    earlier: list[Rect] = []
    is_outside = is_whitened = False
    for item, kind, box in _objects(page, found):
        if kind == _TEXT:
            is_outside = is_outside or (_is_outside(box, shown) and _has_words(words, box))
            earlier.append(box)
        elif not is_whitened and earlier and _area(box) > _LEAST_AREA and _is_white(item):
            is_whitened = any(_covers(box, words) for words in earlier[-500:])
        if is_outside and is_whitened:
            break
    if is_outside:
        found.outside.append(number)
    if is_whitened:
        found.whitened.append(number)


def _has_words(words: Any, box: Rect) -> bool:
    """Return whether a piece of text is more than blanks; one that cannot be read may be."""
    read = guarded(lambda: str(words.get_text_bounded(*box)))
    return isinstance(read, ParserFailure) or not read or bool(read.strip())


def _is_outside(box: Rect, shown: Rect) -> bool:
    left, bottom, right, top = shown
    if box[2] - box[0] <= 0 or box[3] - box[1] <= 0:
        return False
    return box[2] < left or box[0] > right or box[3] < bottom or box[1] > top


def _area(box: Rect) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _covers(over: Rect, under: Rect) -> bool:
    return (
        _area(under) > 0
        and over[0] <= under[0] + 1
        and over[1] <= under[1] + 1
        and over[2] >= under[2] - 1
        and over[3] >= under[3] - 1
    )


def _is_white(item: Any) -> bool:
    import ctypes

    import pypdfium2.raw as raw

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, mode, stroke) or mode.value not in _FILLED:
        return False
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(item, *parts):
        return False
    return all(part.value >= _WHITE for part in parts)

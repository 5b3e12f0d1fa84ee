"""What a file holds that was just written, for everybody in this process who handles it next.

The same is found by whoever opens the file (``pdf/prefix/base.py``, ``verification/known/``);
``tests/journeys/test_own_files.py`` compares both for every kind and method. What the writer
cannot tell is not told, and the file is then looked at like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pks_kit.domain.page_words import squeezed
from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.limits import RECEIPT_BYTES
from pks_kit.pdf.prefix.base import MOST_DEPTH, Base, FontPart, Part
from pks_kit.pdf.prefix.own_files import OwnFile
from pks_kit.render.pdf.canvas import TextLine
from pks_kit.render.pdf.drawn import DrawnPages
from pks_kit.render.pdf.file_writer import FinishedFile
from pks_kit.render.pdf.laid_facts import ink_of, says_draft
from pks_kit.render.pdf.request import PdfLayout, PdfRequest

_DEEPEST = 60
"""More than the nested values on any way through a file of ours, outline entries apart: they lead
to each other, so all of them count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Numbers of the objects that later revisions touch.

    Attributes:
        root: The catalogue.
        form: The form; 0 for none.
        info: The document information.
        fields: The fields with their places.
        pages: The pages in order.
        fonts: Fonts for boxes.
    """

    root: int
    form: int
    info: int
    fields: Sequence[tuple[int, RecordedPlace]]
    pages: Sequence[int]
    fonts: tuple[FontPart, ...]


def own_facts(
    layout: PdfLayout,
    drawn: DrawnPages,
    request: PdfRequest,
    finished: FinishedFile,
    numbers: Numbers,
) -> OwnFile | None:
    """Return what a file holds; None for one without a form or beyond the limits of readers.

    Args:
        layout: Its pages.
        drawn: The same with their furniture.
        request: What the caller decided.
        finished: The file.
        numbers: Numbers of its objects.
    """
    fields = numbers.fields
    is_deep = len(layout.bookmarks) + _DEEPEST > MOST_DEPTH
    is_large = any(len(one.content) > RECEIPT_BYTES for one in request.attachments)
    if not layout.has_form or is_deep or is_large:
        return None
    touched = dict.fromkeys(numbers.pages[place.page - 1] for _, place in fields)
    base = Base(
        table=finished.table,
        size=finished.size,
        info=numbers.info,
        first_id=finished.identity,
        root=_part(finished, numbers.root),
        form=_part(finished, numbers.form),
        fields=tuple(_part(finished, number) for number, _ in fields),
        pages=tuple(numbers.pages),
        places=tuple(_part(finished, number) for number in touched),
        fonts=numbers.fonts if fields else (),
    )
    return OwnFile(
        base=base,
        sheets=tuple(
            (0.0, 0.0, *(round(one, 6) for one in page.laid.size))  # type: ignore[misc]
            for page in drawn.pages
        ),
        fields=tuple((place.name, place.page, place.rect) for _, place in fields),
        free=tuple(_free(layout.places, drawn)),
        attachments={one.name: one.content for one in request.attachments},
        decoded=finished.decoded,
        told=drawn.told_by_marks
        and _prints(drawn, (layout.nomor_kesatu, layout.nomor_kedua))
        and not says_draft(drawn),
    )


def _part(finished: FinishedFile, number: int) -> Part:
    return Part(number=number, text=finished.plain[number])


def _free(places: Sequence[RecordedPlace], drawn: DrawnPages) -> Iterator[tuple[int, Rect]]:
    """Yield the places of stamps into which no letter reaches."""
    for place in places:
        if place.kind == "meterai":
            left, bottom, right, top = place.rect
            ink = ink_of(drawn, place.page)
            if ink is not None and not any(
                one[0] < right and one[2] > left and one[1] < top and one[3] > bottom for one in ink
            ):
                yield place.page, place.rect


def _prints(drawn: DrawnPages, numbers: Sequence[str]) -> bool:
    """Return whether the furniture of every page says all of these."""
    wanted = [squeezed(one) for one in numbers]
    same: dict[int, frozenset[str]] = {}  # by place in memory, which drawn holds
    for page in drawn.pages:
        said: set[str] = set()
        for lines in page.furniture.lines:
            if id(lines) not in same:
                same[id(lines)] = frozenset(one for one in wanted if _says(lines, one))
            said |= same[id(lines)]
        if len(said) < len(set(wanted)):
            return False
    return True


def _says(lines: Sequence[TextLine], wanted: str) -> bool:
    return any(wanted in squeezed(one.text) for one in lines)

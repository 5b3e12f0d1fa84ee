"""What is drawn over the picture of a page: boxes with the numbers of the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pks_kit.domain.rect import Rect
from pks_kit.render.cover.places import PenPlace
from pks_kit.render.cover.printed import PagePicture
from pks_kit.render.page_geometry import sheet_of
from pks_kit.render.pdf.page_design import design_of, initials_rects

PICTURE_SIZES = (50.0, 47.0, 44.0, 41.0)
"""Widths of a picture; three or four of them stand side by side. The first that leaves no picture
alone on the last page is taken."""

PICTURE_MM = PICTURE_SIZES[0]
"""Width at which pages are drawn."""

PICTURE_ID = "gambar__"
INITIALS = "P"
"""Sign of the boxes for initials, which stand on every page."""

_LABEL_MM = 3.4


@dataclass(frozen=True, slots=True, kw_only=True)
class PenMark:
    """A box on a page in points, and what is written beside it."""

    label: str
    rects: tuple[Rect, ...]


def marks_of(places: Iterable[PenPlace], page: int) -> Iterator[PenMark]:
    """Yield the marks of one page."""
    for place in places:
        if place.page == page:
            yield PenMark(label=str(place.number), rects=place.rects)


def initials_marks(picture: PagePicture, cara_kontrak: str, layout: int) -> Iterator[PenMark]:
    """Yield the mark of the initials that are written with a pen."""
    sheet = sheet_of(picture.page_width, picture.page_height)
    if sheet is not None:
        first, second = initials_rects(sheet, design_of(layout))
        rects = (second,) if cara_kontrak == "digital" else (first, second)
        yield PenMark(label=INITIALS, rects=rects)


def picture_values(
    picture: PagePicture, marks: Iterable[PenMark], width: float = PICTURE_MM
) -> dict[str, object]:
    """Return what the template wants to know about one picture; lengths are millimetres."""
    scale = width / picture.page_width

    def below_top(y: float) -> float:
        return (picture.page_height - y) * scale

    boxes, labels = [], []
    for mark in marks:
        for left, bottom, right, top in mark.rects:
            boxes.append(
                {
                    "kiri": round(left * scale, 2),
                    "atas": round(below_top(top), 2),
                    "lebar": round((right - left) * scale, 2),
                    "tinggi": round((top - bottom) * scale, 2),
                }
            )
        left = min(rect[0] for rect in mark.rects)
        top = max(rect[3] for rect in mark.rects)
        labels.append(
            {
                "kiri": round(left * scale, 2),
                "atas": round(max(0.0, below_top(top) - _LABEL_MM), 2),
                "teks": mark.label,
            }
        )
    return {
        "alamat": f"{PICTURE_ID}{picture.page}",
        "halaman": picture.page,
        "tinggi": round(picture.page_height * scale, 2),
        "kotak": boxes,
        "nomor": labels,
    }

"""Words, list and pictures -> the pages of the cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from pks_kit.domain.page_code import format_cover_code
from pks_kit.domain.page_list import page_list
from pks_kit.errors import InputError, RenderError
from pks_kit.foreign import HERE, Looks
from pks_kit.render.cover.marks import (
    PICTURE_ID,
    PICTURE_MM,
    PICTURE_SIZES,
    initials_marks,
    marks_of,
    picture_values,
)
from pks_kit.render.cover.places import PenPlace
from pks_kit.render.cover.printed import DrawnPages, PagePicture
from pks_kit.render.fonts import character_name, unprintable
from pks_kit.render.pdf.canvas import number
from pks_kit.render.pdf.font_merge import FaceCollection
from pks_kit.render.pdf.parts import RenderedPart, render_part
from pks_kit.render.pdf.qr import qr_runs
from pks_kit.resources import templates_root
from pks_kit.templating import page_environment

MOST_PICTURES = 36
"""Pages beyond these are named in the list only."""

PICTURE_DPI = 170
_FOLDER, _NAME, _ELECTRONIC = "pengantar", "pengantar", "elektronik"
_TEXT_MM = 176.0
"""Width between the margins of ``pengantar.css``."""
_PAGE_MM, _CODE_MM, _CODE_FROM_MM = 210.0, 11.0, 4.5
"""Width of a page, side of its code, and how far that stands above the lower edge."""
_POINTS = 72 / 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverContent:
    """What the cover shows.

    Attributes:
        values: Values of the template except list and pictures.
        places: Places for the pen.
        agreement: The agreement, whose pages are drawn.
        cara_kontrak: ``elektronik``, ``digital`` or ``manual``.
        layout: Version of the printed page.
        looks: Where the agreement is opened.
    """

    values: Mapping[str, Any]
    places: tuple[PenPlace, ...]
    agreement: bytes
    cara_kontrak: str
    layout: int
    looks: Looks = HERE


def render_cover(request: CoverContent) -> bytes:
    """Return the cover as PDF, without title and other information.

    The same request gives the same bytes.

    Raises:
        RenderError: ``render.pdf.unprintable`` for a character without a glyph, and whatever
            the layout refuses.
        InputError: ``pdf.unreadable`` for the agreement.
        NotLookedError: ``pdf.not_looked``.
    """
    first = () if request.cara_kontrak == "elektronik" else (1,)  # shows where the initials stand
    wanted = list(dict.fromkeys((*first, *(place.page for place in request.places))))
    shown = tuple(wanted[:MOST_PICTURES])
    pictures = _drawn(request, shown)
    values = dict(request.values) | {
        "tempat": [_row(place, request.values["terisi"]) for place in request.places],
        "tanpa_gambar": page_list(wanted[MOST_PICTURES:]),
    }
    refuse_unprintable(values)
    css = (templates_root() / _FOLDER / f"{_NAME}.css").read_text(encoding="utf-8")
    for width in PICTURE_SIZES:
        part = _laid_out(request, values, pictures, css, width)
        if not _few_are_alone(part, shown, _side_by_side(width)):
            break
    on_paper = request.cara_kontrak != "elektronik"
    code = format_cover_code(request.values["agreement_id"]) if on_paper else ""
    return finished(part, pictures, code)


def _laid_out(
    request: CoverContent,
    values: Mapping[str, Any],
    pictures: tuple[PagePicture, ...],
    css: str,
    width: float,
) -> RenderedPart:
    name = _ELECTRONIC if request.cara_kontrak == "elektronik" else _NAME
    drawn = {"gambar": [_picture(picture, request, width) for picture in pictures]}
    html = filled_template(name, dict(values) | drawn)
    gap = _TEXT_MM / _side_by_side(width) - width - 0.5
    sizes = (
        f".gambar {{ width: {width}mm; margin-right: {gap:.2f}mm; }} "
        f".lembar {{ width: {width}mm; }}"
    )
    return render_part(html, css + sizes, name)


def _side_by_side(width: float) -> int:
    return int(_TEXT_MM // (width + 2))


def _few_are_alone(part: RenderedPart, shown: tuple[int, ...], row: int) -> bool:
    """Return whether less than a row of pictures is all that the last page holds."""
    last = [one for one in shown if part.anchors[f"{PICTURE_ID}{one}"].page == part.pages]
    return 0 < len(last) < min(row, len(shown))


def _drawn(request: CoverContent, shown: tuple[int, ...]) -> tuple[PagePicture, ...]:
    question = DrawnPages(pages=shown, width_mm=PICTURE_MM, dpi=PICTURE_DPI)
    found = request.looks.ask(question, request.agreement).pictures
    sizes_fit = all(len(one.pixels) == one.width * one.height for one in found)
    if tuple(one.page for one in found) != shown or not sizes_fit:
        raise InputError("pdf.unreadable", reason="-")
    return found


def _row(place: PenPlace, filled: Sequence[str]) -> dict[str, Any]:
    kode = place.kode.upper()
    return {
        "nomor": place.number,
        "halaman": place.page,
        "bagian": place.part,
        "nama": place.nama,
        "jabatan": place.jabatan,
        "meterai": place.meterai,
        "stempel": place.stempel,
        "terisi": f"TTD_{kode}" in filled,
        "bermeterai": f"METERAI_{kode}" in filled,
    }


def _picture(picture: PagePicture, request: CoverContent, width: float) -> dict[str, object]:
    marks = list(marks_of(request.places, picture.page))
    if picture.page == 1 and request.cara_kontrak != "elektronik":
        marks += initials_marks(picture, request.cara_kontrak, request.layout)
    return picture_values(picture, marks, width)


def filled_template(name: str, values: Mapping[str, Any]) -> str:
    """Return a page of ``templates/pengantar`` with its values, all escaped."""
    body = _template(name).render(**values)
    return f'<!DOCTYPE html>\n<html lang="id"><meta charset="utf-8"><body>{body}</body></html>'


@cache
def _template(name: str) -> Any:
    return page_environment(templates_root() / _FOLDER).get_template(f"{name}.html")


def refuse_unprintable(value: Any) -> None:
    """Refuse values with a character that no font has.

    Raises:
        RenderError: ``render.pdf.unprintable``.
    """
    if isinstance(value, str):
        character = unprintable(value)
        if character:
            raise RenderError(
                "render.pdf.unprintable", character=character_name(character), clause=_NAME
            )
    elif isinstance(value, Mapping):
        for inner in value.values():
            refuse_unprintable(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            refuse_unprintable(inner)


def finished(part: RenderedPart, pictures: tuple[PagePicture, ...] = (), code: str = "") -> bytes:
    """Give the pages our own font programs and lay the pictures below their marks.

    Args:
        part: The pages.
        pictures: Pictures of pages of an agreement, by the anchors where they stand.
        code: What a small QR in the middle of each lower margin says; empty for none.
    """
    import pikepdf

    with pikepdf.open(BytesIO(part.pdf)) as source, pikepdf.new() as pdf:
        pdf.pages.extend(source.pages)
        faces = FaceCollection()
        faces.add_part(pdf.pages[0].obj.Resources.Font)
        fonts = faces.write(pdf)
        below: dict[int, list[PagePicture]] = {}
        for picture in pictures:
            where = part.anchors[f"{PICTURE_ID}{picture.page}"].page
            below.setdefault(where, []).append(picture)
        for index, page in enumerate(pdf.pages, start=1):
            resources = page.obj.Resources
            resources.Font = fonts
            drawn = [_draw(pdf, resources, part, one) for one in below.get(index, ())]
            drawn.append(_code_operators(code) if code else "")
            stream = pdf.make_indirect(pikepdf.Stream(pdf, "".join(drawn).encode("ascii")))
            page.obj.Contents = pikepdf.Array([stream, page.obj.Contents])
        output = BytesIO()
        pdf.save(output, force_version="1.7", deterministic_id=True, compress_streams=True)
    return output.getvalue()


def _code_operators(code: str) -> str:
    size, runs = qr_runs(code)
    side = _CODE_MM * _POINTS / size
    left, top = (_PAGE_MM - _CODE_MM) / 2 * _POINTS, (_CODE_FROM_MM + _CODE_MM) * _POINTS
    boxes = [
        f"{left + column * side:.3f} {top - (row + 1) * side:.3f} {length * side:.3f} {side:.3f} re"
        for row, column, length in runs
    ]
    return "\n".join(("q 0 g", *boxes, "f Q\n"))


def _draw(pdf: Any, resources: Any, part: RenderedPart, picture: PagePicture) -> str:
    import pikepdf
    from pikepdf import Dictionary, Name

    name = f"/Halaman{picture.page}"
    if "/XObject" not in resources:
        resources.XObject = Dictionary()
    resources.XObject[name] = pdf.make_indirect(
        pikepdf.Stream(
            pdf,
            picture.pixels,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
    )
    left, bottom, right, top = part.anchors[f"{PICTURE_ID}{picture.page}"].rect
    size = f"{number(right - left)} 0 0 {number(top - bottom)}"
    return f"q {size} {number(left)} {number(bottom)} cm {name} Do Q\n"

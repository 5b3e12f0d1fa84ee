"""First step: Naskah -> laid-out parts, places and clause pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.domain.tanda_tangan import signs_electronically
from pks_kit.errors import RenderError
from pks_kit.naskah.tree import (
    Bagian,
    BlokTandaTangan,
    Naskah,
    TempatTandaTangan,
    walk_blocks,
)
from pks_kit.render.html import part_sources
from pks_kit.render.html_signature import METERAI_ID, SIGNATURE_ID
from pks_kit.render.pdf.parts import LinkTarget, RenderedPart, render_part
from pks_kit.render.pdf.request import Bookmark, PdfLayout

_PLACE_IDS = (SIGNATURE_ID, METERAI_ID)


def layout_pdf(naskah: Naskah, *, css: str, roles_of_services: Collection[str] = ()) -> PdfLayout:
    """Lay out every part of the agreement.

    Args:
        naskah: The agreement.
        css: The template's style sheet.
        roles_of_services: Roles whose signing service makes the field itself; their places stay
            blank areas.

    Raises:
        RenderError: A character without a glyph, a warning of the layout engine, something
            outside its box or page, a place that is missing or stands twice.
    """
    parts: list[RenderedPart] = []
    places: list[RecordedPlace] = []
    clause_pages: dict[str, int] = {}
    repeated: list[tuple[int, Rect]] = []
    before = 0
    for source in part_sources(naskah):
        part = render_part(source.html, css, source.nama)
        for address, anchor in part.anchors.items():
            if not address.startswith(_PLACE_IDS):
                clause_pages[address] = before + anchor.page
        for tempat in _signature_places(source.bagian):
            places.extend(_places(tempat, part.anchors, before))
        repeated.extend((before + page, rect) for page, rect in part.repeated)
        parts.append(part)
        before += part.pages
    _refuse_doubles(places)
    fields = frozenset(
        place.name
        for place in places
        if place.kind == "tanda_tangan"
        and place.peran not in roles_of_services
        and signs_electronically(place.peran, naskah.cara_kontrak)
    )
    return PdfLayout(
        parts=tuple(parts),
        pages=before,
        places=tuple(places),
        fields=fields,
        has_form=bool(fields or roles_of_services),
        clause_pages=clause_pages,
        bookmarks=tuple(_bookmark(bagian) for bagian in naskah.bagian),
        repeated=tuple(repeated),
        nomor_kesatu=naskah.nomor_kesatu,
        nomor_kedua=naskah.nomor_kedua,
    )


def _signature_places(bagian: tuple[Bagian, ...]) -> tuple[TempatTandaTangan, ...]:
    return tuple(
        tempat
        for one in bagian
        for block in walk_blocks(one.isi)
        if isinstance(block, BlokTandaTangan)
        for tempat in block.tempat
    )


def _places(
    tempat: TempatTandaTangan, anchors: Mapping[str, LinkTarget], before: int
) -> list[RecordedPlace]:
    kode = tempat.kode.upper()
    wanted = [(f"TTD_{kode}", SIGNATURE_ID, "tanda_tangan")]
    if tempat.meterai:
        wanted.append((f"METERAI_{kode}", METERAI_ID, "meterai"))
    found = []
    for name, prefix, kind in wanted:
        anchor = anchors.get(prefix + kode)
        if anchor is None:
            raise RenderError("render.pdf.place_missing", name=name)
        found.append(
            RecordedPlace.model_validate(
                {
                    "name": name,
                    "kode": tempat.kode,
                    "peran": tempat.peran,
                    "kind": kind,
                    "page": before + anchor.page,
                    "rect": anchor.rect,
                    "nama": tempat.nama,
                    "jabatan": tempat.jabatan,
                }
            )
        )
    return found


def _refuse_doubles(places: list[RecordedPlace]) -> None:
    seen: set[str] = set()
    for place in places:
        if place.name in seen:
            raise RenderError("render.pdf.place_twice", name=place.name)
        seen.add(place.name)


def _bookmark(bagian: Bagian) -> Bookmark:
    if bagian.jenis in {"pasal", "lampiran"}:
        title = f"{bagian.label} {bagian.judul}".strip()
    else:
        title = bagian.judul or bagian.jenis.capitalize()
    return Bookmark(title=title, alamat=bagian.alamat)

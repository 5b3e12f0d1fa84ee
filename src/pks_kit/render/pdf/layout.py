"""First step: Naskah -> laid-out parts, places and clause pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from pks_kit.domain.edition import OLD_LAYOUT
from pks_kit.domain.receipt import Medium, RecordedPlace
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
from pks_kit.render.html_signature import (
    DATE_ID,
    METERAI_ID,
    PLACE_IDS,
    SIGNATURE_ID,
    STAMP_ID,
    place_css,
)
from pks_kit.render.look import Look
from pks_kit.render.pdf.laid import LaidPart
from pks_kit.render.pdf.page_design import design_of
from pks_kit.render.pdf.parts import LinkTarget
from pks_kit.render.pdf.request import Bookmark, PdfLayout
from pks_kit.render.pdf.roads import Road, laid_parts


def layout_pdf(
    naskah: Naskah,
    *,
    css: str,
    look: Look,
    roles_of_services: Collection[str] = (),
    road: Road = "quick",
    compiled: Path | None = None,
) -> PdfLayout:
    """Lay out every part of the agreement.

    Args:
        naskah: The agreement.
        css: The template's style sheet.
        look: Version of the printed page, and sizes.
        roles_of_services: Roles whose signing service makes the field itself; their places stay
            blank areas.
        road: ``plain`` has every page made by the layout engine itself.
        compiled: Folder with compiled templates; None reads nothing.

    Raises:
        RenderError: A character without a glyph, a warning of the layout engine, something
            outside its box or page, a place that is missing or stands twice.
    """
    parts: list[LaidPart] = []
    places: list[RecordedPlace] = []
    clause_pages: dict[str, int] = {}
    repeated: list[tuple[int, Rect]] = []
    before = 0
    whole_css = css + place_css(look)
    sources = part_sources(naskah, look)
    laid = laid_parts(sources, whole_css, road=road, compiled=compiled)
    for source, part in zip(sources, laid, strict=True):
        for address, anchor in part.anchors.items():
            if not address.startswith(PLACE_IDS):
                clause_pages[address] = before + anchor.page
        for tempat in _signature_places(source.bagian):
            electronic = signs_electronically(tempat.peran, naskah.cara_kontrak)
            medium: Medium = "electronic" if electronic else "pen"
            recorded = None if look.layout == OLD_LAYOUT else medium
            places.extend(_places(tempat, part.anchors, before, recorded))
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
        layout=look.layout,
        initials=design_of(look.layout).electronic_initials or naskah.cara_kontrak != "elektronik",
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
    tempat: TempatTandaTangan,
    anchors: Mapping[str, LinkTarget],
    before: int,
    medium: Medium | None,
) -> list[RecordedPlace]:
    kode = tempat.kode.upper()
    wanted = [(f"TTD_{kode}", SIGNATURE_ID, "tanda_tangan")]
    if tempat.meterai:
        wanted.append((f"METERAI_{kode}", METERAI_ID, "meterai"))
    if medium == "pen":
        if tempat.stempel:
            wanted.append((f"STEMPEL_{kode}", STAMP_ID, "stempel"))
        wanted.append((f"TANGGAL_{kode}", DATE_ID, "tanggal"))
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
                    "medium": medium,
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

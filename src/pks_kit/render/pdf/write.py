"""Drawn pages -> one finished PDF 1.7: pages, links, destinations, outline, form, files, metadata.

Every object is written down as text; :mod:`pks_kit.render.pdf.file_writer` puts them together.
``tests/unit/render/pdf/test_write.py`` compares the result object by object with what another
library makes of the same pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.errors import RenderError
from pks_kit.render.html_inline import LINK_SCHEME
from pks_kit.render.pdf.canvas import number as written
from pks_kit.render.pdf.drawn import DrawnPages
from pks_kit.render.pdf.file_writer import (
    FinishedFile,
    PdfFile,
    name,
    packed_well,
    references,
    text_string,
)
from pks_kit.render.pdf.font_objects import write_fonts
from pks_kit.render.pdf.laid import packed
from pks_kit.render.pdf.metadata import (
    CREATOR_TOOL,
    OUTPUT_CONDITION,
    pdf_date,
    srgb_profile,
    xmp_packet,
)
from pks_kit.render.pdf.own_facts import Numbers
from pks_kit.render.pdf.request import Attachment, Bookmark, PdfLayout, PdfRequest

_PRINT = 4
_SIGNATURES_EXIST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPages:
    """A finished file, and the numbers of what later revisions touch."""

    file: FinishedFile
    numbers: Numbers


def write_pages(layout: PdfLayout, drawn: DrawnPages, request: PdfRequest) -> WrittenPages:
    """Return the finished file.

    The same layout and request give the same bytes in every process.

    Args:
        layout: Result of ``layout_pdf``.
        drawn: The same pages with their furniture.
        request: What the caller decides.

    Raises:
        RenderError: ``render.pdf.dead_link``, ``render.pdf.foreign_link``.
    """
    file = PdfFile()
    root = file.new()
    pages = [file.new() for _ in drawn.pages]
    tree = file.add(f"<</Type/Pages/Count {len(pages)}/Kids{references(pages)}>>")
    fields = _fields(file, layout, pages)
    fonts = write_fonts(file, drawn.faces)
    _write_pages(file, drawn, pages, tree, fonts.shared, _Notes(layout, fields))
    entries = [f"/Type/Catalog/Pages {tree} 0 R"]
    if layout.bookmarks:
        entries.append(f"/Outlines {_outline(file, layout.bookmarks)} 0 R")
    names, associated = _attachments(file, request.attachments, request.issued_at)
    tree_of_names = file.add(f"<</Dests {_destinations(file, layout, pages)} 0 R{names}>>")
    entries += [f"/Names {tree_of_names} 0 R", associated]
    form = 0
    if layout.has_form:
        form = file.new()
        flags = f"/SigFlags {_SIGNATURES_EXIST}" if fields else ""
        file.put_plain(form, f"<</Fields{references([one for one, _ in fields])}{flags}>>")
        entries.append(f"/AcroForm {form} 0 R")
    entries.append(_metadata(file, request))
    file.put_plain(root, f"<<{''.join(entries)}>>")
    info = _information(file, request)
    return WrittenPages(
        file=file.finished(root=root, info=info),
        numbers=Numbers(
            root=root, form=form, info=info, fields=fields, pages=pages, fonts=fonts.for_boxes
        ),
    )


class _Notes:
    """What lies on each page: links and fields."""

    def __init__(self, layout: PdfLayout, fields: Sequence[tuple[int, RecordedPlace]]) -> None:
        self.known = layout.clause_pages.keys()
        self.touched = {place.page for place in layout.places}
        self.fields: dict[int, list[int]] = {}
        for number, place in fields:
            self.fields.setdefault(place.page, []).append(number)


def _write_pages(
    file: PdfFile, drawn: DrawnPages, numbers: Sequence[int], tree: int, fonts: int, notes: _Notes
) -> None:
    saved = file.add_stream(b"q\n")
    for count, (number, page) in enumerate(zip(numbers, drawn.pages, strict=True), start=1):
        round_it = b"\nQ\n" + page.furniture.content
        content = file.add_stream(page.laid.packed, inflated=page.laid.inflated)
        furniture = file.add_stream(packed(round_it), inflated=len(round_it))
        annotations = [file.add(one) for one in _links(page.laid.links, notes)]
        annotations += notes.fields.get(count, ())
        width, height = (f"{round(one, 6):f}" for one in page.laid.size)
        body = (
            f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {width} {height}]"
            f"/Contents[{saved} 0 R {content} 0 R {furniture} 0 R]"
            f"/Resources<</Font {fonts} 0 R>>"
            f"{f'/Annots{references(annotations)}' if annotations else ''}>>"
        )
        if count in notes.touched:
            file.put_plain(number, body)
        else:
            file.put(number, body)


def _links(links: Sequence[tuple[str, Rect]], notes: _Notes) -> Iterator[str]:
    """Yield jumps to named destinations.

    Raises:
        RenderError: ``render.pdf.dead_link`` when a clause is not in the document,
            ``render.pdf.foreign_link`` when a link leads out of it.
    """
    for target, rect in links:
        if not target.startswith(LINK_SCHEME):
            raise RenderError("render.pdf.foreign_link", target=target[:80])
        alamat = target.removeprefix(LINK_SCHEME)
        if alamat not in notes.known:
            raise RenderError("render.pdf.dead_link", target=alamat)
        yield (
            f"<</Type/Annot/Subtype/Link/Rect{_rect(rect)}/BS<</W 0>>"
            f"/Dest{text_string(alamat)}/F {_PRINT}>>"
        )


def _rect(rect: Rect) -> str:
    return f"[{' '.join(map(written, rect))}]"


def _fields(
    file: PdfFile, layout: PdfLayout, pages: Sequence[int]
) -> list[tuple[int, RecordedPlace]]:
    """Write one empty signature field per place, widget and field in one object.

    The widget has an empty appearance, because PDF/A wants one; signing replaces it. Meterai
    places get no field: the stamp brings its own, named ``Emet<serial number>``.
    """
    found: list[tuple[int, RecordedPlace]] = []
    for place in layout.places if layout.has_form else ():
        if place.name not in layout.fields:
            continue
        left, bottom, right, top = place.rect
        box = _rect((0, 0, right - left, top - bottom))
        appearance = file.add_stream(b"", f"/Type/XObject/Subtype/Form/BBox{box}/Resources<<>>")
        number = file.new()
        file.put_plain(
            number,
            f"<</Type/Annot/Subtype/Widget/FT/Sig/T{text_string(place.name)}"
            f"/TU{text_string(f'Tanda tangan {place.nama}')}/F {_PRINT}"
            f"/P {pages[place.page - 1]} 0 R/Rect{_rect(place.rect)}/AP<</N {appearance} 0 R>>>>",
        )
        found.append((number, place))
    return found


_address = lru_cache(maxsize=2**12)(text_string)
"""Addresses of clauses are those of the text, in every agreement."""


def _destinations(file: PdfFile, layout: PdfLayout, pages: Sequence[int]) -> int:
    """Write a name tree of destinations; names are clause addresses."""
    found: list[tuple[str, str]] = []
    before = 0
    for part in layout.parts:
        for alamat, anchor in part.anchors.items():
            if alamat in layout.clause_pages:
                left, _, _, top = anchor.rect
                page = pages[before + anchor.page - 1]
                found.append((alamat, f"[{page} 0 R/XYZ {left:.3f} {top:.3f} 0]"))
        before += part.pages
    found.sort()
    return file.add(f"<</Names[{''.join([_address(one) + place for one, place in found])}]>>")


def _outline(file: PdfFile, bookmarks: Sequence[Bookmark]) -> int:
    """Write the outline, one level, each entry leading to a named destination."""
    outline = file.new()
    numbers = [file.new() for _ in bookmarks]
    for place, (number, one) in enumerate(zip(numbers, bookmarks, strict=True)):
        before = f"/Prev {numbers[place - 1]} 0 R" if place else ""
        after = f"/Next {numbers[place + 1]} 0 R" if place + 1 < len(numbers) else ""
        file.put(
            number,
            f"<</Title{text_string(one.title)}/Parent {outline} 0 R"
            f"/Dest{text_string(one.alamat)}{before}{after}>>",
        )
    file.put(
        outline,
        f"<</Type/Outlines/Count {len(numbers)}/First {numbers[0]} 0 R/Last {numbers[-1]} 0 R>>",
    )
    return outline


def _attachments(
    file: PdfFile, attachments: Sequence[Attachment], moment: datetime
) -> tuple[str, str]:
    """Embed files; return the entry of the names and that of the associated files (PDF/A-3)."""
    if not attachments:
        return "", ""
    names: list[str] = []
    specifications: list[int] = []
    for one in sorted(attachments, key=lambda one: one.name):
        digest = hashlib.md5(one.content, usedforsecurity=False).hexdigest()
        embedded = file.add_stream(
            packed(one.content),
            f"/Type/EmbeddedFile/Subtype{name(one.mime)}/Params<</Size {len(one.content)}"
            f"/CheckSum<{digest}>/ModDate{text_string(pdf_date(moment))}>>",
            inflated=len(one.content),
        )
        said = text_string(one.name)
        specification = file.add(
            f"<</Type/Filespec/F{said}/UF{said}/Desc{text_string(one.description)}"
            f"/AFRelationship{name(one.relationship)}/EF<</F {embedded} 0 R/UF {embedded} 0 R>>>>"
        )
        names.append(f"{said}{specification} 0 R")
        specifications.append(specification)
    embedded_files = file.add(f"<</Names[{''.join(names)}]>>")
    return f"/EmbeddedFiles {embedded_files} 0 R", f"/AF{references(specifications)}"


def _metadata(file: PdfFile, request: PdfRequest) -> str:
    """Write XMP and output intent; return their entries, language and wishes to viewers."""
    packet = file.add_stream(xmp_packet(request), "/Type/Metadata/Subtype/XML")
    colours = srgb_profile()
    profile = file.add_stream(packed_well(colours), "/N 3", inflated=len(colours))
    condition = text_string(OUTPUT_CONDITION)
    intent = file.add(
        f"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier{condition}"
        f"/Info{condition}/DestOutputProfile {profile} 0 R>>"
    )
    return (
        f"/Metadata {packet} 0 R/Lang(id)/OutputIntents[{intent} 0 R]"
        "/ViewerPreferences<</DisplayDocTitle true>>/PageMode/UseOutlines"
    )


def _information(file: PdfFile, request: PdfRequest) -> int:
    date = text_string(pdf_date(request.issued_at))
    return file.add(
        f"<</Title{text_string(request.title)}/Author{text_string(request.author)}"
        f"/Creator{text_string(CREATOR_TOOL)}/Producer{text_string(request.producer)}"
        f"/CreationDate{date}/ModDate{date}>>"
    )

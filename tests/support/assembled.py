"""A second opinion on the writer: the same pages put together by another library.

Everything is told to pikepdf as objects, and it writes the file. The writer of ``src`` must come to
the same objects (``tests/unit/render/pdf/test_write.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.render.html_inline import LINK_SCHEME
from pks_kit.render.pdf.drawn import DrawnPage, DrawnPages
from pks_kit.render.pdf.font_merge import font_dictionary
from pks_kit.render.pdf.metadata import (
    CREATOR_TOOL,
    OUTPUT_CONDITION,
    pdf_date,
    srgb_profile,
    xmp_packet,
)
from pks_kit.render.pdf.request import Attachment, Bookmark, PdfLayout, PdfRequest

_PRINT = 4
_SIGNATURES_EXIST = 1


def assembled(layout: PdfLayout, drawn: DrawnPages, request: PdfRequest) -> bytes:
    """Return the finished file."""
    with pikepdf.new() as pdf:
        saved = pdf.make_indirect(pikepdf.Stream(pdf, b"q\n"))
        for page in drawn.pages:
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(_page(pdf, page, saved))))
        fonts = _fonts(pdf, drawn)
        for page in pdf.pages:
            page.obj.Resources.Font = fonts
            _resolve_links(page)
        _add_destinations(pdf, dict(_destinations(pdf, layout)))
        _add_bookmarks(pdf, layout.bookmarks)
        if layout.has_form:
            _add_fields(pdf, [one for one in layout.places if one.name in layout.fields])
        _add_attachments(pdf, request.attachments, request.issued_at)
        _add_metadata(pdf, request)
        output = BytesIO()
        pdf.save(
            output,
            force_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return output.getvalue()


def _page(pdf: Any, drawn: DrawnPage, saved: Any) -> Any:
    width, height = drawn.laid.size
    streams = (drawn.laid.content, b"\nQ\n" + drawn.furniture.content)
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, round(width, 6), round(height, 6)]),
        Contents=Array([saved, *(pdf.make_indirect(pikepdf.Stream(pdf, one)) for one in streams)]),
        Resources=Dictionary(),
    )
    if drawn.laid.links:
        page.Annots = Array([pdf.make_indirect(_link(*one)) for one in drawn.laid.links])
    return page


def _fonts(pdf: Any, drawn: DrawnPages) -> Any:
    fonts = {
        f"/{face.postscript_name}": pdf.make_indirect(font_dictionary(pdf, face, texts))
        for face, texts in drawn.faces.texts().items()
    }
    return pdf.make_indirect(Dictionary(fonts))


def _link(target: str, rect: Rect) -> Any:
    """Return a link, still with its private address."""
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array(rect),
        BS=Dictionary(W=0),
        A=Dictionary(Type=Name.Action, S=Name.URI, URI=String(target)),
    )


def _resolve_links(page: Any) -> None:
    for annotation in page.obj.get("/Annots", ()):
        target = str(annotation.A.URI).removeprefix(LINK_SCHEME)
        del annotation["/A"]
        annotation["/Dest"] = String(target)
        annotation["/F"] = _PRINT


def _destinations(pdf: Any, layout: PdfLayout) -> Iterator[tuple[str, Any]]:
    before = 0
    for part in layout.parts:
        for alamat, anchor in part.anchors.items():
            if alamat in layout.clause_pages:
                page = pdf.pages[before + anchor.page - 1].obj
                left, _, _, top = anchor.rect
                yield alamat, Array([page, Name.XYZ, left, top, 0])
        before += part.pages


def _add_destinations(pdf: Any, destinations: dict[str, Any]) -> None:
    """Write a name tree of destinations; names are clause addresses."""
    names = Array()
    for alamat in sorted(destinations):
        names.append(String(alamat))
        names.append(destinations[alamat])
    _names(pdf).Dests = pdf.make_indirect(Dictionary(Names=names))


def _names(pdf: Any) -> Any:
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pdf.make_indirect(Dictionary())
    return pdf.Root.Names


def _add_bookmarks(pdf: Any, bookmarks: tuple[Bookmark, ...]) -> None:
    """Write the outline, one level, each entry leading to a named destination."""
    if not bookmarks:
        return
    outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=len(bookmarks)))
    entries = [
        pdf.make_indirect(
            Dictionary(Title=String(one.title), Parent=outlines, Dest=String(one.alamat))
        )
        for one in bookmarks
    ]
    for before, after in pairwise(entries):
        before.Next = after
        after.Prev = before
    outlines.First, outlines.Last = entries[0], entries[-1]
    pdf.Root.Outlines = outlines


def _add_fields(pdf: Any, places: Sequence[RecordedPlace]) -> None:
    """Add one empty signature field per place, widget and field in one object.

    The widget has an empty appearance, because PDF/A wants one; signing replaces it. Meterai
    places get no field: the stamp brings its own, named ``Emet<serial number>``. Without places
    the form is there and empty.
    """
    fields = []
    for place in places:
        page = pdf.pages[place.page - 1].obj
        left, bottom, right, top = place.rect
        appearance = pikepdf.Stream(
            pdf,
            b"",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, round(right - left, 3), round(top - bottom, 3)]),
            Resources=Dictionary(),
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(place.name),
                TU=String(f"Tanda tangan {place.nama}"),
                F=_PRINT,
                P=page,
                Rect=Array([left, bottom, right, top]),
                AP=Dictionary(N=pdf.make_indirect(appearance)),
            )
        )
        if "/Annots" not in page:
            page.Annots = Array()
        page.Annots.append(field)
        fields.append(field)
    form = Dictionary(Fields=Array(fields))
    if fields:
        form.SigFlags = _SIGNATURES_EXIST
    pdf.Root.AcroForm = pdf.make_indirect(form)


def _add_attachments(pdf: Any, attachments: Sequence[Attachment], moment: datetime) -> None:
    """Embed files and declare what they are to the document (PDF/A-3 associated files)."""
    if not attachments:
        return
    names, associated = Array(), Array()
    for attachment in sorted(attachments, key=lambda one: one.name):
        digest = hashlib.md5(attachment.content, usedforsecurity=False).digest()
        embedded = pikepdf.Stream(
            pdf,
            attachment.content,
            Type=Name.EmbeddedFile,
            Subtype=Name("/" + attachment.mime),
            Params=Dictionary(
                Size=len(attachment.content),
                CheckSum=String(digest),
                ModDate=String(pdf_date(moment)),
            ),
        )
        reference = pdf.make_indirect(embedded)
        specification = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec,
                F=String(attachment.name),
                UF=String(attachment.name),
                Desc=String(attachment.description),
                AFRelationship=Name("/" + attachment.relationship),
                EF=Dictionary(F=reference, UF=reference),
            )
        )
        names.append(String(attachment.name))
        names.append(specification)
        associated.append(specification)
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pdf.make_indirect(Dictionary())
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=names))
    pdf.Root.AF = associated


def _add_metadata(pdf: Any, request: PdfRequest) -> None:
    """Write XMP, document information, language, output intent and viewer preferences."""
    packet = pikepdf.Stream(pdf, xmp_packet(request), Type=Name.Metadata, Subtype=Name.XML)
    date = String(pdf_date(request.issued_at))
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(request.title),
            Author=String(request.author),
            Creator=String(CREATOR_TOOL),
            Producer=String(request.producer),
            CreationDate=date,
            ModDate=date,
        )
    )
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=String(OUTPUT_CONDITION),
        Info=String(OUTPUT_CONDITION),
        DestOutputProfile=pdf.make_indirect(pikepdf.Stream(pdf, srgb_profile(), N=3)),
    )
    root = pdf.Root
    root.Metadata = pdf.make_indirect(packet)
    root.Lang = String("id")
    root.OutputIntents = Array([pdf.make_indirect(intent)])
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.PageMode = Name.UseOutlines

"""Second step: laid-out parts -> one finished PDF 1.7."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pks_kit.domain.rect import Rect
from pks_kit.errors import RenderError
from pks_kit.render.page_geometry import sheet_of
from pks_kit.render.pdf.fields import add_attachments, add_signature_fields
from pks_kit.render.pdf.font_merge import FaceCollection
from pks_kit.render.pdf.furniture import Running, draw_furniture
from pks_kit.render.pdf.metadata import add_metadata
from pks_kit.render.pdf.navigation import add_bookmarks, add_destinations, resolve_links
from pks_kit.render.pdf.page_design import design_of
from pks_kit.render.pdf.request import PdfLayout, PdfRequest


def assemble(layout: PdfLayout, request: PdfRequest) -> bytes:
    """Put the parts together and add everything that belongs to the whole document.

    The same layout and request give the same bytes in every process.

    Raises:
        RenderError: A font that is not ours, a link that leads nowhere, a PKS number too long for
            the header, a note too long for the footer, a page that is not A4.
    """
    import pikepdf

    with pikepdf.new() as pdf:
        faces = FaceCollection()
        _append_parts(pdf, layout, faces)
        overlays = _draw_overlays(pdf, layout, request, faces)
        _lay_over(pdf, overlays, faces.write(pdf))
        for page in pdf.pages:
            resolve_links(page, frozenset(layout.clause_pages))
        add_destinations(pdf, dict(_destinations(pdf, layout)))
        add_bookmarks(pdf, layout.bookmarks)
        if layout.has_form:
            add_signature_fields(pdf, [one for one in layout.places if one.name in layout.fields])
        add_attachments(pdf, request.attachments, request.issued_at)
        add_metadata(pdf, request)
        output = BytesIO()
        pdf.save(
            output,
            force_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return output.getvalue()


def _append_parts(pdf: Any, layout: PdfLayout, faces: FaceCollection) -> None:
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    for part in layout.parts:
        faces.add_glyphs(part.glyphs)
        for sheet in part.sheets:
            width, height = sheet.size
            page = Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, round(width, 6), round(height, 6)]),
                Contents=pdf.make_indirect(pikepdf.Stream(pdf, sheet.content)),
                Resources=Dictionary(),
            )
            if sheet.links:
                page.Annots = Array([pdf.make_indirect(_link(*one)) for one in sheet.links])
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _link(target: str, rect: Rect) -> Any:
    """Return a link, still with its private address."""
    from pikepdf import Array, Dictionary, Name, String

    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array(rect),
        BS=Dictionary(W=0),
        A=Dictionary(Type=Name.Action, S=Name.URI, URI=String(target)),
    )


def _draw_overlays(
    pdf: Any, layout: PdfLayout, request: PdfRequest, faces: FaceCollection
) -> list[bytes]:
    running = Running(
        nomor_kesatu=layout.nomor_kesatu,
        nomor_kedua=layout.nomor_kedua,
        certificate_note=request.certificate_note,
        edition=request.edition,
        initials=layout.initials,
    )
    design = design_of(layout.layout)
    overlays = []
    for number, page in enumerate(pdf.pages, start=1):
        left, bottom, right, top = (float(value) for value in page.mediabox)
        sheet = sheet_of(right - left, top - bottom)
        if sheet is None:
            raise RenderError("render.pdf.not_a4", page=number)
        canvas = draw_furniture(
            sheet,
            running,
            page=number,
            pages=layout.pages,
            page_code=request.page_code(number, layout.pages),
            design=design,
        )
        faces.add_drawn(canvas.used)
        overlays.append(canvas.content())
    return overlays


def _lay_over(pdf: Any, overlays: list[bytes], fonts: Any) -> None:
    """Give every page the shared fonts and put its furniture behind its own content stream."""
    import pikepdf

    save_state = pdf.make_indirect(pikepdf.Stream(pdf, b"q\n"))
    for page, overlay in zip(pdf.pages, overlays, strict=True):
        page.obj.Resources.Font = fonts
        content = page.obj.Contents
        furniture = pdf.make_indirect(pikepdf.Stream(pdf, b"\nQ\n" + overlay))
        page.obj.Contents = pikepdf.Array([save_state, content, furniture])


def _destinations(pdf: Any, layout: PdfLayout) -> Iterator[tuple[str, Any]]:
    from pikepdf import Array, Name

    before = 0
    for part in layout.parts:
        for alamat, anchor in part.anchors.items():
            if alamat in layout.clause_pages:
                page = pdf.pages[before + anchor.page - 1].obj
                left, _, _, top = anchor.rect
                yield alamat, Array([page, Name.XYZ, left, top, 0])
        before += part.pages

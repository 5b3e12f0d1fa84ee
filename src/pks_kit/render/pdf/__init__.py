"""Naskah -> PDF in two steps, because the embedded receipt holds the places that layout finds.

``layout_pdf`` lays out the pages and says where signatures and meterai belong; ``finish_pdf``
adds what differs per file: furniture, fields, attachments, metadata. The result is checked before
it is handed out.
"""

from __future__ import annotations

from dataclasses import replace

from pks_kit.errors import RenderError
from pks_kit.render.pdf.assemble import assemble
from pks_kit.render.pdf.conformance import check_claims
from pks_kit.render.pdf.layout import layout_pdf
from pks_kit.render.pdf.request import Attachment, Bookmark, PdfLayout, PdfRequest

__all__ = [
    "Attachment",
    "Bookmark",
    "PdfLayout",
    "PdfRequest",
    "bare_pdf",
    "check_claims",
    "finish_pdf",
    "layout_pdf",
]


def bare_pdf(layout: PdfLayout, request: PdfRequest) -> bytes:
    """Return the finished pages without attachments, to be read before the receipt is written.

    Raises:
        RenderError: As ``assemble``.
    """
    return assemble(layout, replace(request, attachments=()))


def finish_pdf(layout: PdfLayout, request: PdfRequest) -> bytes:
    """Return the finished PDF/A-3u file.

    The same layout and request give the same bytes in every process.

    Args:
        layout: Result of ``layout_pdf``.
        request: What the caller decides: dates, title, page codes, attachments.

    Raises:
        RenderError: As ``assemble``; or ``render.pdf.claim_broken`` when the result does not keep
            what it claims.
    """
    content = assemble(layout, request)
    broken = check_claims(content)
    if broken:
        raise RenderError("render.pdf.claim_broken", claim=broken[0], count=len(broken))
    return content

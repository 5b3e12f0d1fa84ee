"""Naskah -> PDF in three steps, because the embedded receipt holds what the pages turn out to be.

``layout_pdf`` lays out the pages and says where signatures and meterai belong; ``draw_pages`` draws
what stands on every page around them; ``finish_pdf`` writes it all down with fields, attachments
and metadata. The result is checked before it is handed out.
"""

from __future__ import annotations

from dataclasses import replace

from pks_kit.errors import RenderError
from pks_kit.pdf.prefix.own_files import own_files
from pks_kit.render.pdf.conformance import check_claims
from pks_kit.render.pdf.drawn import DrawnPages, draw_pages
from pks_kit.render.pdf.layout import layout_pdf
from pks_kit.render.pdf.own_facts import own_facts
from pks_kit.render.pdf.request import Attachment, Bookmark, PdfLayout, PdfRequest
from pks_kit.render.pdf.second_look import wants_second_look
from pks_kit.render.pdf.write import write_pages

__all__ = [
    "Attachment",
    "Bookmark",
    "DrawnPages",
    "PdfLayout",
    "PdfRequest",
    "bare_pdf",
    "check_claims",
    "draw_pages",
    "finish_pdf",
    "layout_pdf",
]


def bare_pdf(layout: PdfLayout, request: PdfRequest, drawn: DrawnPages | None = None) -> bytes:
    """Return the finished pages without attachments.

    Args:
        layout: Result of ``layout_pdf``.
        request: As for ``finish_pdf``.
        drawn: As for ``finish_pdf``.

    Raises:
        RenderError: As ``draw_pages`` and ``write_pages``.
    """
    drawn = drawn or draw_pages(layout, request)
    return write_pages(layout, drawn, replace(request, attachments=())).file.content


def finish_pdf(
    layout: PdfLayout,
    request: PdfRequest,
    drawn: DrawnPages | None = None,
    *,
    thorough: bool = False,
) -> bytes:
    """Return the finished PDF/A-3u file.

    The same layout and request give the same bytes in every process.

    Args:
        layout: Result of ``layout_pdf``.
        request: What the caller decides: dates, title, page codes, attachments.
        drawn: Result of ``draw_pages`` when it is there already.
        thorough: Look at the result again in any case, not only when it may tell something new.

    Raises:
        RenderError: As ``draw_pages`` and ``write_pages``; or ``render.pdf.claim_broken`` when the
            result does not keep what it claims.
    """
    drawn = drawn or draw_pages(layout, request)
    written = write_pages(layout, drawn, request)
    content = written.file.content
    if wants_second_look(layout, drawn, request) or thorough:
        broken = check_claims(content)
        if broken:
            raise RenderError("render.pdf.claim_broken", claim=broken[0], count=len(broken))
    known = own_facts(layout, drawn, request, written.file, written.numbers)
    if known is not None:
        own_files.keep_issued(content, known)
    return content

"""The plain way: the whole agreement in one document, as a yardstick for rendering by part.

Slower and without furniture. A test lays out every sample both ways and compares page by page.
"""

from __future__ import annotations

from pks_kit.naskah.tree import Naskah
from pks_kit.render.html import document_html, part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.look import Look
from pks_kit.render.pdf.parts import RenderedPart, render_part


def render_in_one_pass(naskah: Naskah, *, css: str, look: Look) -> RenderedPart:
    """Return all pages of the agreement, laid out as one document.

    Raises:
        RenderError: As ``layout_pdf``.
    """
    html = document_html(source.body for source in part_sources(naskah, look))
    return render_part.__wrapped__(html, css + place_css(look), "seluruh naskah")

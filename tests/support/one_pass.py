"""The plain way: the whole agreement in one document, as a yardstick for rendering by part.

Slower and without furniture. A test lays out every sample both ways and compares page by page.
"""

from __future__ import annotations

from functools import partial

from pks_kit.naskah.tree import Naskah
from pks_kit.render.html import PartSource, document_html, part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.look import Look
from pks_kit.render.pdf.fitting import fitted
from pks_kit.render.pdf.laid import LaidPart
from pks_kit.render.pdf.plain import plain_part


def render_in_one_pass(naskah: Naskah, *, css: str, look: Look) -> LaidPart:
    """Return all pages of the agreement, laid out as one document.

    Raises:
        RenderError: As ``layout_pdf``.
    """
    whole_css = css + place_css(look)
    mains = []
    for source in part_sources(naskah, look):
        _, variant = fitted(partial(_laid, source, whole_css))
        mains.append(source.main(variant))
    return plain_part.__wrapped__(document_html(mains), whole_css, "seluruh naskah")


def _laid(source: PartSource, css: str, variant: str) -> LaidPart:
    return plain_part(source.html(variant), css, source.nama)

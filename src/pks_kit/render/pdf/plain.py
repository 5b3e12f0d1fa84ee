"""The plain road: WeasyPrint lays a part out, cuts its pages and says what is drawn on them.

This is the reference. The quick road (``flow``) must give the same bytes of every page, or step
aside for this one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from typing import Any

from pks_kit.collector import collector_paused
from pks_kit.render.page_geometry import POINTS, sheet_of
from pks_kit.render.pdf.boxes import filled_share, repeated_headers
from pks_kit.render.pdf.flow.marks import Drawn, MovedWords, draw_marks
from pks_kit.render.pdf.flow.recorder import glyph_texts, painted, plain_text
from pks_kit.render.pdf.flow.unknown import StepAside
from pks_kit.render.pdf.font_merge import fonts_of
from pks_kit.render.pdf.laid import Glyphs, LaidPage, LaidPart, packed
from pks_kit.render.pdf.parts import (
    anchors_of,
    full_css,
    layout_document,
    refuse_overflow,
    to_points,
)
from pks_kit.render.pdf.strict_log import silence_required

_CACHED_PARTS = 96
"""About eight agreements' worth of parts; one part costs some 100 kB."""

_OPAQUE = re.compile(rb"/[aA]1\.0 gs\n")
_FONT = re.compile(rb"(?<![A-Z])/([A-Z]{1,12}+) ([\d.]{1,20}+) Tf")


@lru_cache(maxsize=_CACHED_PARTS)
def plain_part(html: str, css: str, nama: str, written: bool = False) -> LaidPart:
    """Lay out a part.

    Args:
        html: Complete HTML document of the part.
        css: The template's style sheet.
        nama: Name of the part for messages.
        written: Keep the operators that the engine writes, for comparing with older issues.

    Raises:
        RenderError: ``render.pdf.engine_warning`` when the layout engine complains,
            ``render.pdf.overflow`` when something stands outside its box or page,
            ``render.pdf.foreign_font`` for a font that is not ours.
    """
    with silence_required(nama), collector_paused():
        document = layout_document(html, full_css(css))
        refuse_overflow(document, nama)
        contents, filled, glyphs, words = _drawn(document, written=written)
    pages = document.pages
    return LaidPart(
        sheets=tuple(
            LaidPage(
                size=_size(page),
                packed=packed(content),
                inflated=len(content),
                links=tuple(
                    (target, to_points(rect, page.height)) for _, target, rect, _ in page.links
                ),
                filled=share,
                words=said,
            )
            for page, content, share, said in zip(pages, contents, filled, words, strict=True)
        ),
        anchors=anchors_of(pages),
        repeated=tuple(
            (number, to_points(rect, pages[number - 1].height))
            for number, rect in repeated_headers([page._page_box for page in pages])
        ),
        glyphs=glyphs,
    )


def forget_parts() -> None:
    """Forget the parts that were laid out here: each holds the words of all its pages."""
    plain_part.cache_clear()


def _size(page: Any) -> tuple[float, float]:
    size = page.width * POINTS, page.height * POINTS
    sheet = sheet_of(*size)
    return size if sheet is None else sheet.size_pt


def _drawn(
    document: Any, *, written: bool
) -> tuple[list[bytes], list[float], Glyphs, list[tuple[MovedWords, ...] | None]]:
    """Return content and filled share of each page, the text behind their glyphs, and words."""
    fonts: dict[Any, Any] = {}
    pages = document.pages
    try:
        drawn = [] if written else list(painted(pages, fonts))
    except StepAside:
        written = True
    if written:
        contents, glyphs = _as_written(document.write_pdf())
        return contents, [filled_share(one._page_box) for one in pages], glyphs, [None] * len(pages)
    finished = [
        draw_marks([(one, 0.0) for one in marks], page.height)
        for page, marks in zip(pages, drawn, strict=True)
    ]
    filled = [_share(page._page_box, one) for page, one in zip(pages, finished, strict=True)]
    words: list[tuple[MovedWords, ...] | None] = [one.words for one in finished]
    return [one.content for one in finished], filled, glyph_texts(fonts), words


def _share(page_box: Any, drawn: Drawn) -> float:
    top = float(page_box.content_box_y())
    return max(0.0, drawn.lowest - top) / float(page_box.height)


def _as_written(pdf: bytes) -> tuple[list[bytes], Glyphs]:
    """Return the same from a PDF of the engine: the first printed page has dashes and circles.

    Raises:
        RenderError: ``render.pdf.foreign_font``.
    """
    import pikepdf

    glyphs: Glyphs = {}
    names: dict[bytes, bytes] = {}
    with pikepdf.open(BytesIO(pdf)) as source:
        for name, face, texts in fonts_of(source.pages[0].obj.Resources.Font):
            names[name[1:].encode("ascii")] = face.postscript_name.encode("ascii")
            known = glyphs.setdefault(face, {})
            known.update((glyph, plain_text(text)) for glyph, text in texts)
        contents = [page.obj.Contents.read_bytes() for page in source.pages]
    return [
        _FONT.sub(lambda match: b"/%s %s Tf" % (names[match[1]], match[2]), _OPAQUE.sub(b"", one))
        for one in contents
    ], glyphs

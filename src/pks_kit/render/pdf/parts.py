"""Lay out one part: HTML in, pages out, nothing else involved.

The same HTML and style sheet always give the same pages. Covers, summaries and letters are made of
one part; the parts of an agreement take the roads of ``roads``, and share the layout from here.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pks_kit.collector import collector_paused
from pks_kit.domain.rect import Rect
from pks_kit.errors import RenderError
from pks_kit.render.fonts import FACES, font_face_css
from pks_kit.render.html_labels import label_css
from pks_kit.render.page_geometry import POINTS, sheet_css
from pks_kit.render.pdf.base_css import BASE_CSS
from pks_kit.render.pdf.boxes import PxRect, filled_share, find_overflow
from pks_kit.render.pdf.strict_log import silence_required

_ENGINE_FAILURES = (
    AssertionError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""WeasyPrint has no exception of its own; these are what layout bugs look like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTarget:
    """Where an element with an id stands: page within the part (from 1) and rectangle."""

    page: int
    rect: Rect


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPart:
    """Finished pages of a part.

    Attributes:
        pdf: The pages, without furniture, links still with private addresses.
        pages: Number of pages.
        anchors: First place of every id.
        filled: Share of the height of each page down to its lowest words or lines.
    """

    pdf: bytes
    pages: int
    anchors: Mapping[str, LinkTarget]
    filled: tuple[float, ...]


class _Engine(threading.local):
    """Font configuration and parsed style sheets of one thread; costly to make, safe to keep."""

    def __init__(self) -> None:
        from weasyprint.text.fonts import FontConfiguration

        self.fonts = FontConfiguration()
        self._sheets: dict[str, Any] = {}

    def sheet(self, css: str) -> Any:
        """Return the parsed style sheet, with fonts registered."""
        from weasyprint import CSS

        if css not in self._sheets:
            if len(self._sheets) > 8:
                self._sheets.clear()
            self._sheets[css] = CSS(
                string=BASE_CSS + css, font_config=self.fonts, url_fetcher=_fetcher()
            )
        return self._sheets[css]


@lru_cache(maxsize=1)
def _engine() -> _Engine:
    from multiprocessing.util import Finalize

    Finalize(None, _give_back, exitpriority=0)
    return _Engine()


def _give_back() -> None:
    """Have WeasyPrint remove its copies of the fonts, as it does when a configuration is freed.

    At the very end of a program that fails, and a worker of a batch ends without one.
    """
    _engine().fonts.__del__()
    _engine.cache_clear()


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    """Return a fetcher that can read the packaged font files and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    allowed = {face.path.as_uri(): face.path for face in FACES}

    class FontFetcher(URLFetcher):  # type: ignore[misc]
        """Refuses every address that is not one of our fonts."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return the font file.

            Raises:
                ValueError: For any other address.
            """
            if url not in allowed:
                raise ValueError(f"address not allowed: {url}")
            return URLFetcherResponse(url, body=allowed[url].read_bytes())

    return FontFetcher(allowed_protocols={"file"})


@lru_cache(maxsize=1)
def _plain_html() -> Any:
    """Return WeasyPrint's HTML class without its style sheet for web pages (see ``base_css``)."""
    from weasyprint import HTML

    class PlainHTML(HTML):  # type: ignore[misc]
        """Not a documented hook: without it pages look the same and take longer."""

        def _ua_stylesheets(self, *_args: Any, **_options: Any) -> list[Any]:
            return []

    return PlainHTML


def full_css(css: str) -> str:
    """Return the style sheet with fonts, sheets and label columns added in front."""
    return font_face_css() + sheet_css() + label_css() + css


def layout_document(html: str, css: str) -> Any:
    """Return a WeasyPrint document; only ``css`` decides its look, nothing is fetched.

    Args:
        html: Complete HTML document.
        css: Complete style sheet (see ``full_css``).

    Raises:
        RenderError: ``render.pdf.engine_failed`` when the engine gives up, for example on a box
            that may not be split and is higher than a page.
    """
    engine = _engine()
    document = _plain_html()(string=html, url_fetcher=_fetcher(), base_url="pks:/")
    sheet = engine.sheet(css)
    try:
        return document.render(stylesheets=[sheet], font_config=engine.fonts)
    except _ENGINE_FAILURES as error:
        raise RenderError("render.pdf.engine_failed") from error


def render_part(html: str, css: str, nama: str) -> RenderedPart:
    """Lay out a part.

    Args:
        html: Complete HTML document of the part.
        css: The template's style sheet.
        nama: Name of the part for messages.

    Raises:
        RenderError: ``render.pdf.engine_warning`` when the layout engine complains,
            ``render.pdf.overflow`` when something stands outside its box or page.
    """
    with silence_required(nama), collector_paused():
        document = layout_document(html, full_css(css))
        refuse_overflow(document, nama)
        pdf = document.write_pdf()
    pages = document.pages
    return RenderedPart(
        pdf=pdf,
        pages=len(pages),
        anchors=anchors_of(pages),
        filled=tuple(filled_share(page._page_box) for page in pages),
    )


def refuse_overflow(document: Any, nama: str) -> None:
    """Measure every box of a document.

    Raises:
        RenderError: ``render.pdf.overflow`` naming page and clause.
    """
    for number, page in enumerate(document.pages, start=1):
        found = find_overflow(page._page_box, number)
        if found:
            raise RenderError(
                "render.pdf.overflow",
                part=nama,
                page=number,
                clause=found.alamat or nama,
                amount=f"{found.amount * 25.4 / 96:.1f}",
                words=found.words,
            )


def to_points(rect: PxRect, page_height: float) -> Rect:
    """Return a rectangle of the layout engine in points from the lower left corner."""
    left, top, right, bottom = rect
    return (
        round(left * POINTS, 3),
        round((page_height - bottom) * POINTS, 3),
        round(right * POINTS, 3),
        round((page_height - top) * POINTS, 3),
    )


def anchors_of(pages: list[Any]) -> Mapping[str, LinkTarget]:
    """Return the first place of every id on the pages of a document."""
    anchors: dict[str, LinkTarget] = {}
    for number, page in enumerate(pages, start=1):
        for name, rect in page.anchors.items():
            anchors.setdefault(name, LinkTarget(page=number, rect=to_points(rect, page.height)))
    return anchors

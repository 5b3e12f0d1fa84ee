"""Two roads to the pages of an agreement, which must end at the same bytes.

The plain road has WeasyPrint lay out every part (``plain``). The quick one (``flow``) has it lay
out only what was never seen before, and cuts the pages itself. Where the quick road meets anything
that it does not know, the plain one answers, and says what is wrong when something is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

from pks_kit.errors import RenderError
from pks_kit.render.elements import Leaf, leaves
from pks_kit.render.html import PartSource
from pks_kit.render.pdf.fitting import ORDINARY, fitted
from pks_kit.render.pdf.flow.book import Book
from pks_kit.render.pdf.flow.kept import Kept, kept_under, recall
from pks_kit.render.pdf.flow.learning import learn
from pks_kit.render.pdf.flow.pages import (
    MOST_PAGES,
    CutPart,
    FlowedPages,
    flowed_part,
    sheet_of_part,
)
from pks_kit.render.pdf.flow.unknown import StepAside
from pks_kit.render.pdf.laid import LaidPart
from pks_kit.render.pdf.plain import plain_part

Road = Literal["quick", "plain", "written"]
"""``written`` keeps the operators that the layout engine writes, as versions before 0.2 did."""


@lru_cache(maxsize=8)
def book_of(css: str) -> Book:
    """Return what is known under a style sheet, the same for everybody in this process."""
    return Book()


@lru_cache(maxsize=8)
def _pages_of(css: str) -> FlowedPages:
    return FlowedPages(MOST_PAGES)


def laid_parts(
    sources: Sequence[PartSource], css: str, *, road: Road, compiled: Path | None = None
) -> list[LaidPart]:
    """Lay out the parts of an agreement.

    Args:
        sources: The parts in order.
        css: The template's style sheet.
        road: Which one to take first.
        compiled: Folder with what :mod:`.flow.compiling` kept; None reads nothing.

    Raises:
        RenderError: As :func:`pks_kit.render.pdf.plain.plain_part`.
    """
    if road != "quick" or "@page" in css:  # other paper than ours
        return [_fitted(partial(_plain, source, css, road)) for source in sources]
    book = book_of(css)
    kept = None if compiled is None else kept_under(css, compiled)
    ordinary = [tuple(leaves(source.main())) for source in sources]
    # All unknown leaves of the agreement at once: the engine's own start costs more than they.
    _try_to_learn(book, kept, ordinary, css, sources[0].nama)
    parts = [
        _fitted(partial(_quick, source, css, book, kept, known))
        for source, known in zip(sources, ordinary, strict=True)
    ]
    book.forget()
    return parts


def _fitted(laid: Callable[[str], LaidPart | CutPart]) -> LaidPart:
    part, _ = fitted(laid)
    return part.laid if isinstance(part, CutPart) else part


def _plain(source: PartSource, css: str, road: Road, variant: str) -> LaidPart:
    return plain_part(source.html(variant), css, source.nama, road == "written")


def _quick(
    source: PartSource,
    css: str,
    book: Book,
    kept: Kept | None,
    ordinary: Sequence[Leaf],
    variant: str,
) -> LaidPart | CutPart:
    own = ordinary
    if variant != ORDINARY:
        own = tuple(leaves(source.main(variant)))
        _try_to_learn(book, kept, (own,), css, source.nama)
    known = book.known_part(own)
    sheet = sheet_of_part(source.sections)
    part = None if known is None else flowed_part(known, book.glyphs, sheet, _pages_of(css))
    return part or _plain(source, css, "plain", variant)


def _try_to_learn(
    book: Book, kept: Kept | None, parts: Sequence[Sequence[Leaf]], css: str, nama: str
) -> None:
    if kept is not None:
        recall(book, kept, parts)
    try:
        learn(book, parts, css, nama)
    except (RenderError, StepAside):
        return  # the plain road meets the same thing, and knows its page and clause

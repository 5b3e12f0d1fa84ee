"""One pass over all pages with PDFium: words, what they conceal, what they look like as sheets.

Loading a page and its text is most of what any of these looks costs, so all of them are done while
it is loaded. Each stands for itself: what breaks one says nothing about the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.verification.file.hidden_content import Concealed, look_for_concealed
from pks_kit.verification.file.page_images import Sheets
from pks_kit.verification.file.page_text import words_of

if TYPE_CHECKING:
    from pikepdf import Pdf

    from pks_kit.verification.report.details import PageScan


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPages:
    """What was seen on the pages; each a failure when it could not be looked at on one of them.

    Attributes:
        texts: The text of every page.
        concealed: Pages by what they conceal.
        sheets: What was measured of every page; empty when not asked for.
    """

    texts: tuple[str, ...] | ParserFailure
    concealed: Concealed | ParserFailure
    sheets: tuple[PageScan, ...] | ParserFailure


class _Look:
    """One look at page after page, until it fails."""

    def __init__(self, look: Callable[..., None]) -> None:
        self._look = look
        self.failure: ParserFailure | None = None

    def at(self, *what: Any) -> None:
        """Look at one page; a page that could not be loaded arrives as a failure."""
        if self.failure is not None:
            return
        broken = next((one for one in what if isinstance(one, ParserFailure)), None)
        done = broken or guarded(lambda: self._look(*what))
        if isinstance(done, ParserFailure):
            self.failure = done


def look_through(content: bytes, pdf: Pdf, pixels: int, *, sheets: bool) -> SeenPages:
    """Look at all pages once.

    Args:
        content: The file.
        pdf: The same file as qpdf sees it.
        pixels: Most pixels of pictures to open.
        sheets: Whether pages are measured as sheets too.
    """
    texts: list[str] = []
    concealed, measured = Concealed(), Sheets(pixels)
    reading = _Look(lambda words: texts.append(words_of(words)))
    searching = _Look(
        lambda number, page, words, described: look_for_concealed(
            number, page, words, described, concealed
        )
    )
    measuring = _Look(measured.look)
    looks = (reading, searching, measuring) if sheets else (reading, searching)
    passed_through = guarded(lambda: _pass(content, pdf, *looks))
    if isinstance(passed_through, ParserFailure):
        for one in looks:
            one.at(passed_through)
    return SeenPages(
        texts=reading.failure or tuple(texts),
        concealed=searching.failure or concealed,
        sheets=measuring.failure or tuple(measured.measured),
    )


def _pass(
    content: bytes, pdf: Pdf, reading: _Look, searching: _Look, measuring: _Look | None = None
) -> None:
    import pypdfium2

    described = guarded(lambda: list(pdf.pages))
    document: Any = pypdfium2.PdfDocument(content)
    try:
        for number in range(1, len(document) + 1):
            page = guarded(lambda number=number: document[number - 1])  # type: ignore[misc]
            if isinstance(page, ParserFailure):
                raise ValueError(page.text)
            words = guarded(page.get_textpage)
            reading.at(words)
            searching.at(number, page, words, _nth(described, number))
            if measuring is not None:
                measuring.at(number, page)
            if not isinstance(words, ParserFailure):
                words.close()
            page.close()
    finally:
        document.close()


def _nth(described: list[Any] | ParserFailure, number: int) -> Any:
    if isinstance(described, ParserFailure):
        return described
    return guarded(lambda: described[number - 1])

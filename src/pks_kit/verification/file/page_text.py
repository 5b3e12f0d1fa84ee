"""Judge the words of the pages: both PKS numbers, number of pages, no draft mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pks_kit.domain.page_words import squeezed
from pks_kit.pdf.parsing import ParserFailure
from pks_kit.verification.report.answers import failed, indeterminate, passed
from pks_kit.verification.report.verdict import Check, Note

if TYPE_CHECKING:
    from pks_kit.domain.receipt import Receipt

_DRAFT = re.compile(
    r"^[^\S\n]*+(D\s*+R\s*+A\s*+F(?:\s*+T)?|K\s*+O\s*+N\s*+S\s*+E\s*+P|RANCANGAN)[^\S\n]*+$",
    re.MULTILINE,
)
_MOST_LETTERS = 200_000


def check_words(
    texts: Sequence[str] | ParserFailure, receipt: Receipt | None
) -> tuple[list[Check], list[Note]]:
    """Look for what the receipt says must be printed.

    Args:
        texts: The text of every page, as far as it could be read.
        receipt: Receipt of the agreement; without one only the draft mark is looked for.
    """
    if isinstance(texts, ParserFailure):
        if receipt is None:
            return [], []
        return [indeterminate("content.numbers", "unreadable", "visual")], []
    notes = [
        Note(code="draft_mark", params={"page": number})
        for number, text in enumerate(texts, start=1)
        if _DRAFT.search(text)
    ][:3]
    return [] if receipt is None else [_numbers(texts, receipt)], notes


def words_of(text_page: Any) -> str:
    """Return the text of a page as a viewer would show it (newest state, with fields).

    Args:
        text_page: PDFium's text page.

    Raises:
        Exception: Whatever a malformed page provokes.
    """
    count = min(text_page.count_chars(), _MOST_LETTERS)
    return str(text_page.get_text_range(0, count)) if count else ""


def check_page_count(pages: int, receipt: Receipt) -> Check:
    """Has the file as many pages as were issued?"""
    if pages == receipt.pages:
        return passed("content.pages", "same", pages=pages)
    return failed("content.pages", "differ", pages=pages, expected=receipt.pages)


def _numbers(texts: Sequence[str], receipt: Receipt) -> Check:
    """Both numbers must be printed; the furniture repeats them on every page."""
    wanted = {receipt.nomor_kesatu, receipt.nomor_kedua}
    joined = [_squeezed(text) for text in texts]
    absent = sorted(
        number for number in wanted if not any(_squeezed(number) in text for text in joined)
    )
    if absent:
        return failed("content.numbers", "absent", "visual", numbers=", ".join(absent))
    without = [
        page
        for page, text in enumerate(joined, start=1)
        if any(_squeezed(number) not in text for number in wanted)
    ]
    if without:
        pages = ", ".join(str(page) for page in without[:20])
        return indeterminate("content.numbers", "some_pages", "visual", pages=pages)
    return passed("content.numbers", "printed", "visual")


def _squeezed(text: str) -> str:
    return squeezed(text).casefold()

"""What finished pages hold, for the receipt: words of every page, places of critical values.

Here the pages are read as anybody reads them later, with PDFium. That is done where the layout
engine wrote the pages itself; others are told by their own marks
(:mod:`pks_kit.render.pdf.laid_facts`), which must come to the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pks_kit.domain.page_words import words_sha256
from pks_kit.domain.receipt import CriticalValue
from pks_kit.domain.rect import Rect, hull, rounded
from pks_kit.pdf import pdfium
from pks_kit.render.pdf.value_search import Values, Wanted, apart, words_of, written_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFacts:
    """Facts about finished pages.

    Attributes:
        critical: Values in the order of the pages.
        words_sha256: Hash of the words of each page.
    """

    critical: tuple[CriticalValue, ...]
    words_sha256: tuple[str, ...]


def printed_facts(pdf: bytes, wanted: Sequence[Wanted]) -> PrintedFacts:
    """Read finished pages.

    Args:
        pdf: The pages as they will be issued; attachments may still be missing.
        wanted: Values to look for, longest meaning first: where two cover the same letters, the
            longer one counts, of equal ones the first.
    """
    values = Values(wanted)
    critical: list[CriticalValue] = []
    hashes: list[str] = []
    with pdfium.opened(pdf) as document:
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            words = page.get_textpage()
            text = words.get_text_range()
            hashes.append(words_sha256(text))
            critical.extend(_on_page(number, words, text, values))
            words.close()
            page.close()
    return PrintedFacts(critical=tuple(critical), words_sha256=tuple(hashes))


def _on_page(number: int, words: Any, text: str, values: Values) -> Iterator[CriticalValue]:
    plain, index = _one_line(text)
    for start, end, path in apart([*values.spans(plain, words_of(plain)), *written_spans(plain)]):
        yield from _pieces(number, words, text, index[start], index[end - 1] + 1, path)


def _one_line(text: str) -> tuple[str, list[int]]:
    """Return the text with every run of white space as one space, and where each letter stood."""
    kept: list[str] = []
    index: list[int] = []
    for place, character in enumerate(text):
        if not character.isspace():
            kept.append(character)
        elif kept and kept[-1] != " ":
            kept.append(" ")
        else:
            continue
        index.append(place)
    return "".join(kept), index


def _pieces(
    number: int, words: Any, text: str, start: int, end: int, path: str
) -> Iterator[CriticalValue]:
    """Yield the part of a value on each of its lines."""
    for found in re.finditer(r"[^\r\n]+", text[start:end]):
        said = found[0].strip()
        if not said:
            continue
        first = start + found.start() + found[0].index(said)
        rect = _rect(words, first, len(said))
        if rect is not None:
            yield CriticalValue(path=path, text=said, page=number, rect=rect)


def _rect(words: Any, first: int, count: int) -> Rect | None:
    """Return the rectangle round some letters."""
    rects = [words.get_rect(place) for place in range(words.count_rects(first, count))]
    if not rects:
        return None
    return rounded(hull(rects), 2)

"""What the finished pages hold, for the receipt: words of every page, places of critical values.

The pages are read as anybody reads them later, with PDFium, not as the layout meant them.
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

Wanted = tuple[str, str]
"""Path and printed text of a value."""

_MONTHS = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
_PATTERNS = (
    ("cetak.rupiah", re.compile(r"Rp ?[0-9]{1,3}(?:\.[0-9]{3})*(?:,[0-9]{1,2})?(?![0-9])")),
    ("cetak.tanggal", re.compile(rf"(?<![0-9])[0-9]{{1,2}} (?:{_MONTHS}) [0-9]{{4}}(?![0-9])")),
    ("cetak.persen", re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{1,4})? ?(?:%|persen\b)")),
    ("cetak.jumlah", re.compile(r"(?<![0-9.,])[0-9]{1,6} \([a-z ]{2,80}\)")),
)
"""Amounts, dates, percentages and counted terms that stand in the words of the template."""

_SPACE = re.compile(r"\s+")


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
    search = _search(wanted)
    critical: list[CriticalValue] = []
    hashes: list[str] = []
    with pdfium.opened(pdf) as document:
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            words = page.get_textpage()
            text = words.get_text_range()
            hashes.append(words_sha256(text))
            critical.extend(_on_page(number, words, text, search))
            words.close()
            page.close()
    return PrintedFacts(critical=tuple(critical), words_sha256=tuple(hashes))


@dataclass(frozen=True, slots=True)
class _Search:
    paths: dict[str, str]
    pattern: re.Pattern[str] | None


def _search(wanted: Sequence[Wanted]) -> _Search:
    paths: dict[str, str] = {}
    for path, text in wanted:
        plain = _SPACE.sub(" ", text).strip()
        if plain:
            paths.setdefault(plain, path)
    longest_first = sorted(paths, key=lambda text: (-len(text), text))
    pattern = "|".join(re.escape(text) for text in longest_first)
    return _Search(paths, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") if pattern else None)


def _on_page(number: int, words: Any, text: str, search: _Search) -> Iterator[CriticalValue]:
    plain, index = _one_line(text)
    spans: list[tuple[int, int, str]] = []
    if search.pattern is not None:
        spans += [
            (found.start(), found.end(), search.paths[found[0]])
            for found in search.pattern.finditer(plain)
        ]
    for path, pattern in _PATTERNS:
        spans += [(found.start(), found.end(), path) for found in pattern.finditer(plain)]
    spans.sort(key=lambda span: (span[0], -span[1]))
    done = 0
    for start, end, path in spans:
        if start < done:
            continue  # inside a longer value that was told already
        done = end
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

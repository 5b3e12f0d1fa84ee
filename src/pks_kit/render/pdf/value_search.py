"""Where critical values stand in the words of a page: those of the data, and those of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from sys import intern
from typing import NamedTuple

Wanted = tuple[str, str]
"""Path and printed text of a value."""

_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September"),
    *("Oktober", "November", "Desember"),
)
_PATTERNS = (
    (
        "cetak.rupiah",
        re.compile(r"Rp ?[0-9]{1,3}(?:\.[0-9]{3})*(?:,[0-9]{1,2})?(?![0-9])"),
        ("Rp",),
    ),
    (
        "cetak.tanggal",
        re.compile(rf"(?<![0-9])[0-9]{{1,2}} (?:{'|'.join(_MONTHS)}) [0-9]{{4}}(?![0-9])"),
        _MONTHS,
    ),
    (
        "cetak.persen",
        re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{1,4})? ?(?:%|persen\b)"),
        ("%", "persen"),
    ),
    ("cetak.jumlah", re.compile(r"(?<![0-9.,])[0-9]{1,6} \([a-z ]{2,80}\)"), (" (",)),
)
"""Amounts, dates, percentages and counted terms that stand in the words of the template, each with
what no such place is without."""

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


class Span(NamedTuple):
    """A place in the words of a page."""

    start: int
    end: int
    path: str


def words_of(plain: str) -> tuple[str, ...]:
    """Return every word of a text once: letters and digits without anything between them."""
    return tuple(dict.fromkeys(map(intern, _WORD.findall(plain))))


def written_spans(plain: str) -> tuple[Span, ...]:
    """Return what looks like an amount, a date, a percentage or a counted term."""
    return tuple(
        Span(found.start(), found.end(), path)
        for path, pattern, needles in _PATTERNS
        if any(one in plain for one in needles)
        for found in pattern.finditer(plain)
    )


class Values:
    """Values to look for; each is found by its words."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        paths: dict[str, str] = {}
        for path, text in wanted:
            plain = _SPACE.sub(" ", text).strip()
            if plain:
                paths.setdefault(plain, path)
        self._by_word: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
        self._words: set[str] = set()
        self._others: list[Wanted] = []
        for plain, path in paths.items():
            first = _WORD.match(plain)
            if first is None:
                self._others.append((path, plain))
            else:
                own = frozenset(words_of(plain))
                self._words |= own
                self._by_word.setdefault(first[0], []).append((path, plain, own))

    def spans(self, plain: str, words: Iterable[str]) -> Iterator[Span]:
        """Yield where values stand as whole words, none inside another.

        Where two begin at one place the longer one counts, of equal ones the first.

        Args:
            plain: Words of a page with single spaces.
            words: Result of :func:`words_of` for them.
        """
        there = self._words.intersection(words)
        wanted = [
            (path, text)
            for word in self._by_word.keys() & there
            for path, text, own in self._by_word[word]
            if own <= there
        ]
        found = [
            span for path, text in (*wanted, *self._others) for span in _places(plain, path, text)
        ]
        yield from apart(found)


def apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans in their order without those that begin inside one that was told already."""
    done = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.start >= done:
            done = span.end
            yield span


def _places(plain: str, path: str, text: str) -> Iterator[Span]:
    start = plain.find(text)
    while start >= 0:
        end = start + len(text)
        before, after = plain[start - 1 : start] if start else "", plain[end : end + 1]
        if not (_is_word(before) or _is_word(after)):
            yield Span(start, end, path)
        start = plain.find(text, start + 1)


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"

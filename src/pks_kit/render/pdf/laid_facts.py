"""What finished pages hold, for the receipt, told by what was drawn on them.

``tests/unit/render/pdf/test_laid_facts.py`` compares with what PDFium reads from the finished
files: the same words of every page, and the same values, their boxes within a twentieth of a point.
One thing is better than there: PDFium loses a hyphen at the end of a line, so that a number broken
after it was not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pks_kit.domain.page_words import hash_of_words, plain_words
from pks_kit.domain.receipt import CriticalValue
from pks_kit.domain.rect import Rect
from pks_kit.errors import RenderError
from pks_kit.met import Lately, Met
from pks_kit.render.fonts import FACES, Face
from pks_kit.render.page_geometry import POINTS
from pks_kit.render.pdf.canvas import TextLine, text_width
from pks_kit.render.pdf.drawn import DrawnPages
from pks_kit.render.pdf.flow.marks import MovedWords
from pks_kit.render.pdf.laid import LaidPage
from pks_kit.render.pdf.laid_words import (
    FaceTexts,
    PageText,
    Piece,
    Shaped,
    SilentGlyph,
    UnusualText,
)
from pks_kit.render.pdf.printed_facts import PrintedFacts
from pks_kit.render.pdf.value_search import (
    Span,
    Values,
    Wanted,
    apart,
    words_of,
    written_spans,
)

_DRAFT = re.compile(r"D\s*+R\s*+A\s*+F|K\s*+O\s*+N\s*+S\s*+E\s*+P|RANCANGAN")
"""Where words of a page may be the mark of a draft; whether they are, the page itself says."""

_ABOVE, _BELOW, _ASIDE = 1.0, 0.4, 0.3
"""How far the ink of letters may reach from their baseline and their ends, in type sizes."""

_MOST_PAGES = 512
_MOST_TEXTS = 2**12
"""About an agreement's worth of lines."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of a page or its furniture whatever the data are."""

    text: PageText
    hashed: str
    words: tuple[str, ...]
    written: tuple[Span, ...]
    says_draft: bool


class _Reader:
    """Reads pages, and remembers pages and lines: about half of them are in every agreement."""

    def __init__(self) -> None:
        self._texts = {face.postscript_name: FaceTexts(face.postscript_name) for face in FACES}
        self._pages: Lately[bytes, _Told] = Lately(_MOST_PAGES)
        self._met = Met()
        self._shaped = lru_cache(maxsize=_MOST_TEXTS)(self._shaped_anew)

    def agrees(self, texts: Mapping[Face, Mapping[int, str]]) -> bool:
        """Take over the text behind glyphs; return whether none has another one than before."""
        return all(
            self._texts[face.postscript_name].agrees(glyphs) for face, glyphs in texts.items()
        )

    def _shaped_anew(self, face: str, glyphs: str) -> Shaped:
        return self._texts[face].shaped(glyphs)

    def page(self, laid: LaidPage, words: Iterable[MovedWords]) -> _Told:
        """Return what a page tells without its furniture."""
        found = self._pages.get(laid.packed)
        if found is None:
            found = _told(self._pieces(laid, words))
            if self._met.again(hash(laid.packed)):
                self._pages.keep(laid.packed, found)
        return found

    def furniture(self, lines: Iterable[TextLine]) -> _Told:
        """Return what lines of the furniture tell."""
        return _told(
            [
                (one.x, one.y, one.size, self._shaped(one.face.postscript_name, one.glyphs))
                for one in lines
            ]
        )

    def _pieces(self, laid: LaidPage, words: Iterable[MovedWords]) -> list[Piece]:
        height = laid.size[1]
        shaped_as = self._shaped
        found: list[Piece] = []
        said, points = "", 0.0
        for (x, y, face, size, _, glyphs), down in words:
            shaped = shaped_as(face, glyphs)
            if shaped.text:
                if size != said:
                    said, points = size, float(size) * POINTS
                found.append((x * POINTS, height - (y + down) * POINTS, points, shaped))
        return found


_Found = tuple[str, str, Rect]
"""Path of a value, what is printed of it on one line, and where."""


@lru_cache(maxsize=1)
def _reader() -> _Reader:
    return _Reader()


def _told(pieces: Iterable[Piece]) -> _Told:
    text = PageText(pieces)
    plain = text.plain
    draft = _DRAFT.search(plain) is not None
    return _Told(text, plain_words(plain), words_of(plain), written_spans(plain), draft)


def laid_facts(drawn: DrawnPages, wanted: Sequence[Wanted]) -> PrintedFacts | None:
    """Return what pages hold, or None when only a reader of the file can tell.

    Args:
        drawn: The pages with their furniture.
        wanted: As for :func:`pks_kit.render.pdf.printed_facts.printed_facts`.

    Raises:
        RenderError: ``render.pdf.claim_broken`` for a glyph without text.
    """
    texts = drawn.faces.texts()
    reader = _reader()
    if not reader.agrees(texts):
        _reader.cache_clear()
        reader = _reader()
        reader.agrees(texts)
    try:
        return _facts(reader, drawn, Values(wanted))
    except UnusualText:
        return None
    except SilentGlyph as error:
        raise RenderError(
            "render.pdf.claim_broken", claim="a glyph without text", count=1
        ) from error


def says_draft(drawn: DrawnPages) -> bool:
    """Return whether any page may bear the mark of a draft; True where nobody can tell."""
    try:
        return any(
            told is None or told.says_draft
            for told in (_page(drawn, number) for number in range(1, len(drawn.pages) + 1))
        )
    except (UnusualText, SilentGlyph):
        return True


def ink_of(drawn: DrawnPages, number: int) -> list[Rect] | None:
    """Return areas within which all letters of a page lie; None where nobody can tell.

    Args:
        drawn: The pages.
        number: Page from 1.
    """
    page = drawn.pages[number - 1]
    try:
        told = _page(drawn, number)
    except (UnusualText, SilentGlyph):
        return None
    if told is None:
        return None
    pieces = told.text.pieces
    ink = [_around(x, y, size, shaped.advance) for x, y, size, shaped in pieces]
    for lines in page.furniture.lines:
        for one in lines:
            wide = text_width(one.text, one.face, one.size)
            ink.append(_around(one.x, one.y, one.size, wide * 1000 / one.size))
    return ink


def _page(drawn: DrawnPages, number: int) -> _Told | None:
    """Return what a page tells, read once for each draft; None where only the engine knows."""
    told: _Told | None = drawn.told.get(number)
    laid = drawn.pages[number - 1].laid
    if told is None and laid.words is not None:
        told = drawn.told[number] = _reader().page(laid, laid.words)
    return told


def _around(x: float, y: float, size: float, advance: float) -> Rect:
    aside, right = _ASIDE * size, x + advance * size / 1000
    return x - aside, y - _BELOW * size, right + aside, y + _ABOVE * size


def _facts(reader: _Reader, drawn: DrawnPages, values: Values) -> PrintedFacts | None:
    critical: list[CriticalValue] = []
    hashes: list[str] = []
    same: dict[int, tuple[str, Sequence[_Found]]] = {}  # by place in memory, which drawn holds
    for number, page in enumerate(drawn.pages, start=1):
        told = _page(drawn, number)
        if told is None:
            return None
        hashed = [told.hashed]
        found = list(_found(told, values))
        for lines in page.furniture.lines:
            if id(lines) not in same:
                told = reader.furniture(lines)
                same[id(lines)] = told.hashed, tuple(_found(told, values))
            words, values_there = same[id(lines)]
            hashed.append(words)
            found += values_there
        hashes.append(hash_of_words("".join(hashed)))
        critical += [
            CriticalValue(path=path, text=said, page=number, rect=rect)
            for path, said, rect in found
        ]
    return PrintedFacts(critical=tuple(critical), words_sha256=tuple(hashes))


def _found(told: _Told, values: Values) -> Iterator[_Found]:
    text = told.text
    for start, end, path in apart([*values.spans(text.plain, told.words), *told.written]):
        for said, rect in text.on_lines(start, end):
            yield path, said, rect

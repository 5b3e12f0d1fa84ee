"""The running text of a part, paragraph by paragraph, for rules about words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pks_kit.naskah.parsed import (
    Inlines,
    ParsedBlock,
    ParsedForm,
    ParsedHeading,
    ParsedList,
    ParsedParagraph,
    ParsedPart,
    ParsedReference,
    ParsedTable,
)
from pks_kit.naskah.tree import GantiBaris

REFERENCE = "\ue0ff"
"""Stands for a reference, so that its words are not taken for words written by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph, heading, cell or form line.

    Attributes:
        text: Words; references and expressions are single private-use characters.
        line: Line where it begins.
        kind: ``prose`` is the running text.
        cites_law: Marked ``.kutipan-hukum``, itself or above it.
    """

    text: str
    line: int
    kind: Literal["prose", "heading", "cell", "form"]
    cites_law: bool


def words_of(isi: Inlines) -> str:
    """Return inline content as one string."""
    return "".join(
        REFERENCE
        if isinstance(part, ParsedReference)
        else " "
        if isinstance(part, GantiBaris)
        else part.teks
        for part in isi
    )


def passages(parsed: ParsedPart) -> Iterator[Passage]:
    """Yield every passage of a part in reading order."""
    yield from _of_blocks(parsed.isi, cites_law=False)


def _of_blocks(blocks: tuple[ParsedBlock, ...], *, cites_law: bool) -> Iterator[Passage]:
    for block in blocks:
        match block:
            case ParsedParagraph():
                marked = cites_law or block.kutipan_hukum
                yield Passage(
                    text=words_of(block.isi), line=block.line, kind="prose", cites_law=marked
                )
            case ParsedHeading():
                yield Passage(
                    text=words_of(block.isi), line=block.line, kind="heading", cites_law=cites_law
                )
            case ParsedList():
                for item in block.butir:
                    yield from _of_blocks(item.isi, cites_law=cites_law or item.kutipan_hukum)
            case ParsedTable():
                for row in (block.kepala, *block.baris):
                    for cell in row:
                        yield Passage(
                            text=words_of(cell.isi),
                            line=cell.line,
                            kind="cell",
                            cites_law=cites_law,
                        )
            case ParsedForm():
                for pair in block.baris:
                    for words in pair:
                        yield Passage(
                            text=words_of(words), line=block.line, kind="form", cites_law=cites_law
                        )

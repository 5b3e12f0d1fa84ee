"""A part after reading its Markdown and before numbering: what the author wrote, with lines.

Nodes compare by identity, so that numbering can keep a place for each of them in a dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pks_kit.naskah.catalogue import PartFile
from pks_kit.naskah.front_matter import FrontMatter
from pks_kit.naskah.tree import BlokTandaTangan, GantiBaris, Perataan, Teks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedReference:
    """A reference that is not resolved yet.

    Attributes:
        jenis: ``pasal``, ``lampiran`` or empty for the same file.
        subjek: Subject of the other part; empty for the same file.
        label: Label inside the part; empty for the whole part.
        teks: Words between the brackets; empty: the words are computed.
        line: Line of the template file.
    """

    jenis: Literal["pasal", "lampiran", ""]
    subjek: str
    label: str
    teks: str
    tebal: bool
    miring: bool
    line: int


ParsedInline = Teks | GantiBaris | ParsedReference
Inlines = tuple[ParsedInline, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedParagraph:
    """A paragraph; ``kutipan_hukum`` tells lint that the numbers in it cite a law."""

    isi: Inlines
    gaya: str
    label: str | None
    sumber: str
    kutipan_hukum: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedItem:
    """One list item; its own label and provenance stand at its start."""

    isi: tuple[ParsedBlock, ...]
    label: str | None
    sumber: str
    kutipan_hukum: bool
    line: int


Override = Literal["ayat", "huruf", "angka"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedList:
    """A list; ``override`` is the level that a line above it asks for."""

    numbered: bool
    override: Override | None
    butir: tuple[ParsedItem, ...]
    line: int


HeadingNumber = Literal["bawaan", "romawi", "huruf-kapital", "tanpa-nomor"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedHeading:
    """A heading; ``tingkat`` is 1 for ``##`` and 2 for ``###``."""

    tingkat: int
    isi: Inlines
    nomor: HeadingNumber
    halaman_baru: bool
    label: str | None
    sumber: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedCell:
    """A table cell."""

    isi: Inlines
    perataan: Perataan
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedTable:
    """A table with what the line above it says."""

    kepala: tuple[ParsedCell, ...]
    baris: tuple[tuple[ParsedCell, ...], ...]
    lebar: tuple[int, ...]
    gaya: str
    keterangan: str
    label: str | None
    sumber: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedForm:
    """Lines ``label : value``."""

    baris: tuple[tuple[Inlines, Inlines], ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedSignatures:
    """A block of signature places."""

    blok: BlokTandaTangan
    line: int


ParsedBlock = (
    ParsedParagraph | ParsedList | ParsedHeading | ParsedTable | ParsedForm | ParsedSignatures
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedPart:
    """One part of the agreement, not yet numbered."""

    part: PartFile
    head: FrontMatter
    isi: tuple[ParsedBlock, ...]


def walk_parsed(blocks: tuple[ParsedBlock, ...]) -> Iterator[ParsedBlock | ParsedItem]:
    """Yield every block and list item in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, ParsedList):
            for item in block.butir:
                yield item
                yield from walk_parsed(item.isi)

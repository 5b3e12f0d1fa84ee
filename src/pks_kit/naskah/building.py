"""Numbered parts and resolved references -> the frozen `tree`."""

from __future__ import annotations

from typing import cast

from pks_kit.naskah.numbering import ClausePlace, NumberedPart
from pks_kit.naskah.parsed import (
    Inlines,
    ParsedBlock,
    ParsedCell,
    ParsedForm,
    ParsedHeading,
    ParsedItem,
    ParsedList,
    ParsedParagraph,
    ParsedReference,
    ParsedSignatures,
    ParsedTable,
)
from pks_kit.naskah.references import ReferenceIndex
from pks_kit.naskah.tree import (
    Bagian,
    Block,
    Butir,
    Daftar,
    Formulir,
    Inline,
    IsianBaris,
    Paragraf,
    Sel,
    Subjudul,
    Tabel,
    Teks,
    walk_blocks,
)

ROW = frozenset({",", "dan", "atau", "dan/atau", ", dan", ", atau", ", dan/atau", "sampai dengan"})
"""Words between the references of one row."""


def build_part(part: NumberedPart, references: ReferenceIndex) -> Bagian:
    """Return the finished part.

    Args:
        part: Part with the places of its clauses.
        references: All labels of the document.

    Raises:
        TemplateError: for a reference that cannot be resolved, with file and line.
    """
    head, file = part.parsed.head, part.parsed.part
    blocks = _Builder(part, references).build()
    wide = any(isinstance(block, Tabel) for block in walk_blocks(blocks))
    by_content = head.orientasi == "menurut_isi"
    landscape = wide if by_content else head.orientasi == "mendatar"
    return Bagian(
        jenis=file.jenis,
        subjek=file.subjek,
        alamat=cast(str, part.place.alamat),
        label=part.place.label,
        # Opening and closing print no title; theirs only serves lists of files.
        judul=head.judul if file.jenis in ("pasal", "lampiran") else "",
        isi=blocks,
        orientasi="mendatar" if landscape else "tegak",
        lembar_bersama=by_content and not wide,
        sumber=head.sumber,
        berkas=file.file,
    )


class _Builder:
    def __init__(self, part: NumberedPart, references: ReferenceIndex) -> None:
        self._part = part
        self._references = references

    def build(self) -> tuple[Block, ...]:
        """Build top-level blocks; a heading is the origin and provenance of what follows it."""
        blocks: list[Block] = []
        origin = self._part.place
        chapter = section = self._part.parsed.head.sumber
        for block in self._part.parsed.isi:
            if isinstance(block, ParsedHeading):
                origin = self._part.places[block]
                if block.tingkat == 1:
                    chapter = block.sumber or self._part.parsed.head.sumber
                section = block.sumber or chapter
            blocks.append(self._block(block, origin, section, 1))
        return tuple(blocks)

    def _block(self, block: ParsedBlock, origin: ClausePlace, sumber: str, depth: int) -> Block:
        match block:
            case ParsedParagraph():
                place = self._part.places.get(block)
                return Paragraf(
                    isi=self._words(block.isi, origin),
                    gaya=block.gaya,
                    alamat=place.alamat if place else None,
                )
            case ParsedList():
                return self._list(block, sumber, depth)
            case ParsedHeading():
                place = self._part.places[block]
                return Subjudul(
                    tingkat=block.tingkat,
                    label=place.label if block.nomor != "tanpa-nomor" else "",
                    isi=self._words(block.isi, place),
                    alamat=place.alamat,
                    halaman_baru=block.halaman_baru,
                )
            case ParsedTable():
                return self._table(block, origin)
            case ParsedForm():
                rows = (
                    IsianBaris(label=self._words(label, origin), isi=self._words(isi, origin))
                    for label, isi in block.baris
                )
                return Formulir(baris=tuple(rows))
            case ParsedSignatures():
                return block.blok

    def _list(self, block: ParsedList, sumber: str, depth: int) -> Daftar:
        return Daftar(
            jenis=self._part.levels[block] if block.numbered else "strip",
            tingkat=depth,
            butir=tuple(self._item(item, sumber, depth) for item in block.butir),
        )

    def _item(self, item: ParsedItem, sumber: str, depth: int) -> Butir:
        place = self._part.places[item]
        own = item.sumber or sumber
        return Butir(
            label=place.label,
            alamat=place.alamat,
            isi=tuple(self._block(block, place, own, depth + 1) for block in item.isi),
            sumber=own,
        )

    def _table(self, block: ParsedTable, origin: ClausePlace) -> Tabel:
        place = self._part.places.get(block)
        return Tabel(
            kepala=self._cells(block.kepala, origin),
            baris=tuple(self._cells(row, origin) for row in block.baris),
            lebar=block.lebar,
            gaya=block.gaya,
            keterangan=block.keterangan,
            alamat=place.alamat if place else None,
        )

    def _cells(self, cells: tuple[ParsedCell, ...], origin: ClausePlace) -> tuple[Sel, ...]:
        return tuple(
            Sel(isi=self._words(cell.isi, origin), perataan=cell.perataan) for cell in cells
        )

    def _words(self, isi: Inlines, origin: ClausePlace) -> tuple[Inline, ...]:
        words: list[Inline] = []
        before: ParsedReference | None = None
        for part in isi:
            if isinstance(part, ParsedReference):
                words.append(self._references.resolve(part, origin, before))
                before = part
            else:
                words.append(part)
                if not (isinstance(part, Teks) and part.teks.strip() in ROW):
                    before = None
        return tuple(words)

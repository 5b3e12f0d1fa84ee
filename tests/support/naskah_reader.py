"""Reads a Naskah tree by address: words, tables and references of one clause or chapter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pks_kit.naskah.tree import (
    Block,
    BlokTandaTangan,
    Butir,
    Daftar,
    Formulir,
    Naskah,
    Paragraf,
    Rujukan,
    Subjudul,
    Tabel,
    plain_text,
    walk_blocks,
)

Blocks = tuple[Block, ...]


def places(naskah: Naskah) -> dict[str, Blocks]:
    """Return the blocks that stand at every address; a heading owns what follows it."""
    found: dict[str, Blocks] = {}
    for bagian in naskah.bagian:
        found[bagian.alamat] = bagian.isi
        for position, block in enumerate(bagian.isi):
            if isinstance(block, Subjudul) and block.alamat:
                found[block.alamat] = _chapter(bagian.isi, position)
            elif isinstance(block, Paragraf) and block.alamat:
                found[block.alamat] = (block,)
        found |= {butir.alamat: butir.isi for butir in items(bagian.isi) if butir.alamat}
    return found


def _chapter(blocks: Blocks, start: int) -> Blocks:
    heading = blocks[start]
    assert isinstance(heading, Subjudul)
    end = start + 1
    while end < len(blocks):
        block = blocks[end]
        if isinstance(block, Subjudul) and block.tingkat <= heading.tingkat:
            break
        end += 1
    return blocks[start:end]


def items(blocks: Blocks) -> Iterator[Butir]:
    """Yield every list item at any depth."""
    for block in walk_blocks(blocks):
        if isinstance(block, Daftar):
            yield from block.butir


def tables(blocks: Blocks) -> list[Tabel]:
    """Return every table at any depth."""
    return [block for block in walk_blocks(blocks) if isinstance(block, Tabel)]


def rows(tabel: Tabel) -> list[list[str]]:
    """Return the words of the body rows, cell by cell."""
    return [[squeezed(plain_text(sel.isi)) for sel in row] for row in tabel.baris]


def references(value: Any) -> list[Rujukan]:
    """Return every reference below a node of the tree."""
    if isinstance(value, Rujukan):
        return [value]
    if isinstance(value, tuple):
        return [found for one in value for found in references(one)]
    names = getattr(value, "__dataclass_fields__", {})
    return [found for name in names for found in references(getattr(value, name))]


def words(blocks: Blocks) -> str:
    """Return everything that blocks print, in one line, without list labels."""
    return squeezed(" ".join(_pieces(blocks)))


def _pieces(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Daftar():
                for butir in block.butir:
                    yield from _pieces(butir.isi)
            case Paragraf() | Subjudul():
                yield plain_text(block.isi)
            case Tabel():
                yield block.keterangan
                yield from (
                    plain_text(sel.isi) for row in (block.kepala, *block.baris) for sel in row
                )
            case Formulir():
                yield from (
                    f"{plain_text(line.label)} : {plain_text(line.isi)}" for line in block.baris
                )
            case BlokTandaTangan():
                yield block.pembuka
                for tempat in block.tempat:
                    yield from (tempat.judul, tempat.instansi, tempat.nama, tempat.jabatan)


def squeezed(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()


def holds(text: str, pattern: str) -> bool:
    """Whether the pieces of a pattern, parted by ``…``, stand in the text in that order."""
    position = 0
    for piece in pattern.split("…"):
        wanted = squeezed(piece)
        found = text.find(wanted, position)
        if found < 0:
            return False
        position = found + len(wanted)
    return True

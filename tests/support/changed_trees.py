"""Agreements with other words, rows and items than any facility has: to try layout with."""

from __future__ import annotations

import random
from dataclasses import replace

from pks_kit.naskah.tree import (
    Block,
    Butir,
    Daftar,
    Formulir,
    Inline,
    IsianBaris,
    Naskah,
    Paragraf,
    Sel,
    Tabel,
    Teks,
)

_WORDS = (
    "klinik", "dan/atau", "fasilitas", "Pasal", "10", "Rp12.500,00", "(tiga)", "2026/2027", "–",
    "perundang-undangan", "a", "Rekaan,", "«Antah»", "non-kapitasi", "08.00—14.00", "I/II", "P.T.",
    "pelayanan", "0999-555-0100", "Ny.", "di", "yang", "Él", "ø", "100%", "https://contoh.example/a-b",
)  # fmt: skip


def changed(naskah: Naskah, seed: int, share: float = 0.1) -> Naskah:
    """Return the agreement with about ``share`` of its words, rows and items changed."""
    dice = random.Random(seed)  # noqa: S311 - reproducible, no secret
    changer = _Changer(dice, share)
    bagian = tuple(
        replace(one, isi=tuple(changer.block(block) for block in one.isi)) for one in naskah.bagian
    )
    return replace(naskah, bagian=bagian)


class _Changer:
    def __init__(self, dice: random.Random, share: float) -> None:
        self._dice = dice
        self._share = share

    def block(self, block: Block) -> Block:
        """Return a block of the same kind."""
        if isinstance(block, Paragraf):
            return replace(block, isi=self._inlines(block.isi))
        if isinstance(block, Daftar):
            return replace(block, butir=self._several(tuple(map(self._item, block.butir))))
        if isinstance(block, Tabel):
            rows = tuple(tuple(self._cell(cell) for cell in row) for row in block.baris)
            return replace(block, baris=self._several(rows))
        if isinstance(block, Formulir):
            rows = tuple(
                IsianBaris(label=one.label, isi=self._inlines(one.isi)) for one in block.baris
            )
            return replace(block, baris=rows)
        return block

    def _item(self, butir: Butir) -> Butir:
        return replace(butir, isi=tuple(self.block(one) for one in butir.isi))

    def _cell(self, cell: Sel) -> Sel:
        return replace(cell, isi=self._inlines(cell.isi))

    def _several(self, ones):  # type: ignore[no-untyped-def]
        """Leave one out, or give one twice or thirty times; names stay where they were."""
        if len(ones) < 3 or self._dice.random() > self._share:
            return ones
        at = self._dice.randrange(len(ones))
        count = self._dice.choice((0, 2, 30))
        again = _unnamed(ones[at])
        return (*ones[:at], *(again for _ in range(count)), *ones[at + 1 :])

    def _inlines(self, inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(self._inline(one) for one in inlines)

    def _inline(self, inline: Inline) -> Inline:
        if not isinstance(inline, Teks) or self._dice.random() > self._share:
            return inline
        return replace(inline, teks=self._words())

    def _words(self) -> str:
        length = self._dice.choice((1, 2, 3, 8, 20, 60))
        words = [self._dice.choice(_WORDS) for _ in range(length)]
        if self._dice.random() < 0.1:
            words.append("X" * self._dice.choice((25, 90)))
        return " ".join(words)


def _unnamed(one):  # type: ignore[no-untyped-def]
    """Return an item or row that may stand twice: no two clauses have one address."""
    if isinstance(one, Butir):
        return replace(one, alamat=None, isi=tuple(_unnamed(block) for block in one.isi))
    if isinstance(one, Daftar):
        return replace(one, butir=tuple(_unnamed(item) for item in one.butir))
    if isinstance(one, (Paragraf, Tabel)):
        return replace(one, alamat=None)
    return one

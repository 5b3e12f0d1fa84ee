"""Which blocks close a sheet: they stay together, so that no last page holds a line or two.

A sheet ends with its lampiran and before each heading that begins a new page. The measure is rough
on purpose, since it is taken before layout: lines as they would be at full width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from pks_kit.naskah.tree import (
    Block,
    BlokTandaTangan,
    Daftar,
    Formulir,
    Paragraf,
    Subjudul,
    Tabel,
    plain_text,
)

CLOSING_LINES = 9.0
"""About a sixth of a page."""

_CHARACTERS = 90
"""On one line of an upright page."""

_GAP, _HEADING, _ROW, _SIGNATURES = 0.3, 2.0, 1.6, 8.0
"""In lines: the space below a paragraph, a heading, a table row, signature places."""

_Leaf = Paragraf | Subjudul | Tabel | Formulir | BlokTandaTangan

ClosingBlocks = frozenset[tuple[int, int]]
"""Identity of a block, and the row of a table or -1."""


def closing_blocks(blocks: tuple[Block, ...]) -> ClosingBlocks:
    """Return the blocks and table rows that stay with what stands before them.

    Args:
        blocks: All blocks of a lampiran.
    """
    closing: set[tuple[int, int]] = set()
    room = CLOSING_LINES
    for block, row in reversed(tuple(_leaves(blocks))):
        if isinstance(block, Subjudul) and block.halaman_baru:
            room = CLOSING_LINES
        elif room > 0:
            room -= _height(block)
            if room > 0:
                closing.add((id(block), row))
    return frozenset(closing)


def kept_with_next(blocks: tuple[Block, ...]) -> ClosingBlocks:
    """Return the blocks and rows that the next one must not leave, the same in Word's terms."""
    closing = closing_blocks(blocks)
    keys = [(id(block), row) for block, row in _leaves(blocks)]
    return frozenset(key for key, after in pairwise(keys) if after in closing)


def _leaves(blocks: tuple[Block, ...]) -> Iterator[tuple[_Leaf, int]]:
    """Yield what a page break may stand before: a block, and the row of a table or -1."""
    for block in blocks:
        if isinstance(block, Daftar):
            for butir in block.butir:
                yield from _leaves(butir.isi)
        elif isinstance(block, Tabel):
            for row in range(len(block.baris)):
                yield block, row
        else:
            yield block, -1


def _height(block: _Leaf) -> float:
    """Return the height of a block, or of one row of a table, in lines."""
    if isinstance(block, Tabel):
        return _ROW
    if isinstance(block, Subjudul):
        return _HEADING
    if isinstance(block, Paragraf):
        return math.ceil(len(plain_text(block.isi)) / _CHARACTERS) + _GAP
    if isinstance(block, Formulir):
        return float(len(block.baris))
    return _SIGNATURES

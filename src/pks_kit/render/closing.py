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
    Butir,
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

ClosingBlocks = frozenset[tuple[int, int]]
"""Identity of a block, and the row of a table or -1."""


def closing_blocks(blocks: tuple[Block, ...]) -> ClosingBlocks:
    """Return the blocks and table rows that stay with what stands before them.

    Args:
        blocks: All blocks of a lampiran.
    """
    closing: set[tuple[int, int]] = set()
    room = CLOSING_LINES
    for key, lines, begins_sheet in reversed(tuple(_leaves(blocks))):
        if begins_sheet:
            room = CLOSING_LINES
            continue
        if room <= 0:
            continue
        room -= lines
        if room > 0:
            closing.add(key)
    return frozenset(closing)


def kept_with_next(blocks: tuple[Block, ...]) -> ClosingBlocks:
    """Return the blocks and rows that the next one must not leave, the same in Word's terms."""
    closing = closing_blocks(blocks)
    keys = [key for key, _, _ in _leaves(blocks)]
    return frozenset(key for key, after in pairwise(keys) if after in closing)


def _leaves(blocks: tuple[Block, ...]) -> Iterator[tuple[tuple[int, int], float, bool]]:
    """Yield what a page break may stand before: key, height in lines, begins a new sheet."""
    for block in blocks:
        if isinstance(block, Daftar):
            for butir in block.butir:
                yield from _item(butir)
        elif isinstance(block, Tabel):
            for row in range(len(block.baris)):
                yield (id(block), row), _ROW, False
        elif isinstance(block, Subjudul):
            yield (id(block), -1), _HEADING, block.halaman_baru
        else:
            yield (id(block), -1), _height(block), False


def _item(butir: Butir) -> Iterator[tuple[tuple[int, int], float, bool]]:
    yield from _leaves(butir.isi)


def _height(block: Paragraf | Formulir | BlokTandaTangan) -> float:
    if isinstance(block, Paragraf):
        return math.ceil(len(plain_text(block.isi)) / _CHARACTERS) + _GAP
    if isinstance(block, Formulir):
        return float(len(block.baris))
    return _SIGNATURES

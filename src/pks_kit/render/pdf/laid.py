"""Laid-out pages of a part of the agreement, by whichever road they came."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pks_kit.domain.rect import Rect
from pks_kit.render.fonts import Face
from pks_kit.render.pdf.flow.marks import MovedWords
from pks_kit.render.pdf.parts import LinkTarget

_LEVEL: Final = 4
"""Of zlib: a tenth larger than its best for half of the time."""

Glyphs = dict[Face, dict[int, str]]
"""Text behind each glyph of each face."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidPage:
    """One page; lengths are points from the lower left corner.

    Attributes:
        size: Width and height.
        packed: Content stream without furniture, deflated; faces by their PostScript names.
        inflated: Bytes of the stream itself.
        links: Private address and rectangle of what jumps to another clause.
        filled: Share of its height down to the lowest words or lines.
        words: What ``content`` writes, in its order and in the places of the layout engine; None
            where the engine wrote it itself.
    """

    size: tuple[float, float]
    packed: bytes
    inflated: int
    links: tuple[tuple[str, Rect], ...]
    filled: float
    words: tuple[MovedWords, ...] | None

    @property
    def content(self) -> bytes:
        """Return the content stream as it is drawn: it is kept as it is written."""
        return zlib.decompress(self.packed)


def packed(content: bytes) -> bytes:
    """Return a stream deflated."""
    return zlib.compress(content, _LEVEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidPart:
    """The pages of a part.

    Attributes:
        sheets: The pages in order.
        anchors: First place of every id.
        repeated: Header rows repeated after a page break: page (from 1) and rectangle.
        glyphs: Text behind every glyph on them.
    """

    sheets: tuple[LaidPage, ...]
    anchors: Mapping[str, LinkTarget]
    repeated: tuple[tuple[int, Rect], ...]
    glyphs: Glyphs

    @property
    def pages(self) -> int:
        """Return the number of pages."""
        return len(self.sheets)

    @property
    def filled(self) -> tuple[float, ...]:
        """Return how far down each page is filled, from 0 to 1."""
        return tuple(one.filled for one in self.sheets)

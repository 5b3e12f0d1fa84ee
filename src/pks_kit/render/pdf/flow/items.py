"""What a page break may part: lines, table rows, and boxes that stay whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pks_kit.render.pdf.flow.marks import Colour, Mark, Rect

Break = Literal["allowed", "avoid", "forced"]
"""Whether a page may, should not or must end before an item."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule between cells: width in CSS pixels and colour; a width of 0 is none."""

    width: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class RowRules:
    """The rules round one row of a table whose borders collapse.

    Attributes:
        edges: Left edges of the columns and the right edge of the last, in CSS pixels.
        above: One rule per column.
        below: One rule per column.
        beside: One rule per edge.
    """

    edges: tuple[float, ...]
    above: tuple[Rule, ...]
    below: tuple[Rule, ...]
    beside: tuple[Rule, ...]

    @property
    def lead(self) -> float:
        """Return how far the row stands below the upper end of its table."""
        return max((one.width for one in self.above), default=0.0) / 2


@dataclass(frozen=True, slots=True)
class Item:
    """One line, row or box; lengths are CSS pixels.

    Attributes:
        top: Upper end, from the upper end of the first item of its leaf.
        bottom: Lower end, from there too.
        before: Whether a page may end before it; of a first item the gap before its leaf says so.
        marks: What is drawn, places from ``top`` of this item.
        anchors: Names with left, top, right, bottom of what can be jumped to, from ``top``.
        links: Targets with the same of what jumps.
        rules: The rules of a row, which depend on what stands beside it on its page.
        head: Whether it is repeated when a page break divides its table.
    """

    top: float
    bottom: float
    before: Break
    marks: tuple[Mark, ...]
    anchors: tuple[tuple[str, Rect], ...] = ()
    links: tuple[tuple[str, Rect], ...] = ()
    rules: RowRules | None = None
    head: bool = False


def told_glyphs(numbers: Iterable[int]) -> str:
    """Return numbers of glyphs in order, each as the letter of that number.

    A set of them is eight times as large, and thousands of leaves are remembered.
    """
    return "".join(map(chr, sorted(numbers)))


@dataclass(frozen=True, slots=True)
class LaidLeaf:
    """A leaf as the layout engine set it.

    Attributes:
        items: Its lines, or the row or box that it is.
        begun: Left edge, and upper edge from its first item, of the elements round it that begin
            with it.
        glyphs: Glyphs of each face, by its PostScript name (:func:`told_glyphs`).
    """

    items: tuple[Item, ...]
    begun: tuple[tuple[float, float], ...]
    glyphs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two neighbouring leaves, or above the first of a part.

    The style sheet looks at both neighbours (``h1 + p``), so all of it belongs to the pair.

    Attributes:
        height: From the lower end of one to the upper end of the next, in CSS pixels.
        before: Whether a page may end there.
        margin: Space above the second that stays when it begins a page whose margins are kept.
    """

    height: float
    before: Break
    margin: float

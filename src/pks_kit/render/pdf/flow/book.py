"""What is known about leaves: how each was set, and what stands between two neighbours.

Nothing here belongs to an agreement: the same words in the same surroundings are set in the same
way wherever they stand. So the keys are the words and the looks themselves, and whoever asks for a
leaf that was never seen is told so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import intern

from pks_kit.met import Met
from pks_kit.render.elements import Leaf
from pks_kit.render.pdf.flow.blocks import CellsOfOneLine
from pks_kit.render.pdf.flow.columns import plain_look
from pks_kit.render.pdf.flow.items import Gap, Item, LaidLeaf
from pks_kit.render.pdf.flow.lines import Decision
from pks_kit.render.pdf.flow.patterns import Pattern
from pks_kit.render.pdf.laid import Glyphs

_YOUNG = 8_000
"""Leaves that are remembered before those that nobody asked for meanwhile are forgotten: more than
the text of all kinds and methods has."""


def gap_key(before: Leaf | None, after: Leaf) -> str:
    """Return what decides the space between two neighbours: both looks, and where they meet.

    How a table shares its room among its columns is no part of it.

    Args:
        before: The upper one; None above the first of a part.
        after: The lower one.
    """
    if before is None:
        return f"\n\n{plain_look(after.look)}"
    if after.met is not None and after.met[0] is before:
        return after.met[1]
    shared = 0
    for one, other in zip(before.above, after.above, strict=False):
        if one is not other:
            break
        shared += 1
    key = f"{shared}\n{plain_look(before.look)}\n{plain_look(after.look)}"
    if before.lasts and after.lasts:
        key = intern(key)
        after.met = before, key
    return key


def gap_keys(parts: Iterable[Sequence[Leaf]]) -> dict[str, None]:
    """Return the keys of all neighbours in some parts, each once."""
    return dict.fromkeys(
        gap_key(before, after)
        for leaves in parts
        for before, after in zip((None, *leaves), leaves, strict=False)
    )


def leaf_key(leaf: Leaf) -> str:
    """Return what decides how a leaf is set."""
    return leaf.key


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPart:
    """All that is needed to cut a part into pages.

    Attributes:
        leaves: Its leaves in order.
        laid: How each is set.
        gaps: What stands before each.
    """

    leaves: Sequence[Leaf]
    laid: Sequence[LaidLeaf]
    gaps: Sequence[Gap]

    def number_of(self, leaf: int, item: Item) -> int:
        """Return which item of a leaf something is."""
        return next(at for at, one in enumerate(self.laid[leaf].items) if one is item)


class _Drafting(threading.local):
    """The leaves of the agreement that a thread lays out now."""

    def __init__(self) -> None:
        self.leaves: dict[str, LaidLeaf] = {}
        self.cells: CellsOfOneLine = {}


class Book:
    """What one style sheet makes of leaves.

    Attributes:
        glyphs: Text behind every glyph that was drawn.
        patterns: How leaves of one look and structure are built; None when the setter was seen to
            set one of them in another way than the layout engine.
        edges: Decisions about line ends near an edge that the layout engine was seen to take.
    """

    def __init__(self) -> None:
        self.glyphs: Glyphs = {}
        self.patterns: dict[str, Pattern | None] = {}
        self.edges: set[Decision] = set()
        self._gaps: dict[str, Gap] = {}
        self._met = Met()
        self._drafting = _Drafting()
        self._young: dict[str, LaidLeaf] = {}
        self._old: dict[str, LaidLeaf] = {}

    @property
    def cells(self) -> CellsOfOneLine:
        """Return the cells of the agreement that is laid out now, as far as they were set."""
        return self._drafting.cells

    def leaf(self, key: str) -> LaidLeaf | None:
        """Return how a leaf is set, or None when it was never seen or is forgotten."""
        found = self._young.get(key) or self._drafting.leaves.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self._young[key] = found
        return found

    def gap(self, key: str) -> Gap | None:
        """Return what stands between two neighbours, or None when such were never seen."""
        return self._gaps.get(key)

    def add_leaf(self, key: str, laid: LaidLeaf) -> None:
        """Remember how a leaf is set, until :meth:`forget`; what is known stays."""
        self._drafting.leaves.setdefault(key, laid)

    def add_lasting(self, key: str, laid: LaidLeaf) -> None:
        """Remember how a leaf of the text itself is set, which many agreements have."""
        self._young.setdefault(key, laid)

    def add_gap(self, key: str, gap: Gap) -> None:
        """Remember what stands between two neighbours; what is known stays."""
        self._gaps.setdefault(key, gap)

    def add_glyphs(self, glyphs: Glyphs) -> None:
        """Remember the text behind glyphs."""
        for face, texts in glyphs.items():
            known = self.glyphs.setdefault(face, {})
            for glyph, text in texts.items():
                known.setdefault(glyph, text)

    def known_part(self, leaves: Sequence[Leaf]) -> KnownPart | None:
        """Return what is known of all leaves of a part, or None when something is not."""
        laid: list[LaidLeaf] = []
        gaps: list[Gap] = []
        before: Leaf | None = None
        for leaf in leaves:
            one, gap = self.leaf(leaf_key(leaf)), self.gap(gap_key(before, leaf))
            if one is None or gap is None:
                return None
            laid.append(one)
            gaps.append(gap)
            before = leaf
        return KnownPart(leaves=leaves, laid=laid, gaps=gaps)

    def unknown_leaves(self, parts: Iterable[Sequence[Leaf]]) -> dict[str, Leaf]:
        """Return the leaves of some parts that are not known, by their keys."""
        every = {leaf_key(one): one for leaves in parts for one in leaves}
        return {key: one for key, one in every.items() if self.leaf(key) is None}

    def unknown_gaps(self, parts: Iterable[Sequence[Leaf]]) -> list[str]:
        """Return the keys of neighbours in some parts between which nothing is known."""
        return [key for key in gap_keys(parts) if key not in self._gaps]

    def forget(self) -> None:
        """Forget the leaves of an agreement that is finished, but for those that were met before.

        When they are many, those that nobody asked for lately are forgotten as well.
        """
        for key, laid in self._drafting.leaves.items():
            if self._met.again(hash(key)):
                self._young.setdefault(key, laid)
        self._drafting.leaves.clear()
        self._drafting.cells.clear()
        if len(self._young) > _YOUNG:
            self._old, self._young = self._young, {}

"""What stays in the store: leaves, gaps and glyph texts of constant text, as JSON and back.

Only ``pks-kit template compile`` writes, from data that nobody has (``compiling``); drafting
reads. So no word of a facility comes here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import Any

from pks_kit.collector import collector_paused
from pks_kit.render.elements import Leaf
from pks_kit.render.fonts import FACES
from pks_kit.render.pdf.flow.book import Book
from pks_kit.render.pdf.flow.content import parsed
from pks_kit.render.pdf.flow.fingerprint import fingerprint
from pks_kit.render.pdf.flow.items import Gap, Item, LaidLeaf, RowRules, Rule, told_glyphs
from pks_kit.render.pdf.flow.lines import Decision
from pks_kit.render.pdf.flow.marks import Area, Frame, Line, Mark, Rect, Words
from pks_kit.render.pdf.flow.pattern_forms import pattern_form, pattern_of
from pks_kit.render.pdf.flow.patterns import Pattern
from pks_kit.render.pdf.flow.setter import pattern_key
from pks_kit.render.pdf.flow.store import Store
from pks_kit.render.pdf.laid import Glyphs

_BLACK = (0.0, 0.0, 0.0)
_EDGES = "edges"


class Kept:
    """Leaves, gaps and glyph texts in a store.

    Args:
        store: The store; its key tells what decides how leaves are set.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def leaves(self, keys: list[str]) -> dict[str, LaidLeaf]:
        """Return how those leaves are set that are kept."""
        found = self.store.read(map(_leaf_name, keys))
        return {one: _leaf(found[_leaf_name(one)]) for one in keys if _leaf_name(one) in found}

    def gaps(self, keys: list[str]) -> dict[str, Gap]:
        """Return what stands between those neighbours that are kept."""
        found = self.store.read(map(_gap_name, keys))
        return {one: Gap(*found[_gap_name(one)]) for one in keys if _gap_name(one) in found}

    def glyphs(self) -> Glyphs:
        """Return the text behind every glyph of the leaves that are kept."""
        found = self.store.read(_glyph_name(face.postscript_name) for face in FACES)
        return {
            face: {int(number): text for number, text in found[name].items()}
            for face in FACES
            if (name := _glyph_name(face.postscript_name)) in found
        }

    def patterns(self, keys: list[str]) -> dict[str, Pattern | None]:
        """Return those patterns that are kept; None is a look that is never set here."""
        found = self.store.read(map(_pattern_name, keys))
        return {
            one: pattern_of(found[_pattern_name(one)][0])
            for one in keys
            if _pattern_name(one) in found
        }

    def edges(self) -> frozenset[Decision]:
        """Return the decisions about line ends near an edge that are kept."""
        found = self.store.read([_EDGES]).get(_EDGES, ())
        return frozenset((words, face, units, room) for words, face, units, room in found)

    def add(
        self,
        leaves: Mapping[str, LaidLeaf],
        gaps: Mapping[str, Gap],
        glyphs: Glyphs,
        patterns: Mapping[str, Pattern | None],
        edges: Set[Decision],
    ) -> None:
        """Keep leaves, gaps, the text behind all their glyphs, and how others are set.

        All of it or nothing. A pattern that fell once stays fallen.

        Raises:
            InputError: As :meth:`.store.Store.write`.
        """
        known = self.glyphs()
        texts = {face: texts | known.get(face, {}) for face, texts in glyphs.items()}
        fallen = {key for key, one in self.patterns(list(patterns)).items() if one is None}
        self.store.write(
            {
                _pattern_name(key): [None if key in fallen else pattern_form(one)]
                for key, one in patterns.items()
            }
            | {_EDGES: sorted(edges | self.edges())}
            | {_leaf_name(key): _leaf_form(one) for key, one in leaves.items()}
            | {_gap_name(key): [one.height, one.before, one.margin] for key, one in gaps.items()}
            | {_glyph_name(face.postscript_name): one for face, one in texts.items()}
        )


def kept_under(css: str, folder: Path) -> Kept | None:
    """Return what is kept in a folder for a style sheet on this machine.

    None when nobody can say what the machine sets leaves with.
    """
    key = fingerprint(css)
    return None if key is None else Kept(Store(folder, key))


def recall(book: Book, kept: Kept, parts: Sequence[Sequence[Leaf]]) -> None:
    """Bring what is kept of some parts into a book; what it knows is not asked for."""
    with collector_paused():
        _recall(book, kept, parts)


def _recall(book: Book, kept: Kept, parts: Sequence[Sequence[Leaf]]) -> None:
    unknown = book.unknown_leaves(parts)
    leaves = kept.leaves(list(unknown))
    texts = kept.glyphs() if leaves else {}
    book.add_glyphs(texts)
    readable = {face.postscript_name: set(map(chr, known)) for face, known in texts.items()}
    for key, laid in leaves.items():
        if all(readable.get(face, set()).issuperset(numbers) for face, numbers in laid.glyphs):
            book.add_lasting(key, laid)
    for key, gap in kept.gaps(book.unknown_gaps(parts)).items():
        book.add_gap(key, gap)
    others = [one for key, one in unknown.items() if book.leaf(key) is None]
    keys = {pattern_key(one, parsed(str(one.element.content))) for one in others}
    if wanted := sorted(keys - book.patterns.keys()):
        book.edges.update(kept.edges())
        book.patterns.update(kept.patterns(wanted))


def _leaf_name(key: str) -> str:
    return f"leaf\n{key}"


def _pattern_name(key: str) -> str:
    return f"pattern\n{key}"


def _gap_name(key: str) -> str:
    return f"gap\n{key}"


def _glyph_name(face: str) -> str:
    return f"glyphs\n{face}"


def _leaf_form(leaf: LaidLeaf) -> list[Any]:
    glyphs = [[face, list(map(ord, numbers))] for face, numbers in leaf.glyphs]
    return [[_item_form(one) for one in leaf.items], leaf.begun, glyphs]


def _leaf(form: list[Any]) -> LaidLeaf:
    items, begun, glyphs = form
    return LaidLeaf(
        tuple([_item(one) for one in items]),
        tuple([(x, y) for x, y in begun]),
        tuple([(intern(face), told_glyphs(numbers)) for face, numbers in glyphs]),
    )


def _item_form(item: Item) -> list[Any]:
    return [
        item.top,
        item.bottom,
        item.before,
        [_mark_form(one) for one in item.marks],
        item.anchors,
        item.links,
        item.rules and _rules_form(item.rules),
        item.head,
    ]


def _item(form: list[Any]) -> Item:
    top, bottom, before, marks, anchors, links, rules, head = form
    return Item(
        top,
        bottom,
        before,
        tuple([_mark(one) for one in marks]),
        tuple([(name, _rect(rect)) for name, rect in anchors]),
        tuple([(target, _rect(rect)) for target, rect in links]),
        rules and _rules(rules),
        head,
    )


def _mark_form(mark: Mark) -> list[Any]:
    colour = None if mark.colour == _BLACK else mark.colour
    if isinstance(mark, Words):
        return ["w", mark.x, mark.y, mark.face, mark.size, colour, mark.glyphs]
    if isinstance(mark, Area):
        return ["a", mark.x, mark.y, mark.width, mark.height, colour]
    if isinstance(mark, Line):
        return ["l", mark.x, mark.y, mark.to_x, mark.to_y, mark.width, colour]
    return ["f", mark.inner, mark.outer, colour, mark.clip]


def _mark(form: list[Any]) -> Mark:
    kind = form[0]
    if kind == "w":
        _, x, y, face, size, colour, glyphs = form
        # few faces and sizes, in tens of thousands of words
        return Words(x, y, intern(face), intern(size), tuple(colour) if colour else _BLACK, glyphs)
    if kind == "a":
        _, x, y, width, height, colour = form
        return Area(x, y, width, height, tuple(colour) if colour else _BLACK)
    if kind == "l":
        _, x, y, to_x, to_y, width, colour = form
        return Line(x, y, to_x, to_y, width, tuple(colour) if colour else _BLACK)
    _, inner, outer, colour, clip = form
    return Frame(
        _rect(inner), _rect(outer), tuple(colour) if colour else _BLACK, clip and _rect(clip)
    )


def _rules_form(rules: RowRules) -> list[Any]:
    sides = (rules.above, rules.below, rules.beside)
    return [rules.edges, *([[one.width, one.colour] for one in side] for side in sides)]


def _rules(form: list[Any]) -> RowRules:
    edges, above, below, beside = form
    return RowRules(tuple(edges), _side(above), _side(below), _side(beside))


def _side(form: list[Any]) -> tuple[Rule, ...]:
    return tuple([_rule(width, *colour) for width, colour in form])


@lru_cache(maxsize=64)
def _rule(width: float, red: float, green: float, blue: float) -> Rule:
    return Rule(width, (red, green, blue))


def _rect(form: list[float]) -> Rect:
    x, y, width, height = form
    return x, y, width, height

"""Leaves and gaps come back from the disk exactly as they were laid out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.render.elements import Element, leaves
from pks_kit.render.fonts import SANS_FACES, SERIF_FACES
from pks_kit.render.pdf.flow.book import Book, leaf_key
from pks_kit.render.pdf.flow.items import Gap, Item, LaidLeaf, RowRules, Rule
from pks_kit.render.pdf.flow.kept import Kept, recall
from pks_kit.render.pdf.flow.marks import Area, Frame, Line, Words
from pks_kit.render.pdf.flow.patterns import Frame as PatternFrame
from pks_kit.render.pdf.flow.patterns import Pattern, Stack
from pks_kit.render.pdf.flow.store import Store

GREY = (0.1, 0.2, 0.30000000000000004)
BLACK = (0.0, 0.0, 0.0)
MARKS = (
    Words(1 / 3, -2.0, "SourceSerifPro-Regular", "14.4", BLACK, "<00410042>-12<0043>"),
    Words(1.0, 2, "SourceSansPro-Bold", "12", GREY, "<0007>"),
    Area(1.0, 2.0, 3.0, 4.0, GREY),
    Line(1.0, 2.0, 3.0, 4.0, 0.75, BLACK),
    Frame((1.0, 2.0, 3.0, 4.0), (0.0, 1.0, 5.0, 6.0), BLACK),
    Frame((1.0, 2.0, 3.0, 4.0), (0.0, 1.0, 5.0, 6.0), GREY, (0.0, 0.0, 1.0, 1.0)),
)
RULES = RowRules(
    (0.0, 10.1), (Rule(0.75, GREY),), (Rule(0.0, BLACK),), (Rule(1.0, BLACK), Rule(1.0, GREY))
)
LEAF = LaidLeaf(
    (
        Item(0.0, 0.1 + 0.2, "avoid", MARKS, (("a", (1.0, 2.0, 3.0, 4.0)),),
             (("pasal_1", (0.0, 0.0, 1.0, 1.0)),), RULES, True),
        Item(1.0, 2.0, "allowed", ()),
    ),
    ((1.5, -2.5),),
    (("SourceSansPro-Bold", "\x07"), ("SourceSerifPro-Regular", "ABC")),
)  # fmt: skip
GLYPHS = {SERIF_FACES[0]: {65: "A", 66: "fi", 67: " "}, SANS_FACES[1]: {7: "«"}}


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(Store(tmp_path / "simpanan", "k"))


def test_a_leaf_comes_back_whole(kept: Kept) -> None:
    kept.add({"p\nkata": LEAF}, {"g": Gap(1 / 7, "forced", 2 / 3)}, GLYPHS, {}, set())
    assert kept.leaves(["p\nkata", "lain"]) == {"p\nkata": LEAF}
    assert kept.gaps(["g", "lain"]) == {"g": Gap(1 / 7, "forced", 2 / 3)}
    assert kept.glyphs() == GLYPHS
    found = kept.leaves(["p\nkata"])["p\nkata"]
    assert [type(one) for one in found.items[0].marks] == [type(one) for one in MARKS]
    assert hash(found) == hash(LEAF)


def test_glyphs_of_two_writers_stand_together(kept: Kept) -> None:
    kept.add({}, {}, {SERIF_FACES[0]: {65: "A"}}, {}, set())
    kept.add({}, {}, {SERIF_FACES[0]: {66: "B"}, SANS_FACES[0]: {1: "C"}}, {}, set())
    assert kept.glyphs() == {SERIF_FACES[0]: {65: "A", 66: "B"}, SANS_FACES[0]: {1: "C"}}


def test_a_leaf_whose_glyphs_say_nothing_is_not_taken(kept: Kept) -> None:
    part = tuple(leaves(Element("main", content=(Element("p", content="kata"),))))
    (leaf,) = part
    kept.add({leaf_key(leaf): LEAF}, {}, {SERIF_FACES[0]: {65: "A"}}, {}, set())
    book = Book()
    recall(book, kept, [part])
    assert book.leaf(leaf_key(leaf)) is None
    kept.add({}, {}, GLYPHS, {}, set())
    recall(book, kept, [part])
    assert book.leaf(leaf_key(leaf)) == LEAF


def test_a_pattern_that_fell_stays_fallen_and_decisions_add_up(tmp_path: Path) -> None:
    kept = Kept(Store(tmp_path / "simpan", "k"))
    frame = PatternFrame(left=0.0, right=1.0, above=2.0, below=1 / 3)
    pattern = Pattern(frame=frame, body=Stack(blocks=(), gaps=(), before=()), begun=())
    first, second = ("kata", "SourceSerifPro-Regular", 12, 1.5), ("lain", "x", 1, 0.25)
    kept.add({}, {}, {}, {"a": pattern, "b": None}, {first})
    kept.add({}, {}, {}, {"b": pattern}, {second})
    assert kept.patterns(["a", "b", "c"]) == {"a": pattern, "b": None}
    assert kept.edges() == {first, second}

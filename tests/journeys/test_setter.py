"""The line setter sets a leaf as WeasyPrint does, or leaves it to WeasyPrint.

``make prove`` tries every sample in every method, and two hundred agreements with hostile words.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from journeys.test_two_roads import WHOLE_CSS
from pks_kit.naskah.tree import Naskah
from pks_kit.render.elements import Leaf, leaves
from pks_kit.render.html import part_sources
from pks_kit.render.pdf.flow.book import Book, leaf_key
from pks_kit.render.pdf.flow.learning import learn
from pks_kit.render.pdf.flow.sameness import same_leaf
from pks_kit.render.pdf.flow.setter import set_leaf
from pks_kit.render.pdf.flow.unknown import StepAside
from support.changed_trees import changed
from support.every_sample import every_sample
from support.pdf_samples import LOOK
from support.proving import SampleOf
from support.trees import rich_tree


def parts_of(naskah: Naskah) -> list[tuple[Leaf, ...]]:
    return [tuple(leaves(source.main())) for source in part_sources(naskah, LOOK)]


def laid_out(parts: Sequence[Sequence[Leaf]]) -> Book:
    """Return a book in which WeasyPrint alone has written: an empty one knows no pattern."""
    book = Book()
    learn(book, parts, WHOLE_CSS, "naskah")
    return book


def check_setter(taught: Book, naskah: Naskah) -> tuple[int, int]:
    """Set every leaf in both ways; return how many were set here, and how many there are."""
    parts = parts_of(naskah)
    plain = laid_out(parts)
    every = {leaf_key(one): one for leaves_ in parts for one in leaves_}
    count = 0
    for key, leaf in every.items():
        ours, theirs = set_leaf(taught, leaf), plain.leaf(key)
        assert theirs is not None
        if ours is not None:
            assert same_leaf(ours, theirs), leaf.words
            count += 1
    assert None not in plain.patterns.values()
    return count, len(every)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("cara_kontrak", ["elektronik", "manual"])
def test_known_looks_with_hostile_words(cara_kontrak: str) -> None:
    tree = rich_tree(cara_kontrak)
    taught = laid_out(parts_of(tree))
    for seed in range(2):
        count, every = check_setter(taught, changed(tree, seed, share=0.5))
        assert count > every * 0.7


MOST_REFUSED = 20
"""Of two hundred: agreements with a word wider than a page, which no road lays out."""


def test_every_sample_and_two_hundred_others(sample_of: SampleOf) -> None:
    if not sample_of.everything:
        pytest.skip("make prove")
    dice = random.Random(14)  # noqa: S311 - reproducible, no secret
    trees = [one.naskah for one in every_sample()]
    taught = Book()
    count = every = refused = 0
    for tree in trees:
        learn(taught, parts_of(tree), WHOLE_CSS, "naskah")
    for number in range(max(200, len(trees))):
        tree = trees[number % len(trees)]
        share = dice.choice((0.0, 0.1, 0.4)) if number >= len(trees) else 0.0
        try:
            some, all_of = check_setter(taught, changed(tree, number, share))
        except StepAside as error:
            if str(error) != "overflow":
                raise
            refused += 1
            continue
        count, every = count + some, every + all_of
    assert refused < MOST_REFUSED
    assert None not in taught.patterns.values()
    assert count > every * 0.9

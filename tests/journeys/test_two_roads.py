"""The quick road gives the same bytes of every page as WeasyPrint alone, or steps aside for it.

``make prove`` tries every sample in every method and two hundred agreements with hostile words.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import Naskah
from pks_kit.render.elements import Leaf, leaves
from pks_kit.render.html import part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.pdf import roads
from pks_kit.render.pdf.flow.book import Book, gap_keys, leaf_key
from pks_kit.render.pdf.laid import LaidPage, LaidPart
from support.changed_trees import changed
from support.every_sample import every_sample
from support.pdf_samples import CSS, LOOK
from support.proving import SampleOf
from support.shared_pages import anew
from support.trees import rich_tree

WHOLE_CSS = CSS + place_css(LOOK)


def laid(naskah: Naskah, road: roads.Road) -> list[LaidPart] | tuple[str, dict[str, object]]:
    """Return the parts, or what was refused."""
    try:
        return roads.laid_parts(part_sources(naskah, LOOK), WHOLE_CSS, road=road)
    except RenderError as error:
        return error.code, dict(error.params)


def said(page: LaidPage) -> list[tuple[str, str, str]]:
    assert page.words is not None
    return [(one.face, one.size, one.glyphs) for one, _ in page.words]


def check_roads(naskah: Naskah) -> None:
    quick, plain = laid(naskah, "quick"), laid(naskah, "plain")
    if isinstance(quick, tuple) or isinstance(plain, tuple):
        assert quick == plain
        return
    for one, other in zip(quick, plain, strict=True):
        assert [page.content for page in one.sheets] == [page.content for page in other.sheets]
        assert [page.links for page in one.sheets] == [page.links for page in other.sheets]
        assert [page.size for page in one.sheets] == [page.size for page in other.sheets]
        assert one.filled == pytest.approx(other.filled, abs=1e-6)
        assert (one.repeated, one.glyphs) == (other.repeated, other.glyphs)
        assert [said(page) for page in one.sheets] == [said(page) for page in other.sheets]
        places = [
            {name: (at.page, at.rect[0], at.rect[3]) for name, at in part.anchors.items()}
            for part in (one, other)
        ]
        assert places[0] == places[1]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("cara_kontrak", ["elektronik", "digital", "manual"])
def test_the_same_bytes_on_both_roads(cara_kontrak: str) -> None:
    check_roads(rich_tree(cara_kontrak))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(4))
def test_the_same_bytes_with_hostile_words(seed: int) -> None:
    check_roads(changed(rich_tree("manual"), seed, share=0.3))


Unknown = Callable[[Leaf, random.Random], bool]


def known_in_part(whole: Book, naskah: Naskah, unknown: Unknown, *, gaps: bool) -> Book:
    """Return a book with some of the leaves that another knows, with gaps, and no patterns."""
    dice = random.Random(14)  # noqa: S311 - reproducible, no secret
    book = Book()
    book.add_glyphs(whole.glyphs)
    parts = [tuple(leaves(source.main())) for source in part_sources(naskah, LOOK)]
    for leaf in (one for part in parts for one in part):
        known = whole.leaf(leaf_key(leaf))
        assert known is not None
        if not unknown(leaf, dice):
            book.add_leaf(leaf_key(leaf), known)
    for key in gap_keys(parts):
        gap = whole.gap(key)
        assert gap is not None
        if gaps or dice.random() < 1 / 2:
            book.add_gap(key, gap)
    return book


@pytest.mark.sampled(2)
@pytest.mark.parametrize("gaps", [True, False], ids=["all gaps", "some gaps"])
@pytest.mark.parametrize(
    "unknown",
    [
        # far apart, but neighbours on the sheet of what is laid out: the style looks at neighbours
        lambda one, _: one.element.tag == "h1" or '__lembar_2"' in one.words,
        lambda one, _: one.element.tag == "tr",
        lambda _, dice: dice.random() < 0.1,
        lambda _, dice: dice.random() < 0.6,
    ],
    ids=["headings", "rows", "few", "many"],
)
def test_the_same_bytes_whatever_is_known_before(
    unknown: Unknown, gaps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = rich_tree("manual")
    with anew():
        books = [Book()]
        monkeypatch.setattr(roads, "book_of", lambda _: books[-1])
        laid(tree, "quick")
        plain = laid(tree, "quick")  # what is met again is kept
        books.append(known_in_part(books[0], tree, unknown, gaps=gaps))
        again = laid(tree, "quick")
    assert not isinstance(again, tuple)
    assert not isinstance(plain, tuple)
    for one, other in zip(again, plain, strict=True):
        assert [page.content for page in one.sheets] == [page.content for page in other.sheets]
        assert [page.links for page in one.sheets] == [page.links for page in other.sheets]


def test_the_same_bytes_for_every_sample_and_two_hundred_others(sample_of: SampleOf) -> None:
    if not sample_of.everything:
        pytest.skip("make prove")
    trees = [one.naskah for one in every_sample()]
    for tree in trees:
        check_roads(tree)
    for seed in range(200):
        check_roads(changed(trees[seed % len(trees)], seed))

"""The quick road gives the same bytes of every page as WeasyPrint alone, or steps aside for it.

``make prove`` tries every sample in every method and two hundred agreements with hostile words.
"""

from __future__ import annotations

import pytest

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import Naskah
from pks_kit.render.html import part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.pdf import roads
from pks_kit.render.pdf.laid import LaidPage, LaidPart
from support.changed_trees import changed
from support.every_sample import every_sample
from support.pdf_samples import CSS, LOOK
from support.proving import SampleOf
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
    return [(one.face, one.size, one.glyphs) for one in page.words]


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


@pytest.mark.parametrize("cara_kontrak", ["elektronik", "digital", "manual"])
def test_the_same_bytes_on_both_roads(cara_kontrak: str) -> None:
    check_roads(rich_tree(cara_kontrak))


@pytest.mark.parametrize("seed", range(4))
def test_the_same_bytes_with_hostile_words(seed: int) -> None:
    check_roads(changed(rich_tree("manual"), seed, share=0.3))


def test_the_same_bytes_for_every_sample_and_two_hundred_others(sample_of: SampleOf) -> None:
    if not sample_of.everything:
        pytest.skip("make prove")
    trees = [one.naskah for one in every_sample()]
    for tree in trees:
        check_roads(tree)
    for seed in range(200):
        check_roads(changed(trees[seed % len(trees)], seed))

"""No nearly empty pages: a page is saved, or its ending is fuller."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

import pytest

from pks_kit.naskah.tree import Bagian, Block, Butir, Daftar, Subjudul
from pks_kit.render.html import part_groups, part_sources
from pks_kit.render.pdf.fitting import THIN, fitted
from pks_kit.render.pdf.laid import LaidPart
from pks_kit.render.pdf.plain import plain_part
from support.filled_pages import NEARLY_EMPTY
from support.pdf_samples import CSS, LOOK
from support.trees import par, rich_tree, words

BEFORE = re.sub(r"main\.(utuh|padat)[^{]*\{[^}]*\}", "", CSS)
"""The style sheet as it was before these rules."""


COUNTS = range(36, 46, 2)
"""Items that end about where the first page does."""


def lampiran(blocks: tuple[Block, ...], number: int = 1, **more: object) -> Bagian:
    values: dict[str, object] = {
        "jenis": "lampiran",
        "subjek": "uji",
        "alamat": f"lampiran_{number}",
        "label": f"Lampiran {'I' * number}",
        "judul": "Uji",
        "isi": blocks,
    }
    return Bagian(**(values | more))  # type: ignore[arg-type]


def items(count: int) -> Daftar:
    return Daftar(
        jenis="angka",
        tingkat=1,
        butir=tuple(
            Butir(label=f"{one}.", alamat=None, isi=(par(f"Butir ke-{one} dari daftar uji ini."),))
            for one in range(1, count + 1)
        ),
    )


def laid_out(blocks: tuple[Block, ...], css: str = CSS) -> tuple[LaidPart, LaidPart, str]:
    """Return the ordinary pages, the fitted ones, and the variant."""
    (source,) = part_sources(replace(rich_tree(), bagian=(lampiran(blocks),)), LOOK)
    ordinary = plain_part(source.html(""), css, "uji")
    return ordinary, *fitted(lambda variant: plain_part(source.html(variant), css, "uji"))


@pytest.mark.parametrize("count", COUNTS)
def test_no_ending_is_nearly_empty(count: int) -> None:
    ordinary, part, variant = laid_out((items(count),))
    if ordinary.pages == 1 or ordinary.filled[-1] >= THIN:
        assert variant == ""
    assert part.pages == 1 or part.filled[-1] >= NEARLY_EMPTY


def test_a_page_is_saved_where_closer_lines_can() -> None:
    seen = [laid_out((items(count),)) for count in COUNTS]
    assert {variant for _, _, variant in seen} >= {"", "utuh"}
    saved = [(before, after) for before, after, variant in seen if variant.startswith("padat")]
    assert saved
    assert all(after.pages == before.pages - 1 for before, after in saved)


@pytest.mark.slow
def test_a_sheet_in_the_middle_is_measured_too() -> None:
    new_sheet = Subjudul(tingkat=1, label="B.", isi=words("Lembar"), halaman_baru=True)
    for count in COUNTS:
        _, part, _ = laid_out((items(count), new_sheet, items(30)))
        assert min(part.filled) >= NEARLY_EMPTY


@pytest.mark.slow
def test_a_sheet_of_style_without_these_rules_gives_the_pages_it_always_gave() -> None:
    for count in COUNTS:
        ordinary, part, variant = laid_out((items(count),), BEFORE)
        assert part == ordinary
        assert variant == ""


def test_a_lampiran_that_needs_no_sheet_shares_the_next_page() -> None:
    short = lampiran((par("Tidak berlaku."),), lembar_bersama=True)
    after = lampiran((items(5),), 2)
    landscape = replace(after, orientasi="mendatar")
    tree = rich_tree()
    groups = partial(replace, tree)
    assert part_groups(groups(bagian=(short, after))) == ((short, after),)
    assert part_groups(groups(bagian=(short, landscape))) == ((short,), (landscape,))
    assert part_groups(groups(bagian=(replace(short, lembar_bersama=False), after)))[1] == (after,)
    (source,) = part_sources(groups(bagian=(short, after)), LOOK)
    part, _ = fitted(lambda variant: plain_part(source.html(variant), CSS, "uji"))
    assert part.pages == 1
    assert part.anchors["lampiran_2"].rect[3] < part.anchors["lampiran_1"].rect[1]

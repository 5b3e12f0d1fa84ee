from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pks_kit.render.pdf.flow.items import Item, LaidLeaf
from pks_kit.render.pdf.flow.marks import Words
from pks_kit.render.pdf.flow.sameness import same_leaf

WORDS = Words(1.0, 9.0, "SourceSansPro-Regular", "10", (0.0, 0.0, 0.0), "<0001>")
ITEM = Item(0.0, 12.0, "allowed", (WORDS,), (("nama", (0.0, 0.0, 5.0, 12.0)),))
SECOND = replace(ITEM, top=12.0, bottom=24.0)
LEAF = LaidLeaf((ITEM, SECOND), ((0.0, 0.0),), (("SourceSansPro-Regular", "\x01"),))


def other(**changes: Any) -> LaidLeaf:
    return replace(LEAF, items=(ITEM, replace(SECOND, **changes)))


def test_neighbours_decide_what_stands_above() -> None:
    begun = replace(LEAF, items=(replace(ITEM, before="avoid"), SECOND))
    assert same_leaf(LEAF, begun)


@pytest.mark.parametrize(
    "changed",
    [
        other(before="avoid"),
        other(bottom=24.01),
        other(marks=(WORDS._replace(x=1.00001),)),
        other(marks=(WORDS._replace(glyphs="<0002>"),)),
        other(anchors=()),
        other(links=(("pks:a", (0.0, 0.0, 1.0, 1.0)),)),
        other(head=True),
        replace(LEAF, begun=((1.0, 0.0),)),
        replace(LEAF, glyphs=()),
        replace(LEAF, items=(ITEM,)),
    ],
)
def test_everything_else_counts(changed: LaidLeaf) -> None:
    assert not same_leaf(LEAF, changed)


def test_sums_in_another_order_do_not() -> None:
    assert same_leaf(LEAF, other(bottom=24.0 + 1e-9))

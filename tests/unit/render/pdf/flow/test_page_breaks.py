"""Items are cut into pages as the layout engine would cut them."""

from __future__ import annotations

import pytest

from pks_kit.render.pdf.flow.items import Break, Item, RowRules, Rule
from pks_kit.render.pdf.flow.page_breaks import OnPage, Placed, cut_pages

RULES = RowRules((0.0, 10.0), (Rule(2.0, (0, 0, 0)),), (Rule(1.0, (0, 0, 0)),), ())


def column(*rules: Break, height: float = 10.0, margin: float = 0.0) -> list[Placed]:
    """Return lines of the same height; one rule for what may happen before each."""
    return [
        Placed(Item(0.0, height, rule, ()), at * height, (at + 1) * height, rule, at, margin=margin)
        for at, rule in enumerate(rules)
    ]


def pages(items: list[Placed], room: float = 30.0, *, keeps: bool = False) -> list[list[int]]:
    cut = cut_pages(items, room, keeps_margins=keeps)
    assert cut is not None
    return [[one.placed.leaf for one in page] for page in cut]


def test_a_page_takes_what_fits() -> None:
    assert pages(column(*["allowed"] * 7)) == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_page_ends_where_it_may() -> None:
    rules: list[Break] = ["allowed", "allowed", "avoid", "avoid", "allowed"]
    assert pages(column(*rules)) == [[0], [1, 2, 3], [4]]


def test_a_page_ends_where_it_must() -> None:
    assert pages(column("allowed", "forced", "allowed")) == [[0], [1, 2]]


@pytest.mark.parametrize(
    "items",
    [column("allowed", height=31.0), column("allowed", "avoid", "avoid", "avoid")],
    ids=["higher than a page", "nowhere to end"],
)
def test_what_only_the_engine_can_cut_is_left_to_it(items: list[Placed]) -> None:
    assert cut_pages(items, 30.0, keeps_margins=False) is None


def tops(page: list[OnPage]) -> list[float]:
    return [one.top for one in page]


def test_space_above_a_page_falls_away_but_where_it_is_kept() -> None:
    items = column(*["allowed"] * 4, margin=3.0)
    first, second = cut_pages(items, 24.0, keeps_margins=False) or []
    assert (tops(first), tops(second)) == ([3.0, 13.0], [0.0, 10.0])
    kept = cut_pages(items, 24.0, keeps_margins=True) or []
    assert [tops(page)[0] for page in kept] == [3.0, 3.0]


def test_a_head_is_repeated_half_a_rule_below_the_upper_end() -> None:
    head = Placed(Item(0.0, 5.0, "allowed", (), rules=RULES, head=True), 0.0, 5.0, "allowed", 0, 7)
    rows = [
        Placed(Item(0.0, 10.0, "allowed", (), rules=RULES), 5.0 + 10 * at, 15.0 + 10 * at,
               "allowed", at + 1, 7)
        for at in range(4)
    ]  # fmt: skip
    first, second = cut_pages([head, *rows], 26.5, keeps_margins=False) or []
    assert [(one.placed.leaf, one.top, one.repeated) for one in first] == [
        (0, 1.0, False), (1, 6.0, False), (2, 16.0, False),
    ]  # fmt: skip
    assert [(one.placed.leaf, one.top, one.repeated) for one in second] == [
        (0, 1.0, True), (3, 6.0, False), (4, 16.0, False),
    ]  # fmt: skip

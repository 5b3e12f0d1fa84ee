"""Tables add up in both directions; money follows the law of the day of signing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.pipelines.batching.counts import (
    KIND_NAMES,
    METHODS,
    Cost,
    costs,
    cross_table,
    meterai_of,
)
from pks_kit.pipelines.batching.plan import PlannedRow
from support.batch_plans import plan_of, planned


@given(
    st.lists(
        st.tuples(st.sampled_from([*KIND_NAMES, "", "lain"]), st.sampled_from([*METHODS, "x", ""]))
    )
)
def test_a_table_adds_up_in_both_directions(pairs: list[tuple[str, str]]) -> None:
    table = cross_table(pairs, METHODS)
    assert table.total == len(pairs) == sum(table.sums) == sum(one[2] for one in table.rows)
    assert [sum(counts) for _, counts, _ in table.rows] == [one[2] for one in table.rows]
    for place, column in enumerate(table.columns):
        assert table.sums[place] == sum(one[1] == column for one in pairs)
    assert table.columns[: len(METHODS)] == METHODS


def test_kinds_stand_in_the_order_of_the_law_and_unknown_ones_last() -> None:
    table = cross_table([("", "manual"), ("apotek", "manual"), ("tpmd", "digital")], METHODS)
    assert [kind for kind, _, _ in table.rows] == ["tpmd", "apotek", ""]


def test_no_two_kinds_have_one_name() -> None:
    assert len(set(KIND_NAMES.values())) == len(KIND_NAMES)


def test_meterai_cost_what_the_law_says_on_the_day_of_signing() -> None:
    rows = [
        planned(1, meterai=2),
        planned(2, meterai=1),
        planned(3),
        planned(4, meterai=1, signed_on=date(1990, 1, 1)),
        planned(5, meterai=3, signed_on=None),
    ]
    known, unknown = costs(rows)
    assert known.price is not None
    assert (known.count, known.total) == (3, 3 * known.price)
    assert unknown == Cost(count=4, price=None)
    assert unknown.total == 0
    assert costs([planned(1)]) == ()


BOTH = ("pihak_kedua", "pihak_kesatu")
TWO = planned(1, meterai=2)
ONE = planned(2, meterai=1, cara_kontrak="digital")
NONE = planned(3, cara_kontrak="manual")


@pytest.mark.parametrize(
    ("rows", "parties", "expected"),
    [
        # those of the facility were told as bought by «this side»
        ([TWO, ONE, NONE], BOTH, [("PIHAK KESATU", 2), ("PIHAK KEDUA", 1)]),
        ([planned(1, meterai=1), ONE], BOTH, [("PIHAK KESATU", 2)]),
        ([planned(1, meterai=1)], ("pihak_kesatu",), [("PIHAK KESATU", 1)]),
        ([planned(1, meterai=1)], ("pihak_kedua",), [("PIHAK KEDUA", 1)]),
        ([planned(1, meterai=1)], BOTH, []),  # either may pay
        ([NONE], BOTH, []),
        ([planned(1)], (), []),
    ],
)
def test_meterai_are_told_by_the_party_that_they_are_for(
    rows: list[PlannedRow], parties: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    assert meterai_of(plan_of(rows, parties=parties).plan) == expected

"""Cells travel packed from the child that read them, and nothing else is taken for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.inputs.workbook.cells import Cell, Grid, packed, unpacked
from pks_kit.inputs.workbook.grid import Grids
from pks_kit.json_form import from_wire, to_wire

CELLS = st.builds(
    Cell,
    st.sampled_from(["text", "number", "date", "bool", "error", "formula"]),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)
ROWS = st.dictionaries(
    st.integers(1, 1_000_000),
    st.dictionaries(st.integers(1, 400), CELLS, min_size=1, max_size=4),
    max_size=4,
)


@given(ROWS)
def test_what_is_packed_comes_back(rows: dict[int, dict[int, Cell]]) -> None:
    assert unpacked(packed(rows)) == rows
    grids = Grids(sheets=(Grid(name="Tenaga", rows=rows, merged=["A1:A2"]),))
    assert from_wire(Grids, to_wire(grids)) == grids


@pytest.mark.parametrize(
    "line",
    [
        "",
        "1|1|t|1",
        "1|1|t|2|a",
        "1|1|t|1|ab",
        "1|1 2|t|1|a",
        "1|1 1|tt|1 1|ab",
        "1|1|x|1|a",
        "1|401|t|1|a",
        "2000000|1|t|1|a",
        "-1|1|t|1|a",
        "0|1|t|1|a",
        "1|0|t|1|a",
        "1|1|t|-1|a",
        "1|1|t|99999999999|a",
        "1|1|t|5000|" + "a" * 5000,
        "1|¹|t|1|a",
    ],
)
def test_what_was_never_packed_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacked([line])
    with pytest.raises(ValueError, match="rows"):
        from_wire(Grids, b'{"sheets":[{"name":"a","rows":["' + line.encode() + b'"]}]}')


@pytest.mark.parametrize("rows", ["{}", '{"1":{"1":{"kind":"text","text":"a"}}}', "[1]", '"a"'])
def test_rows_that_are_not_packed_do_not_travel(rows: str) -> None:
    line = b'{"sheets":[{"name":"a","rows":' + rows.encode() + b"}]}"
    if rows == "{}":
        assert from_wire(Grids, line).sheets[0].rows == {}
    else:
        with pytest.raises(ValueError, match="rows"):
            from_wire(Grids, line)

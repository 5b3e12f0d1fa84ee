"""Which number formats show a date; a library that writes workbooks agrees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles.numbers import is_date_format

from pks_kit.inputs.workbook.grid import shows_date


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("General", False), ("0", False), ("#,##0.00", False), ("@", False), ("", False),
        ('"Rp"#,##0', False), ('"hari"0', False), ("[Red]0", False), ("[$-421]#,##0", False),
        ('_("Rp"* #,##0_);0', False), ("0;[Red]dd", False), (r"0\d", False), ("0_d", False),
        ("dd/mm/yyyy", True), ("[$-421]dd mmmm yyyy", True), ("h:mm", True), ("[h]:mm:ss", True),
        ("[mm]:ss", True), ("DD-MMM-YY", True), ('dd "bulan" mm', True), ("yyyy;0", True),
    ],
)  # fmt: skip
def test_formats_of_dates_and_of_numbers(code: str, expected: bool) -> None:
    assert shows_date(code) is expected


@given(
    st.lists(
        st.sampled_from(
            ["d", "mm", "yyyy", "h", "ss", "0", "#", "[Red]", "[h]", '"hari"', ";", " "]
        ),
        max_size=8,
    )
)
def test_openpyxl_agrees(parts: list[str]) -> None:
    code = "".join(parts)
    assert shows_date(code) == is_date_format(code)

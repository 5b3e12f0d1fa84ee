"""Workbooks of reports: text is never a formula, values keep their kind, sheets are protected."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from pks_kit.inputs.workbook.report_writer import ReportColumn, ReportSheet, Told, write_report

COLUMNS = tuple(ReportColumn(heading=one, width=10) for one in ("Hal", "Isi"))


def written(*rows: tuple[Told, ...], strong: frozenset[str] = frozenset()) -> Any:
    sheet = ReportSheet(title="Uji", columns=COLUMNS, rows=rows, strong=strong)
    return load_workbook(io.BytesIO(write_report([sheet])))["Uji"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1"])
def test_no_text_is_ever_a_formula(text: str) -> None:
    content = write_report([ReportSheet(title="Uji", columns=COLUMNS, rows=[(text, "aman")])])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    cell = load_workbook(io.BytesIO(content))["Uji"]["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\t", "‹U+0009›")
    assert cell.quotePrefix is text.startswith(("=", "+", "-", "@"))


def test_what_looks_like_an_escape_of_the_format_is_read_as_it_stands() -> None:
    content = write_report([ReportSheet(title="Uji", columns=COLUMNS, rows=[("_x0041_", 1)])])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<t>_x005F_x0041_</t>" in parts.read("xl/worksheets/sheet1.xml")


def test_a_quoted_cell_does_not_quote_its_neighbours() -> None:
    sheet = written(("=1", "biasa"), ("biasa", "=1"))
    assert [cell.quotePrefix for row in sheet["A2:B3"] for cell in row] == [
        True,
        False,
        False,
        True,
    ]


def test_values_keep_their_kind() -> None:
    moment = datetime(2026, 11, 29, 18, 30, tzinfo=UTC)
    sheet = written(("x", 12_000), ("x", 1.5), ("x", date(2027, 1, 1)), ("x", moment), ("x", None))
    cells = [sheet[f"B{row}"] for row in range(2, 7)]
    assert [one.value for one in cells[:2]] == [12_000, 1.5]
    assert [str(one.value) for one in cells[2:]] == [
        "2027-01-01 00:00:00", "2026-11-30 01:30:00", "None",
    ]  # fmt: skip
    assert [one.is_date for one in cells] == [False, False, True, True, False]
    assert cells[0].number_format == "#,##0"


def test_headings_stay_in_sight_and_filters_work_on_a_protected_sheet() -> None:
    sheet = written(("a", "b"), ("c", "d"))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.protection.sheet is True
    assert sheet.protection.autoFilter is False  # not forbidden
    assert sheet.protection.password is None
    assert sheet.print_title_rows == "$1:$1"


def test_a_sheet_without_rows_has_its_headings() -> None:
    assert [one.value for one in written()[1]] == ["Hal", "Isi"]


def test_sums_are_bold() -> None:
    sheet = written(("Semua", 3), ("Satu", 1), strong=frozenset({"Semua"}))
    assert [sheet[f"A{row}"].font.bold for row in (1, 2, 3)] == [True, True, False]


def test_equal_rows_give_equal_bytes() -> None:
    def content() -> bytes:
        return write_report([ReportSheet(title="Uji", columns=COLUMNS, rows=[("a", 1)])])

    assert content() == content()

"""A key that is merged, missing, misspelt or repeated is one problem, however many rows it has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest

from pks_kit.pipelines.requests.given import NamedFile
from pks_kit.pipelines.workbook import WorkbookCheckRequest, workbook_check
from support.workbook_cells import KEY, Formula, Sheets, Value, sample_sheets, xlsx


@dataclass(frozen=True)
class Told:
    """What a check says of keys, and what its findings are."""

    problems: list[tuple[str, str, object]]
    findings: list[str]


def told(sheets: Sheets) -> Told:
    checked = workbook_check(WorkbookCheckRequest(source=NamedFile("uji.xlsx", xlsx(sheets))))
    return Told(
        [(one.place, one.code, one.params.get("count")) for one in checked.problems],
        [
            found.code
            for one in checked.facilities
            for found in (*one.findings, *one.facility.problems)
        ],
    )


def keys(sheets: Sheets, sheet: str, value: Value, *, rows: slice = slice(2, None)) -> Sheets:
    """Write another key into rows of a sheet."""
    for row in sheets[sheet][rows]:
        row[0] = value
    return sheets


@cache
def good() -> list[str]:
    """The findings about the sample as it is."""
    return told(sample_sheets()).findings


@pytest.mark.parametrize("sheet", ["Tenaga", "Praktik"])
@pytest.mark.parametrize("value", [None, KEY[:-1] + "X", Formula("Kontrak!A3")])
@pytest.mark.parametrize("first", [2, 3])
def test_one_cause_is_told_once_and_nothing_follows_from_it(sheet, value, first):
    sheets = keys(sample_sheets(), sheet, value, rows=slice(first, None))
    count = len(sheets[sheet]) - first
    seen = told(sheets)
    assert [(place, number) for place, _, number in seen.problems] == [
        (f"{sheet}!A{first + 1}", count)
    ]
    assert seen.findings == good()


def test_rows_between_right_ones_are_told_apart():
    sheets = keys(sample_sheets(), "Praktik", None, rows=slice(3, 5))
    keys(sheets, "Praktik", None, rows=slice(6, 7))
    seen = told(sheets)
    assert seen.problems == [
        ("Praktik!A4", "workbook.no_key", 2),
        ("Praktik!A7", "workbook.no_key", 1),
    ]
    assert seen.findings == good()


def test_a_misspelt_key_is_one_problem_over_all_sheets():
    sheets = sample_sheets()
    for sheet in ("Tenaga", "Praktik"):
        keys(sheets, sheet, KEY + "X")
    count = len(sheets["Tenaga"]) + len(sheets["Praktik"]) - 4
    assert told(sheets) == Told([("Tenaga!A3", "workbook.orphan", count)], good())


def test_rows_of_a_repeated_key_name_the_repetition():
    sheets = sample_sheets()
    for name, rows in sheets.items():
        more = [list(row) for row in rows[2:] if row and row[0] == KEY]
        for row in more:
            row[0] = KEY if name == "Kontrak" else "0177B001"
        rows += more
    count = sum(row[0] == "0177B001" for rows in sheets.values() for row in rows if row)
    seen = told(sheets)
    assert [(code, number) for _, code, number in seen.problems] == [
        ("workbook.key_twice", None),
        ("workbook.orphan_of_repeated", count),
    ]
    assert seen.findings == good()

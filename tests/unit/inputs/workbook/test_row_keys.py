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
    """What a check says of keys, what else it finds, and which facilities it refuses."""

    problems: list[tuple[str, str, object]]
    findings: list[str]
    refused: dict[str, list[str]]


def told(sheets: Sheets) -> Told:
    checked = workbook_check(WorkbookCheckRequest(source=NamedFile("uji.xlsx", xlsx(sheets))))
    return Told(
        [(one.place, one.code, one.params.get("count")) for one in checked.problems],
        [
            found.code
            for one in checked.facilities
            for found in (*one.findings, *one.facility.problems)
            if found not in checked.problems
        ],
        {
            one.facility.key: sorted({problem.code for problem in one.facility.problems})
            for one in checked.facilities
        },
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
    refused = {KEY: ["workbook.orphan"]}
    assert told(sheets) == Told([("Tenaga!A3", "workbook.orphan", count)], good(), refused)


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


# --- who is touched, and who goes on -------------------------------------------------------------

OTHERS = ("0177B001", "5533K210")


def three(sheets: Sheets | None = None) -> Sheets:
    """The sample and two more facilities with rows of their own on every sheet."""
    sheets = sheets or sample_sheets()
    for rows in sheets.values():
        mine = [row for row in rows[2:] if row and row[0] == KEY]
        rows += [[other, *row[1:]] for other in OTHERS for row in mine]
    return sheets


def row_of(sheets: Sheets, sheet: str, key: str, last: int = 0) -> int:
    """Return the number of a row of a facility on a sheet, counted from its first one."""
    return [at for at, row in enumerate(sheets[sheet], start=1) if row and row[0] == key][last]


def refused(sheets: Sheets) -> dict[str, list[str]]:
    """Return the facilities that cannot be used, with the reasons."""
    return {key: codes for key, codes in told(sheets).refused.items() if codes}


def test_three_good_ones_are_good():
    assert refused(three()) == {}


def test_a_repeated_key_refuses_both_rows_and_no_other():
    sheets = three()
    sheets["Kontrak"].append(list(sheets["Kontrak"][2]))
    seen = told(sheets)
    assert [code for _, code, _ in seen.problems] == ["workbook.key_twice"]
    assert refused(sheets) == {KEY: ["workbook.key_twice"]}
    checked = workbook_check(WorkbookCheckRequest(source=NamedFile("uji.xlsx", xlsx(sheets))))
    rows = [one.facility.row for one in checked.facilities if one.facility.problems]
    assert rows == [3, 6]


def test_lists_of_a_key_that_was_overwritten_are_no_further_problem():
    sheets = three()
    sheets["Kontrak"][3][0] = KEY
    for rows in sheets.values():
        rows[2:] = [row for row in rows[2:] if row[0] != KEY or rows is sheets["Kontrak"]]
    assert refused(sheets) == {KEY: ["workbook.key_twice"]}


@pytest.mark.parametrize("value", [None, "0177B0O1", "catatan", Formula("A1")])
def test_a_row_without_its_key_refuses_whose_rows_stand_round_it(value):
    sheets = three()
    sheets["Tenaga"][row_of(sheets, "Tenaga", OTHERS[0], 1) - 1][0] = value
    assert list(refused(sheets)) == [OTHERS[0]]


def test_rows_of_a_facility_that_was_left_out_refuse_nobody():
    sheets = three()
    del sheets["Kontrak"][4]
    seen = told(sheets)
    assert [code for _, code, _ in seen.problems] == ["workbook.orphan_far"]
    assert not any(seen.refused.values())


def test_rows_of_a_similar_facility_that_was_left_out_refuse_nobody():
    sheets = three()
    for rows in sheets.values():
        for row in rows:
            if row and row[0] == OTHERS[1]:
                row[0] = "0177B002"
    del sheets["Kontrak"][4]
    assert [code for _, code, _ in told(sheets).problems] == ["workbook.orphan"]
    assert refused(sheets) == {}


def test_what_stands_beside_the_tables_refuses_nobody():
    sheets = three()
    for row in sheets["Kontrak"]:
        row.append("periksa lagi")
    sheets["Sheet1"] = [["corat-coret"]]
    assert told(sheets).problems == []
    assert refused(sheets) == {}


def test_a_column_that_is_missing_is_one_problem_for_all():
    sheets = three()
    at = sheets["Kontrak"][1].index("faskes.kode")
    for row in sheets["Kontrak"]:
        del row[at : at + 1]
    seen = told(sheets)
    assert [code for _, code, _ in seen.problems] == ["workbook.missing_column"]
    assert refused(sheets) == {key: ["workbook.missing_column"] for key in (KEY, *OTHERS)}


def test_a_sheet_that_is_missing_is_one_problem_for_all():
    sheets = three()
    del sheets["Tenaga"]
    seen = told(sheets)
    assert [code for _, code, _ in seen.problems] == ["workbook.missing_sheet"]
    assert refused(sheets) == {key: ["workbook.missing_sheet"] for key in (KEY, *OTHERS)}


def test_an_optional_column_under_another_name_refuses_who_filled_it():
    sheets = three()
    at = sheets["Tenaga"][1].index("bidan_jejaring")
    sheets["Tenaga"][1][at] = "bidan_jejaringg"
    for row in sheets["Tenaga"][2:]:
        row[at : at + 1] = [] if len(row) <= at else [None]
    row = sheets["Tenaga"][row_of(sheets, "Tenaga", OTHERS[0]) - 1]
    row += [None] * (at + 1 - len(row))
    row[at] = "tidak"
    assert refused(sheets) == {OTHERS[0]: ["workbook.unknown_column"]}


def test_an_optional_column_that_lost_its_key_refuses_who_filled_it():
    sheets = three()
    at = sheets["Tenaga"][1].index("bidan_jejaring")
    sheets["Tenaga"][1][at] = None
    for row in sheets["Tenaga"][2:]:
        row[at : at + 1] = [] if len(row) <= at else [None]
    row = sheets["Tenaga"][row_of(sheets, "Tenaga", OTHERS[0]) - 1]
    row += [None] * (at + 1 - len(row))
    row[at] = "tidak"
    assert refused(sheets) == {OTHERS[0]: ["workbook.no_heading_known"]}


def test_an_optional_sheet_under_another_name_refuses_who_stands_in_it():
    sheets = three()
    rows = sheets.pop("Ambulans")
    sheets["Ambulan"] = [*rows[:2], [OTHERS[1], "x"]]
    assert refused(sheets) == {OTHERS[1]: ["workbook.unknown_sheet"]}


def test_two_columns_of_one_name_refuse_whose_values_differ():
    sheets = three()
    at = sheets["Kontrak"][1].index("faskes.kode")
    width = max(len(row) for row in sheets["Kontrak"])
    for row in sheets["Kontrak"]:
        row += [None] * (width - len(row)) + [row[at]]
    assert told(sheets).problems == []
    sheets["Kontrak"][3][-1] = "9999X999"
    assert refused(sheets) == {OTHERS[0]: ["workbook.column_twice_differs"]}

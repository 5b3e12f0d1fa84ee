"""Data of a branch office stand once; facilities name it, and may have a value of their own."""

from __future__ import annotations

import pytest

from pks_kit.inputs.workbook import Book, parse_book
from support.sample import sample
from support.workbook_cells import KEY, Formula, Sheets, Value, column_of, put, sample_sheets, xlsx

SHEET = "Kantor cabang"
OTHERS = ("0177B001", "5533K210")


def three() -> Sheets:
    """The sample and two more facilities, all of one branch."""
    sheets = sample_sheets()
    for name, rows in sheets.items():
        if name != SHEET:
            mine = [row for row in rows[2:] if row and row[0] == KEY]
            rows += [[other, *row[1:]] for other in OTHERS for row in mine]
    return sheets


def read(sheets: Sheets) -> Book:
    return parse_book(xlsx(sheets), "uji.xlsx")


def refused(book: Book) -> dict[str, set[tuple[str, str]]]:
    return {
        one.key: {(problem.place, problem.code) for problem in one.problems}
        for one in book.facilities
        if one.problems
    }


def old_layout(sheets: Sheets) -> Sheets:
    """Write the branch into every row of the main sheet, as workbooks had it before."""
    heads, *_ = sheets[SHEET][1:]
    labels, values = sheets[SHEET][0], sheets.pop(SHEET)[2]
    main = sheets["Kontrak"]
    width = max(len(row) for row in main)
    for number, row in enumerate(main):
        row += [None] * (width - len(row))
        row += [labels[1:], heads[1:]][number] if number < 2 else values[1:]
        del row[1]
    return sheets


def test_one_row_serves_all() -> None:
    book = read(three())
    assert refused(book) == {}
    assert {one.branch for one in book.facilities} == {"cabang"}
    assert len(three()[SHEET]) == 3
    assert {one.kontrak.pihak_kesatu.alamat for one in book.facilities if one.kontrak} == {
        sample().pihak_kesatu.alamat
    }


def test_the_old_layout_means_the_same() -> None:
    before, after = read(three()), read(old_layout(three()))
    assert refused(after) == {}
    assert after.problems == after.passed_over == ()
    assert [one.kontrak for one in after.facilities] == [one.kontrak for one in before.facilities]


def test_a_value_of_its_own_counts_before_the_branch() -> None:
    sheets = three()
    width = max(len(row) for row in sheets["Kontrak"])
    for row in sheets["Kontrak"]:
        row += [None] * (width - len(row) + 1)
    sheets["Kontrak"][1][-1] = "pihak_kesatu.pic"
    sheets["Kontrak"][4][-1] = "Petugas Lain"
    book = read(sheets)
    assert refused(book) == {}
    names = [one.kontrak.pihak_kesatu.pic for one in book.facilities if one.kontrak]
    assert names == [sample().pihak_kesatu.pic] * 2 + ["Petugas Lain"]
    place = book.facilities[2].place_of("pihak_kesatu.pic")
    assert place.startswith("Kontrak!")
    assert place.endswith("5")
    assert book.facilities[0].place_of("pihak_kesatu.pic").startswith(f"{SHEET}!")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("pihak_kesatu.email", "bukan", "input.bad_format"),
        ("pihak_kesatu.alamat", None, "input.missing_field"),
        ("pihak_kesatu.pic", Formula("A1"), "workbook.formula"),
    ],
)
def test_a_bad_cell_of_a_branch_is_named_there(key: str, value: Value, code: str) -> None:
    sheets = three()
    place = f"{SHEET}!{column_of(sheets, SHEET, key)}3"
    book = read(put(sheets, place, value))
    assert refused(book) == {key: {(place, code)} for key in (KEY, *OTHERS)}


def test_a_branch_that_nobody_knows_is_told_once() -> None:
    sheets = three()
    sheets[SHEET].append(["kota", *sheets[SHEET][2][1:]])
    for row in (3, 4):
        put(sheets, f"Kontrak!B{row}", "cabangg")
    book = read(sheets)
    assert [problem.code for problem in book.problems] == ["workbook.unknown_branch"]
    expected = {("Kontrak!B3", "workbook.unknown_branch")}
    assert refused(book) == {KEY: expected, OTHERS[0]: expected}


def test_no_name_is_enough_while_there_is_one_branch() -> None:
    sheets = put(three(), "Kontrak!B4", None)
    assert refused(read(sheets)) == {}
    sheets[SHEET].append(["kota", *sheets[SHEET][2][1:]])
    assert refused(read(sheets)) == {OTHERS[0]: {("Kontrak!B4", "workbook.no_branch")}}


def test_a_branch_that_stands_twice_refuses_who_names_it() -> None:
    sheets = three()
    sheets[SHEET] += [["kota", *sheets[SHEET][2][1:]] for _ in range(2)]
    put(sheets, "Kontrak!B4", "kota")
    assert refused(read(sheets)) == {OTHERS[0]: {(f"{SHEET}!A5", "workbook.branch_twice")}}


def test_a_missing_sheet_of_branches_is_one_problem() -> None:
    sheets = three()
    del sheets[SHEET]
    book = read(sheets)
    assert [problem.code for problem in book.problems] == ["workbook.missing_sheet"]
    assert refused(book) == {key: {(SHEET, "workbook.missing_sheet")} for key in (KEY, *OTHERS)}


def test_a_missing_column_of_branches_is_one_problem() -> None:
    sheets = three()
    at = sheets[SHEET][1].index("pihak_kesatu.alamat")
    for row in sheets[SHEET]:
        del row[at]
    book = read(sheets)
    assert [problem.code for problem in book.problems] == ["workbook.missing_column"]
    assert refused(book) == {key: {(SHEET, "workbook.missing_column")} for key in (KEY, *OTHERS)}

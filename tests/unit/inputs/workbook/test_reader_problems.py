"""What is wrong in a workbook is named with sheet, row and column, everything at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pks_kit.errors import InputProblemsError
from pks_kit.inputs.workbook import Book, load_workbook_kontrak, parse_book
from pks_kit.inputs.workbook.words import column_words
from pks_kit.json_form import to_json
from support.sample import changed_at, sample
from support.workbook_cells import (
    Dated,
    Failed,
    Formula,
    Sheets,
    Value,
    column_of,
    put,
    sample_sheets,
    sheets_of,
    xlsx,
)


def read(sheets: Sheets) -> Book:
    return parse_book(xlsx(sheets), "uji.xlsx")


def told(sheets: Sheets) -> set[tuple[str, str]]:
    """Return place and code of every problem."""
    book = read(sheets)
    own = [problem for one in book.facilities for problem in one.problems]
    everything = (*book.problems, *book.passed_over, *own)
    return {(problem.place, problem.code) for problem in everything}


def test_the_small_sample_is_good() -> None:
    assert told(sample_sheets()) == set()


CELLS: dict[str, tuple[str, str, str, Value, str]] = {
    "NIK as a number": ("Tenaga", "nik", "4", 9901011107880002.0, "workbook.digits_lost"),
    "NIK with few digits": ("Tenaga", "nik", "4", "99010111", "input.bad_format"),
    "phone as a number": ("Tenaga", "hp", "3", 89900005601, "workbook.number_for_text"),
    "account as a number": (
        "Kontrak", "rekening.utama.nomor", "3", 9900112233, "workbook.number_for_text",
    ),
    "licence number turned into a date": (
        "Tenaga", "sip.nomor", "5", Dated(45000), "workbook.date_for_text",
    ),
    "formula": ("Kontrak", "pihak_kedua.nama_faskes", "3", Formula("1+1"), "workbook.formula"),
    "error": ("Kontrak", "faskes.kode", "3", Failed("#REF!"), "workbook.error_value"),
    "true in text": ("Kontrak", "pihak_kedua.up", "3", True, "workbook.truth_value"),
    "date with a time": (
        "Kontrak", "jangka_waktu.tanggal_mulai", "3", Dated(45292.5), "workbook.date_with_time",
    ),
    "number for a date": (
        "Kontrak", "jangka_waktu.tanggal_mulai", "3", 45292, "workbook.number_for_date",
    ),
    "no number at all": (
        "Kontrak", "faskes.jumlah_peserta_terdaftar", "3", Dated("abc"), "workbook.bad_number",
    ),
    "broken count": (
        "Kontrak", "faskes.jumlah_peserta_terdaftar", "3", 12.5, "input.bad_whole",
    ),
    "huge number": (
        "Kontrak", "faskes.jumlah_peserta_terdaftar", "3", 1e300, "workbook.digits_lost",
    ),
    "no choice": ("Praktik", "poli", "4", "jantung", "input.not_a_choice"),
    "empty": ("Praktik", "mulai", "4", None, "input.missing_field"),
    "yes and no": ("Kontrak", "faskes.poned", "3", "mungkin", "input.bad_yes_no"),
    "right to left": ("Jejaring", "nama", "3", "Klinik \u202e", "input.unprintable"),
    "line break": ("Jejaring", "nama", "3", "Klinik\nSenja", "input.line_break"),
    "too long": ("Jejaring", "nama", "3", "x" * 300, "input.too_long"),
    "half a group": ("Kontrak", "cons_id.vendor.nama", "3", None, "input.missing_field"),
    "to be filled": ("Kontrak", "pihak_kedua.pic", "3", "ISI: nama", "input.to_be_filled"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", CELLS.values(), ids=list(CELLS))
def test_a_bad_cell_is_named(case: tuple[str, str, str, Value, str]) -> None:
    sheet, key, row, value, code = case
    sheets = sample_sheets()
    place = f"{sheet}!{column_of(sheets, sheet, key)}{row}"
    changed = put(sheets, place, value)
    assert told(changed) == {(place, code)}
    (problem,) = (one for each in read(changed).facilities for one in each.problems)
    path = key if sheet == "Kontrak" else f"{_TABLES[sheet]}[0].{key}"
    heading = column_words(path)
    assert (problem.column, problem.where) == (heading, f"{place} ({heading})")
    assert to_json(problem)["column"] == heading
    words = problem.text
    assert key not in f"{words.id} {words.en}" or "." not in key  # a heading, no name of the data


_TABLES = {"Tenaga": "tenaga_kesehatan", "Praktik": "jadwal.praktik", "Jejaring": "jejaring"}


def test_a_bad_key_is_named_with_the_heading_of_its_column() -> None:
    for cell, value in (("Tenaga!A3", None), ("Tenaga!A3", "tidak-ada"), ("Kontrak!A3", 1.5)):
        book = read(put(sample_sheets(), cell, value))
        own = (*book.problems, *(one for each in book.facilities for one in each.problems))
        (found,) = {one.where for one in own if one.place == cell}
        assert found == f"{cell} (Kunci Faskes)"
        assert not any("kunci_faskes" in one.text.id for one in own if one.place == cell)


GOOD: dict[str, tuple[str, str, Value, Callable[[], object]]] = {
    "date cell": (
        "Kontrak", "jangka_waktu.tanggal_selesai", Dated(45656), lambda: "2024-12-30",
    ),
    "whole float": ("Kontrak", "faskes.jumlah_peserta_terdaftar", 12.0, lambda: 12),
    "true": ("Kontrak", "faskes.poned", True, lambda: True),
    "time with two dots": ("Praktik", "mulai", "08.15", lambda: "08:15:00"),
    "day and month in words": (
        "Kontrak", "jangka_waktu.tanggal_selesai", "30 Desember 2024", lambda: "2024-12-30",
    ),
    "day first": ("Kontrak", "jangka_waktu.tanggal_selesai", "30/12/2024", lambda: "2024-12-30"),
    "thousands": ("Kontrak", "faskes.jumlah_peserta_terdaftar", "17.350", lambda: 17350),
    "an hour alone": ("Praktik", "mulai", "8", lambda: "08:00:00"),
    "an hour as a number": ("Praktik", "mulai", 8, lambda: "08:00:00"),
    "capitals": ("Praktik", "hari", "SENIN", lambda: "senin"),
    "yes in capitals": ("Kontrak", "faskes.poned", "YA", lambda: True),
    "a blank of a web page": (
        "Kontrak", "pihak_kedua.pic", "Sari\u00a0Contoh ", lambda: "Sari Contoh",
    ),
    "time cell": ("Praktik", "mulai", Dated(0.34375), lambda: "08:15:00"),
}  # fmt: skip
PATHS = {"Kontrak": "{key}", "Praktik": "jadwal.praktik[0].{key}"}


@pytest.mark.slow
@pytest.mark.parametrize("case", GOOD.values(), ids=list(GOOD))
def test_what_excel_makes_of_typing_is_understood(
    case: tuple[str, str, Value, Callable[[], object]],
) -> None:
    sheet, key, value, expected = case
    few = changed_at({"jadwal.praktik": sample().model_dump(mode="json")["jadwal"]["praktik"][:6]})
    sheets = sheets_of(few)
    put(sheets, f"{sheet}!{column_of(sheets, sheet, key)}3", value)
    book = read(sheets)
    wanted = few.model_dump(mode="json")
    here = wanted
    *outer, last = PATHS[sheet].format(key=key).replace("[0]", ".0").split(".")
    for part in outer:
        here = here[int(part) if part.isdecimal() else part]
    here[last] = expected()
    assert book.facilities[0].problems == ()
    assert book.facilities[0].kontrak is not None
    assert book.facilities[0].kontrak.model_dump(mode="json") == wanted


@pytest.mark.parametrize("second", [None, "8-14"])
def test_a_span_in_one_cell_is_begin_and_end(second: Value) -> None:
    sheets = sample_sheets()
    begin, end = (column_of(sheets, "Praktik", key) for key in ("mulai", "selesai"))
    put(put(sheets, f"Praktik!{begin}3", "8-14"), f"Praktik!{end}3", second)
    (facility,) = read(sheets).facilities
    assert facility.kontrak is not None
    first = facility.kontrak.jadwal.praktik[0]
    assert (f"{first.mulai:%H:%M}", f"{first.selesai:%H:%M}") == ("08:00", "14:00")


def test_a_span_beside_another_end_is_refused() -> None:
    sheets = sample_sheets()
    begin = column_of(sheets, "Praktik", "mulai")
    assert told(put(sheets, f"Praktik!{begin}3", "8-14")) == {
        (f"Praktik!{begin}3", "input.bad_time")
    }


def test_dates_that_could_be_two_days_name_both() -> None:
    sheets = sample_sheets()
    place = f"Kontrak!{column_of(sheets, 'Kontrak', 'jangka_waktu.tanggal_mulai')}3"
    (facility,) = read(put(sheets, place, "01/02/2024")).facilities
    words = facility.problems[0].text.id
    assert "2024-02-01" in words
    assert "2024-01-02" in words


def test_dates_of_1904_are_other_days() -> None:
    sheets = sample_sheets()
    place = f"Kontrak!{column_of(sheets, 'Kontrak', 'jangka_waktu.tanggal_selesai')}3"
    put(sheets, place, Dated(45656 - 1462))
    (facility,) = parse_book(xlsx(sheets, date1904=True), "uji.xlsx").facilities
    assert facility.kontrak is not None
    assert facility.kontrak.jangka_waktu.tanggal_selesai.isoformat() == "2024-12-30"


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    sheets = sample_sheets()
    nik = column_of(sheets, "Tenaga", "nik")
    put(sheets, f"Tenaga!{nik}3", "1")
    put(sheets, f"Tenaga!{nik}7", Formula("A1"))
    put(sheets, "Praktik!A4", "9917U028")
    put(sheets, "Jejaring!A3", None)
    put(sheets, "Dokumen!B2", "jenos")
    assert told(sheets) == {
        (f"Tenaga!{nik}3", "input.bad_format"),
        (f"Tenaga!{nik}7", "workbook.formula"),
        ("Praktik!A4", "workbook.orphan"),
        ("Jejaring!A3", "workbook.no_key"),
        ("Dokumen!B2", "workbook.unknown_column"),
        ("Dokumen", "workbook.missing_column"),
    }
    path = tmp_path / "uji.xlsx"
    path.write_bytes(xlsx(sheets))
    with pytest.raises(InputProblemsError) as caught:
        load_workbook_kontrak(path)
    assert len(caught.value.problems) == 6
    assert all(to_json(problem)["place"] for problem in caught.value.problems)


def test_values_of_problems_are_masked() -> None:
    sheets = sample_sheets()
    place = f"Kontrak!{column_of(sheets, 'Kontrak', 'jangka_waktu.tanggal_mulai')}3"
    (facility,) = read(put(sheets, place, "9901011107880002")).facilities
    assert "9901011107880002" not in facility.problems[0].text.id
    assert "99••" in facility.problems[0].text.id


def without_column(sheets: Sheets, sheet: str, key: str) -> Sheets:
    at = sheets[sheet][1].index(key)
    for row in sheets[sheet]:
        del row[at : at + 1]
    return sheets


def test_columns_may_be_moved_and_optional_ones_left_out() -> None:
    sheets = without_column(sample_sheets(), "Tenaga", "bidan_jejaring")
    for name, rows in sheets.items():
        width = max(len(row) for row in rows)
        sheets[name] = [[*row, *[None] * (width - len(row))][::-1] for row in rows]
    assert told(sheets) == set()


def test_a_missing_column_and_a_missing_sheet() -> None:
    sheets = without_column(sample_sheets(), "Tenaga", "profesi")
    del sheets["Integrasi"], sheets["Ambulans"]
    assert ("Tenaga", "workbook.missing_column") in told(sheets)
    assert ("Integrasi", "workbook.missing_sheet") in told(sheets)
    assert not any(place == "Ambulans" for place, _ in told(sheets))


def test_misspelt_sheets_are_found_and_notes_are_free() -> None:
    sheets = sample_sheets()
    sheets["Tenagaa"] = [["x"]]
    sheets["Gaji"] = [["x"]]
    sheets["Catatan rapat"] = [["x"]]
    sheets["Kosong"] = []
    assert told(sheets) == {
        ("Tenagaa", "workbook.unknown_sheet_far"),
        ("Gaji", "workbook.unknown_sheet_far"),
    }


def test_a_sheet_that_may_be_a_missing_one_is_named() -> None:
    sheets = sample_sheets()
    sheets["Tenagaa"] = sheets.pop("Tenaga")
    assert told(sheets) == {
        ("Tenagaa", "workbook.unknown_sheet"),
        ("Tenaga", "workbook.missing_sheet"),
    }


def test_headings_that_were_deleted_or_doubled() -> None:
    sheets = sample_sheets()
    sheets["Integrasi"][1] = []
    put(sheets, "Tenaga!B2", None)
    put(sheets, "Tenaga!C2", "nik")
    found = told(sheets)
    assert ("Integrasi", "workbook.no_headings") in found
    assert ("Tenaga!B3", "workbook.no_heading_known") in found
    assert ("Tenaga!D2", "workbook.column_twice_differs") in found


def test_a_key_may_stand_once_and_must_stand() -> None:
    sheets = sample_sheets()
    sheets["Kontrak"] += [list(sheets["Kontrak"][2]), list(sheets["Kontrak"][2])]
    put(sheets, "Kontrak!A5", None)
    assert told(sheets) == {
        ("Kontrak!A4", "workbook.key_twice"),
        ("Kontrak!A5", "workbook.no_key"),
    }


def test_a_facility_without_staff() -> None:
    sheets = sample_sheets()
    del sheets["Tenaga"][2:]
    assert ("Tenaga", "workbook.no_rows") in told(sheets)


def test_an_empty_workbook_has_no_facility() -> None:
    sheets = {name: rows[:2] for name, rows in sample_sheets().items()}
    assert told(sheets) == {("Kontrak", "workbook.no_facility")}


# --- what a spreadsheet program hides or joins ---------------------------------------------------


def edited(sheets: Sheets, part: str, old: str, new: str) -> set[tuple[str, str]]:
    """Return what is told of a workbook in one part of which a text is replaced."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(sheets))) as before,
        zipfile.ZipFile(made, "w") as after,
    ):
        for name in before.namelist():
            text = before.read(name).decode()
            if name.endswith(part):
                assert old in text, text[:600]
                text = text.replace(old, new, 1)
            after.writestr(name, text)
    return problems_of_book(parse_book(made.getvalue(), "uji.xlsx"))


def problems_of_book(book: Book) -> set[tuple[str, str]]:
    own = [problem for one in book.facilities for problem in one.problems]
    everything = (*book.problems, *book.passed_over, *own)
    return {(problem.place, problem.code) for problem in everything}


@pytest.mark.parametrize(("sheet", "row"), [("Kontrak", 3), ("Tenaga", 5), ("Praktik", 4)])
def test_a_hidden_row_with_data_is_asked_about(sheet: str, row: int) -> None:
    sheets = sample_sheets()
    part = f"sheet{list(sheets).index(sheet) + 1}.xml"
    told_of = edited(sheets, part, f'<row r="{row}"', f'<row hidden="1" r="{row}"')
    assert told_of == {(f"{sheet}!A{row}", "workbook.hidden_row")}


def test_a_hidden_row_of_headings_or_without_data_is_no_question() -> None:
    for row in (1, 2):
        sheets = sample_sheets()
        assert (
            edited(sheets, "sheet1.xml", f'<row r="{row}"', f'<row hidden="1" r="{row}"') == set()
        )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("visible", {("WpsCadangan", "workbook.unknown_sheet_far")}),
        ("hidden", {("WpsCadangan", "workbook.unknown_sheet_hidden")}),
        ("veryHidden", set()),
    ],
)
def test_a_sheet_that_no_menu_shows_is_passed_over(
    state: str, expected: set[tuple[str, str]]
) -> None:
    sheets = sample_sheets() | {"WpsCadangan": [["x"]]}
    named = 'name="WpsCadangan"'
    assert edited(sheets, "workbook.xml", named, f'{named} state="{state}"') == expected


def test_a_very_hidden_sheet_of_ours_is_read_all_the_same() -> None:
    sheets = sample_sheets()
    put(sheets, f"Tenaga!{column_of(sheets, 'Tenaga', 'nik')}4", "12")
    named = 'name="Tenaga"'
    told_of = edited(sheets, "workbook.xml", named, f'{named} state="veryHidden"')
    assert [code for _, code in told_of] == ["input.bad_format"]


def test_merged_keys_are_told_as_such() -> None:
    sheets = sample_sheets()
    sheets["Tenaga"][3][0] = None
    part = f"sheet{list(sheets).index('Tenaga') + 1}.xml"
    merged = '<mergeCells><mergeCell ref="A3:A4"/></mergeCells></worksheet>'
    assert ("Tenaga!A4", "workbook.merged_key") in edited(sheets, part, "</worksheet>", merged)
    elsewhere = merged.replace("A3:A4", "B3:B4")
    assert edited(sheets, part, "</worksheet>", elsewhere) == {("Tenaga!A4", "workbook.no_key")}

"""Every value of a facility has a cell, and what has none a row or a sheet."""

from __future__ import annotations

from pks_kit.inputs.workbook import parse_book
from support.workbook_cells import column_of, sample_sheets, xlsx


def test_values_rows_and_sheets_are_named() -> None:
    sheets = sample_sheets()
    places = parse_book(xlsx(sheets), "uji.xlsx").facilities[0].held.places
    nik = column_of(sheets, "Tenaga", "nik")
    assert places.place_of("tenaga_kesehatan[1].nik") == f"Tenaga!{nik}4"
    assert places.place_of("tenaga_kesehatan[1]") == "Tenaga!A4"
    assert places.place_of("tenaga_kesehatan[99].nik") == "Tenaga"
    assert places.place_of("") == "Kontrak!A3"
    assert places.absent_column("tenaga_kesehatan[1].nik") is None
    assert places.absent_column("tenaga_kesehatan[1].lain") == "Tenaga: lain"

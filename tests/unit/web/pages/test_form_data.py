"""What is typed, what it means, and what is wrong where."""

from __future__ import annotations

import pytest

from pks_kit.errors import InputProblemsError
from pks_kit.inputs.workbook.layout import tables
from pks_kit.json_form import to_json
from pks_kit.pipelines.error_form import error_form
from pks_kit.pipelines.requests.given_data import read_kontrak
from pks_kit.web.pages.form_data import (
    in_section,
    meant,
    rows_of,
    told_by,
    value_at,
    with_section,
    without_row,
)
from pks_kit.web.pages.form_layout import section
from support.branch import facility
from support.facilities import facilities

STAFF = next(table for table in tables() if table.path == ("tenaga_kesehatan",))


def part(code: str):
    found = section(code)
    assert found is not None
    return found


def test_what_was_read_means_the_same_when_it_is_shown_and_sent_again() -> None:
    for _, one in facilities(24):
        data = one.model_dump(mode="json")
        assert read_kontrak(meant(data), "isian").kontrak.model_dump(mode="json") == data


def test_everyday_writing_is_kept_as_typed_and_understood() -> None:
    data = with_section({}, part("perjanjian"), {"jangka_waktu.tanggal_mulai": " 1 Januari 2027 "},
                        tidy=True)  # fmt: skip
    assert value_at(data, ("jangka_waktu", "tanggal_mulai")) == "1 Januari 2027"
    assert meant(data) == {"jangka_waktu": {"tanggal_mulai": "2027-01-01"}}


def test_fields_that_were_not_sent_stay_and_unknown_ones_are_nothing() -> None:
    before = {"faskes": {"kode": "9917U001"}, "pihak_kedua": {"up": "TU"}}
    data = with_section(before, part("faskes"), {"faskes.provinsi": "X", "faskes.asing": "1",
                                                 "pihak_kedua.up": "lain"}, tidy=True)  # fmt: skip
    assert data == {"faskes": {"kode": "9917U001", "provinsi": "X"}, "pihak_kedua": {"up": "TU"}}
    assert before == {"faskes": {"kode": "9917U001"}, "pihak_kedua": {"up": "TU"}}


def test_empty_rows_stay_while_one_types_and_go_when_one_saves() -> None:
    given = {"tenaga_kesehatan.0.nama": "", "tenaga_kesehatan.1.nama": "dr. X"}
    typing = with_section({}, part("tenaga"), given, tidy=False)
    assert rows_of(typing, STAFF) == 2
    # what is said of the second row must find the second row
    assert meant(typing)["tenaga_kesehatan"] == [{}, {"nama": "dr. X"}]
    assert rows_of(with_section({}, part("tenaga"), given, tidy=True), STAFF) == 1


def test_a_row_is_removed_and_no_other() -> None:
    data = {"tenaga_kesehatan": [{"nama": "a"}, {"nama": "b"}]}
    assert without_row(data, STAFF, 0) == {"tenaga_kesehatan": [{"nama": "b"}]}
    assert without_row(data, STAFF, 7) == data
    assert without_row({}, STAFF, 0) == {}


def test_an_absurd_row_number_makes_no_rows() -> None:
    data = with_section({}, part("tenaga"), {"tenaga_kesehatan.99999.nama": "x"}, tidy=True)
    assert rows_of(data, STAFF) == 0


def test_problems_stand_at_their_fields() -> None:
    data = facility(1).model_dump(mode="json")
    data["pihak_kedua"]["email"] = "salah"
    data["faskes"]["npwp"] = ""
    with pytest.raises(InputProblemsError) as caught:
        read_kontrak(meant(data), "isian")
    told = told_by(to_json(error_form(caught.value)))
    places = {one.place: one.missing for one in told}
    assert places == {"pihak_kedua.email": False, "faskes.npwp": True}
    assert [one.place for one in in_section(told, part("faskes"))] == ["faskes.npwp"]

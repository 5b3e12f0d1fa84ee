"""Everyday writing is understood where one reading is possible, in workbook and CSV alike."""

from __future__ import annotations

import pytest

from pks_kit.errors import InputProblemsError
from pks_kit.inputs.everyday import TwoReadings, everyday_span, plain_blanks, understood
from pks_kit.inputs.hfis_csv import read_form

DAYS = ("senin", "jumat")
ONE = [
    ("date", "18 Desember 2026", "2026-12-18"),
    ("date", "18 des 2026", "2026-12-18"),
    ("date", "18-Des-2026", "2026-12-18"),
    ("date", "31/12/2027", "2027-12-31"),
    ("date", "1-1-2027", "2027-01-01"),
    ("date", "1-11-2026", "2026-11-01"),
    ("date", "01-02-2027", "2027-02-01"),
    ("date", "12/31/2027", "2027-12-31"),
    ("date", "2026-1-5", "2026-01-05"),
    ("time", "8.00", "08:00"),
    ("time", "8:30", "08:30"),
    ("time", "8", "08:00"),
    ("time", "08.00 WIB", "08:00"),
    ("time", "pukul 8.30", "08:30"),
    ("whole", "17.350", "17350"),
    ("whole", "Rp17.350,00", "17350"),
    ("whole", "Rp 1.234.567,-", "1234567"),
    ("whole", "12,500", "12500"),
    ("choice", "SENIN", "senin"),
    ("choice", "Jum'at", "jumat"),
    ("choice", "Jum’at", "jumat"),
]
AS_IT_STANDS = [
    ("date", "01/02/2024"),
    ("date", "31/12/27"),
    ("date", "31/02/2027"),
    ("date", "32 Desember 2026"),
    ("time", "24:00"),
    ("time", "8.3"),
    ("time", "8.5 jam"),
    ("whole", "17.35"),
    ("whole", "1.234,567"),
    ("whole", "012.345"),
    ("choice", "sen"),
    ("choice", "'"),
    ("nik", "9.901"),
    ("text", "17.350"),
    ("kode_faskes", "1-1-2027"),
]


@pytest.mark.parametrize(("kind", "text", "meant"), ONE)
def test_one_reading_is_taken(kind: str, text: str, meant: str) -> None:
    assert understood(text, kind, DAYS if kind == "choice" else ()) == meant


@pytest.mark.parametrize(("kind", "text"), AS_IT_STANDS)
def test_what_is_not_sure_stays_as_it_stands(kind: str, text: str) -> None:
    assert understood(text, kind, DAYS if kind == "choice" else ()) == text


def test_a_thousand_that_may_be_one_has_two_readings() -> None:
    assert understood("1,000", "whole") == TwoReadings("1000", "1")


def test_two_choices_that_look_alike_are_not_chosen_between() -> None:
    assert understood("A B", "choice", ("a_b", "ab")) == "A B"


@pytest.mark.parametrize(
    "text", ["8-14", "08.00-14.00", "08:00 – 14:00", "8.00 s.d. 14.00", "08.00\u00a0sampai 14.00"]
)
def test_a_span_has_begin_and_end(text: str) -> None:
    assert everyday_span(text) == ("08:00", "14:00")


@pytest.mark.parametrize("text", ["8", "8-", "8-14-20", "a-b", "08:00", "8-25"])
def test_what_is_no_span(text: str) -> None:
    assert everyday_span(text) is None


def test_blanks_of_web_pages_are_blanks() -> None:
    assert plain_blanks("Klinik\u00a0Senja\u202f1") == "Klinik Senja 1"


def test_the_form_understands_the_same() -> None:
    lines = (
        "PIHAK 2",
        "Nama Faskes,Klinik\u00a0Senja",
        "Tanggal Dasar Penetapan,18 Desember 2026",
        "PKBK",
        "REKREDENSIALING 1",
    )
    entries = read_form("\n".join(lines).encode(), "f.csv")
    assert {one.path: one.text for one in entries} == {
        "pihak_kedua.nama_faskes": "Klinik Senja",
        "pihak_kedua.dasar_penetapan.tanggal": "2026-12-18",
    }


def test_the_form_names_both_readings_of_a_number() -> None:
    from pks_kit.inputs.form_sections import sections

    label = next(
        label for label, path in sections()["REKREDENSIALING 1"].items() if path.endswith(".tahun")
    )
    with pytest.raises(InputProblemsError) as caught:
        read_form(f'REKREDENSIALING 1,\n{label},"2,000"'.encode(), "f.csv")
    (problem,) = caught.value.problems
    assert problem.code == "input.two_readings"
    assert "2000" in problem.text.id
    assert "«2,000»" in problem.text.id

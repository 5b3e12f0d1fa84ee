"""Term, signing day and the months inside numbers, at their first and last days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pks_kit.domain.kontrak import JangkaWaktu
from pks_kit.rules.checks.term import is_longer_than, signing_day_gone
from support.checking import codes, faults, found
from support.sample import changed_at, sample

END = "jangka_waktu.tanggal_selesai"
SIGNED = "pihak_kesatu.tanggal_tanda_tangan"
TERM_CODES = {"term.start_after_end", "term.long", "term.not_year_end"}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-01-01", "2023-12-31", {"term.start_after_end"}),
        ("2024-12-31", "2024-12-31", set()),
        ("2024-01-01", "2024-12-30", {"term.not_year_end"}),
        ("2024-01-01", "2024-12-31", set()),
        ("2024-01-01", "2025-01-01", {"term.long", "term.not_year_end"}),
        ("2023-12-31", "2024-12-31", {"term.long"}),
        ("2024-02-29", "2025-02-27", {"term.not_year_end"}),
        ("2024-02-29", "2025-02-28", {"term.long", "term.not_year_end"}),
    ],
)
def test_term(start: str, end: str, expected: set[str]) -> None:
    changes = {"jangka_waktu.tanggal_mulai": start, END: end}
    assert codes(changes) & TERM_CODES == expected


FIGURES = "jangka_waktu.tanggal_mulai"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2023-01-01", "2023-12-31", {("manual", "term.figures_later")}),
        ("2023-01-08", "2023-01-09", {("manual", "term.figures_later")}),
        ("2023-01-01", "2023-01-08", {("blocking", "term.figures_unknown")}),
        ("2023-01-09", "2023-12-31", set()),
    ],
)
def test_figures_that_nobody_has_read(start: str, end: str, expected: set[tuple[str, str]]) -> None:
    """The tariff decree holds from 9 January 2023 (docs/sumber.md 13.4)."""
    kontrak = changed_at({"versi_templat": "pks_2023", FIGURES: start, END: end})
    there = {(level, code) for level, code, path in found(kontrak, date(2023, 1, 1))
             if path == FIGURES and code.startswith("term.figures")}  # fmt: skip
    assert there == expected


@example(date(2027, 2, 28))
@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_one_more_day_after_the_longest_term_is_longer(start: date) -> None:
    """The first day after a term of twelve months is the same day of the next year."""
    anniversary = date(start.year + 1, start.month, min(start.day, 28))
    last = anniversary - timedelta(days=1)
    if start.day <= 28:
        assert not is_longer_than(JangkaWaktu(tanggal_mulai=start, tanggal_selesai=last), 12)
        assert is_longer_than(JangkaWaktu(tanggal_mulai=start, tanggal_selesai=anniversary), 12)


def test_end_is_warned_of_from_three_months_before_inclusive() -> None:
    soon, ended = ("warning", "term.ends_soon", END), ("warning", "term.ended", END)
    assert soon not in found(sample(), date(2024, 9, 29))
    assert soon in found(sample(), date(2024, 9, 30))
    assert soon in found(sample(), date(2024, 12, 31))
    assert ended not in found(sample(), date(2024, 12, 31))
    assert ended in found(sample(), date(2025, 1, 1))


@pytest.mark.parametrize(
    ("signed", "number", "facility", "expected"),
    [
        ("2023-12-29", "1/KTR/I-01/1223", "9/PKS", set()),
        ("2023-12-30", "1/KTR/I-01/1223", "9/PKS", {"term.signed_on_weekend"}),
        ("2023-12-31", "1/KTR/I-01/1223", "9/PKS", {"term.signed_on_weekend"}),
        ("2024-01-01", "1/KTR/I-01/0124", "9/PKS", set()),
        ("2024-01-02", "1/KTR/I-01/0124", "9/PKS", {"term.signed_after_start"}),
        ("2024-12-31", "1/KTR/I-01/1224", "9/PKS", {"term.signed_after_start"}),
        ("2025-01-01", "1/KTR/I-01/0125", "9/PKS", {"term.signed_after_end"}),
    ],
)
def test_signing_day(signed: str, number: str, facility: str, expected: set[str]) -> None:
    changes = {
        SIGNED: signed,
        "pihak_kesatu.nomor_pks": number,
        "pihak_kedua.nomor_pks": facility,
    }
    assert codes(changes) == expected


def test_weekday_is_told_in_both_languages() -> None:
    from pks_kit.rules.checks.catalogue import check_kontrak

    kontrak = changed_at({SIGNED: "2023-12-23"})
    (finding,) = (f for f in check_kontrak(kontrak, date(2024, 1, 1)) if "weekend" in f.code)
    assert "hari Sabtu" in finding.text.id
    assert "is a Saturday" in finding.text.en


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("417/KTR/XIV-07/1223", set()),
        ("417/KTR/XIV-07/1123", {"number.month_differs"}),
        ("417/KTR/XIV-07/1222", {"number.month_differs"}),
        ("417/KTR/XIV-07/122", {"number.unusual_form"}),
        ("417/KTR/XIV-7/1223", {"number.unusual_form"}),
    ],
)
def test_pks_number_of_bpjs(number: str, expected: set[str]) -> None:
    assert codes({"pihak_kesatu.nomor_pks": number}) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("275/KM-SS/I/2024", {"number.facility_month"}),
        ("10/PKS/K-AB/2023", set()),
        ("100.3.7/1070/PKM-BKY/2023", set()),
        ("013/DRG.KD/XII/2023", set()),
        ("013/DRG.KD/XII/2022", {"number.facility_month"}),
        ("1111111", set()),
        ("-", set()),
    ],
)
def test_number_of_the_facility_is_never_more_than_information(
    number: str, expected: set[str]
) -> None:
    given = faults({"pihak_kedua.nomor_pks": number})
    assert {code for _, code, _ in given} == expected
    assert {level for level, _, _ in given} <= {"info"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cons_id.vendor.tanggal_mulai": "2023-01-01",
          "cons_id.vendor.tanggal_selesai": "2024-01-01"}, set()),
        ({"cons_id.vendor.tanggal_mulai": "2023-01-01",
          "cons_id.vendor.tanggal_selesai": "2023-12-31"}, {"term.vendor_ended"}),
        ({"integrasi[2].target": "2024-12-31"}, set()),
        ({"integrasi[2].target": "2025-01-01"}, {"term.target_outside"}),
        ({"integrasi[2].target": "2023-12-31"}, {"term.target_outside"}),
        ({"integrasi[0].target": "2022-12-31"}, set()),
    ],
)  # fmt: skip
def test_dates_inside_the_term(changes: dict[str, str], expected: set[str]) -> None:
    assert codes(changes) == expected


@pytest.mark.parametrize(
    ("npwp", "expected"),
    [
        ("99.019.204.7-999.000", set()),
        ("9901016005910007", set()),
        ("9901016005910007000001", set()),
        ("99019204799900000", {"number.npwp"}),
        ("99.019.204.7-999.00", {"number.npwp"}),
    ],
)
def test_npwp(npwp: str, expected: set[str]) -> None:
    assert codes({"faskes.npwp": npwp}) == expected
    midwife = {"tenaga_kesehatan[6].npwp": npwp}
    assert codes(midwife) == expected


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("0899000055", set()),
        ("089900005", {"number.mobile"}),
        ("0899000055012", set()),
        ("08990000550123", {"number.mobile"}),
        ("+62 899-0000-5501", set()),
        ("(0999) 555-0142", {"number.mobile"}),
    ],
)
def test_mobile_numbers_are_only_pointed_out(phone: str, expected: set[str]) -> None:
    given = faults({"pihak_kedua.hp_pic": phone})
    assert {code for _, code, _ in given} == expected
    assert {level for level, _, _ in given} <= {"info"}


@pytest.mark.parametrize(
    ("today", "gone"),
    [
        (date(2023, 12, 20), False),
        (date(2023, 12, 21), True),
        (date(2024, 12, 31), True),
        (date(2025, 1, 1), False),
    ],
)
def test_a_printed_day_that_has_passed(today: date, *, gone: bool) -> None:
    kontrak = changed_at({SIGNED: "2023-12-20", END: "2024-12-31"})
    told = list(signing_day_gone(kontrak, today))
    assert [one.code for one in told] == ["term.signing_day_gone"] * gone

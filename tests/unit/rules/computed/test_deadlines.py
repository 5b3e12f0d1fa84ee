"""Deadlines of docs/sumber.md 1.5, 11.6 and 11.8."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.domain.tanggal import months_after, months_before
from pks_kit.errors import NotInForceError, UsageError
from pks_kit.rules.computed import deadlines as tenggat
from pks_kit.rules.law.parameters import load_parameters

ATURAN = load_parameters().resolve_all(date(2024, 1, 1))
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
MONTHS = st.integers(min_value=0, max_value=240)


@pytest.mark.parametrize(
    ("previous", "first"),
    [
        (date(2024, 3, 1), date(2024, 4, 1)),  # 11.6: 31 March is day 30
        (date(2024, 2, 1), date(2024, 3, 3)),  # leap year: day 30 is 2 March
        (date(2023, 2, 1), date(2023, 3, 4)),
        (date(2024, 12, 15), date(2025, 1, 15)),
    ],
)
def test_next_reprimand_waits(previous: date, first: date) -> None:
    found = tenggat.next_reprimand([previous], ATURAN)
    assert found is not None
    assert found.tanggal == first
    assert found.parameter == "sanksi.jeda_teguran"
    assert "Pasal 11 ayat (2)" in found.dasar_hukum


def test_first_reprimand_needs_no_wait() -> None:
    assert tenggat.next_reprimand([], ATURAN) is None


def test_wait_runs_from_the_last_one() -> None:
    found = tenggat.next_reprimand([date(2024, 1, 2), date(2024, 3, 1)], ATURAN)
    assert found is not None
    assert found.tanggal == date(2024, 4, 1)


def test_fraud_ground_allows_the_same_day() -> None:
    found = tenggat.next_reprimand([date(2024, 3, 1)], ATURAN, terindikasi_kecurangan=True)
    assert found is not None
    assert found.tanggal == date(2024, 3, 1)


@pytest.mark.parametrize("fraud", [False, True])
def test_a_fourth_is_impossible(fraud: bool) -> None:
    given_before = [date(2024, 1, 1), date(2024, 3, 1), date(2024, 5, 1)]
    with pytest.raises(UsageError) as caught:
        tenggat.next_reprimand(given_before, ATURAN, terindikasi_kecurangan=fraud)
    assert caught.value.code == "rules.reprimands_exhausted"
    assert "3" in caught.value.text.id


def test_order_of_reprimands_matters() -> None:
    with pytest.raises(UsageError) as caught:
        tenggat.next_reprimand([date(2024, 3, 1), date(2024, 1, 1)], ATURAN)
    assert caught.value.code == "rules.reprimands_out_of_order"


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        (date(2024, 2, 10), date(2024, 5, 10)),
        (date(2024, 11, 30), date(2025, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
    ],
)
def test_loss_recovery(signed: date, last: date) -> None:
    assert tenggat.loss_recovery_due(signed, ATURAN).tanggal == last


def test_loss_recovery_on_declared_inability_runs_from_the_approval() -> None:
    found = tenggat.loss_recovery_due(
        date(2024, 2, 10), ATURAN, disetujui_tidak_mampu=date(2024, 4, 2)
    )
    assert found.tanggal == date(2025, 4, 2)
    assert found.parameter == "kecurangan.batas_pemulihan_tidak_mampu"


def test_vendor_notice_is_seven_days_before() -> None:
    assert tenggat.vendor_notice_due(date(2024, 3, 5), ATURAN).tanggal == date(2024, 2, 27)


def test_expiry_flag_of_the_fact_sheet() -> None:
    found = tenggat.expiry_flag_from(date(2023, 12, 31), ATURAN)
    assert found.tanggal == date(2023, 9, 30)  # 11.8, inclusive


def test_recredentialing() -> None:
    assert tenggat.recredentialing_due(date(2024, 12, 31), ATURAN).tanggal == date(2024, 9, 30)


def test_deadlines_are_dated_law() -> None:
    before = load_parameters().resolve_all(date(1999, 1, 1))
    with pytest.raises(NotInForceError):
        tenggat.next_reprimand([date(1999, 3, 1)], before)


@given(day=DAYS, months=MONTHS)
def test_months_land_in_the_right_month(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(day=DAYS, months=MONTHS)
def test_months_back_and_forth_meet_or_stay_before(day: date, months: int) -> None:
    assert months_before(months_after(day, months), months) <= day
    assert months_after(months_before(day, months), months) <= day
    if day.day <= 28:
        assert months_before(months_after(day, months), months) == day


@given(day=DAYS, other=DAYS, months=MONTHS)
def test_later_days_give_no_earlier_deadlines(day: date, other: date, months: int) -> None:
    first, second = sorted([day, other])
    assert months_after(first, months) <= months_after(second, months)
    assert months_before(first, months) <= months_before(second, months)


@given(day=DAYS)
def test_twelve_months_are_a_year(day: date) -> None:
    later = months_after(day, 12)
    assert later.year == day.year + 1
    assert later.month == day.month


@pytest.mark.slow
@given(day=DAYS)
def test_reprimand_is_after_thirty_whole_days(day: date) -> None:
    found = tenggat.next_reprimand([day], ATURAN)
    assert found is not None
    assert (found.tanggal - day).days == 31


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("surat.kerja_sama_baru", "2024-05-12"),  # calendar days, weekends and holidays too
        ("surat.tanggapan_teguran", "2024-04-24"),  # working days without the holiday
        ("kecurangan.batas_pemulihan", "2024-07-12"),  # months
    ],
)
def test_a_period_ends_as_its_unit_counts(name: str, last: str) -> None:
    found = tenggat.period_end(date(2024, 4, 12), name, ATURAN, [date(2024, 4, 15)])
    assert found.tanggal == date.fromisoformat(last)
    assert found.dasar_hukum == ATURAN.legal_basis(name)


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        tenggat.period_end(date(2024, 4, 12), "sanksi.teguran_maksimum", ATURAN)
    assert caught.value.code == "rules.not_a_period"

from __future__ import annotations

import datetime
from collections.abc import Callable
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.domain.tanggal import (
    NAMA_HARI,
    days_after,
    format_pukul,
    format_saat,
    format_tanggal,
    months_after,
    months_before,
    nama_hari,
    tanggal_angka,
    tanggal_terbilang,
    working_day_until,
    working_days_after,
)
from pks_kit.errors import InputError

# The signed PKS of docs/sumber.md 13.1; their weekdays are calendar facts.
SIGNED = [
    (date(2023, 12, 20), "Rabu"),
    (date(2023, 12, 19), "Selasa"),
    (date(2023, 12, 28), "Kamis"),
    (date(2022, 12, 16), "Jumat"),
    (date(2020, 12, 1), "Selasa"),
    (date(2023, 1, 20), "Jumat"),
    (date(2024, 1, 2), "Selasa"),
]


@pytest.mark.parametrize(("day", "weekday"), SIGNED)
def test_weekdays_of_signed_agreements(day: date, weekday: str) -> None:
    assert nama_hari(day) == weekday


@given(st.dates())
def test_weekday_counts_on(day: date) -> None:
    if day < date.max:
        tomorrow = day + datetime.timedelta(days=1)
        place = NAMA_HARI.index(nama_hari(day))
        assert NAMA_HARI.index(nama_hari(tomorrow)) == (place + 1) % 7


def test_date_in_words() -> None:
    assert (
        tanggal_terbilang(date(2023, 12, 20))
        == "hari Rabu, tanggal Dua Puluh, bulan Desember, tahun Dua Ribu Dua Puluh Tiga"
    )
    assert tanggal_terbilang(date(2024, 8, 11)).startswith("hari Minggu, tanggal Sebelas, bulan A")


def test_dates_and_times() -> None:
    assert format_tanggal(date(2024, 12, 31)) == "31 Desember 2024"
    assert format_tanggal(date(2024, 2, 1)) == "1 Februari 2024"
    assert tanggal_angka(date(2023, 2, 3)) == "03-02-2023"
    assert format_pukul(time(8, 0)) == "08.00"
    assert format_pukul(time(23, 5)) == "23.05"


@pytest.mark.parametrize(
    ("end", "months", "expected"),
    [
        (date(2023, 12, 31), 3, date(2023, 9, 30)),
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2023, 5, 31), 3, date(2023, 2, 28)),
        (date(2024, 1, 15), 1, date(2023, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 6, 6), 0, date(2024, 6, 6)),
    ],
)
def test_months_before(end: date, months: int, expected: date) -> None:
    assert months_before(end, months) == expected


@pytest.mark.parametrize(
    "counted",
    [
        lambda: months_after(date(9999, 12, 1), 1),
        lambda: months_before(date(1, 1, 31), 1),
        lambda: days_after(date(9999, 12, 31), 1),
        lambda: days_after(date(2024, 1, 1), -(10**12)),
    ],
)
def test_a_day_outside_the_calendar_is_bad_input(counted: Callable[[], date]) -> None:
    with pytest.raises(InputError) as caught:
        counted()
    assert caught.value.code == "value.no_such_day"
    assert months_after(date(9999, 11, 30), 1) == date(9999, 12, 30)
    assert days_after(date(1, 1, 2), -1) == date(1, 1, 1)


def test_a_moment_is_told_in_the_zones_of_the_country() -> None:
    moment = datetime.datetime(2026, 12, 31, 16, 30, tzinfo=datetime.UTC)
    assert format_saat(moment) == ("31 Desember 2026", "23.30 WIB")
    assert format_saat(moment, "WITA") == ("1 Januari 2027", "00.30 WITA")
    assert format_saat(moment, "WIT") == ("1 Januari 2027", "01.30 WIT")


def test_a_weekend_becomes_the_friday_before() -> None:
    week = [working_day_until(date(2026, 11, day)) for day in range(23, 30)]
    assert [one.day for one in week] == [23, 24, 25, 26, 27, 27, 27]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2026-12-25", "2026-12-24"),
        ("2026-12-26", "2026-12-24"),  # a Saturday after a holiday on a Friday
        ("2026-01-01", "2025-12-31"),
        ("2026-05-01", "2026-04-30"),
        ("2026-06-01", "2026-05-29"),  # a Monday
        ("2026-08-17", "2026-08-14"),
        ("2026-12-24", "2026-12-24"),
    ],
)
def test_a_holiday_of_every_year_becomes_the_working_day_before(day: str, wanted: str) -> None:
    assert working_day_until(date.fromisoformat(day)) == date.fromisoformat(wanted)


@pytest.mark.parametrize(
    ("start", "days", "holidays", "last"),
    [
        ("2024-04-12", 0, (), "2024-04-12"),
        ("2024-04-12", 1, (), "2024-04-15"),  # a Friday: Saturday and Sunday do not count
        ("2024-04-13", 1, (), "2024-04-15"),
        ("2024-04-12", 1, ("2024-04-15",), "2024-04-16"),
        ("2024-04-12", 1, ("2024-04-13",), "2024-04-15"),  # a holiday on a Saturday changes nothing
        ("2024-04-12", 5, (), "2024-04-19"),
        ("2024-04-12", 10, ("2024-04-17", "2024-04-18"), "2024-04-30"),
    ],
)
def test_working_days(start: str, days: int, holidays: tuple[str, ...], last: str) -> None:
    shut = [date.fromisoformat(one) for one in holidays]
    found = working_days_after(date.fromisoformat(start), days, shut)
    assert found == date.fromisoformat(last)

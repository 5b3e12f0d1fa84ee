"""Dates and times of day as an agreement prints them. The weekday is always computed.

Source: docs/sumber.md 13.3 (date words with capitals per word, month by its name, ``Jumat``).
"""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, timezone

from pks_kit.domain.hari_libur import libur_tetap
from pks_kit.domain.terbilang import terbilang
from pks_kit.errors import InputError, UsageError
from pks_kit.visible_text import NAMA_BULAN as NAMA_BULAN
from pks_kit.visible_text import WIB as WIB
from pks_kit.visible_text import format_day
from pks_kit.visible_text import format_wib as format_wib

ZONA_WAKTU = {
    "WIB": WIB,
    "WITA": timezone(timedelta(hours=8), "WITA"),
    "WIT": timezone(timedelta(hours=9), "WIT"),
}
"""The zones of the country by the names that people write."""
_FRIDAY = 4
NAMA_HARI = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def nama_hari(tanggal: date) -> str:
    """Return the weekday of a date: ``Rabu``."""
    return NAMA_HARI[tanggal.weekday()]


def nama_bulan(tanggal: date) -> str:
    """Return the month of a date: ``Desember``."""
    return NAMA_BULAN[tanggal.month - 1]


def format_tanggal(tanggal: date) -> str:
    """Return ``31 Desember 2024``."""
    return format_day(tanggal, "id")


def tanggal_terbilang(tanggal: date) -> str:
    """Return ``hari Rabu, tanggal Dua Puluh, bulan Desember, tahun Dua Ribu Dua Puluh Tiga``."""
    day, year = (terbilang(number).title() for number in (tanggal.day, tanggal.year))
    return f"hari {nama_hari(tanggal)}, tanggal {day}, bulan {nama_bulan(tanggal)}, tahun {year}"


def tanggal_angka(tanggal: date) -> str:
    """Return ``20-12-2023``."""
    return f"{tanggal.day:02d}-{tanggal.month:02d}-{tanggal.year:04d}"


def format_pukul(pukul: time) -> str:
    """Return ``08.00``; seconds are not printed."""
    return f"{pukul.hour:02d}.{pukul.minute:02d}"


def format_saat(moment: datetime, zona: str = "WIB") -> tuple[str, str]:
    """Return day and time in a zone of the country: ``28 November 2026``, ``21.19 WIB``."""
    local = moment.astimezone(ZONA_WAKTU[zona])
    return format_tanggal(local.date()), f"{format_pukul(local.time())} {zona}"


def working_day_until(tanggal: date) -> date:
    """Return the day itself, or the last one before on which offices are open.

    They are shut at weekends and on holidays that have the same day each year; those that are
    decreed for a year are not known here.
    """
    while tanggal.weekday() > _FRIDAY or libur_tetap(tanggal):
        tanggal -= timedelta(days=1)
    return tanggal


def refuse_past(deadline: date | None, today: date) -> None:
    """Refuse a last day for somebody else that has passed, as letters would tell it.

    Args:
        deadline: Day that was given; letters tell :func:`working_day_until` of it. None: no day.
        today: The present day, in WIB.

    Raises:
        UsageError: ``value.deadline_over``.
    """
    if deadline is not None and (told := working_day_until(deadline)) < today:
        # a day that has passed is named as it was given, another one as letters would tell it
        days = {"deadline": deadline if deadline < today else told, "today": today}
        raise UsageError(
            "value.deadline_over",
            **{name: f"{nama_hari(day)}, {format_tanggal(day)}" for name, day in days.items()},
        )


def refuse_after_term(deadline: date, end: date) -> None:
    """Refuse a last day for somebody else that is after the end of the term.

    Args:
        deadline: Day that was given.
        end: Last day of the term.

    Raises:
        UsageError: ``cover.deadline_after_term``.
    """
    if deadline > end:
        days = {"deadline": format_tanggal(deadline), "end": format_tanggal(end)}
        raise UsageError("cover.deadline_after_term", **days)


def months_before(tanggal: date, months: int) -> date:
    """Return the same day some months earlier, or the last day of that month when it is shorter.

    Used for "within 3 months" warnings: three months before 31 December is 30 September, and that
    day already counts (docs/sumber.md 11.8, inclusive reading).

    Args:
        tanggal: The day on which something ends.
        months: Whole months, zero or more.

    Raises:
        InputError: ``value.no_such_day`` outside the years 1 to 9999.
    """
    return _months_away(tanggal, -months)


def months_after(tanggal: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month when it is shorter.

    Args:
        tanggal: The day from which a period of months runs.
        months: Whole months, zero or more.

    Raises:
        InputError: ``value.no_such_day`` outside the years 1 to 9999.
    """
    return _months_away(tanggal, months)


def days_after(tanggal: date, days: int) -> date:
    """Return the day some days later, or earlier for a negative number.

    Raises:
        InputError: ``value.no_such_day`` outside the years 1 to 9999.
    """
    try:
        return tanggal + timedelta(days=days)
    except OverflowError:
        raise InputError("value.no_such_day", start=tanggal) from None


def working_days_after(tanggal: date, days: int, libur: Collection[date] = ()) -> date:
    """Return the last of so many working days after a day; the day itself is not counted.

    Args:
        tanggal: The day from which the period runs.
        days: Working days, zero or more; zero gives the day itself.
        libur: Holidays. They are decreed every year, so whoever asks must name them; Saturdays
            and Sundays never count.

    Raises:
        InputError: ``value.no_such_day`` outside the years 1 to 9999.
    """
    shut = frozenset(libur)
    while days > 0:
        tanggal = days_after(tanggal, 1)
        days -= tanggal.weekday() <= _FRIDAY and tanggal not in shut
    return tanggal


def _months_away(tanggal: date, months: int) -> date:
    index = tanggal.year * 12 + tanggal.month - 1 + months
    year, month = divmod(index, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise InputError("value.no_such_day", start=tanggal)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(tanggal.day, last))

"""What a NIK says about itself (docs/sumber.md 13.6).

Six digits of region, six of birth date (DDMMYY, the day of women is raised by 40) and a serial
number. The region is where the number was first issued, so it says nothing about the address. No
birth date is kept in the contract data: the NIK holds it already, and less personal data is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

HARI_PEREMPUAN = 40
"""What is added to the day of birth of a woman."""

KODE_PROVINSI = frozenset(
    {
        *("11", "12", "13", "14", "15", "16", "17", "18", "19", "21"),
        *("31", "32", "33", "34", "35", "36", "51", "52", "53"),
        *("61", "62", "63", "64", "65", "71", "72", "73", "74", "75", "76"),
        *("81", "82", "91", "92", "93", "94", "95", "96", "97"),
    }
)
"""Codes of provinces (remembered, not in docs/sumber.md; used for information only)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IsiNik:
    """The parts of a NIK.

    Attributes:
        provinsi: First two digits.
        perempuan: Whether the day is raised by 40.
        lahir: Latest day of birth, not after the day asked for, that the two digits of the year
            can mean; None when they make no day of the calendar.
        nomor_urut: Serial number, 0 to 9999; real ones begin at 1.
    """

    provinsi: str
    perempuan: bool
    lahir: date | None
    nomor_urut: int

    @property
    def known_province(self) -> bool:
        """Return whether the province exists; sample data use 99, which does not."""
        return self.provinsi in KODE_PROVINSI


def read_nik(nik: str, as_of: date) -> IsiNik:
    """Return the parts of a NIK of 16 digits.

    Args:
        nik: The number.
        as_of: Day on which its owner is born already.
    """
    day = int(nik[6:8])
    perempuan = day > HARI_PEREMPUAN
    real_day = day - HARI_PEREMPUAN if perempuan else day
    return IsiNik(
        provinsi=nik[:2],
        perempuan=perempuan,
        lahir=_latest(int(nik[10:12]), int(nik[8:10]), real_day, as_of),
        nomor_urut=int(nik[12:]),
    )


def _latest(short_year: int, month: int, day: int, as_of: date) -> date | None:
    for century in (as_of.year // 100 * 100, as_of.year // 100 * 100 - 100):
        try:
            found = date(century + short_year, month, day)
        except ValueError:
            continue
        if found <= as_of:
            return found
    return None

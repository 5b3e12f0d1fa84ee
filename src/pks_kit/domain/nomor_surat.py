"""Months inside the numbers of letters and agreements (docs/sumber.md 13.1, number formats)."""

from __future__ import annotations

import re
from datetime import date

_PKS_BPJS = re.compile(r"[0-9]+/KTR/[IVXL]+-[0-9]{2}/([0-9]{4})")
_SK_BPJS = re.compile(r"[0-9]+/peg-04/([0-9]{4})(?: tahun [0-9]{4})?", re.IGNORECASE)
_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN_THEN_YEAR = re.compile(r"(?:^|[/.\- ])([IVX]{1,4})[/.\- ]([12][0-9]{3})(?![0-9])")


def month_of_pks_bpjs(nomor: str) -> str | None:
    """Return the MMYY of a PKS number of BPJS (``417/KTR/XIV-07/1223``); None: another form."""
    found = _PKS_BPJS.fullmatch(nomor)
    return found[1] if found else None


def month_of_sk_bpjs(nomor: str) -> str | None:
    """Return the MMYY of a decision on a branch head (``58/Peg-04/0322``); None: another form."""
    found = _SK_BPJS.fullmatch(nomor)
    return found[1] if found else None


def roman_month(nomor: str) -> tuple[int, int] | None:
    """Return month and year of ``…/XII/2023`` in the number of a facility, or None."""
    for roman, year in reversed(_ROMAN_THEN_YEAR.findall(nomor)):
        if roman in _ROMAN_MONTHS:
            return _ROMAN_MONTHS.index(roman) + 1, int(year)
    return None


def mmyy(day: date) -> str:
    """Return ``1223`` for a day in December 2023."""
    return f"{day.month:02d}{day.year % 100:02d}"

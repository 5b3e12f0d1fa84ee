"""Values as people write them in a spreadsheet, where only one reading is possible.

``18 Desember 2026``, ``31/12/2027``, ``1-11-2026``, ``8.00``, ``Jum'at`` and ``17.350`` mean one
thing; ``01/02/2024`` and ``1,000`` could mean two, and are refused with both. What is no everyday
writing is returned as it stands, so that the model refuses it in its own words. Codes and identity
numbers are text and never changed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from pks_kit.inputs.csv_values import read_date

_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
"""Blanks that look like one and are another character, as web pages and word processors make."""

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})")
_TIME = re.compile(
    r"(?:(?:pukul|jam) )?([0-9]{1,2})(?:[:.]([0-9]{2})(?:[:.]00)?)?(?: ?wi(?:b|ta|t))?", re.I
)
_SPAN = re.compile(
    r"([^-–]{1,20}?) ?(?:-|–|\bs\.?/?d\.?|\bsampai(?: dengan)?\b) ?([^-–]{1,20})", re.I
)
_RUPIAH = re.compile(r"(?:rp\.? ?)?([0-9][0-9., ]{0,30}?)(?:,(?:-|00))?", re.I)
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """A value that could mean two things.

    Attributes:
        first: One.
        second: The other.
    """

    first: str
    second: str


def plain_blanks(text: str) -> str:
    """Return a text whose blanks are all the everyday one."""
    return _BLANKS.sub(" ", text)


def understood(text: str, kind: str, choices: tuple[str, ...] = ()) -> str | TwoReadings:
    """Return a value in the writing of the model when only one reading of it is possible.

    Args:
        text: The value, its blanks already plain.
        kind: What it is, as in ``input.expect.<kind>``.
        choices: What it may be, when that is a list.
    """
    if kind == "date":
        return understood_date(text)
    if kind == "time":
        return everyday_time(text) or text
    if kind == "whole":
        return _whole(text)
    if choices and text not in choices:
        return _choice(text, choices)
    return text


def understood_date(text: str) -> str:
    """Return a date as ISO when its writing tells one day, else the text as it stands."""
    found = _YEAR_FIRST.fullmatch(text)
    if found is not None:
        return _day(f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}") or text
    plain = " ".join(text.replace(",", " ").split())
    day = read_date(plain, None)
    if day == "form.ambiguous_date" and "-" in plain:
        # with hyphens people here write the day first, as the hints say
        day = read_date(plain, "day-first")
    if day == "form.month_first":
        # the second number is no month, so only the American order is left
        day = read_date(plain, "month-first")
    # a day that could be two stays as it is, and the model names both
    return _day(day) or text


def _day(iso: str) -> str:
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        return ""


def everyday_time(text: str) -> str:
    """Return a time of day as ``08:00``; empty when a text is none."""
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return ""
    return f"{int(found[1]):02}:{found[2] or '00'}"


def everyday_span(text: str) -> tuple[str, str] | None:
    """Return begin and end of a span such as ``8-14`` or ``08.00 s.d. 14.00``, or None."""
    found = _SPAN.fullmatch(plain_blanks(text).strip())
    if found is None:
        return None
    begin, end = everyday_time(found[1].strip()), everyday_time(found[2].strip())
    return (begin, end) if begin and end else None


def _whole(text: str) -> str | TwoReadings:
    found = _RUPIAH.fullmatch(text)
    number = found[1].strip() if found is not None else ""
    if number.isdecimal():
        return number
    groups = _GROUPS.fullmatch(number)
    if groups is None:
        return text
    digits = number.replace(groups[1], "")
    first, _, rest = number.partition(",")
    # a comma begins decimals here: 1,000 may be one, while 12,500 is whole only as thousands
    if groups[1] == "," and rest == "000":
        return TwoReadings(digits, first)
    return digits


def _choice(text: str, choices: tuple[str, ...]) -> str:
    wanted = _letters(text)
    found = [choice for choice in choices if _letters(choice) == wanted]
    return found[0] if len(found) == 1 and wanted else text


def _letters(text: str) -> str:
    """Return the letters and digits of a text alone, without capitals."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())

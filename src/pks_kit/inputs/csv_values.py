"""What a spreadsheet program does to the values of a CSV, so that nothing of it passes unseen.

Excel reads ``2023-12-11`` as a date and saves it in the order of the machine's region, which the
file does not tell; it takes zeros from the front of numbers and keeps fifteen digits of them.
"""

from __future__ import annotations

import re
from typing import Literal

from pks_kit.domain.aksara import is_error_value

DateOrder = Literal["day-first", "month-first"]
DateFault = Literal["form.ambiguous_date", "form.month_first"]

_NUMBERS = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_WITH_NAME = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[ -]([0-9]{4})")
_OF_EXCEL = re.compile(r"(?:[0-9]{1,2}-[A-Za-z]{3}(?:-[0-9]{2,4})?|[A-Za-z]{3}-[0-9]{2,4})")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
_MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb"),
    ("maret", "march", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu", "agt", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "december", "des", "dec"),
)
_EXACT_DIGITS = 15


def read_date(text: str, order: DateOrder | None) -> str | DateFault:
    """Return a date as ISO, or why nobody can know which day is meant.

    Text that has no form of a date is returned as it is; the model refuses it.

    Args:
        text: The value of a date field.
        order: What the person says of the file; None when nothing was said. Then a day that can
            also be a month is ``form.ambiguous_date``, and one that can only be read month first
            is ``form.month_first``, for the others of the file were saved so too.
    """
    named = _WITH_NAME.fullmatch(text)
    if named is not None:
        month = _month_of(named[2])
        return text if month is None else f"{named[3]}-{month:02}-{int(named[1]):02}"
    found = _NUMBERS.fullmatch(text)
    if found is None:
        return text
    first, second, year = int(found[1]), int(found[3]), found[4]
    if order is None:
        if first <= 12 and second <= 12 and first != second:
            return "form.ambiguous_date"
        if first <= 12 < second <= 31:
            return "form.month_first"
    day, month = (second, first) if order == "month-first" else (first, second)
    return f"{year}-{month:02}-{day:02}"


def both_readings(text: str) -> tuple[str, str]:
    """Return an ambiguous date read day first and month first."""
    return str(read_date(text, "day-first")), str(read_date(text, "month-first"))


def spoilt(
    old: str, new: str
) -> Literal["form.zeros_lost", "form.digits_lost", "form.dated", "form.error_value", ""]:
    """Return what a spreadsheet program did to a value that is no date; empty for nothing.

    Args:
        old: The value before, in the contract data.
        new: The value in the form.
    """
    if is_error_value(new):
        return "form.error_value"
    if _SCIENTIFIC.fullmatch(new) and not _SCIENTIFIC.fullmatch(old):
        return "form.digits_lost"
    if _OF_EXCEL.fullmatch(new) and _month_in(new) and re.fullmatch(r"[0-9]+[-/.][0-9/.-]+", old):
        return "form.dated"
    if not new.isdecimal():
        return ""
    digits = old if old.isdecimal() else ""
    if digits and digits != new and digits.lstrip("0") == new.lstrip("0"):
        return "form.zeros_lost"
    kept = digits[:_EXACT_DIGITS]
    if len(digits) > _EXACT_DIGITS and new == kept.ljust(len(digits), "0") != digits:
        return "form.digits_lost"
    return ""


def _month_of(word: str) -> int | None:
    fold = word.casefold()
    return next((number for number, names in enumerate(_MONTHS, 1) if fold in names), None)


def _month_in(text: str) -> bool:
    return any(_month_of(word) is not None for word in re.findall("[A-Za-z]+", text))

"""What is wrong with a date that is not taken, and how the same day is written."""

from __future__ import annotations

import re
from datetime import date

from pks_kit.inputs.csv_values import both_readings, read_date
from pks_kit.messages import Message, lookup

_EXAMPLE = "2023-12-20"
_WITH_TIME = re.compile(r"(?P<day>.{8,20}?)[T ]+[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?Z?")
_ISO_LIKE = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,2})")


def date_advice(value: str) -> Message:
    """Return what to write in place of a date that is not taken, as the end of a sentence."""
    text = " ".join(value.split())
    timed = _WITH_TIME.fullmatch(text)
    if timed is not None and _day(_iso(timed["day"])):
        return _advice("with_time", _iso(timed["day"]))
    iso = _iso(text)
    if iso.startswith("form."):
        first, second = both_readings(text)
        return lookup("input.date.either").fill({"first": first, "second": second})
    if _ISO_LIKE.fullmatch(iso) or iso != text:
        return _advice("same" if _day(iso) else "no_such_day", iso if _day(iso) else _EXAMPLE)
    return _advice("example", _EXAMPLE)


def _advice(kind: str, day: str) -> Message:
    return lookup(f"input.date.{kind}").fill({"day": day})


def _iso(text: str) -> str:
    """Return a date as ISO when its writing tells which day is meant, else the text itself."""
    found = _ISO_LIKE.fullmatch(text)
    if found is not None:
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    read = str(read_date(text, None))
    # whoever types the month first in this country errs; a month cannot be 13
    return str(read_date(text, "day-first")) if read == "form.month_first" else read


def _day(iso: str) -> bool:
    try:
        return date.fromisoformat(iso).year >= 1900
    except ValueError:
        return False

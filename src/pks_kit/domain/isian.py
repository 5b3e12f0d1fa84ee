"""How the values of an input file are written: yes/no, numbers, dates, times of day.

An input file holds text only; these types read it strictly. Values of the right Python type pass
as they are, so that the same models can be built in code or from JSON. Each refusal is a pydantic
error whose type is the second half of a message code (``input.bad_date`` ...).
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

FIRST_YEAR = 1900
LAST_YEAR = 2199
"""Years outside are typing mistakes, and some date arithmetic would leave the calendar."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([0-9]{2})[:.]([0-9]{2})(?:[:.]00)?")
POLA_DESIMAL = r"^[0-9]{1,6}([.,][0-9]{1,4})?$"
_DECIMAL = re.compile(POLA_DESIMAL)
_WHOLE = re.compile(r"[0-9]{1,18}")
_YES_NO = {"ya": True, "tidak": False, "true": True, "false": False}


def _read_date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            if _DATE.fullmatch(value) and FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise PydanticCustomError("bad_date", "not an ISO date")
    if type(value) is date:
        return value
    raise PydanticCustomError("bad_date", "not a date")


def _read_time(value: Any) -> Any:
    if isinstance(value, str):
        found = _TIME.fullmatch(value)
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            return time(int(found[1]), int(found[2]))
        raise PydanticCustomError("bad_time", "not a time of day")
    if isinstance(value, time):
        return value
    raise PydanticCustomError("bad_time", "not a time of day")


def _read_yes_no(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in _YES_NO:
        return _YES_NO[value.casefold()]
    raise PydanticCustomError("bad_yes_no", "not ya or tidak")


def _read_whole(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise PydanticCustomError("bad_whole", "not a whole number")


def _read_decimal(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value.replace(",", "."))
    raise PydanticCustomError("bad_decimal", "not a decimal number")


Tanggal = Annotated[date, BeforeValidator(_read_date)]
"""A day, written ``2023-12-20``."""

Pukul = Annotated[
    time,
    BeforeValidator(_read_time),
    WithJsonSchema(
        {"type": "string", "pattern": r"^([01][0-9]|2[0-3])[:.][0-5][0-9]$", "examples": ["08:00"]}
    ),
]
"""A time of day, written ``08:00`` or ``08.00``."""

YaTidak = Annotated[
    bool,
    BeforeValidator(_read_yes_no),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": ["ya", "tidak"]}]}),
]
"""Yes or no, written ``ya`` or ``tidak`` (``true`` and ``false`` are understood too)."""

Bulat = Annotated[int, BeforeValidator(_read_whole)]
"""A whole number, written in digits without dots."""

Desimal = Annotated[
    Decimal,
    BeforeValidator(_read_decimal),
    WithJsonSchema({"type": "string", "pattern": POLA_DESIMAL, "examples": ["4,99"]}),
]
"""An exact decimal, written ``4,99`` or ``4.99``; never a binary float."""

BerkasData = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9 ._\-]{0,115}\.(yml|yaml)$")
]
"""The name of a data file, without a folder."""

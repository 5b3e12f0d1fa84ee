"""What a cell means for its column: text as it stands, or why it cannot be trusted.

Excel changes what people type: it drops leading zeros and every digit after the fifteenth, and
turns ``1/2`` into a date. A number or a date is taken only where nothing can have been lost, and
text in everyday writing where only one reading of it is possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from pks_kit.domain.aksara import find_unprintable, normalise
from pks_kit.inputs.everyday import plain_blanks, understood
from pks_kit.inputs.workbook.cells import Cell
from pks_kit.inputs.workbook.labels import column_label

MAXIMUM_EXACT = 10**15
"""Excel keeps fifteen digits; a whole number from here on may have lost its last ones."""

_NUMERIC = frozenset({"whole", "decimal", "yes_no", "choice"})
_HOURS = 24
_MINUTES = _HOURS * 60


@dataclass(frozen=True, slots=True)
class CellFault:
    """Why a cell cannot be used: message code and the values of its placeholders."""

    code: str
    params: dict[str, object]


def read_value(
    cell: Cell, kind: str, field: str, *, since_1904: bool, choices: tuple[str, ...] = ()
) -> str | CellFault:
    """Return the text of a cell for a column of a kind, or what is wrong with it.

    Args:
        cell: What the file holds.
        kind: As :attr:`Column.kind`.
        field: Heading of the column, for messages.
        since_1904: Whether dates of the workbook count from 1904.
        choices: What it may be, when that is a list.
    """
    if cell.kind == "formula":
        return CellFault("workbook.formula", {"field": field})
    if cell.kind == "error":
        return CellFault("workbook.error_value", {"field": field, "value": cell.text})
    if cell.kind == "text":
        return _text(cell.text, kind, choices)
    if cell.kind == "bool":
        return (
            cell.text if kind == "yes_no" else CellFault("workbook.truth_value", {"field": field})
        )
    number = _number(cell.text)
    if number is None:
        return CellFault("workbook.bad_number", {"field": field})
    if cell.kind == "date":
        return _dated(number, kind, field, since_1904=since_1904)
    return _plain_number(number, kind, field)


def _text(written: str, kind: str, choices: tuple[str, ...]) -> str | CellFault:
    if written.isascii() and written.isprintable():
        # such a text has no character that could be unprintable, only blanks too many
        text, bad = normalise(written), None
    else:
        text = normalise(plain_blanks(written))
        bad = find_unprintable(text)
    if bad is None:
        meant = understood(text, kind, choices)
        if isinstance(meant, str):
            return meant
        words = {"value": text, "first": meant.first, "second": meant.second}
        return CellFault("input.two_readings", dict(words))
    code = "input.line_break" if bad.code_point in ("U+000A", "U+000D") else "input.unprintable"
    return CellFault(
        code, {"code_point": bad.code_point, "name": bad.name, "position": bad.position}
    )


def _number(stored: str) -> Decimal | None:
    try:
        number = Decimal(stored.strip())
    except InvalidOperation:
        return None
    # A double of Excel lies within these bounds; others would only cost time.
    return number if number.is_finite() and abs(number.adjusted()) < 310 else None


def _plain_number(number: Decimal, kind: str, field: str) -> str | CellFault:
    if kind == "time" and number == number.to_integral_value() and 0 <= number < _HOURS:
        return f"{int(number):02}:00"
    if kind in ("date", "time"):
        return CellFault("workbook.number_for_date", {"field": field})
    if abs(number) >= MAXIMUM_EXACT:
        return CellFault("workbook.digits_lost", {"field": field})
    whole = number == number.to_integral_value()
    digits = str(int(number)) if whole else format(number, "f")
    if kind == "decimal" and not whole:
        return format(Decimal(repr(float(number))), "f")[:60]
    if kind in _NUMERIC or (kind == "kode_faskes" and whole and len(digits) == 8):
        return digits[:60]
    return CellFault("workbook.number_for_text", {"field": field})


def key_text(cell: Cell) -> str | CellFault:
    """Return the key in a cell of the first column; a whole number counts as its digits."""
    number = _number(cell.text) if cell.kind == "number" else None
    if number is not None and number == number.to_integral_value() and 0 <= number < MAXIMUM_EXACT:
        return str(int(number))
    if cell.kind == "number":
        return CellFault("workbook.digits_lost", {"field": column_label("kunci_faskes")})
    return read_value(cell, "kunci", column_label("kunci_faskes"), since_1904=False)


def _dated(number: Decimal, kind: str, field: str, *, since_1904: bool) -> str | CellFault:
    if kind == "date" and number == number.to_integral_value():
        day = _day(int(number), since_1904=since_1904)
        if day is not None:
            return day.isoformat()
        return CellFault("workbook.bad_number", {"field": field})
    if kind == "date" and number > 1:
        day = _day(int(number), since_1904=since_1904)
        if day is not None:
            return CellFault("workbook.date_with_time", {"field": field, "day": day})
    if kind == "time" and 0 <= number < 1:
        minutes = number * _MINUTES
        nearest = int(minutes.to_integral_value())
        if abs(minutes - nearest) < Decimal("0.01") and nearest < _MINUTES:
            return f"{nearest // 60:02}:{nearest % 60:02}"
    if kind == "time" and number > 1 and _day(int(number), since_1904=since_1904):
        return CellFault("workbook.time_with_date", {"field": field})
    code = "workbook.bad_number" if kind in ("date", "time") else "workbook.date_for_text"
    return CellFault(code, {"field": field})


def _day(serial: int, *, since_1904: bool) -> date | None:
    """Return the day of a serial number; None before March 1900, where programs disagree."""
    if not 61 <= serial < 110_000:
        return None
    start = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
    return start + timedelta(days=serial)

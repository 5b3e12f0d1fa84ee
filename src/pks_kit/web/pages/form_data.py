"""What is typed into the form, as it is kept, as it is checked, and what is wrong where.

Kept is the text that somebody typed, so that a reload shows the same. Checked is what it means:
everyday writing is understood as in a workbook, empty fields and empty rows are left out.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pks_kit.domain.sebutan import nama_faskes_isian
from pks_kit.inputs.everyday import plain_blanks, understood
from pks_kit.inputs.workbook.layout import Column, Path, Table, tables
from pks_kit.web.pages.form_layout import Section

_MISSING = "input.missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that the checks say.

    Attributes:
        place: Where, as fields are named: ``tenaga_kesehatan.0.sip.nomor``; empty for nowhere.
        level: How grave: ``error``, ``blocking``, ``warning`` or ``info``.
        missing: Whether nothing was typed there yet.
        message: Its words in both languages.
        basis: The rule it rests on; may be empty.
    """

    place: str
    level: str
    missing: bool
    message: Mapping[str, str]
    basis: str


def field_name(path: Path) -> str:
    """Return the name of a field: the parts of its place in the data with dots between."""
    return ".".join(map(str, path))


def value_at(data: Any, path: Path) -> str:
    """Return the text that stands at a place; empty where there is none."""
    here = data
    for part in path:
        if isinstance(here, dict) and isinstance(part, str):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            return ""
    return as_typed(here)


def name_in(data: Any) -> str:
    """Return the facility's name as its agreement will print it; empty while it has none."""
    named = value_at(data, ("pihak_kedua", "nama_faskes"))
    return nama_faskes_isian(value_at(data, ("faskes", "jenis")), named)


def as_typed(value: Any) -> str:
    """Return a value as somebody would type it."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value)


def rows_of(data: Any, table: Table) -> int:
    """Return how many rows a list has."""
    here = data
    for part in table.path:
        here = here.get(part) if isinstance(here, dict) else None
    return len(here) if isinstance(here, list) else 0


def with_section(
    data: dict[str, Any], section: Section, given: Mapping[str, str], *, tidy: bool
) -> dict[str, Any]:
    """Return the data with what was typed into one section; fields that were not sent stay.

    Args:
        data: The data.
        section: The section.
        given: What was typed, by the names of fields.
        tidy: Whether empty rows go; not while somebody types in a page that shows them.
    """
    found = copy.deepcopy(data)
    for column in section.columns:
        if (name := field_name(column.path)) in given:
            _put(found, column.path, given[name].strip())
    for table in section.lists:
        most = max((_row_number(name, table) for name in given), default=-1)
        for index in range(most + 1):
            for column in table.columns:
                path = table.value_path(column, index)
                if (name := field_name(path)) in given:
                    _put(found, path, given[name].strip())
        if tidy:
            _keep_rows(found, table)
    return found


def without_row(data: dict[str, Any], table: Table, index: int) -> dict[str, Any]:
    """Return the data without one row of a list."""
    found = copy.deepcopy(data)
    here: Any = found
    for part in table.path:
        here = here.get(part) if isinstance(here, dict) else None
    if isinstance(here, list) and 0 <= index < len(here):
        del here[index]
    return found


def meant(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the typed data mean, as the checks read it."""
    found: dict[str, Any] = {}
    main, *lists = tables()
    for column in main.columns:
        _mean(found, data, column.path, column)
    for table in lists:
        for index in range(rows_of(data, table)):
            for column in table.columns:
                _mean(found, data, table.value_path(column, index), column)
    cleaned = _without_gaps(found)
    return cleaned if isinstance(cleaned, dict) else {}


def told_by(form: Mapping[str, Any]) -> list[Told]:
    """Return what an error or a result of the checks says, worst first."""
    entries = [
        *((one, "error") for one in form.get("problems") or ()),
        *((one, str(one["level"])) for one in form.get("findings") or ()),
    ]
    found = [
        Told(
            place=_place(str(one.get("pointer") or "")),
            level=level,
            missing=str(one["code"]).startswith(_MISSING),
            message=one["message"],
            basis=str(one.get("legal_basis") or ""),
        )
        for one, level in entries
    ]
    order = {"error": 0, "blocking": 1, "warning": 2}
    return sorted(found, key=lambda one: order.get(one.level, 3))


def in_section(told: list[Told], section: Section) -> list[Told]:
    """Return what is said about one section; of a missing group every value that it lacks."""
    found = []
    for one in told:
        if section.holds(one.place):
            lacking = section.needed_in(one.place) if one.missing else ()
            found += [replace(one, place=place) for place in lacking] or [one]
    return found


def _place(pointer: str) -> str:
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return ".".join(parts)


def _row_number(name: str, table: Table) -> int:
    head = f"{'.'.join(table.path)}."
    number = name[len(head) :].partition(".")[0] if name.startswith(head) else ""
    return int(number) if number.isdecimal() and len(number) < 4 else -1


def _put(data: dict[str, Any], path: Path, text: str) -> None:
    here: Any = data
    for part, after in pairwise(path):
        made: Any = [] if isinstance(after, int) else {}
        if isinstance(here, list) and isinstance(part, int):
            while len(here) <= part:
                here.append(None)
            if not isinstance(here[part], type(made)):
                here[part] = made
            here = here[part]
        else:
            if not isinstance(here.get(part), type(made)):
                here[part] = made
            here = here[part]
    last = path[-1]
    if isinstance(here, list) and isinstance(last, int):
        while len(here) <= last:
            here.append("")
        here[last] = text
    else:
        here[last] = text


def _keep_rows(data: dict[str, Any], table: Table) -> None:
    """Take rows away in which nothing was typed."""
    here: Any = data
    for part in table.path[:-1]:
        here = here.get(part) if isinstance(here, dict) else None
    rows = here.get(table.path[-1]) if isinstance(here, dict) else None
    if isinstance(rows, list):
        rows[:] = [one for one in rows if _says_something(one)]


def _says_something(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_says_something, value.values()))
    if isinstance(value, list):
        return any(map(_says_something, value))
    return value not in (None, "")


def _mean(found: dict[str, Any], data: Mapping[str, Any], path: Path, column: Column) -> None:
    typed = plain_blanks(value_at(data, path)).strip()
    if typed:
        read = understood(typed, column.kind, column.choices)
        _put(found, path, read if isinstance(read, str) else typed)


def _without_gaps(value: Any) -> Any:
    """Return data without empty ends of lists; of short lists of plain values also without gaps.

    An empty row between others stays, so that what is said about the rows behind it finds them.
    """
    if isinstance(value, dict):
        return {key: _without_gaps(inner) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    if not any(isinstance(one, dict) for one in value):
        return [one for one in value if _says_something(one)]
    last = max((number for number, one in enumerate(value) if _says_something(one)), default=-1)
    return [_without_gaps(one or {}) for one in value[: last + 1]]

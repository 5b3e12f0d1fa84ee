"""The HFIS draft form as CSV: written from contract data, and read to update contract data.

Two sections, ``PIHAK 1`` and ``PIHAK 2``, with the labels of the form (docs/sumber.md 2.3); behind
them what the form of HFIS does not ask for but the agreement needs, as far as the data have it:
``PEMILIK`` and one section ``REKREDENSIALING n`` for each row of that list. A value
that a spreadsheet program would take for a formula is written with an apostrophe before it, which
is taken away again when the file is read.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from pks_kit.domain.aksara import find_unprintable, normalise, visible
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import InputProblemsError, Problem
from pks_kit.foreign import HERE, Looks
from pks_kit.inputs.csv_values import DateOrder, both_readings, read_date
from pks_kit.inputs.everyday import plain_blanks, understood, understood_date
from pks_kit.inputs.expected import kind_of
from pks_kit.inputs.form_rows import rows_of
from pks_kit.inputs.form_sections import sections, value_at
from pks_kit.inputs.json_schema import schema_at
from pks_kit.inputs.problems import shorten
from pks_kit.inputs.workbook.labels import FORM, OLDER_LABELS
from pks_kit.inputs.yaml_tree import parts_of
from pks_kit.visible_text import reveal_hidden

_FORMULA_STARTS = "=+-@\u2212"
"""Signs that begin a formula; their full-width and small forms count as well."""
_CELL_STARTS = "\t\r\n"
"""Signs after which some programs begin a cell, and with it a formula, of their own."""
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEntry:
    """One filled line of the form.

    Attributes:
        path: Place in the contract data.
        text: The value, dates as ISO.
        line: Line of the CSV, from 1.
    """

    path: str
    text: str
    line: int


def write_form(kontrak: Kontrak) -> bytes:
    """Return the form of one agreement as CSV in UTF-8 with a byte order mark (Excel needs it)."""
    data = kontrak.model_dump()
    stream = io.StringIO()
    rows = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for side, labels in sections().items():
        values = [(label, value_at(data, path)) for label, path in labels.items()]
        if side in FORM or any(value is not None for _, value in values):
            rows.writerow((side, ""))
        for label, value in values:
            if value is not None:
                decimal = isinstance(value, Decimal)
                cell = f"{value:f}".replace(".", ",") if decimal else str(value)
                rows.writerow((label, neutralised(cell)))
    return stream.getvalue().encode("utf-8-sig")


def neutralised(text: str) -> str:
    """Return a value that no spreadsheet program computes: an apostrophe goes before it.

    Programs look past blanks of every kind and past signs without width. An apostrophe that stands
    before such a value already gets one more, so that :func:`restored` always gives the value back.
    """
    return f"'{text}" if _could_compute(text) else text


def restored(text: str) -> str:
    """Return the value that :func:`neutralised` was given."""
    return text[1:] if text.startswith("'") and _could_compute(text) else text


def _could_compute(text: str) -> bool:
    """Return whether a formula begins behind apostrophes, blanks and what cannot be seen."""
    for sign in text:
        if sign in _CELL_STARTS:
            return True
        if sign == "'" or sign.isspace() or reveal_hidden(sign) != sign:
            continue
        return unicodedata.normalize("NFKC", sign)[0] in _FORMULA_STARTS
    return False


def read_form(
    content: bytes, source: str, looks: Looks = HERE, date_order: DateOrder | None = None
) -> tuple[FormEntry, ...]:
    """Read a form; empty values are left out.

    Args:
        content: CSV in UTF-8, separated by comma, semicolon or tab.
        source: Name of the file, for messages.
        looks: Where the CSV is taken apart; what its rows mean is found here.
        date_order: Order of dates such as ``11/12/2023``, when somebody knows it.

    Raises:
        InputProblemsError: ``form.problems`` with everything that is wrong, dates among it that
            could be two days of the year (``form.ambiguous_date``).
        InputError: ``workbook.not_looked`` when it stopped whoever read it.
    """
    problems: list[Problem] = []
    entries: dict[str, FormEntry] = {}
    side: str | None = None
    for line, cells in rows_of(content, source, looks):
        label, value = normalise(cells[0]), normalise(plain_blanks(restored(cells[1].strip())))
        if label.upper() in sections() and not value:
            side = label.upper()
            continue
        path = _path(label, side, line, problems)
        if any(cell.strip() for cell in cells[2:]):
            problems.append(Problem("form.extra_value", label_place(label), line))
        if path is None or not value:
            continue
        if path in entries:
            first = entries[path].line
            problems.append(Problem("form.twice", path, line, label=label, first=first))
            continue
        bad = find_unprintable(value)
        if bad is not None:
            problems.append(
                Problem(
                    "input.unprintable",
                    path,
                    line,
                    code_point=bad.code_point,
                    name=bad.name,
                    position=bad.position,
                )
            )
        if holds_date(path):
            value = _date(value, path, line, date_order, problems)
        else:
            value = _everyday(value, path, line, problems)
        entries[path] = FormEntry(path=path, text=value, line=line)
    if problems:
        raise InputProblemsError("form.problems", shorten(problems), file=source)
    return tuple(entries.values())


def label_place(label: str) -> str:
    """Return a label from outside as it may be shown."""
    return visible(label, 40)


def _path(label: str, side: str | None, line: int, problems: list[Problem]) -> str | None:
    place = label_place(label)
    if side is None:
        problems.append(Problem("form.no_section", place, line))
        return None
    known = sections()[side] | (OLDER_LABELS if side == "PIHAK 2" else {})
    by_fold = {name.casefold(): path for name, path in known.items()}
    fold = label.casefold().rstrip(" :")
    if fold in by_fold:
        return by_fold[fold]
    near = difflib.get_close_matches(fold[:60], by_fold, n=1, cutoff=0.6)
    if near:
        nearest = next(name for name in known if name.casefold() == near[0])
        problems.append(
            Problem("form.unknown_label", place, line, label=place, side=side, nearest=nearest)
        )
    else:
        problems.append(Problem("form.unknown_label_far", place, line, label=place, side=side))
    return None


def holds_date(path: str) -> bool:
    """Return whether the value at a place is a date."""
    return "tanggal" in path.rpartition(".")[2]


def _everyday(value: str, path: str, line: int, problems: list[Problem]) -> str:
    node = schema_at(parts_of(path))
    choices = tuple(str(choice) for choice in node.get("enum", ()))
    meant = understood(value, kind_of(node), choices)
    if isinstance(meant, str):
        return meant
    words = {"value": value, "first": meant.first, "second": meant.second}
    problems.append(Problem("input.two_readings", path, line, **words))
    return value


def _date(
    value: str, path: str, line: int, order: DateOrder | None, problems: list[Problem]
) -> str:
    day = read_date(value, order)
    if day == value:
        day = understood_date(value)
    if day in ("form.ambiguous_date", "form.month_first"):
        first, second = both_readings(value)
        problems.append(Problem(day, path, line, value=value, day_first=first, month_first=second))
    return day

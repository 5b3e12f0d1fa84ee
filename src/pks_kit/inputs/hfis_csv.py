"""The HFIS draft form as CSV: written from contract data, and read to update contract data.

Two sections, ``PIHAK 1`` and ``PIHAK 2``, with the labels of the form (docs/sumber.md 2.3). A value
that a spreadsheet program would take for a formula is written with an apostrophe before it, which
is taken away again when the file is read.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from pks_kit.domain.aksara import find_unprintable, normalise, visible
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import InputError, InputProblemsError, NotLookedError, Problem
from pks_kit.foreign import HERE, Files, Looks, Question
from pks_kit.inputs.contract_file import parse_kontrak
from pks_kit.inputs.csv_values import DateOrder, both_readings, read_date, spoilt
from pks_kit.inputs.problems import masked, shorten
from pks_kit.inputs.text_file import NotTextError, decode_text
from pks_kit.inputs.workbook.labels import FORM, OLDER_LABELS
from pks_kit.inputs.yaml_tree import read_tree
from pks_kit.json_types import Count, Ordinal
from pks_kit.strict_yaml.nodes import YamlMapping, YamlNode, YamlScalar
from pks_kit.visible_text import reveal_hidden

MAXIMUM_BYTES = 200_000
MAXIMUM_ROWS = 200

_FORMULA_STARTS = "=+-@\u2212"
"""Signs that begin a formula; their full-width and small forms count as well."""
_CELL_STARTS = "\t\r\n"
"""Signs after which some programs begin a cell, and with it a formula, of their own."""
_DELIMITERS = re.compile(r"[,;\t]")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
"""First line by which Excel is told the separator; it belongs to no value."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedValue:
    """A value that a form changed.

    Attributes:
        path: Place in the contract data.
        old: The value before; empty when there was none.
        new: The value now, dates as ISO.
    """

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedData:
    """Contract data with the values of a form.

    Attributes:
        content: The YAML, unchanged but for the values.
        changed: What is another value now, in the order of the form.
        remaining: Problems of the data elsewhere, to be mended by a person.
    """

    content: bytes
    changed: tuple[ChangedValue, ...]
    remaining: tuple[Problem, ...]


def write_form(kontrak: Kontrak) -> bytes:
    """Return the form of one agreement as CSV in UTF-8 with a byte order mark (Excel needs it)."""
    data = kontrak.model_dump(mode="json")
    stream = io.StringIO()
    rows = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for side, labels in FORM.items():
        rows.writerow((side, ""))
        for label, path in labels.items():
            rows.writerow((label, neutralised(str(_value_at(data, path)))))
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


def _value_at(data: dict[str, Any], path: str) -> Any:
    here: Any = data
    for part in path.split("."):
        here = here[part]
    return here


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
    for line, cells in _rows(content, source, looks):
        label, value = normalise(cells[0]), normalise(restored(cells[1].strip()))
        if label.upper() in FORM and not value:
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
        if _is_date(path):
            value = _date(value, path, line, date_order, problems)
        entries[path] = FormEntry(path=path, text=value, line=line)
    if problems:
        raise InputProblemsError("form.problems", shorten(problems), file=source)
    return tuple(entries.values())


def label_place(label: str) -> str:
    """Return a label from outside as it may be shown."""
    return visible(label, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One filled row with its line from 1."""

    line: Ordinal
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRows:
    """The filled rows, or why there are none.

    Attributes:
        rows: In their order.
        fault: Message code of what is wrong with the file as a whole; empty when nothing is.
        line: Its line, when known.
        position: Its byte, when known.
    """

    rows: tuple[FormRow, ...] = ()
    fault: Literal[
        "", "input.not_utf8", "input.utf16", "form.not_csv", "form.empty", "input.too_large"
    ] = ""
    line: Ordinal | None = None
    position: Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsOf(Question[FormRows]):
    """Which rows does a form hold?"""

    def answer(self, files: Files) -> FormRows:
        """Read the CSV."""
        content = files[0]
        found: list[FormRow] = []
        try:
            text = decode_text(content)
            first = next((line for line in text.splitlines() if line.strip()), "")
            told = _SEPARATOR_LINE.match(first)
            mark = _DELIMITERS.search(first.replace('"', ""))
            delimiter = told[1] if told else mark[0] if mark else ","
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            for cells in rows:
                if told and not found and _SEPARATOR_LINE.match(delimiter.join(cells)):
                    continue
                if any(cell.strip() for cell in cells):
                    found.append(FormRow(line=rows.line_num, cells=tuple(cells)))
        except NotTextError as error:
            return FormRows(fault=error.code, line=error.line, position=error.position)
        except csv.Error:
            return FormRows(fault="form.not_csv")
        if not found:
            return FormRows(fault="form.empty", line=1)
        return FormRows(rows=tuple(found[: MAXIMUM_ROWS + 1]))


def _rows(content: bytes, source: str, looks: Looks) -> list[tuple[int, list[str]]]:
    """Return the filled rows with their line numbers, each with at least two cells."""
    seen = FormRows(fault="input.too_large")
    if len(content) <= MAXIMUM_BYTES:
        try:
            seen = looks.ask(RowsOf(), content)
        except NotLookedError as error:
            raise InputError("workbook.not_looked", file=source, **error.params) from error
    if len(seen.rows) > MAXIMUM_ROWS:
        seen = FormRows(fault="input.too_large")
    if seen.fault:
        params = {
            "input.not_utf8": {"position": seen.position},
            "input.too_large": {"limit": MAXIMUM_BYTES},
        }.get(seen.fault, {})
        problem = Problem(seen.fault, "", seen.line, **params)
        raise InputProblemsError("form.problems", (problem,), file=source)
    return [(row.line, [*row.cells, ""]) for row in seen.rows]


def _path(label: str, side: str | None, line: int, problems: list[Problem]) -> str | None:
    place = label_place(label)
    if side is None:
        problems.append(Problem("form.no_section", place, line))
        return None
    known = FORM[side] | (OLDER_LABELS if side == "PIHAK 2" else {})
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


def _is_date(path: str) -> bool:
    return "tanggal" in path.rpartition(".")[2]


def _date(
    value: str, path: str, line: int, order: DateOrder | None, problems: list[Problem]
) -> str:
    day = read_date(value, order)
    if day in ("form.ambiguous_date", "form.month_first"):
        first, second = both_readings(value)
        problems.append(Problem(day, path, line, value=value, day_first=first, month_first=second))
    return day


def apply_form(
    entries: tuple[FormEntry, ...], form: str, base: bytes, base_name: str
) -> UpdatedData:
    """Put the values of a form into contract data; comments and everything else stay.

    Args:
        entries: The values.
        form: Name of the CSV, for messages.
        base: Contract data as YAML; it may still have problems elsewhere.
        base_name: Its name, for messages.

    Raises:
        InputProblemsError: ``input.problems`` when the YAML cannot be read, ``form.problems`` when
            a value of the form is refused or the data has no place for it.
    """
    text = _decoded(base, base_name)
    root, _ = read_tree(text, base_name)
    problems: list[Problem] = []
    edits: list[tuple[int, int, str]] = []
    changed: list[ChangedValue] = []
    for entry in entries:
        node = _node_at(root, entry.path)
        if not isinstance(node, YamlScalar):
            problems.append(Problem("form.no_place", entry.path, entry.line, base=base_name))
        elif node.text != entry.text:
            old = node.text or ""
            fault = "" if _is_date(entry.path) else spoilt(old, entry.text)
            if fault:
                problems.append(Problem(fault, entry.path, entry.line, value=masked(entry.text)))
            edits.append(_edit(node, entry.text))
            changed.append(ChangedValue(path=entry.path, old=old, new=entry.text))
    for start, end, value in sorted(edits, reverse=True):
        text = text[:start] + value + text[end:]
    content = text.encode()
    remaining, refused = _judged(content, base_name, entries)
    if problems or refused:
        raise InputProblemsError("form.problems", shorten([*problems, *refused]), file=form)
    return UpdatedData(content=content, changed=tuple(changed), remaining=remaining)


def _judged(
    content: bytes, base_name: str, entries: tuple[FormEntry, ...]
) -> tuple[tuple[Problem, ...], list[Problem]]:
    """Return the problems of the new data: those elsewhere, and those of the form's own values."""
    lines = {entry.path: entry.line for entry in entries}
    try:
        parse_kontrak(content, base_name)
    except InputProblemsError as error:
        elsewhere = tuple(one for one in error.problems if one.path not in lines)
        own = [
            Problem(one.code, one.path, lines[one.path], **one.params)
            for one in error.problems
            if one.path in lines
        ]
        return elsewhere, own
    return (), []


def _decoded(base: bytes, base_name: str) -> str:
    try:
        return decode_text(base)
    except NotTextError as error:
        problem = Problem(error.code, "", error.line, position=error.position)
        raise InputProblemsError("input.problems", (problem,), file=base_name) from None


def _node_at(root: YamlMapping, path: str) -> YamlNode | None:
    here: YamlNode | None = root
    for part in path.split("."):
        if not isinstance(here, YamlMapping):
            return None
        here = here.entries.get(part)
    return here


def _edit(node: YamlScalar, text: str) -> tuple[int, int, str]:
    """Return where in the YAML a value stands, and what shall stand there."""
    value = text if _ISO_DATE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
    if node.start == node.end:  # nothing was written after the colon
        return node.start, node.end, f" {value}"
    return node.start, node.end, f"{value}\n" if node.style in ("|", ">") else value

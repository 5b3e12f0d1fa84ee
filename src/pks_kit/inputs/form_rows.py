"""The filled rows of a CSV form, taken apart where nothing of the file can do harm."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Literal

from pks_kit.errors import InputError, InputProblemsError, NotLookedError, Problem
from pks_kit.foreign import Files, Looks, Question
from pks_kit.inputs.text_file import NotTextError, decode_text, other_kind, told_of_kind
from pks_kit.inputs.which_file import role_of_bytes, wrong_role
from pks_kit.json_types import Count, Ordinal

MAXIMUM_BYTES = 200_000
MAXIMUM_ROWS = 200

_DELIMITERS = re.compile(r"[,;\t]")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
"""First line by which Excel is told the separator; it belongs to no value."""


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
        "",
        "input.not_utf8",
        "input.utf16",
        "input.other_file",
        "form.not_csv",
        "form.empty",
        "input.too_large",
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


def rows_of(content: bytes, source: str, looks: Looks) -> list[tuple[int, list[str]]]:
    """Return the filled rows with their line numbers, each with at least two cells.

    Raises:
        InputProblemsError: ``input.wrong_file`` for data that are no form; ``form.problems``.
        InputError: ``workbook.not_looked`` when it stopped whoever read it.
    """
    role = role_of_bytes(content) if len(content) <= MAXIMUM_BYTES else None
    if role is not None:
        raise InputProblemsError("input.wrong_file", (wrong_role(role, "form"),), file=source)
    seen = FormRows(fault="input.too_large")
    if len(content) <= MAXIMUM_BYTES:
        try:
            seen = looks.ask(RowsOf(), content)
        except NotLookedError as error:
            raise InputError("workbook.not_looked", file=source, **error.params) from error
    if len(seen.rows) > MAXIMUM_ROWS:
        seen = FormRows(fault="input.too_large")
    if seen.fault:
        told: dict[str, dict[str, object]] = {
            "input.not_utf8": {"position": seen.position},
            "input.too_large": {"limit": MAXIMUM_BYTES},
        }
        if seen.fault == "input.other_file":
            told[seen.fault] = dict(told_of_kind(other_kind(content)))
        problem = Problem(seen.fault, "", seen.line, **told.get(seen.fault, {}))
        raise InputProblemsError("form.problems", (problem,), file=source)
    return [(row.line, [*row.cells, ""]) for row in seen.rows]

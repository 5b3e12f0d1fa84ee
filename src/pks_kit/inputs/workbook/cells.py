"""The cells of a sheet, and how they travel from the process that read them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer

MAXIMUM_ROW = 1_048_576
MAXIMUM_COLUMN = 400
MAXIMUM_TEXT = 4_000

_MOST_DIGITS = 8
_MOST_KNOWN = 1 << 17
"""So many different values are kept once however often they stand in a sheet."""
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")

CellKind = Literal["text", "number", "date", "bool", "error", "formula"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One stored value; ``date`` is a number that is shown as a date or a time."""

    kind: CellKind
    text: str


_KINDS: tuple[CellKind, ...] = ("text", "number", "date", "bool", "error", "formula")
_LETTER_OF = {kind: kind[0] for kind in _KINDS}
_KIND_OF = {letter: kind for kind, letter in _LETTER_OF.items()}


def packed(rows: dict[int, dict[int, Cell]]) -> list[str]:
    """Return rows as one text each: number, columns, kinds and lengths, then the values joined.

    So a hundred thousand cells travel between two processes as some thousand values.
    """
    lines = []
    for number, cells in rows.items():
        columns = " ".join(map(str, cells))
        kinds = "".join([_LETTER_OF[cell.kind] for cell in cells.values()])
        lengths = " ".join([str(len(cell.text)) for cell in cells.values()])
        values = "".join([cell.text for cell in cells.values()])
        lines.append(f"{number}|{columns}|{kinds}|{lengths}|{values}")
    return lines


def unpacked(lines: Any) -> Any:
    """Return the rows that were packed, or refuse what cannot have been.

    Raises:
        ValueError: Numbers, kinds and lengths do not fit each other.
    """
    if isinstance(lines, dict) and all(isinstance(number, int) for number in lines):
        return lines  # rows as they are, not packed
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError("no rows")
    rows: dict[int, dict[int, Cell]] = {}
    known: dict[tuple[str, str], Cell] = {}
    for line in lines:
        number, columns, kinds, lengths, values = line.split("|", 4)
        row: dict[int, Cell] = {}
        start = 0
        for column, letter, length in zip(
            columns.split(" "), kinds, lengths.split(" "), strict=True
        ):
            end = start + _within(length, MAXIMUM_TEXT, least=0)
            text = values[start:end]
            if len(text) != end - start:
                raise ValueError("cut off")
            cell = known.get((letter, text))
            if cell is None:
                if letter not in _KIND_OF:
                    raise ValueError("no kind")
                cell = Cell(_KIND_OF[letter], text)
                if len(known) < _MOST_KNOWN:
                    known[letter, text] = cell
            row[_within(column, MAXIMUM_COLUMN)] = cell
            start = end
        if start != len(values) or len(row) != len(kinds):
            raise ValueError("too long")
        rows[_within(number, MAXIMUM_ROW)] = row
    return rows


def _within(digits: str, most: int, least: int = 1) -> int:
    number = int(digits) if digits.isdecimal() and len(digits) < _MOST_DIGITS else most + 1
    if not least <= number <= most:
        raise ValueError("out of bounds")
    return number


Rows = Annotated[
    dict[int, dict[int, Cell]],
    PlainSerializer(packed, return_type=list[str], when_used="json"),
    BeforeValidator(unpacked),
]
"""Cells by row and column."""


@dataclass(slots=True, kw_only=True)
class Grid:
    """One sheet: row number -> column number -> cell, both counted from 1.

    Attributes:
        name: Name on the tab.
        rows: Cells that hold something.
        first_day_1904: Whether dates count from 1904 instead of 1900.
        state: ``hidden`` sheets can be shown by a menu, ``veryHidden`` ones by no menu.
        hidden_rows: Numbers of rows that are filtered or folded away.
        merged: References of merged cells, such as ``A3:A8``.
    """

    name: str
    rows: Rows = field(default_factory=dict)
    first_day_1904: bool = False
    state: Literal["visible", "hidden", "veryHidden"] = "visible"
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def merged_into(self, row: int, column: int) -> str | None:
        """Return the reference of the merged cells that swallow a cell, but for their first."""
        found = self.merged_first(row, column)
        return None if found is None else found[0]

    def merged_first(self, row: int, column: int) -> tuple[str, int, int] | None:
        """Return the merged cells that swallow a cell, with row and column of their first."""
        for reference in self.merged:
            found = _RANGE.fullmatch(reference)
            if found is None:
                continue
            left, right = column_number(found[1]), column_number(found[3])
            inside = left <= column <= right and int(found[2]) <= row <= int(found[4])
            if inside and (row, column) != (int(found[2]), left):
                return reference, int(found[2]), left
        return None


def column_letters(number: int) -> str:
    """Return the letters of a column: 1 is ``A``, 27 is ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column: ``A`` is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number

"""Find the tables of the model among the sheets, and their columns among the headings."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from pks_kit.domain.aksara import normalise, visible
from pks_kit.errors import Problem
from pks_kit.inputs.workbook.grid import Cell, Grid, column_letters
from pks_kit.inputs.workbook.layout import KEY_COLUMN, Column, Table, tables

GUIDE_SHEET = "Petunjuk"
CHOICES_SHEET = "Pilihan"
NOTES_PREFIX = "Catatan"
"""Sheets whose name begins so belong to the staff and are not read."""

_SEARCHED_ROWS = 10


@dataclass(slots=True)
class FoundTable:
    """A table of the model and where it stands in the workbook.

    Args:
        table: The table.
        grid: Its sheet.
        key_row: Row of the machine names; data begins below it.
        columns: Column number -> column.
        key_column: Number of the column ``kunci_faskes``.
    """

    table: Table
    grid: Grid
    key_row: int
    columns: dict[int, Column]
    key_column: int

    def data_rows(self) -> list[tuple[int, dict[int, Cell]]]:
        """Return the rows below the headings that hold something in a known column."""
        wanted = {self.key_column, *self.columns}
        return [
            (number, cells)
            for number, cells in sorted(self.grid.rows.items())
            if number > self.key_row and not wanted.isdisjoint(cells)
        ]

    def cell_name(self, row: int, column: int) -> str:
        """Return a place such as ``Tenaga!D7``."""
        return f"{self.table.sheet}!{column_letters(column)}{row}"


@dataclass(slots=True)
class Headings:
    """All tables that were found, and what is wrong with sheets and headings."""

    found: dict[tuple[str, ...], FoundTable] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, place: str, row: int | None = None, **params: object) -> None:
        """Note one problem at a sheet or a cell."""
        self.problems.append(Problem(code, "", row, **params).at(place))


def find_tables(grids: list[Grid]) -> Headings:
    """Return the tables of a workbook; problems name sheets and cells."""
    headings = Headings()
    wanted = {table.sheet.casefold(): table for table in tables()}
    seen: set[str] = set()
    for grid in grids:
        name = normalise(grid.name).casefold()
        if name in seen:
            headings.add("workbook.sheet_twice", visible(grid.name), sheet=visible(grid.name))
        elif name in wanted:
            _read_headings(wanted[name], grid, headings)
        elif grid.state != "veryHidden" and not _is_free(name) and grid.rows:
            _unknown_sheet(grid, headings)
        seen.add(name)
    for name, table in wanted.items():
        if name not in seen and table.minimum:
            headings.add("workbook.missing_sheet", table.sheet, sheet=table.sheet)
    return headings


def _is_free(name: str) -> bool:
    free = (GUIDE_SHEET.casefold(), CHOICES_SHEET.casefold())
    return name in free or name.startswith(NOTES_PREFIX.casefold())


def _unknown_sheet(grid: Grid, headings: Headings) -> None:
    names = {table.sheet.casefold(): table.sheet for table in tables()}
    near = difflib.get_close_matches(grid.name.casefold(), names, n=1, cutoff=0.6)
    shown = visible(grid.name, 40)
    if grid.state == "hidden":
        headings.add("workbook.unknown_sheet_hidden", shown, sheet=shown, notes=NOTES_PREFIX)
    elif near:
        headings.add("workbook.unknown_sheet", shown, sheet=shown, nearest=names[near[0]])
    else:
        headings.add("workbook.unknown_sheet_far", shown, sheet=shown, notes=NOTES_PREFIX)


def _read_headings(table: Table, grid: Grid, headings: Headings) -> None:
    key_row = _key_row(grid)
    if key_row is None:
        headings.add("workbook.no_headings", table.sheet, sheet=table.sheet, key=KEY_COLUMN)
        return
    known = {column.key: column for column in table.columns}
    found = FoundTable(table, grid, key_row, {}, 0)
    taken: dict[str, int] = {}
    for number, cell in sorted(grid.rows[key_row].items()):
        name = normalise(cell.text)
        place = found.cell_name(key_row, number)
        if name in taken:
            headings.add("workbook.column_twice", place, key_row, key=visible(name, 40))
            continue
        taken[name] = number
        if name == KEY_COLUMN:
            found.key_column = number
        elif name in known:
            found.columns[number] = known[name]
        else:
            _unknown_column(name, [KEY_COLUMN, *known], place, key_row, headings)
    for column in table.columns:
        if column.required == "yes" and column.key not in taken:
            headings.add("workbook.missing_column", table.sheet, None, key=column.key)
    _values_without_heading(found, headings)
    _hidden_rows(found, headings)
    headings.found[table.path] = found


def _hidden_rows(found: FoundTable, headings: Headings) -> None:
    """Refuse rows that nobody sees: whether they are meant only the person knows."""
    hidden = set(found.grid.hidden_rows)
    for row, _ in found.data_rows():
        if row in hidden:
            place = found.cell_name(row, found.key_column)
            headings.add("workbook.hidden_row", place, row)


def _key_row(grid: Grid) -> int | None:
    for number in sorted(grid.rows)[:_SEARCHED_ROWS]:
        if any(normalise(cell.text) == KEY_COLUMN for cell in grid.rows[number].values()):
            return number
    return None


def _unknown_column(name: str, known: list[str], place: str, row: int, headings: Headings) -> None:
    near = difflib.get_close_matches(name[:60].casefold(), known, n=1, cutoff=0.6)
    shown = visible(name, 40)
    if near:
        headings.add("workbook.unknown_column", place, row, key=shown, nearest=near[0])
    else:
        headings.add("workbook.unknown_column_far", place, row, key=shown)


def _values_without_heading(found: FoundTable, headings: Headings) -> None:
    """Refuse values in columns whose machine name was removed: they would be lost silently."""
    named = set(found.grid.rows[found.key_row])
    told: set[int] = set()
    for row, cells in sorted(found.grid.rows.items()):
        if row <= found.key_row:
            continue
        for number in sorted(cells.keys() - named - told):
            told.add(number)
            headings.add("workbook.no_heading", found.cell_name(row, number), row)

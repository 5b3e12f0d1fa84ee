"""Find the tables of the model among the sheets, and their columns among the headings."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from pks_kit.domain.aksara import normalise, visible
from pks_kit.errors import Problem
from pks_kit.inputs.workbook.cells import Cell, Grid, column_letters
from pks_kit.inputs.workbook.labels import column_label
from pks_kit.inputs.workbook.layout import (
    BRANCH_KEY,
    Column,
    Path,
    Table,
    branch_table,
    is_of_branch,
    tables,
)

GUIDE_SHEET = "Petunjuk"
CHOICES_SHEET = "Pilihan"
NOTES_PREFIX = "Catatan"
"""Sheets whose name begins so belong to the staff and are not read."""

Row = tuple[int, dict[int, Cell]]
"""Number of a row and its cells by column."""

_SEARCHED_ROWS = 10
_MOST_RANGES = 8


@dataclass(slots=True)
class FoundTable:
    """A table of the model and where it stands in the workbook.

    Args:
        table: The table.
        grid: Its sheet.
        key_row: Row of the machine names; data begins below it.
        columns: Column number -> column.
        key_column: Number of the column ``kunci_faskes``, or ``kunci_cabang`` on its own sheet.
        branch_column: Number of the column of the main sheet that names the branch; 0 for none.
    """

    table: Table
    grid: Grid
    key_row: int
    columns: dict[int, Column]
    key_column: int
    branch_column: int = 0
    _ordered: list[tuple[int, Column]] | None = None
    _times: tuple[int, ...] = ()
    _at: dict[Path, int | None] = field(default_factory=dict)

    def ordered(self) -> list[tuple[int, Column]]:
        """Return the columns from left to right; to be asked once all of them are known."""
        if self._ordered is None:
            self._ordered = sorted(self.columns.items())
            self._times = tuple(at for at, column in self._ordered if column.kind == "time")
        return self._ordered

    def column_at(self, path: Path) -> int | None:
        """Return the first column at or below a path; to be asked once all of them are known."""
        if path not in self._at:
            below = (at for at, one in self.ordered() if one.path[: len(path)] == path)
            self._at[path] = next(below, None) if path else None
        return self._at[path]

    def times(self) -> tuple[int, ...]:
        """Return the numbers of the columns that hold a time of day."""
        self.ordered()
        return self._times

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

    def heading(self, column: int) -> str:
        """Return the heading of a column as people read it; empty when nothing is known of it."""
        if column in self.columns:
            return self.columns[column].label
        names = {self.key_column: self.table.key, self.branch_column: BRANCH_KEY}
        return column_label(names[column]) if column in names else ""


@dataclass(slots=True)
class Headings:
    """All tables that were found, and what is wrong with sheets and headings.

    Attributes:
        found: Path of each table that can be read -> where it stands.
        branches: The sheet of branches; None without one.
        problems: What keeps facilities, or rows of nobody, from being used; each once.
        passed_over: What is not read and keeps nobody: scratch sheets, columns of remarks.
        of_rows: Path of a table -> row -> problems of whoever owns that row.
        unread: Tables that cannot be read, with the reason.
        named_in: Sheets that look like one that is missing, with the problem of every facility
            whose key stands in them.
    """

    found: dict[tuple[str, ...], FoundTable] = field(default_factory=dict)
    branches: FoundTable | None = None
    problems: list[Problem] = field(default_factory=list)
    passed_over: list[Problem] = field(default_factory=list)
    of_rows: dict[tuple[str, ...], dict[int, list[Problem]]] = field(default_factory=dict)
    unread: list[tuple[Table, Problem]] = field(default_factory=list)
    named_in: list[tuple[Grid, Problem]] = field(default_factory=list)

    def add(
        self, code: str, place: str, row: int | None = None, column: str = "", **params: object
    ) -> Problem:
        """Note one problem at a sheet or a cell, with the heading of its column."""
        problem = Problem(code, "", row, **params).at(place, column)
        self.problems.append(problem)
        return problem

    def pass_over(self, code: str, place: str, row: int | None = None, **params: object) -> None:
        """Note what is not read at a sheet or a cell."""
        self.passed_over.append(Problem(code, "", row, **params).at(place))

    def touch(self, table: Table, row: int, problem: Problem) -> None:
        """Note that a problem touches whoever owns a row."""
        self.of_rows.setdefault(table.path, {}).setdefault(row, []).append(problem)


def find_tables(grids: list[Grid]) -> Headings:
    """Return the tables of a workbook; problems name sheets and cells."""
    headings = Headings()
    wanted = {table.sheet.casefold(): table for table in (*tables(), branch_table())}
    names = {normalise(grid.name).casefold() for grid in grids}
    seen: set[str] = set()
    for grid in grids:
        name = normalise(grid.name).casefold()
        if name in wanted and name not in seen:
            _read_headings(wanted[name], grid, headings)
        elif name in seen and name in wanted:
            shown = visible(grid.name)
            problem = headings.add("workbook.sheet_twice", shown, sheet=shown)
            headings.named_in.append((grid, problem))
        elif grid.state != "veryHidden" and not _is_free(name) and grid.rows:
            _unknown_sheet(grid, names, headings)
        seen.add(name)
    for name, table in wanted.items():
        if name not in seen and table.minimum:
            problem = headings.add("workbook.missing_sheet", table.sheet, sheet=table.sheet)
            headings.unread.append((table, problem))
    main = headings.found.get(())
    table = branch_table()
    if main is not None and main.branch_column and table.sheet.casefold() not in seen:
        problem = headings.add("workbook.missing_sheet", table.sheet, sheet=table.sheet)
        headings.unread.append((table, problem))
    return headings


def _is_free(name: str) -> bool:
    free = (GUIDE_SHEET.casefold(), CHOICES_SHEET.casefold())
    return name in free or name.startswith(NOTES_PREFIX.casefold())


def _unknown_sheet(grid: Grid, names: set[str], headings: Headings) -> None:
    """Pass a sheet over, unless it may be one that is missing under another name."""
    missing = {
        table.sheet.casefold(): table.sheet
        for table in (*tables(), branch_table())
        if table.sheet.casefold() not in names
    }
    near = difflib.get_close_matches(grid.name.casefold(), missing, n=1, cutoff=0.6)
    shown = visible(grid.name)
    if near:
        nearest = missing[near[0]]
        problem = headings.add("workbook.unknown_sheet", shown, sheet=shown, nearest=nearest)
        headings.named_in.append((grid, problem))
    elif grid.state == "hidden":
        headings.pass_over("workbook.unknown_sheet_hidden", shown, sheet=shown, notes=NOTES_PREFIX)
    else:
        headings.pass_over("workbook.unknown_sheet_far", shown, sheet=shown, notes=NOTES_PREFIX)


def _read_headings(table: Table, grid: Grid, headings: Headings) -> None:
    key_row = _key_row(grid, table.key)
    if key_row is None:
        if grid.rows or table.minimum:
            problem = headings.add(
                "workbook.no_headings", table.sheet, sheet=table.sheet, key=table.key
            )
            headings.unread.append((table, problem))
        return
    found = FoundTable(table, grid, key_row, {}, 0)
    if table.key == BRANCH_KEY:
        headings.branches = found
    else:
        headings.found[table.path] = found
    _name_columns(found, headings)
    _hidden_rows(found, headings)


def _name_columns(found: FoundTable, headings: Headings) -> None:
    table, key_row = found.table, found.key_row
    known = {column.key: column for column in table.columns}
    written = {
        number: normalise(cell.text) for number, cell in sorted(found.grid.rows[key_row].items())
    }
    by_branch = table.is_main and BRANCH_KEY in written.values()
    elsewhere = {column.key for column in table.columns if by_branch and is_of_branch(column)}
    absent = known.keys() - set(written.values()) - elsewhere
    taken: dict[str, int] = {}
    for number, name in written.items():
        place = found.cell_name(key_row, number)
        if name in taken:
            _same_column(found, name, taken[name], number, headings)
        elif name == table.key:
            found.key_column = number
        elif name == BRANCH_KEY and table.is_main:
            found.branch_column = number
        elif name in known:
            found.columns[number] = known[name]
        else:
            near = difflib.get_close_matches(name[:60].casefold(), absent, n=1, cutoff=0.6)
            _strange_column(found, number, place, near[0] if near else "", headings)
        taken.setdefault(name, number)
    for column in table.columns:
        if column.required == "yes" and column.key in absent:
            headings.add("workbook.missing_column", table.sheet, None, key=column.key)
    labels = {known[key].label.casefold(): key for key in absent}
    for number in _unnamed_columns(found, written):
        first = _first_value(found, number)
        label = _label_above(found, number)
        near_key = labels.get(label.casefold(), "") if label else ""
        if near_key:
            problem = headings.add(
                "workbook.no_heading_known", found.cell_name(first, number), first, key=near_key
            )
            _touch_values(found, number, problem, headings)
        else:
            headings.pass_over("workbook.no_heading", found.cell_name(first, number), first)


def _strange_column(
    found: FoundTable, number: int, place: str, nearest: str, headings: Headings
) -> None:
    """Pass a column over, unless it may be one that is missing under another name."""
    name = visible(normalise(found.grid.rows[found.key_row][number].text), 40)
    if not nearest:
        headings.pass_over("workbook.unknown_column_far", place, found.key_row, key=name)
        return
    problem = headings.add(
        "workbook.unknown_column", place, found.key_row, key=name, nearest=nearest
    )
    _touch_values(found, number, problem, headings)


def _touch_values(found: FoundTable, number: int, problem: Problem, headings: Headings) -> None:
    """Note that a problem touches everybody who has a value in a column that is not read."""
    for row, cells in found.grid.rows.items():
        if row > found.key_row and number in cells:
            headings.touch(found.table, row, problem)


def _same_column(found: FoundTable, name: str, first: int, second: int, headings: Headings) -> None:
    """Keep the first of two columns; who has another value in the second one is touched."""
    place, row_of = found.cell_name(found.key_row, second), found.key_row
    differing = [
        row
        for row, cells in found.grid.rows.items()
        if row > found.key_row and second in cells and cells[second] != cells.get(first)
    ]
    if not differing:
        headings.pass_over("workbook.column_twice", place, row_of, key=visible(name, 40))
        return
    problem = headings.add("workbook.column_twice_differs", place, row_of, key=visible(name, 40))
    for row in differing:
        headings.touch(found.table, row, problem)


def _hidden_rows(found: FoundTable, headings: Headings) -> None:
    """Refuse rows that nobody sees: whether they are meant only the person knows."""
    hidden = set(found.grid.hidden_rows)
    rows = [row for row, _ in found.data_rows() if row in hidden]
    if not rows:
        return
    problem = headings.add(
        "workbook.hidden_row",
        found.cell_name(rows[0], found.key_column),
        rows[0],
        found.heading(found.key_column),
        count=len(rows),
        rows=row_ranges(rows, found.key_column),
    )
    for row in rows:
        headings.touch(found.table, row, problem)


def row_ranges(rows: list[int], column: int) -> str:
    """Return the cells of rows in one column, in short: ``A3:A8, A11``."""
    letters = column_letters(column)
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1][1:] = [row]
        else:
            runs.append([row])
    shown = [":".join(f"{letters}{row}" for row in run) for run in runs[:_MOST_RANGES]]
    return ", ".join(shown) + (" …" if len(runs) > _MOST_RANGES else "")


def _key_row(grid: Grid, key: str) -> int | None:
    for number in sorted(grid.rows)[:_SEARCHED_ROWS]:
        if any(normalise(cell.text) == key for cell in grid.rows[number].values()):
            return number
    return None


def _unnamed_columns(found: FoundTable, named: dict[int, str]) -> list[int]:
    """Return the columns that hold values below no machine name."""
    told: set[int] = set()
    for row, cells in found.grid.rows.items():
        if row > found.key_row:
            told |= cells.keys() - named.keys()
    return sorted(told)


def _first_value(found: FoundTable, number: int) -> int:
    rows = found.grid.rows
    return min(row for row, cells in rows.items() if row > found.key_row and number in cells)


def _label_above(found: FoundTable, number: int) -> str:
    """Return the heading for people above a column without a machine name."""
    for row in range(found.key_row - 1, 0, -1):
        cell = found.grid.rows.get(row, {}).get(number)
        if cell is not None:
            return normalise(cell.text)
    return ""

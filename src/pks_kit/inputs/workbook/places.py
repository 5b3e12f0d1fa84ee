"""In which cells the values of one facility stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from pks_kit.inputs.workbook.headings import FoundTable
from pks_kit.inputs.workbook.layout import Path, branch_paths
from pks_kit.inputs.yaml_tree import format_path, parts_of


@dataclass(slots=True)
class Places:
    """Where the values of one facility stand.

    Args:
        main: The main sheet.
        main_row: Row of the facility there.
        rows: Table path -> its sheet and the rows of this facility.
        exact: Path of a value -> its sheet, row and column, where the headings do not say it.
        branch: Sheet of branches and the row of its branch there.
    """

    main: FoundTable
    main_row: int
    rows: dict[tuple[str, ...], tuple[FoundTable, list[int]]] = field(default_factory=dict)
    branch: tuple[FoundTable, int] | None = None
    exact: dict[Path, tuple[FoundTable, int, int]] = field(default_factory=dict)

    def place_of(self, path: str) -> str:
        """Return the cell of a path, or the row or sheet when there is no such cell."""
        return self.cell_of(path)[0]

    def cell_of(self, path: str) -> tuple[str, str]:
        """Return the cell of a path and the heading of its column; empty where there is no cell."""
        parts = parts_of(path)
        if parts in self.exact:
            found, row, column = self.exact[parts]
            return found.cell_name(row, column), found.heading(column)
        sheet, number, rest = self._row_of(parts)
        if number is None:
            return sheet.table.sheet, ""
        at = sheet.column_at(rest) or sheet.key_column
        return sheet.cell_name(number, at), sheet.heading(at)

    def absent_column(self, path: str) -> str | None:
        """Return ``Sheet: column`` when a value is missing because its whole column is."""
        found, row, rest = self._row_of(parts_of(path))
        if row is None or not rest or found.column_at(rest) is not None:
            return None
        return f"{found.table.sheet}: {format_path(rest)}"

    def _row_of(self, parts: Path) -> tuple[FoundTable, int | None, Path]:
        """Return the sheet and row of a path and what is left of it inside the row."""
        for table, (found, rows) in self.rows.items():
            if parts[: len(table)] != table:
                continue
            index = parts[len(table)] if len(parts) > len(table) else None
            if isinstance(index, int) and index < len(rows):
                return found, rows[index], parts[len(table) + 1 :]
            return found, None, ()
        of_branch = parts in branch_paths() and self.main.column_at(parts) is None
        if self.branch is not None and of_branch:
            sheet, row = self.branch
            return sheet, row, parts
        return self.main, self.main_row, parts

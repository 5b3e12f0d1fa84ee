"""In which cells of a workbook that we write the values of each facility stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs.workbook.cells import column_letters
from pks_kit.inputs.workbook.layout import (
    Table,
    branch_paths,
    branch_table,
    key_columns,
    tables,
    written_tables,
)
from pks_kit.inputs.workbook.offices import Offices
from pks_kit.inputs.workbook.writer import FIRST_ROW, rows_of_table
from pks_kit.inputs.yaml_tree import parts_of


@dataclass(frozen=True, slots=True)
class WrittenCells:
    """Cells of a workbook as :func:`~.writer.write_workbook` writes it.

    Args:
        first: Key of a facility and path of a table -> first row and number of rows; of the sheet
            of branches the row of its branch.
    """

    first: dict[tuple[str, tuple[str, ...]], tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, facilities: Mapping[str, Kontrak]) -> WrittenCells:
        """Return the cells of these facilities."""
        found: dict[tuple[str, tuple[str, ...]], tuple[int, int]] = {}
        following = {table.path: FIRST_ROW for table in tables()}
        dumped = {key: kontrak.model_dump(mode="json") for key, kontrak in facilities.items()}
        offices = Offices.of(dumped, {})
        row_of = {office: row for row, office in enumerate(offices.data, start=FIRST_ROW)}
        for key, data in dumped.items():
            found[key, branch_table().path] = (row_of[offices.of_facility[key]], 1)
            for table in tables():
                count = len(list(rows_of_table(table, data)))
                found[key, table.path] = (following[table.path], count)
                following[table.path] += count
        return cls(found)

    def place_of(self, key: str, path: str) -> str:
        """Return the cell of a value such as ``tenaga_kesehatan[2].nik``: ``Tenaga!D7``.

        What has no cell of its own has that of its row, or the name of its sheet.
        """
        parts = parts_of(path)
        main, branch, *lists = written_tables()
        if parts in branch_paths():
            return self._cell(branch, self.first[key, branch.path][0], parts)
        for table in lists:
            if parts[: len(table.path)] != table.path:
                continue
            first, count = self.first[key, table.path]
            rest = parts[len(table.path) :]
            index = rest[0] if rest else None
            if not isinstance(index, int) or index >= count:
                return table.sheet
            return self._cell(table, first + index, rest[1:])
        return self._cell(main, self.first[key, ()][0], parts)

    def cell_path(self, path: str) -> str:
        """Return the path of the one column that a path means; empty when there is none."""
        parts = parts_of(path)
        main, *lists = tables()
        table = next((one for one in lists if parts[: len(one.path)] == one.path), main)
        inner = parts if table is main else parts[len(table.path) + 1 :]
        return path if any(column.path == inner for column in table.columns) else ""

    @staticmethod
    def _cell(table: Table, row: int, inner: tuple[str | int, ...]) -> str:
        for number, column in enumerate(table.columns, start=len(key_columns(table)) + 1):
            if inner and column.path[: len(inner)] == inner:
                return f"{table.sheet}!{column_letters(number)}{row}"
        return f"{table.sheet}!A{row}"

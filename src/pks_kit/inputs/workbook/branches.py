"""The sheet of branches: data of an office once, named by the facilities it contracts with."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field

from pks_kit.domain.aksara import visible
from pks_kit.errors import Problem
from pks_kit.inputs.workbook.around import NamedBranch
from pks_kit.inputs.workbook.headings import FoundTable, Headings, Row
from pks_kit.inputs.workbook.labels import column_label
from pks_kit.inputs.workbook.layout import BRANCH_KEY, is_of_branch
from pks_kit.inputs.workbook.row_keys import keyed_rows
from pks_kit.inputs.workbook.values import CellFault, key_text


@dataclass(slots=True)
class Branches:
    """All branches of a workbook.

    Args:
        headings: The sheets; problems are noted there, each once.
        main: The main sheet.
    """

    headings: Headings
    main: FoundTable
    rows: dict[str, Row] = field(default_factory=dict)
    troubles: defaultdict[str, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    unknown: dict[str, Problem] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the rows of the sheet, when there is one."""
        sheet = self.headings.branches
        if sheet is None:
            return
        marked = self.headings.of_rows.get(sheet.table.path, {})
        for row, key, _ in keyed_rows(sheet, self.headings):
            if not isinstance(key, str):
                continue
            if key in self.rows:
                words = {"key": visible(key, 40), "first": self.rows[key][0]}
                place = sheet.cell_name(row[0], sheet.key_column)
                self.troubles[key].append(
                    self.headings.add(
                        "workbook.branch_twice",
                        place,
                        row[0],
                        sheet.heading(sheet.key_column),
                        **words,
                    )
                )
            self.rows.setdefault(key, row)
            self.troubles[key] += marked.get(row[0], [])

    def of(self, row: Row) -> NamedBranch:
        """Return the branch that a row of the main sheet names.

        Without a name it is the only one there is, or none when the row has all values itself.
        """
        sheet = self.headings.branches
        if sheet is None:
            return NamedBranch()
        at = self.main.branch_column or self.main.key_column
        place, heading = self.main.cell_name(row[0], at), self.main.heading(at)
        cell = row[1].get(self.main.branch_column) if self.main.branch_column else None
        key = None if cell is None else key_text(cell)
        if isinstance(key, CellFault):
            problem = Problem(key.code, "", row[0], **(key.params | {"field": heading}))
            return NamedBranch(problems=(problem.at(place, heading),))
        if not key and len(self.rows) == 1:
            key = next(iter(self.rows))
        if not key:
            if not self.rows or self._has_all(row):
                return NamedBranch()
            problem = Problem("workbook.no_branch", "", row[0], key=column_label(BRANCH_KEY)).at(
                place, heading
            )
            return NamedBranch(problems=(problem,))
        if key not in self.rows:
            return NamedBranch(key=key, problems=(self._unknown(key, (place, heading), row[0]),))
        found = tuple(self.troubles[key])
        return NamedBranch(key=key, sheet=sheet, row=self.rows[key], problems=found)

    def _has_all(self, row: Row) -> bool:
        return all(
            number in row[1]
            for number, column in self.main.columns.items()
            if is_of_branch(column) and column.required == "yes"
        ) and any(is_of_branch(column) for column in self.main.columns.values())

    def _unknown(self, key: str, at: tuple[str, str], row: int) -> Problem:
        """Return the problem of a key that no branch has, told once however many rows name it."""
        if key not in self.unknown:
            near = difflib.get_close_matches(key[:60], self.rows, n=1, cutoff=0.6)
            words = {"key": visible(key, 40), "nearest": visible(near[0], 40) if near else ""}
            code = "workbook.unknown_branch" if near else "workbook.unknown_branch_far"
            self.unknown[key] = self.headings.add(code, at[0], row, at[1], **words)
        return self.unknown[key]

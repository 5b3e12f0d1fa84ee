"""What stands around the row of a facility and is the same for others: wrong sheets, its branch."""

from __future__ import annotations

from dataclasses import dataclass, field

from pks_kit.errors import Problem
from pks_kit.inputs.workbook.headings import FoundTable, Headings, Row
from pks_kit.inputs.workbook.layout import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with sheets and headings, told once and the same for every facility.

    Attributes:
        unread: Tables that cannot be read.
        columns: Path of a table and key of a column that is missing there -> the problem.
    """

    unread: tuple[tuple[Table, Problem], ...] = ()
    columns: dict[tuple[str, str], Problem] = field(default_factory=dict)

    @classmethod
    def of(cls, headings: Headings) -> Wrong:
        """Return what the headings say of all rows alike."""
        columns = {
            (one.place, str(one.params["key"])): one
            for one in headings.problems
            if one.code == "workbook.missing_column"
        }
        return cls(unread=tuple(headings.unread), columns=columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBranch:
    """The branch of one facility.

    Attributes:
        key: Its ``kunci_cabang``; empty when nobody knows it.
        sheet: The sheet of branches.
        row: Its row there.
        problems: What keeps the facility from being used.
    """

    key: str = ""
    sheet: FoundTable | None = None
    row: Row | None = None
    problems: tuple[Problem, ...] = ()

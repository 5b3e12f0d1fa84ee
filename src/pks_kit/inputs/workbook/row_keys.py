"""Which facility each row belongs to; one cause is told once, with how many rows it touches.

A row without a right key goes to the facility that it most likely belongs to, the one above it or
the one whose key looks alike, and that facility is refused by name: its findings then speak of
what else is wrong, not of rows that went missing. Every other facility goes on.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field

from pks_kit.domain.aksara import normalise, visible
from pks_kit.errors import Problem
from pks_kit.inputs.workbook.headings import FoundTable, Headings, Row, row_ranges
from pks_kit.inputs.workbook.labels import column_label
from pks_kit.inputs.workbook.values import CellFault, key_text

MAXIMUM_FACILITIES = 1 << 15
Children = list[tuple[FoundTable, defaultdict[str, list[Row]]]]
Keyed = list[tuple[Row, str | CellFault | None, Problem | None]]

_MOST_SIMILAR = 200
"""So many unknown keys are compared with the known ones; the rest is told without a suggestion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mains:
    """Rows of the main sheet.

    Attributes:
        rows: Key -> row, the first one of each key.
        again: Further rows of a key that stands there already.
        troubles: Key -> what touches that facility.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    again: list[tuple[str, Row]] = field(default_factory=list)
    troubles: defaultdict[str, list[Problem]] = field(default_factory=lambda: defaultdict(list))

    def touch(self, key: str, problem: Problem) -> None:
        """Note once that a problem touches a facility."""
        if problem not in self.troubles[key]:
            self.troubles[key].append(problem)


@dataclass(slots=True)
class _Group:
    """Rows with the same trouble.

    Attributes:
        code: What is wrong.
        params: Words about it.
        rows: Their numbers.
    """

    code: str
    params: dict[str, object]
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Orphan:
    place: str
    row: int
    column: str
    count: int = 0
    sheets: dict[tuple[str, ...], str] = field(default_factory=dict)


def main_rows(main: FoundTable, headings: Headings) -> Mains:
    """Return the rows of the main sheet by key, with what touches each of them."""
    found = Mains()
    for row, key, _ in keyed_rows(main, headings):
        if not isinstance(key, str):
            continue
        if key in found.rows:
            found.again.append((key, row))
        elif len(found.rows) >= MAXIMUM_FACILITIES:
            headings.add(
                "workbook.too_many_facilities", main.table.sheet, row[0], limit=MAXIMUM_FACILITIES
            )
            break
        else:
            found.rows[key] = row
        for problem in headings.of_rows.get((), {}).get(row[0], ()):
            found.touch(key, problem)
    again: defaultdict[str, list[int]] = defaultdict(list)
    for key, row in found.again:
        again[key].append(row[0])
    for key, rows in again.items():
        place = main.cell_name(rows[0], main.key_column)
        shown = {"key": visible(key, 40), "first": found.rows[key][0]}
        problem = headings.add(
            "workbook.key_twice", place, rows[0], main.heading(main.key_column), **shown
        )
        found.touch(key, problem)
    for grid, problem in headings.named_in:
        written = {normalise(cell.text) for cells in grid.rows.values() for cell in cells.values()}
        for key in found.rows.keys() & written:
            found.touch(key, problem)
    return found


def child_rows(mains: Mains, headings: Headings) -> Children:
    """Return every other sheet with its rows by the key of their facility.

    Args:
        mains: Rows of the main sheet; what touches a facility here is noted in it.
        headings: The sheets; problems are noted there.
    """
    sheets = [
        (sheet, keyed_rows(sheet, headings)) for path, sheet in headings.found.items() if path
    ]
    likely = _likely_owners(sheets, mains)
    only = _only(mains)
    found: Children = []
    orphans: dict[str, _Orphan] = {}
    for sheet, keyed in sheets:
        rows: defaultdict[str, list[Row]] = defaultdict(list)
        marked = headings.of_rows.get(sheet.table.path, {})
        above = only
        for row, key, problem in keyed:
            owner = above
            if isinstance(key, str):
                owner = key if key in mains.rows else likely[key]
                if key not in mains.rows:
                    _note_orphan(orphans, key, sheet, row[0])
            if owner is not None:
                rows[owner].append(row)
                for one in (*marked.get(row[0], ()), *((problem,) if problem else ())):
                    mains.touch(owner, one)
            above = owner or only
        found.append((sheet, rows))
    for key, orphan in orphans.items():
        problem = _tell_orphan(key, orphan, mains, headings)
        if (owner := likely[key]) is not None:
            mains.touch(owner, problem)
    return found


def _only(mains: Mains) -> str | None:
    """Return the facility of a workbook that has no other."""
    return next(iter(mains.rows)) if len(mains.rows) == 1 and not mains.again else None


def _likely_owners(sheets: list[tuple[FoundTable, Keyed]], mains: Mains) -> dict[str, str | None]:
    """Return whose rows those with an unknown key are most likely; None for nobody's.

    A key with rows on every sheet that asks for some is a facility that was left out of the main
    sheet, and nobody's mistake.
    """
    where: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    between: dict[str, str] = {}
    for sheet, keyed in sheets:
        for index, (_, key, _) in enumerate(keyed):
            if isinstance(key, str) and key not in mains.rows:
                where[key].add(sheet.table.path)
                if owner := _round(keyed, index, mains):
                    between.setdefault(key, owner)
    asked = {sheet.table.path for sheet, _ in sheets if sheet.table.minimum}
    found: dict[str, str | None] = {}
    for key, paths in where.items():
        owner = _only(mains)
        if owner is None and not (asked and asked <= paths):
            near = _nearest(key, mains.rows) if len(found) < _MOST_SIMILAR else None
            owner = near or (None if mains.again else between.get(key))
        found[key] = owner
    return found


def keyed_rows(sheet: FoundTable, headings: Headings) -> Keyed:
    """Return the rows with their keys; what is wrong with keys is noted once for each cause."""
    found: list[tuple[Row, str | CellFault | None, _Group | None]] = []
    groups: list[_Group] = []
    last: _Group | None = None
    for row in sheet.data_rows():
        cell = row[1].get(sheet.key_column)
        key = None if cell is None else key_text(cell)
        if isinstance(key, str):
            last = None
            found.append((row, key, None))
            continue
        group = _group(sheet, row[0], key)
        if last is None or (last.code, last.params) != (group.code, group.params):
            last = group
            groups.append(group)
        last.rows.append(row[0])
        found.append((row, key, last))
    told: dict[int, Problem] = {}
    for group in groups:
        cells = row_ranges(group.rows, sheet.key_column)
        words = {"count": len(group.rows), "rows": cells} | group.params
        place = sheet.cell_name(group.rows[0], sheet.key_column)
        heading = sheet.heading(sheet.key_column)
        told[id(group)] = headings.add(group.code, place, group.rows[0], heading, **words)
    return [(row, key, told[id(group)] if group else None) for row, key, group in found]


def _group(sheet: FoundTable, row: int, key: CellFault | None) -> _Group:
    if key is not None:
        return _Group(key.code, dict(key.params))
    merged = sheet.grid.merged_into(row, sheet.key_column)
    if merged is not None:
        return _Group(
            "workbook.merged_key", {"key": column_label(sheet.table.key), "cells": merged}
        )
    return _Group("workbook.no_key", {"key": column_label(sheet.table.key)})


def _nearest(key: str, mains: dict[str, Row]) -> str | None:
    return next(iter(difflib.get_close_matches(key[:60], mains, n=1, cutoff=0.6)), None)


def _round(keyed: Keyed, index: int, mains: Mains) -> str | None:
    """Return the facility whose rows stand both above and below a row."""
    if not 0 < index < len(keyed) - 1:
        return None
    above, below = keyed[index - 1][1], keyed[index + 1][1]
    return above if isinstance(above, str) and above == below and above in mains.rows else None


def _note_orphan(orphans: dict[str, _Orphan], key: str, sheet: FoundTable, row: int) -> None:
    place = sheet.cell_name(row, sheet.key_column)
    orphan = orphans.setdefault(key, _Orphan(place, row, sheet.heading(sheet.key_column)))
    orphan.count += 1
    orphan.sheets[sheet.table.path] = sheet.table.sheet


def _tell_orphan(key: str, orphan: _Orphan, mains: Mains, headings: Headings) -> Problem:
    words: dict[str, object] = {
        "key": visible(key, 40),
        "count": orphan.count,
        "sheets": ", ".join(orphan.sheets.values()),
    }
    code = "workbook.orphan_far"
    if mains.again:
        code = "workbook.orphan_of_repeated"
        main = headings.found[()]
        words["repeated"] = main.cell_name(mains.again[0][1][0], main.key_column)
    elif near := _nearest(key, mains.rows) if len(headings.problems) < _MOST_SIMILAR else None:
        code = "workbook.orphan"
        words["nearest"] = visible(near, 40)
    return headings.add(code, orphan.place, orphan.row, orphan.column, **words)

"""Which facility each row belongs to; one cause is told once, with how many rows it touches.

A row without a right key still goes to the facility that it most likely belongs to: the one above
it, or the one whose key looks alike. The workbook is refused anyway, and the findings of that
facility then speak of what else is wrong, not of rows that went missing.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field

from pks_kit.domain.aksara import visible
from pks_kit.inputs.workbook.facility import Row
from pks_kit.inputs.workbook.grid import column_letters
from pks_kit.inputs.workbook.headings import FoundTable, Headings
from pks_kit.inputs.workbook.layout import KEY_COLUMN
from pks_kit.inputs.workbook.values import CellFault, key_text

MAXIMUM_FACILITIES = 400
Children = list[tuple[FoundTable, defaultdict[str, list[Row]]]]


@dataclass(slots=True)
class _Group:
    """Rows with the same trouble.

    Attributes:
        code: What is wrong.
        params: Words about it.
        sheet: Where they stand.
        rows: Their numbers.
    """

    code: str
    params: dict[str, object]
    sheet: FoundTable
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Orphan:
    place: str
    row: int
    count: int = 0
    sheets: list[str] = field(default_factory=list)


def main_rows(main: FoundTable, headings: Headings) -> tuple[dict[str, Row], str]:
    """Return the rows of the main sheet by key, and the place of a key that stood there twice."""
    mains: dict[str, Row] = {}
    repeated = ""
    for row, key in _keyed(main, headings):
        if isinstance(key, CellFault) or key is None:
            continue
        place = main.cell_name(row[0], main.key_column)
        if key in mains:
            repeated = repeated or place
            headings.add(
                "workbook.key_twice", place, row[0], key=visible(key, 40), first=mains[key][0]
            )
        elif len(mains) >= MAXIMUM_FACILITIES:
            headings.add(
                "workbook.too_many_facilities", main.table.sheet, row[0], limit=MAXIMUM_FACILITIES
            )
            break
        else:
            mains[key] = row
    return mains, repeated


def child_rows(mains: dict[str, Row], repeated: str, headings: Headings) -> Children:
    """Return every other sheet with its rows by the key of their facility.

    Args:
        mains: Rows of the main sheet.
        repeated: Place of a key that stood there twice; empty when none did.
        headings: The sheets; problems are noted there.
    """
    found: Children = []
    orphans: dict[str, _Orphan] = {}
    only = next(iter(mains)) if len(mains) == 1 else None
    for path, sheet in headings.found.items():
        if not path:
            continue
        rows: defaultdict[str, list[Row]] = defaultdict(list)
        above = only
        for row, key in _keyed(sheet, headings):
            owner = above
            if isinstance(key, str):
                owner = key if key in mains else _nearest(key, mains)
                if key not in mains:
                    _note_orphan(orphans, key, sheet, row[0])
            if owner is not None:
                rows[owner].append(row)
            above = owner or only
        found.append((sheet, rows))
    for key, orphan in orphans.items():
        _tell_orphan(key, orphan, _nearest(key, mains), repeated, headings)
    return found


def _keyed(sheet: FoundTable, headings: Headings) -> list[tuple[Row, str | CellFault | None]]:
    """Return the rows with their keys; what is wrong with keys is noted once for each cause."""
    found: list[tuple[Row, str | CellFault | None]] = []
    groups: list[_Group] = []
    last: _Group | None = None
    for row in sheet.data_rows():
        cell = row[1].get(sheet.key_column)
        key = None if cell is None else key_text(cell)
        found.append((row, key))
        if isinstance(key, str):
            last = None
            continue
        group = _group(sheet, row[0], key)
        if last is None or (last.code, last.params) != (group.code, group.params):
            last = group
            groups.append(group)
        last.rows.append(row[0])
    for group in groups:
        first, end = group.rows[0], group.rows[-1]
        letters = column_letters(sheet.key_column)
        cells = f"{letters}{first}" if first == end else f"{letters}{first}:{letters}{end}"
        words = {"count": len(group.rows), "rows": cells} | group.params
        headings.add(group.code, sheet.cell_name(first, sheet.key_column), first, **words)
    return found


def _group(sheet: FoundTable, row: int, key: CellFault | None) -> _Group:
    if key is not None:
        return _Group(key.code, dict(key.params), sheet)
    merged = sheet.grid.merged_into(row, sheet.key_column)
    if merged is not None:
        return _Group("workbook.merged_key", {"key": KEY_COLUMN, "cells": merged}, sheet)
    return _Group("workbook.no_key", {"key": KEY_COLUMN}, sheet)


def _nearest(key: str, mains: dict[str, Row]) -> str | None:
    return next(iter(difflib.get_close_matches(key[:60], mains, n=1, cutoff=0.6)), None)


def _note_orphan(orphans: dict[str, _Orphan], key: str, sheet: FoundTable, row: int) -> None:
    place = sheet.cell_name(row, sheet.key_column)
    orphan = orphans.setdefault(key, _Orphan(place, row))
    orphan.count += 1
    if sheet.table.sheet not in orphan.sheets:
        orphan.sheets.append(sheet.table.sheet)


def _tell_orphan(
    key: str, orphan: _Orphan, near: str | None, repeated: str, headings: Headings
) -> None:
    words: dict[str, object] = {
        "key": visible(key, 40),
        "count": orphan.count,
        "sheets": ", ".join(orphan.sheets),
    }
    if repeated:
        headings.add(
            "workbook.orphan_of_repeated", orphan.place, orphan.row, repeated=repeated, **words
        )
    elif near:
        nearest = visible(near, 40)
        headings.add("workbook.orphan", orphan.place, orphan.row, nearest=nearest, **words)
    else:
        headings.add("workbook.orphan_far", orphan.place, orphan.row, **words)

"""A workbook as it is stored: its sheets with text, numbers, date-like numbers, formulas, errors.

Numbers keep the digits of the file; nothing is computed and nothing is guessed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pks_kit.collector import collector_paused
from pks_kit.errors import InputError
from pks_kit.foreign import Files, Question
from pks_kit.inputs.workbook.cells import Cell, Grid
from pks_kit.inputs.workbook.package import Package, attribute, local, parse_package
from pks_kit.inputs.workbook.sheet_cells import SharedStrings, SheetCells

MAXIMUM_CELLS = 4_000_000
MAXIMUM_SHEETS = 60

_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that every spreadsheet program knows as dates or times without writing them."""

_NOT_A_DIGIT_OF_TIME = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h{1,2}|m{1,2}|s{1,2})\])[^\]\[]{0,80}\]', re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grids:
    """All sheets in the order of the tabs."""

    sheets: tuple[Grid, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellsOf(Question[Grids]):
    """Which cells does a workbook hold?

    Attributes:
        source: Name of the file, for messages.
    """

    source: str

    def answer(self, files: Files) -> Grids:
        """Open the package and read all sheets.

        Raises:
            InputError: ``workbook.*`` saying why the file is refused.
        """
        with collector_paused():
            return Grids(sheets=tuple(read_grids(parse_package(files[0], self.source))))


def read_grids(package: Package) -> list[Grid]:
    """Return all sheets of a workbook in the order of the tabs.

    Raises:
        InputError: ``workbook.damaged`` or ``workbook.too_large``.
    """
    book = _workbook_part(package)
    root = package.tree(book)
    links = package.relations(book)
    shared: list[Cell | None] = []
    dates: frozenset[int] = frozenset()
    for kind, target in links.values():
        if kind == "sharedStrings":
            strings = SharedStrings()
            package.feed(target, strings)
            shared = strings.found
        elif kind == "styles":
            dates = _date_styles(package, target)
    since_1904 = any(
        (attribute(element, "date1904") or "") in ("1", "true")
        for element in root
        if local(element.tag) == "workbookPr"
    )
    entries = [entry for part in root if local(part.tag) == "sheets" for entry in part]
    if len(entries) > MAXIMUM_SHEETS:
        raise InputError("workbook.too_large", file=package.source)
    grids = []
    budget = MAXIMUM_CELLS
    for entry in entries:
        kind, target = links.get(attribute(entry, "id") or "", ("", ""))
        if kind != "worksheet":
            continue
        grid = Grid(name=(entry.get("name") or "?")[:60], first_day_1904=since_1904)
        if entry.get("state") == "veryHidden":
            grid.state = "veryHidden"
        elif entry.get("state") == "hidden":
            grid.state = "hidden"
        cells = SheetCells(package, target, shared, dates, grid, budget)
        package.feed(target, cells)
        budget -= cells.seen
        grids.append(grid)
    return grids


def _workbook_part(package: Package) -> str:
    for kind, target in package.relations("").values():
        if kind == "officeDocument":
            return target
    raise package.damaged("_rels/.rels")


def _date_styles(package: Package, part: str) -> frozenset[int]:
    """Return the numbers of the cell styles that show a number as a date or a time."""
    own: dict[str, str] = {}
    styles: list[str] = []
    for section in package.tree(part):
        if local(section.tag) == "numFmts":
            for entry in section:
                own[entry.get("numFmtId", "")] = entry.get("formatCode", "")[:200]
        elif local(section.tag) == "cellXfs":
            styles = [entry.get("numFmtId", "0") for entry in section]
    return frozenset(
        index
        for index, code in enumerate(styles)
        if (shows_date(own[code]) if code in own else _built_in_date(code))
    )


def shows_date(code: str) -> bool:
    """Return whether a number format shows a date or a time (ECMA-376 part 1, 18.8.31).

    The first section counts, without words in quotes, signs that are shown as they are, padding,
    and what stands in brackets, unless that is a time that runs past its hours.
    """
    shown = _NOT_A_DIGIT_OF_TIME.sub("", code.partition(";")[0])
    return any(sign in "dmhys" for sign in shown.casefold())


def _built_in_date(code: str) -> bool:
    return code.isdecimal() and len(code) < 4 and int(code) in _BUILT_IN_DATES

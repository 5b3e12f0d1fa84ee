"""The cells of a workbook as they are stored: text, number, date-like number, formula, error.

Numbers keep the digits of the file; nothing is computed and nothing is guessed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from xml.etree.ElementTree import Element

from pks_kit.errors import InputError
from pks_kit.foreign import Files, Question
from pks_kit.inputs.workbook.package import Package, attribute, local, parse_package

MAXIMUM_CELLS = 400_000
MAXIMUM_ROW = 1_048_576
MAXIMUM_COLUMN = 400
MAXIMUM_SHEETS = 60
MAXIMUM_TEXT = 4_000

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_MOST_MERGED = 1 << 13
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that every spreadsheet program knows as dates or times without writing them."""

_NOT_A_DIGIT_OF_TIME = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h{1,2}|m{1,2}|s{1,2})\])[^\]\[]{0,80}\]', re.IGNORECASE
)

CellKind = Literal["text", "number", "date", "bool", "error", "formula"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One stored value; ``date`` is a number that is shown as a date or a time."""

    kind: CellKind
    text: str


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
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
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
        return Grids(sheets=tuple(read_grids(parse_package(files[0], self.source))))


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


def read_grids(package: Package) -> list[Grid]:
    """Return all sheets of a workbook in the order of the tabs.

    Raises:
        InputError: ``workbook.damaged`` or ``workbook.too_large``.
    """
    book = _workbook_part(package)
    root = package.tree(book)
    links = package.relations(book)
    shared: list[str] = []
    dates: frozenset[int] = frozenset()
    for kind, target in links.values():
        if kind == "sharedStrings":
            shared = _shared_strings(package, target)
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
        budget -= _SheetReader(package, target, shared, dates, grid, budget).read()
        grids.append(grid)
    return grids


def _workbook_part(package: Package) -> str:
    for kind, target in package.relations("").values():
        if kind == "officeDocument":
            return target
    raise package.damaged("_rels/.rels")


def _text_of(element: Element) -> str:
    """Return the text of a string item: its runs joined, without reading aids."""
    pieces: list[str] = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [inner.text or "" for inner in child if local(inner.tag) == "t"]
    return _plain("".join(pieces))


def _plain(text: str) -> str:
    """Return stored text with its ``_x000A_`` escapes resolved, cut at a length nobody needs."""
    shown = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text[: 4 * MAXIMUM_TEXT])
    # halves of a character become a visible sign here: they could not even be told
    return shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")[:MAXIMUM_TEXT]


def _shared_strings(package: Package, part: str) -> list[str]:
    found: list[str] = []
    root: Element | None = None
    for event, element, depth in package.events(part):
        if depth == 1:
            root = element
        elif event == "end" and depth == 2 and root is not None:
            if local(element.tag) == "si":
                found.append(_text_of(element))
            root.clear()
    return found


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


@dataclass(slots=True)
class _SheetReader:
    """Reads the cells of one sheet into a grid."""

    package: Package
    part: str
    shared: list[str]
    dates: frozenset[int]
    grid: Grid
    budget: int
    seen: int = 0
    row: int = 0
    column: int = 0

    def read(self) -> int:
        """Fill the grid and return how many cells were seen."""
        parent: list[Element] = []
        for event, element, depth in self.package.events(self.part):
            name = local(element.tag)
            if event == "start":
                parent = [*parent[: depth - 1], element]
                if name == "row":
                    self._start_row(element)
            elif name == "c":
                self._cell(element)
            elif name == "mergeCell":
                if len(self.grid.merged) < _MOST_MERGED:
                    self.grid.merged.append((element.get("ref") or "")[:30])
            elif name == "row" or depth == 2:
                parent[depth - 2].clear()
        return self.seen

    def _start_row(self, element: Element) -> None:
        written = element.get("r")
        if written is None:
            self.row += 1
        elif written.isdecimal() and len(written) < 8 and 0 < int(written) <= MAXIMUM_ROW:
            self.row = int(written)
        else:
            raise self.package.damaged(self.part)
        self.column = 0
        if element.get("hidden") in ("1", "true"):
            self.grid.hidden_rows.append(self.row)

    def _cell(self, element: Element) -> None:
        self.seen += 1
        if self.seen > self.budget:
            raise InputError("workbook.too_large", file=self.package.source)
        self.column += 1
        if (written := element.get("r")) is not None:
            found = _REFERENCE.fullmatch(written)
            if found is None or int(found[2]) != self.row:
                raise self.package.damaged(self.part)
            self.column = column_number(found[1])
        cell = self._value(element)
        if cell is None:
            return
        if self.column > MAXIMUM_COLUMN:
            raise InputError("workbook.too_large", file=self.package.source)
        row = self.grid.rows.setdefault(self.row, {})
        if self.column in row:
            raise self.package.damaged(self.part)
        row[self.column] = cell

    def _value(self, element: Element) -> Cell | None:
        kind = element.get("t", "n")
        stored = ""
        for child in element:
            name = local(child.tag)
            if name == "f":
                return Cell("formula", _plain(child.text or ""))
            if name == "v":
                stored = child.text or ""
            elif name == "is":
                return _text_cell(_text_of(child))
        if not stored:
            return None
        if kind == "s":
            return _text_cell(self._shared(stored))
        if kind in ("str", "inlineStr"):
            return _text_cell(_plain(stored))
        if kind == "b":
            return Cell("bool", "ya" if stored.strip() == "1" else "tidak")
        if kind == "e":
            return Cell("error", stored[:20])
        if kind == "d":
            return _text_cell(_plain(stored))
        style = element.get("s", "0")
        dated = style.isdecimal() and len(style) < 7 and int(style) in self.dates
        return Cell("date" if dated else "number", stored[:60])

    def _shared(self, stored: str) -> str:
        if not (stored.isdecimal() and len(stored) < 9 and int(stored) < len(self.shared)):
            raise self.package.damaged(self.part)
        return self.shared[int(stored)]


def _text_cell(text: str) -> Cell | None:
    return Cell("text", text) if text.strip() else None

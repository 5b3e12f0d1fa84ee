"""Read the parts of an XLSX that hold cells, element by element as the XML parser tells them.

A sheet may hold millions of elements, so no tree of them is ever built.
"""

from __future__ import annotations

import re

from pks_kit.errors import InputError
from pks_kit.inputs.workbook.cells import (
    MAXIMUM_COLUMN,
    MAXIMUM_ROW,
    MAXIMUM_TEXT,
    Cell,
    Grid,
    column_number,
)
from pks_kit.inputs.workbook.package import Package, Walk

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MOST_MERGED = 1 << 13
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def plain(text: str) -> str:
    """Return stored text with its ``_x000A_`` escapes resolved, cut at a length nobody needs."""
    if text.isascii() and "_x" not in text:
        return text[:MAXIMUM_TEXT]
    shown = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text[: 4 * MAXIMUM_TEXT])
    # halves of a character become a visible sign here: they could not even be told
    return shown.encode("utf-16", "surrogatepass").decode("utf-16", "replace")[:MAXIMUM_TEXT]


class _Texts(Walk):
    """What strings of cells and shared strings have in common: runs of text without reading aids.

    ``top`` is the depth of the string itself: its text stands in ``t``, or in ``t`` within ``r``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.top = 0
        self.pieces: list[str] = []
        self.collects = False
        self.in_run = False

    def begin_string(self) -> None:
        self.top = self.depth
        self.pieces = []
        self.in_run = False

    def inner(self, name: str) -> None:
        """Enter an element inside the string."""
        below = self.depth - self.top
        if below == 1:
            self.in_run = name == "r"
            self.collects = name == "t"
        else:
            # text of an element ends where the first element inside it begins
            self.collects = below == _IN_RUN and self.in_run and name == "t"

    def text(self, data: str) -> None:
        """Take text."""
        if self.collects:
            self.pieces.append(data)

    def string(self) -> str:
        """Return the string that has ended."""
        return plain("".join(self.pieces))


_IN_RUN = 2
_IN_ROOT = 2


class SharedStrings(_Texts):
    """The strings that cells refer to by number, each as the cell that it makes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Cell | None] = []

    def entered(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if self.top:
            self.inner(name)
        elif self.depth == _IN_ROOT and name == "si":
            self.begin_string()

    def left(self, name: str) -> None:
        """End an element."""
        self.collects = False
        if self.top and self.depth == self.top:
            self.found.append(text_cell(self.string()))
            self.top = 0


class SheetCells(_Texts):
    """Fills a grid with the cells of one sheet.

    Args:
        package: The file, for errors.
        part: Name of the part.
        shared: Strings that cells refer to.
        dates: Numbers of the styles that show a date.
        grid: Where the cells go.
        budget: How many cells there may be.
    """

    def __init__(
        self,
        package: Package,
        part: str,
        shared: list[Cell | None],
        dates: frozenset[int],
        grid: Grid,
        budget: int,
    ) -> None:
        super().__init__()
        self.package, self.part, self.shared, self.dates = package, part, shared, dates
        self.grid, self.budget = grid, budget
        self.seen = self.row = self.column = 0
        self.cells: dict[int, Cell] | None = None
        self.cell: dict[str, str] | None = None
        self.cell_depth = 0
        self.stored = ""
        self.decided: Cell | None = None
        self.is_decided = False
        self.row_digits = "0"
        self.columns: dict[str, int] = {}

    def entered(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if self.cell is not None:
            if self.top:
                self.inner(name)
            elif self.depth == self.cell_depth + 1:
                self.pieces = []
                self.collects = name in ("v", "f")
                if name == "is":
                    self.begin_string()
            else:
                self.collects = False
        elif name == "c":
            self.cell, self.cell_depth = attributes, self.depth
            self.stored, self.decided, self.is_decided = "", None, False
        elif name == "row":
            self._start_row(attributes)
        elif name == "mergeCell" and len(self.grid.merged) < _MOST_MERGED:
            self.grid.merged.append(attributes.get("ref", "")[:30])

    def left(self, name: str) -> None:
        """End an element."""
        self.collects = False
        if self.cell is None:
            return
        if self.depth == self.cell_depth:
            self._end_cell(self.cell)
            self.cell = None
        elif self.depth == self.cell_depth + 1 and not self.is_decided:
            if name == "v":
                self.stored = "".join(self.pieces)
            elif name == "f":
                self.decided, self.is_decided = Cell("formula", plain("".join(self.pieces))), True
            elif name == "is":
                self.decided, self.is_decided = text_cell(self.string()), True
        if self.top and self.depth == self.top:
            self.top = 0

    def _start_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r")
        if written is None:
            self.row += 1
        elif written.isdecimal() and len(written) < 8 and 0 < int(written) <= MAXIMUM_ROW:
            self.row = int(written)
        else:
            raise self.package.damaged(self.part)
        self.column = 0
        self.row_digits = str(self.row)
        self.cells = self.grid.rows.get(self.row)
        if attributes.get("hidden") in ("1", "true"):
            self.grid.hidden_rows.append(self.row)

    def _end_cell(self, attributes: dict[str, str]) -> None:
        self.seen += 1
        if self.seen > self.budget:
            raise InputError("workbook.too_large", file=self.package.source)
        self.column += 1
        if (written := attributes.get("r")) is not None:
            self.column = self._column_of(written)
        cell = self.decided if self.is_decided else self._value(attributes)
        if cell is None:
            return
        if self.column > MAXIMUM_COLUMN:
            raise InputError("workbook.too_large", file=self.package.source)
        if self.cells is None:
            self.cells = self.grid.rows.setdefault(self.row, {})
        if self.column in self.cells:
            raise self.package.damaged(self.part)
        self.cells[self.column] = cell

    def _column_of(self, reference: str) -> int:
        """Return the column of a reference such as ``D7``, which must be of the row it is in."""
        letters = reference[: -len(self.row_digits)]
        column = self.columns.get(letters)
        if column is None or not reference.endswith(self.row_digits):
            found = _REFERENCE.fullmatch(reference)
            if found is None or int(found[2]) != self.row:
                raise self.package.damaged(self.part)
            return self.columns.setdefault(found[1], column_number(found[1]))
        return column

    def _value(self, attributes: dict[str, str]) -> Cell | None:
        stored = self.stored
        if not stored:
            return None
        kind = attributes.get("t", "n")
        if kind == "s":
            return self._shared(stored)
        if kind in ("str", "inlineStr", "d"):
            return text_cell(plain(stored))
        if kind == "b":
            return Cell("bool", "ya" if stored.strip() == "1" else "tidak")
        if kind == "e":
            return Cell("error", stored[:20])
        style = attributes.get("s", "0")
        dated = style.isdecimal() and len(style) < 7 and int(style) in self.dates
        return Cell("date" if dated else "number", stored[:60])

    def _shared(self, stored: str) -> Cell | None:
        if not (stored.isdecimal() and len(stored) < 9 and int(stored) < len(self.shared)):
            raise self.package.damaged(self.part)
        return self.shared[int(stored)]


def text_cell(text: str) -> Cell | None:
    """Return the cell of a text; blanks alone are none."""
    return Cell("text", text) if text.strip() else None

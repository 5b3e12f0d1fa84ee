"""Write a report as a workbook of several sheets: for reading, sorting and counting, not for input.

Rows are written one after the other, so that many thousands take little memory. Text never becomes
a formula, days and numbers stay days and numbers, headings stay in sight, and every sheet is
protected without a password: nobody changes a report by a slip, and filters still work.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pks_kit.inputs.workbook.cells import column_letters
from pks_kit.inputs.workbook.heights import row_height
from pks_kit.inputs.workbook.put_text import FORMULA_STARTS, put_text
from pks_kit.inputs.workbook.writer import stable_bytes
from pks_kit.visible_text import WIB, one_line

Told = str | int | float | date | datetime | None
"""A value of a report; a moment needs a time zone and is told in WIB."""

_LONGEST_CELL = 32_000
"""Excel takes no more than 32,767 letters."""
_FORMATS: dict[type, str] = {
    int: "#,##0",
    float: "#,##0.0",
    date: "dd/mm/yyyy",
    datetime: "dd/mm/yyyy hh:mm",
}
_HEAD_COLOUR = "FFDDE8F0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportColumn:
    """One column.

    Attributes:
        heading: Its heading.
        width: Its width in letters.
    """

    heading: str
    width: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSheet:
    """One sheet.

    Attributes:
        title: Its name, at most 31 letters.
        columns: Its columns; their headings are the first row.
        rows: Values, as many as columns; asked for once, while they are written.
        strong: First cells of rows that are printed bold, such as headings between and sums.
    """

    title: str
    columns: Sequence[ReportColumn]
    rows: Iterable[Sequence[Told]]
    strong: frozenset[str] = frozenset()


def write_report(sheets: Sequence[ReportSheet]) -> bytes:
    """Return an XLSX with these sheets, in this order.

    Args:
        sheets: At least one; no two of one title.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for one in sheets:
        _write(book.create_sheet(one.title), one)
    stream = io.BytesIO()
    book.save(stream)
    return stable_bytes(stream.getvalue())


def _write(sheet: Any, told: ReportSheet) -> None:
    cells = _Cells(sheet)
    for place, column in enumerate(told.columns, start=1):
        sheet.column_dimensions[column_letters(place)].width = column.width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    widths = [column.width for column in told.columns]
    _make_room(sheet, 1, [column.heading for column in told.columns], widths)
    sheet.append(cells.head(column.heading) for column in told.columns)
    count = 1
    for row in told.rows:
        strong = bool(row) and row[0] in told.strong
        count += 1
        _make_room(sheet, count, row, widths)
        sheet.append(cells.of(value, strong=strong) for value in row)
    sheet.auto_filter.ref = f"A1:{column_letters(len(told.columns))}{count}"
    protection = sheet.protection
    protection.sheet = True
    # what stays allowed: these words of the format say what is forbidden
    protection.autoFilter = protection.formatColumns = protection.formatRows = False


def _make_room(sheet: Any, number: int, row: Sequence[Told], widths: Sequence[float]) -> None:
    """Make a row as high as its text needs, before it is written."""
    texts = [one if isinstance(one, str) else "" for one in row]
    height = row_height(zip(texts, widths, strict=False))
    if height is not None:
        sheet.row_dimensions[number].height = height


class _Cells:
    """Cells with their looks, each written before the next is asked for: one for each look will do.

    Giving every cell a look of its own would take longer than writing it.
    """

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._known: dict[tuple[type, bool, bool], Any] = {}

    def head(self, text: str) -> Any:
        """Return a cell of the first row."""
        from openpyxl.styles import PatternFill

        cell = self._new(str, strong=True)
        cell.fill = PatternFill("solid", start_color=_HEAD_COLOUR)
        put_text(cell, one_line(text))
        return cell

    def of(self, value: Told, *, strong: bool) -> Any:
        """Return a cell with a value; None for an empty one."""
        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            value = value.astimezone(WIB).replace(tzinfo=None)
        if not isinstance(value, str):
            cell = self._cell(type(value), strong=strong, quoted=False)
            cell.value = value
            return cell
        text = one_line(value)[:_LONGEST_CELL]
        cell = self._cell(str, strong=strong, quoted=text.startswith(FORMULA_STARTS))
        put_text(cell, text)
        return cell

    def _cell(self, kind: type, *, strong: bool, quoted: bool) -> Any:
        """Return the cell of a look; a quoted one tells spreadsheet programs that it is text."""
        key = kind, strong, quoted
        if key not in self._known:
            self._known[key] = self._new(kind, strong=strong)
        return self._known[key]

    def _new(self, kind: type, *, strong: bool) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font

        cell: Any = WriteOnlyCell(self._sheet)
        cell.alignment = Alignment(wrap_text=kind is str, vertical="top")
        if strong:
            cell.font = Font(bold=True)
        if kind in _FORMATS:
            cell.number_format = _FORMATS[kind]
        return cell

"""A sheet for people: a heading row and rows of text, numbers and days, with colours by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pks_kit.inputs.workbook.cells import column_letters
from pks_kit.inputs.workbook.heights import row_height
from pks_kit.inputs.workbook.put_text import put_text
from pks_kit.visible_text import reveal_hidden

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Listed = str | int | date
"""A value of a list: text stays text, numbers and days can be sorted and counted with."""

_DATE_FORMAT = "dd/mm/yyyy"
_WIDEST, _MARGIN = 60, 2
_LONGEST_CELL = 32_000
"""Excel takes no more than 32,767 letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesSheet:
    """What a sheet for people holds.

    Attributes:
        title: Name of the sheet.
        headings: Heading of each column.
        rows: Values, as many as headings; text may have several lines.
        colours: Colour of the first cell of each row as ``FFRRGGBB``, empty for none; fewer than
            rows colour the first ones.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Listed, ...], ...]
    colours: tuple[str, ...] = ()


def write_notes(sheet: Worksheet, notes: NotesSheet) -> None:
    """Fill a sheet of a workbook: what a file of others holds is text, and nothing is computed."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.properties import PageSetupProperties

    top = Alignment(wrap_text=True, vertical="top")
    widths = [len(heading) for heading in notes.headings]
    for number, row in enumerate((notes.headings, *notes.rows), start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=place)
            if isinstance(value, str):
                lines = [reveal_hidden(line) for line in value.split("\n")]
                if any(lines):
                    put_text(cell, "\n".join(lines)[:_LONGEST_CELL])
                widths[place - 1] = max(widths[place - 1], *map(len, lines))
            else:
                cell.value = value
                cell.number_format = _DATE_FORMAT if isinstance(value, date) else "0"
            cell.alignment = top
            if number == 1:
                cell.font = Font(bold=True)
        colour = notes.colours[number - 2] if 1 < number < len(notes.colours) + 2 else ""
        if colour:
            sheet.cell(row=number, column=1).fill = PatternFill("solid", start_color=colour)
    for place, width in enumerate(widths, start=1):
        column = sheet.column_dimensions[column_letters(place)]
        column.width = min(width, _WIDEST) + _MARGIN
    for number, row in enumerate((notes.headings, *notes.rows), start=1):
        texts = [one if isinstance(one, str) else "" for one in row]
        room = [min(width, _WIDEST) + _MARGIN for width in widths]
        height = row_height(zip(texts, room, strict=True))
        if height is not None:
            sheet.row_dimensions[number].height = height
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.freeze_panes = "A2"

"""Write a list as a workbook of one sheet: headings, then rows, nothing computed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

from pks_kit.inputs.workbook.grid import column_letters
from pks_kit.inputs.workbook.writer import put_text, stable_bytes
from pks_kit.visible_text import one_line

_WIDEST, _MARGIN = 60, 2
_LONGEST_CELL = 32_000
"""Excel takes no more than 32,767 letters."""


_DATE_FORMAT = "dd/mm/yyyy"
Listed = str | int | date
"""A value of a list: text stays text, numbers and days can be sorted and counted with."""


def write_list(title: str, headings: Sequence[str], rows: Iterable[Sequence[Listed]]) -> bytes:
    """Return an XLSX of text, whole numbers and days, columns as wide as their longest value.

    Args:
        title: Name of the sheet.
        headings: Heading of each column.
        rows: Values, as many as headings; what a file of others holds must be text.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.title = title
    widths = [len(heading) for heading in headings]
    for number, row in enumerate((headings, *rows), start=1):
        for place, value in enumerate(row, start=1):
            text = one_line(str(value))[:_LONGEST_CELL]
            if text:
                cell = sheet.cell(row=number, column=place)
                if isinstance(value, str):
                    put_text(cell, text)
                else:
                    cell.value = value
                    cell.number_format = _DATE_FORMAT if isinstance(value, date) else "0"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if number == 1:
                    cell.font = Font(bold=True)
            widths[place - 1] = max(widths[place - 1], len(text))
    for place, width in enumerate(widths, start=1):
        column = sheet.column_dimensions[column_letters(place)]
        column.width = min(width, _WIDEST) + _MARGIN
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stable_bytes(stream.getvalue())

"""Write a list as a workbook of one sheet: headings, then rows, nothing computed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from pks_kit.inputs.workbook.notes_sheet import Listed, NotesSheet, write_notes
from pks_kit.inputs.workbook.writer import stable_bytes
from pks_kit.visible_text import one_line


def write_list(title: str, headings: Sequence[str], rows: Iterable[Sequence[Listed]]) -> bytes:
    """Return an XLSX of text, whole numbers and days, columns as wide as their longest value.

    Args:
        title: Name of the sheet.
        headings: Heading of each column.
        rows: Values, as many as headings; what a file of others holds must be text.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.title = title
    plain = tuple(
        tuple(one_line(value) if isinstance(value, str) else value for value in row) for row in rows
    )
    write_notes(sheet, NotesSheet(title=title, headings=tuple(headings), rows=plain))
    stream = io.BytesIO()
    book.save(stream)
    return stable_bytes(stream.getvalue())

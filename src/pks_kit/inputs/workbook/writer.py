"""Write the workbook: one sheet per table, drop-downs, notes, and every cell as text.

Text that begins with ``=``, ``+``, ``-`` or ``@`` is stored as text and marked as such, so that no
spreadsheet program ever computes what came from data. Equal input gives equal bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs.workbook.cells import column_letters
from pks_kit.inputs.workbook.headings import CHOICES_SHEET, GUIDE_SHEET
from pks_kit.inputs.workbook.heights import row_height
from pks_kit.inputs.workbook.layout import (
    BRANCH_KEY,
    Column,
    Path,
    Table,
    branch_table,
    key_columns,
    tables,
    written_tables,
)
from pks_kit.inputs.workbook.notes import column_note, guide_lines, key_note
from pks_kit.inputs.workbook.notes_sheet import NotesSheet, write_notes
from pks_kit.inputs.workbook.offices import Offices
from pks_kit.inputs.workbook.put_text import TEXT_FORMAT, put_text
from pks_kit.inputs.yaml_tree import PLACEHOLDER, format_path

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LABEL_ROW, KEY_ROW, FIRST_ROW = 1, 2, 3
PREPARED_ROWS = 2_000
"""Rows below the headings that get drop-downs."""

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^<>]*>)[^<]*(</dcterms:\2>)")
MARK_FILLS = {
    "fill": "FFFFE08A",
    "check": "FFCFE8CF",
    "blocking": "FFF4B6B0",
    "warning": "FFFFE08A",
    "manual": "FFD6E4F5",
    "info": "FFEDEDED",
}
"""Colours of cells that a person must look at."""
_FILLS = {"yes": "FFDDE8F0", "no": "FFF1F1F1", "group": "FFF6EFD8"}
_GUIDE_WIDTH = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a person is told of one cell.

    Attributes:
        kind: ``fill``: to be written anew; ``check``: carried over, to be looked at.
        note: The words of its note; a cell to be filled says them itself too.
    """

    kind: Literal["fill", "check"]
    note: str


def write_workbook(
    facilities: Mapping[str, Kontrak],
    *,
    marks: Mapping[str, Mapping[str, Mark]] | None = None,
    notes: Sequence[NotesSheet] = (),
    branches: Mapping[str, str] | None = None,
) -> bytes:
    """Return an XLSX with these facilities; without any it is empty and ready to be filled.

    Args:
        facilities: Key of each facility and its data.
        marks: Key of a facility -> path of a value -> mark of its cell.
        notes: Sheets for people, put before the tables; their names begin with ``Catatan``, so
            that nobody reads them as data.
        branches: Key of a facility -> how its branch was called; data of another branch get a
            name of their own.
    """
    from openpyxl import Workbook

    book = Workbook()
    _guide(book)
    for one in notes:
        write_notes(book.create_sheet(one.title), one)
    choices = _choices(book)
    data = {key: kontrak.model_dump(mode="json") for key, kontrak in facilities.items()}
    offices = Offices.of(data, branches or {})
    for table in written_tables():
        sheet = book.create_sheet(table.sheet)
        _headings(sheet, table)
        _validations(sheet, table, choices)
        row = FIRST_ROW
        if table.key == BRANCH_KEY:
            for row, (office, values) in enumerate(offices.data.items(), start=FIRST_ROW):
                _write_row(sheet, row, (office,), table, values, 0, {})
            continue
        for key, values_of in data.items():
            marked = (marks or {}).get(key, {})
            for index, values in enumerate(rows_of_table(table, values_of)):
                names = (key, offices.of_facility[key]) if table.is_main else (key,)
                _write_row(sheet, row, names, table, values, index, marked)
                row += 1
    book.move_sheet(CHOICES_SHEET, offset=len(book.sheetnames))
    book.active = 1
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == book.worksheets[1].title
    stream = io.BytesIO()
    book.save(stream)
    return stable_bytes(stream.getvalue())


def _guide(book: Workbook) -> None:
    from openpyxl.styles import Alignment, Font

    sheet: Any = book.active
    sheet.title = GUIDE_SHEET
    sheet.column_dimensions["A"].width = _GUIDE_WIDTH
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for row, line in enumerate(guide_lines(), start=1):
        cell = sheet.cell(row, 1)
        put_text(cell, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        height = row_height([(line, _GUIDE_WIDTH)])
        if height is not None:
            sheet.row_dimensions[row].height = height
        if row == 1:
            cell.font = Font(bold=True, size=14)
            sheet.row_dimensions[row].height = 21


def _choices(book: Workbook) -> dict[tuple[str, ...], str]:
    """Write the hidden sheet of choices and return the range of each list."""
    sheet = book.create_sheet(CHOICES_SHEET)
    sheet.sheet_state = "hidden"
    ranges: dict[tuple[str, ...], str] = {}
    for table in tables():
        for column in table.columns:
            if not column.choices or column.choices in ranges:
                continue
            number = len(ranges) + 1
            for row, choice in enumerate(column.choices, start=1):
                put_text(sheet.cell(row, number), choice)
            letter = column_letters(number)
            last = len(column.choices)
            ranges[column.choices] = f"'{CHOICES_SHEET}'!${letter}$1:${letter}${last}"
    return ranges


def _headings(sheet: Worksheet, table: Table) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    keys = key_columns(table)
    heads = [
        (f"Kunci {key.partition('_')[2]}", key, "yes", key_note(table, key)) for key in keys
    ] + [
        (column.label, column.key, column.required, column_note(table, column))
        for column in table.columns
    ]
    for number, (label, key, required, note) in enumerate(heads, start=1):
        top, below = sheet.cell(LABEL_ROW, number), sheet.cell(KEY_ROW, number)
        put_text(top, label)
        put_text(below, key)
        top.font = Font(bold=True)
        below.font = Font(size=8, italic=True, color="FF7F7F7F")
        fill = PatternFill("solid", start_color=_FILLS[required])
        top.fill = below.fill = fill
        top.alignment = Alignment(wrap_text=True, vertical="top")
        top.comment = Comment(note, "pks-kit", height=130, width=320)
        dimension = sheet.column_dimensions[column_letters(number)]
        dimension.width = max(14, min(28, len(label) + 2))
        dimension.number_format = TEXT_FORMAT
    sheet.row_dimensions[LABEL_ROW].height = 48
    sheet.freeze_panes = f"{column_letters(len(keys) + 1)}{FIRST_ROW}"


def _validations(sheet: Worksheet, table: Table, choices: dict[tuple[str, ...], str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, column in enumerate(table.columns, start=len(key_columns(table)) + 1):
        if not column.choices:
            continue
        letter = column_letters(number)
        rule = DataValidation(type="list", formula1=choices[column.choices], allow_blank=True)
        rule.error = ", ".join(column.choices)[:220]
        rule.errorTitle = column.label[:30]
        rule.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + PREPARED_ROWS}")
        sheet.add_data_validation(rule)
    for number, key in enumerate(key_columns(table), start=1):
        if key == table.key and (table.is_main or key == BRANCH_KEY):
            continue
        # a key that stands on another sheet is chosen from there
        owner = branch_table().sheet if key == BRANCH_KEY else tables()[0].sheet
        letter, last = column_letters(number), FIRST_ROW + PREPARED_ROWS
        rule = DataValidation(
            type="list", formula1=f"'{owner}'!$A${FIRST_ROW}:$A${last}", allow_blank=True
        )
        rule.errorStyle = "warning"
        rule.add(f"{letter}{FIRST_ROW}:{letter}{last}")
        sheet.add_data_validation(rule)


def rows_of_table(table: Table, data: dict[str, Any]) -> Iterable[Any]:
    """Return the rows that a facility has on one sheet, as they stand in its JSON."""
    if table.is_main:
        return [data]
    here: Any = data
    for name in table.path:
        here = here.get(name) if here is not None else None
    return list(here or ())


def _write_row(
    sheet: Worksheet,
    row: int,
    names: tuple[str, ...],
    table: Table,
    values: Any,
    index: int,
    marked: Mapping[str, Mark],
) -> None:
    for number, name in enumerate(names, start=1):
        put_text(sheet.cell(row, number), name)
    for number, column in enumerate(table.columns, start=len(names) + 1):
        text = _shown(_value_at(values, column.path), column)
        mark = marked.get(format_path(table.value_path(column, index))) if marked else None
        if mark is not None:
            cell = sheet.cell(row, number)
            put_text(cell, f"{PLACEHOLDER} {mark.note}" if mark.kind == "fill" else text or "")
            put_mark(cell, mark.kind, mark.note)
        elif text is not None:
            put_text(sheet.cell(row, number), text)


def put_mark(cell: Any, colour: str, note: str) -> None:
    """Colour a cell and give it a note.

    Args:
        cell: The cell.
        colour: Key of :data:`MARK_FILLS`.
        note: Words of the note.
    """
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", start_color=MARK_FILLS[colour])
    cell.comment = Comment(note, "pks-kit", height=130, width=320)


def _value_at(values: Any, path: Path) -> Any:
    here = values
    for part in path:
        if here is None or (isinstance(part, int) and part >= len(here)):
            return None
        here = here[part] if isinstance(part, int) else here.get(part)
    return here


def _shown(value: Any, column: Column) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value)[:5] if column.kind == "time" else str(value)


def stable_bytes(content: bytes) -> bytes:
    """Return the same workbook without the moment it was written."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", part)
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, part)
    return stream.getvalue()

"""What the workbook says to its reader: the note on each heading and the sheet of instructions."""

from __future__ import annotations

from pks_kit.inputs.expected import expectation
from pks_kit.inputs.workbook.headings import NOTES_PREFIX
from pks_kit.inputs.workbook.layout import KEY_COLUMN, Column, Table, tables
from pks_kit.messages import lookup

GUIDE_CODES = tuple(f"workbook.guide.{number}" for number in range(1, 10))
"""Lines of the sheet of instructions in the message catalogue."""


def column_note(table: Table, column: Column) -> str:
    """Return the note on a heading: what it is, what it looks like, whether it may stay empty."""
    expected = expectation(table.value_path(column, 0)).id
    lines = [column.description, f"Isi: {expected}", lookup(f"workbook.need.{column.required}").id]
    return "\n".join(line for line in lines if line)


def key_note(table: Table) -> str:
    """Return the note on the key column of a sheet."""
    code = "workbook.note.main_key" if table.is_main else "workbook.note.child_key"
    return lookup(code).fill({"key": KEY_COLUMN}).id


def guide_lines() -> tuple[str, ...]:
    """Return the instructions, in Indonesian, ending with the list of sheets."""
    names = ", ".join(table.sheet for table in tables())
    values = {"key": KEY_COLUMN, "notes": NOTES_PREFIX, "sheets": names}
    return tuple(lookup(code).fill(values).id for code in GUIDE_CODES)

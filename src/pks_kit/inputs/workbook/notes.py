"""What the workbook says to its reader: the note on each heading and the sheet of instructions."""

from __future__ import annotations

from pks_kit.inputs.expected import expectation
from pks_kit.inputs.workbook.headings import NOTES_PREFIX
from pks_kit.inputs.workbook.layout import BRANCH_KEY, KEY_COLUMN, Column, Table, written_tables
from pks_kit.messages import lookup

GUIDE_CODES = tuple(f"workbook.guide.{number}" for number in range(1, 10))
"""Lines of the sheet of instructions in the message catalogue."""


def column_note(table: Table, column: Column) -> str:
    """Return the note on a heading: what it is, what it looks like, whether it may stay empty."""
    expected = expectation(table.value_path(column, 0)).id
    lines = [column.description, f"Isi: {expected}", lookup(f"workbook.need.{column.required}").id]
    return "\n".join(line for line in lines if line)


def key_note(table: Table, key: str) -> str:
    """Return the note on a key column of a sheet.

    Args:
        table: The sheet.
        key: Machine name of the column.
    """
    kind = "main" if key == table.key and (table.is_main or key == BRANCH_KEY) else "child"
    place = "branch" if key == BRANCH_KEY else kind
    code = f"workbook.note.{place}_{kind}" if place == "branch" else f"workbook.note.{kind}_key"
    return lookup(code).fill({"key": key}).id


def guide_lines() -> tuple[str, ...]:
    """Return the instructions, in Indonesian: which sheets have one row for each facility, too."""
    main, office, *lists = written_tables()
    values = {
        "key": KEY_COLUMN, "notes": NOTES_PREFIX, "once": main.sheet, "office": office.sheet,
        "many": ", ".join(table.sheet for table in lists),
    }  # fmt: skip
    return tuple(lookup(code).fill(values).id for code in GUIDE_CODES)

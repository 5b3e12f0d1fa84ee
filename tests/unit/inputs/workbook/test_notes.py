"""What the workbook says to its reader."""

from __future__ import annotations

from pks_kit.inputs.workbook.layout import written_tables
from pks_kit.inputs.workbook.notes import guide_lines


def test_the_instructions_tell_which_sheets_have_one_row_for_each_facility_and_no_command() -> None:
    told = guide_lines()
    assert not [line for line in told if "pks-kit" in line or " --" in line]
    rows = told[1]
    once, _, rest = rows.partition("Boleh beberapa baris")
    assert "Kontrak" in once
    for table in written_tables()[2:]:
        assert table.sheet in rest
    assert "«Batch»" in told[-1]

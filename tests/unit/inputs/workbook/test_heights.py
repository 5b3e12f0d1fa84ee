"""Rows are as high as their text: nothing lies over the next row, in any program."""

from __future__ import annotations

import io

from openpyxl import Workbook, load_workbook

from pks_kit.inputs.workbook import write_workbook
from pks_kit.inputs.workbook.heights import row_height
from pks_kit.inputs.workbook.notes_sheet import NotesSheet, write_notes
from pks_kit.inputs.workbook.report_writer import ReportColumn, ReportSheet, write_report

LONG = "Nomor izin praktik juga dipakai oleh faskes lain, lihat selnya. " * 4


def test_one_line_needs_nothing_and_more_need_room() -> None:
    assert row_height([("pendek", 10), ("", 5)]) is None
    assert row_height([]) is None
    assert row_height([("a\nb", 10)]) == 30
    assert (row_height([("x" * 100, 20)]) or 0) >= 5 * 15
    assert (row_height([("x" * 100_000, 20)]) or 0) <= 409


def test_every_writer_of_long_text_makes_room() -> None:
    columns = [ReportColumn(heading="Hal", width=20), ReportColumn(heading="Isi", width=60)]
    report = load_workbook(io.BytesIO(write_report(
        [ReportSheet(title="Satu", columns=columns, rows=[("a", LONG), ("b", "pendek")])]
    )))["Satu"]  # fmt: skip
    assert (report.row_dimensions[2].height or 0) >= 75
    assert report.row_dimensions[3].height is None
    notes = Workbook().active
    assert notes is not None
    write_notes(notes, NotesSheet(title="N", headings=("a", "b"), rows=(("satu\ndua", LONG),)))
    assert (notes.row_dimensions[2].height or 0) >= 75
    guide = load_workbook(io.BytesIO(write_workbook({})))["Petunjuk"]
    assert (guide.row_dimensions[2].height or 0) >= 30

"""The workbook of the branch: many facilities in one XLSX, every problem with its cell."""

from __future__ import annotations

from pks_kit.inputs.workbook.held import Facility, LoadedFacility
from pks_kit.inputs.workbook.reader import Book, load_workbook_kontrak, parse_book, read_book
from pks_kit.inputs.workbook.writer import write_workbook

__all__ = [
    "Book",
    "Facility",
    "LoadedFacility",
    "load_workbook_kontrak",
    "parse_book",
    "read_book",
    "write_workbook",
]

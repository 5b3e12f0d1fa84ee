"""A copy of the workbook that somebody sent, with coloured cells, notes, and a first sheet of sums.

Everything else stays as far as the library keeps it: values, formulas, formats, drop-downs, widths.
Pictures and drawings do not. The file is of others, so a guarded child opens and writes it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pks_kit.domain.aksara import normalise
from pks_kit.errors import InputError
from pks_kit.foreign import Files, Question
from pks_kit.inputs.workbook.grid import read_grids
from pks_kit.inputs.workbook.notes_sheet import NotesSheet, write_notes
from pks_kit.inputs.workbook.package import parse_package
from pks_kit.inputs.workbook.writer import MARK_FILLS, stable_bytes
from pks_kit.json_types import HexBytes, Text

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

AUTHOR = "pks-kit check"
"""Who writes the notes; those of an earlier run are known by it and taken away."""

Level = Literal["blocking", "warning", "manual"]
_WIDTH, _HEIGHT = 360, 160
_LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMark:
    """What a cell is told.

    Attributes:
        place: The cell, such as ``Tenaga!D7``.
        level: Its colour.
        note: Its note.
    """

    place: Text
    level: Level
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedBook:
    """The copy.

    Attributes:
        content: Its bytes.
    """

    content: HexBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedCopy(Question[MarkedBook]):
    """What does a workbook look like with these marks?

    Attributes:
        source: Name of the file, for messages.
        marks: Cells and what they are told.
        title: Name of the first sheet.
        headings: Its headings.
        rows: Its rows.
        colours: Colour of each row: a level, or empty.
    """

    source: Text
    marks: tuple[CellMark, ...]
    title: Text
    headings: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    colours: tuple[Literal["", "blocking", "warning", "manual", "check"], ...]

    @classmethod
    def prepare(cls) -> None:
        """Load the library that writes workbooks."""
        from openpyxl.writer import excel

        del excel

    def answer(self, files: Files) -> MarkedBook:
        """Open, mark and write it.

        Raises:
            InputError: ``workbook.*`` saying why the file is refused.
        """
        from openpyxl import load_workbook

        read_grids(parse_package(files[0], self.source))  # within the limits of any workbook
        try:
            book = load_workbook(io.BytesIO(files[0]), keep_links=False)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise InputError("workbook.not_marked", file=self.source) from error
        _forget_earlier(book, self.title)
        by_name = {normalise(sheet.title).casefold(): sheet for sheet in book.worksheets}
        for mark in self.marks:
            name, _, cell = mark.place.partition("!")
            sheet = by_name.get(name.casefold())
            if sheet is not None and cell:
                _mark(sheet[cell], mark)
        notes = NotesSheet(
            title=self.title,
            headings=self.headings,
            rows=self.rows,
            colours=tuple(MARK_FILLS.get(one, "") for one in self.colours),
        )
        write_notes(book.create_sheet(self.title, 0), notes)
        book.active = 0
        for sheet in book.worksheets:
            sheet.sheet_view.tabSelected = sheet.title == self.title
        return MarkedBook(content=stable_bytes(_written(book)))


def _written(book: Workbook) -> bytes:
    """Return a workbook as XLSX without the files on disk that the library makes on the way."""
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class _InMemory(ExcelWriter):
        def write_worksheet(self, ws: Any) -> None:
            from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing

            ws._drawing = SpreadsheetDrawing()
            ws._drawing.charts = ws._charts
            ws._drawing.images = ws._images
            part = io.BytesIO()
            writer: Any = WorksheetWriter(ws, out=part)
            itself: Any = self
            writer.write()
            ws._rels = writer._rels
            itself._archive.writestr(ws.path[1:], part.getvalue())
            itself.manifest.append(ws)

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _InMemory(book, archive).write_data()
    return stream.getvalue()


def _forget_earlier(book: Workbook, title: str) -> None:
    """Take away what an earlier run has written."""
    from openpyxl.styles import PatternFill

    if title in book.sheetnames:
        del book[title]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()


def _mark(cell: Any, mark: CellMark) -> None:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if isinstance(cell, MergedCell):
        return
    before = f"{cell.comment.text}\n\n" if cell.comment is not None else ""
    note = f"{before}{mark.note}"[:_LONGEST_NOTE]
    cell.comment = Comment(note, AUTHOR, height=_HEIGHT, width=_WIDTH)
    cell.fill = PatternFill("solid", start_color=MARK_FILLS[mark.level])

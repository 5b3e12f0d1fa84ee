"""Workbooks as other programs write them are read, and other files are called what they are."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import pytest

from pks_kit.errors import InputError
from pks_kit.inputs.workbook import Book, parse_book, write_workbook
from pks_kit.messages import known_codes
from support.sample import changed_at, sample

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book() -> bytes:
    return write_workbook({"satu": sample()})


def by_hand(
    *,
    absolute: bool = False,
    capitals: bool = False,
    backslash: bool = False,
    references: bool = True,
    relations: str = RELATIONS,
    prefix: str = "",
) -> bytes:
    """Return the sample with inline strings, without styles and without shared strings."""
    sheets = openpyxl.load_workbook(io.BytesIO(book())).worksheets
    folder = "/xl/" if absolute else ""
    named = "Sheet" if capitals else "sheet"
    colon = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{relations}/officeDocument" Target="{"/" if absolute else ""}xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<{colon}workbook {space}="{MAIN}" xmlns:r="{relations}">'
        f"<{colon}sheets>"
        + "".join(
            f'<{colon}sheet name="{escape(one.title)}" sheetId="{number}" r:id="s{number}"/>'
            for number, one in enumerate(sheets, start=1)
        )
        + f"</{colon}sheets></{colon}workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="s{number}" Type="{relations}/worksheet" '
            f'Target="{folder}worksheets/{named}{number}.xml"/>'
            for number, _ in enumerate(sheets, start=1)
        )
        + "</Relationships>",
    }
    for number, one in enumerate(sheets, start=1):
        rows = ""
        for row in one.iter_rows():
            cells = ""
            for cell in row:
                place = f' r="{cell.coordinate}"' if references else ""
                if cell.value is not None:
                    text = escape(str(cell.value))
                    cells += f'<{colon}c{place} t="inlineStr"><{colon}is><{colon}t>{text}'
                    cells += f"</{colon}t></{colon}is></{colon}c>"
                elif not references:
                    cells += f"<{colon}c/>"
            at = f' r="{row[0].row}"' if references else ""
            rows += f"<{colon}row{at}>{cells}</{colon}row>"
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<{colon}worksheet {space}="{MAIN}"><{colon}sheetData>{rows}</{colon}sheetData>'
            f"</{colon}worksheet>"
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("/", "\\") if backslash else name, content)
    return stream.getvalue()


def saved_again() -> bytes:
    stream = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(book())).save(stream)
    return stream.getvalue()


WRITTEN = {
    "openpyxl": saved_again,
    "inline strings": by_hand,
    "absolute targets, other capitals": lambda: by_hand(absolute=True, capitals=True),
    "backslashes in names": lambda: by_hand(backslash=True),
    "cells without references": lambda: by_hand(references=False),
    "strict relations and a prefix": lambda: by_hand(relations=STRICT, prefix="x"),
}


def data_of(read: Book) -> list[object]:
    assert read.problems == ()
    (one,) = read.facilities
    assert one.problems == ()
    return [one.kontrak]


@pytest.mark.parametrize("program", WRITTEN)
def test_what_other_programs_write_is_read(program: str) -> None:
    assert data_of(parse_book(WRITTEN[program](), "f.xlsx")) == data_of(
        parse_book(book(), "f.xlsx")
    )


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/").replace("_bin", ".bin"), content)
    return stream.getvalue()


OTHERS: dict[str, bytes] = {
    "empty": b" \r\n",
    "text": b"kunci_faskes;nama\nsatu;dua\n",
    "pdf": b"%PDF-1.7\n",
    "html": b"<html><table><tr><td>x</table>",
    "xml": b'<?xml version="1.0"?><Workbook/>',
    "ods": zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", x=b"<x/>"),
    "word": zipped(word__document=b"word/document.xml"),
    "xlsb": zipped(xl__workbook_bin=b"x"),
    "zip": zipped(catatan=b"x"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_file_that_is_only_called_xlsx_is_named(kind: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_book(OTHERS[kind], "f.xlsx")
    assert caught.value.code == f"workbook.is.{kind}"
    assert caught.value.code in known_codes()


def with_merged(sheet: str, cells: str) -> Book:
    other = sample().model_dump(mode="json")
    stream = io.BytesIO(write_workbook({"satu": sample(), "dua": changed_at(other)}))
    opened = openpyxl.load_workbook(stream)
    opened[sheet].merge_cells(cells)
    written = io.BytesIO()
    opened.save(written)
    return parse_book(written.getvalue(), "f.xlsx")


@pytest.mark.slow
def test_a_value_that_merged_cells_swallowed_is_told_with_its_place() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(book()))["Tenaga"]
    heads = {cell.value: cell.column_letter for row in sheet.iter_rows(max_row=3) for cell in row}
    for key in ("profesi", "hp"):  # one that is needed, and one that may be left out
        letter = heads[key]
        read = with_merged("Tenaga", f"{letter}4:{letter}5")
        found = [
            (problem.place, problem.code, problem.params.get("first"))
            for one in read.facilities
            for problem in one.problems
        ]
        assert found == [(f"Tenaga!{letter}5", "workbook.merged_value", f"Tenaga!{letter}4")], key

"""The coloured copy: colours and notes where something is wrong, everything else as it was."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.comments import Comment
from openpyxl.styles import Font

from pks_kit.cli.main import main
from pks_kit.errors import InputError
from pks_kit.files import NamedFile
from pks_kit.inputs.workbook import parse_book, write_workbook
from pks_kit.inputs.workbook.writer import MARK_FILLS
from pks_kit.pipelines.workbook_marked import WorkbookMarkedRequest, workbook_marked
from support.sample import changed_at, sample

GOOD, BAD = "9917U902", "9917U903"


def numbered(code: str, number: str, **more: Any) -> Any:
    return changed_at(
        {
            "faskes.kode": code,
            "pihak_kesatu.nomor_pks": f"{number}/KTR/XIV-07/1223",
            "pihak_kedua.nomor_pks": number,
            "pihak_kedua.nama_faskes": f"Klinik {number}",
        }
        | more
    )


@pytest.fixture(scope="module")
def sent() -> bytes:
    """A workbook as staff keep it: a bad NIK, a formula, a scratch sheet, a note of their own."""
    bad = numbered(BAD, "903", **{"rekening.cadangan.bank": sample().rekening.utama.bank})
    stream = io.BytesIO(
        write_workbook({"satu": sample(), "dua": numbered(GOOD, "902"), "tiga": bad})
    )
    book = openpyxl.load_workbook(stream)
    book["Tenaga"]["D3"].value = "12"
    book["Tenaga"]["D3"].comment = Comment("tanya dr. Ayu", "Sari")
    book["Tenaga"]["D3"].font = Font(bold=True)
    book.create_sheet("Hitungan")["A1"].value = "=1+1"
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


@pytest.fixture(scope="module")
def marked(sent: bytes) -> bytes:
    request = WorkbookMarkedRequest(source=NamedFile("buku.xlsx", sent))
    return workbook_marked(request).file.content


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def coloured(book: Any) -> dict[str, str]:
    """Return the coloured cells of the tables with the level that their colour means."""
    levels = {rgb: level for level, rgb in MARK_FILLS.items() if level != "fill"}
    return {
        f"{sheet.title}!{cell.coordinate}": levels[cell.fill.start_color.rgb]
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=3)
        for cell in row
        if cell.fill.start_color.rgb in levels and not sheet.title.startswith("Catatan")
    }


def test_what_is_wrong_is_red_and_says_why(marked: bytes) -> None:
    book = opened(marked)
    nik = book["Tenaga"]["D3"]
    assert nik.fill.start_color.rgb == MARK_FILLS["blocking"]
    assert nik.comment.text.startswith("tanya dr. Ayu")
    assert "NIK" in nik.comment.text
    red = {place for place, level in coloured(book).items() if level == "blocking"}
    assert len(red) == 2
    assert {place.partition("!")[0] for place in red} == {"Tenaga", "Kontrak"}


def test_everything_else_is_as_it_was(sent: bytes, marked: bytes) -> None:
    before, after = opened(sent), opened(marked)
    assert after.sheetnames == ["Catatan pemeriksaan", *before.sheetnames]
    for sheet in before.worksheets:
        twin = after[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                assert twin[cell.coordinate].value == cell.value
                assert twin[cell.coordinate].font.b == cell.font.b
                assert twin[cell.coordinate].number_format == cell.number_format
        assert len(twin.data_validations.dataValidation) == len(
            sheet.data_validations.dataValidation
        )
        assert twin.sheet_state == sheet.sheet_state
    old, new = parse_book(sent, "a.xlsx"), parse_book(marked, "a.xlsx")
    assert [one.kontrak for one in new.facilities] == [one.kontrak for one in old.facilities]


def test_the_first_sheet_says_who_is_ready_and_why_not(marked: bytes) -> None:
    rows = list(opened(marked)["Catatan pemeriksaan"].values)
    assert rows[1][0] == "3 faskes: 1 siap, 2 belum."
    assert [row[0] for row in rows[2:]] == ["buku kerja", "belum", "belum", "siap"]
    assert "Hitungan" in rows[2][6]
    assert "Tenaga!D3" in rows[3][4]
    assert rows[5][2] == "dua"
    assert rows[5][4] is None


@pytest.mark.slow
def test_a_second_run_takes_the_marks_of_the_first_away(sent: bytes, marked: bytes) -> None:
    mended = opened(marked)
    mended["Tenaga"]["D3"].value = sample().tenaga_kesehatan[0].nik
    stream = io.BytesIO()
    mended.save(stream)
    request = WorkbookMarkedRequest(source=NamedFile("buku.xlsx", stream.getvalue()))
    again = opened(workbook_marked(request).file.content)
    assert coloured(again).get("Tenaga!D3") != "blocking"
    assert again.sheetnames == opened(marked).sheetnames
    rows = list(again["Catatan pemeriksaan"].values)
    assert rows[1][0] == "3 faskes: 2 siap, 1 belum."


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(InputError):
        workbook_marked(WorkbookMarkedRequest(source=NamedFile("a.xlsx", b"PK\x03\x04")))


@pytest.mark.slow
def test_the_command_writes_beside_the_check(sent: bytes, tmp_path: Path) -> None:
    old, new = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    old.write_bytes(sent)
    plain = CliRunner().invoke(main, ["check", str(old)])
    first = CliRunner().invoke(main, ["check", str(old), "--marked", str(new)])
    assert first.exit_code == plain.exit_code == 3
    assert first.stderr == plain.stderr
    assert str(new) in first.stdout
    assert "Catatan pemeriksaan" in opened(new.read_bytes()).sheetnames
    assert CliRunner().invoke(main, ["check", str(old), "--marked", str(new)]).exit_code == 2
    own = CliRunner().invoke(main, ["check", str(old), "--marked", str(old), "--force"])
    assert own.exit_code != 0
    assert old.read_bytes() == sent
    both = CliRunner().invoke(main, ["check", str(old), str(old), "--marked", str(new)])
    assert both.exit_code == 2

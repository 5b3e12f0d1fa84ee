"""A workbook becomes that of the next term: what carries over, what is marked, who stays behind."""

from __future__ import annotations

import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.domain.perpanjangan import DIISI_KEMBALI
from pks_kit.files import NamedFile
from pks_kit.inputs.workbook import parse_book, write_workbook
from pks_kit.inputs.workbook.writer import MARK_FILLS
from pks_kit.pipelines.drafting.next_agreement import (
    next_agreement,
    structure_of,
    text_changes,
    text_stays,
)
from pks_kit.pipelines.renew import QUIET_CHANGES
from pks_kit.pipelines.workbook import WorkbookCheckRequest, workbook_check
from pks_kit.pipelines.workbook_renew import (
    WorkbookRenewRequest,
    WorkbookRenewResult,
    workbook_renew,
)
from support.sample import changed_at, sample
from support.schema_check import problems
from support.workbook_cells import column_of, put, sample_sheets, xlsx

TERM = {"mulai": date(2025, 1, 1), "selesai": date(2025, 12, 31)}
SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "skema" / "renew-workbook.schema.json"
FILLED = {
    "pihak_kesatu.nomor_pks": "{}/KTR/XIV-07/1224",
    "pihak_kesatu.tanggal_tanda_tangan": "18 Desember 2024",
    "pihak_kedua.nomor_pks": "{}/KP-SR/PKS/XII/2024",
}


def second() -> Any:
    return changed_at(
        {
            "faskes.kode": "9917U902",
            "pihak_kesatu.nomor_pks": "902/KTR/XIV-07/1223",
            "pihak_kedua.nomor_pks": "2",
            "pihak_kedua.nama_faskes": "Klinik Dua",
        }
    )


def source() -> bytes:
    return write_workbook({"satu": sample(), "dua": second()})


def renewed(content: bytes, **more: Any) -> WorkbookRenewResult:
    values = {"with_changes": False} | TERM | more
    return workbook_renew(WorkbookRenewRequest(source=NamedFile("lama.xlsx", content), **values))


@cache
def both() -> WorkbookRenewResult:
    return renewed(source())


@cache
def written() -> bytes:
    return both().book("id").content


def sheet_of(name: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written()))[name]


def cell_at(place: str) -> Any:
    sheet, _, cell = place.partition("!")
    return sheet_of(sheet)[cell]


@pytest.mark.slow
def test_what_is_filled_is_all_that_is_missing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written()))
    for number, one in enumerate(both().facilities):
        assert {cell.path for cell in one.to_fill()} == set(DIISI_KEMBALI)
        for cell in one.to_fill():
            sheet, _, place = cell.place.partition("!")
            assert book[sheet][place].value == f"ISI: {cell.words}"
            book[sheet][place].value = FILLED[cell.path].format(500 + number)
    before = parse_book(written(), "baru.xlsx")
    assert all(
        {two.code for two in one.problems} == {"input.to_be_filled"} for one in before.facilities
    )
    stream = io.BytesIO()
    book.save(stream)
    after = parse_book(stream.getvalue(), "baru.xlsx")
    assert after.problems == after.passed_over == ()
    for one, old in zip(after.facilities, (sample(), second()), strict=True):
        assert one.problems == ()
        assert one.kontrak is not None
        made = next_agreement(old, both_term(), None).kontrak
        same = {"nomor_pks": None, "tanggal_tanda_tangan": None}
        assert one.kontrak.model_copy(
            update={
                "pihak_kesatu": made.pihak_kesatu.model_copy(update=same),
                "pihak_kedua": made.pihak_kedua.model_copy(update={"nomor_pks": None}),
            }
        ) == made.model_copy(
            update={
                "pihak_kesatu": made.pihak_kesatu.model_copy(update=same),
                "pihak_kedua": made.pihak_kedua.model_copy(update={"nomor_pks": None}),
            }
        )


def both_term() -> Any:
    from pks_kit.domain.kontrak import JangkaWaktu

    return JangkaWaktu(tanggal_mulai=TERM["mulai"], tanggal_selesai=TERM["selesai"])


def test_waiting_cells_are_no_numbers_that_two_facilities_share() -> None:
    request = WorkbookCheckRequest(source=NamedFile("baru.xlsx", written()))
    checked = workbook_check(request)
    assert [found for one in checked.facilities for found in one.findings] == []


@pytest.mark.slow
def test_cells_are_coloured_and_say_why() -> None:
    first = both().facilities[0]
    for colour, cells in (("fill", first.to_fill()), ("check", first.to_check())):
        assert cells
        for one in cells:
            cell = cell_at(one.place)
            assert cell.fill.start_color.rgb == MARK_FILLS[colour], one
            assert one.words in cell.comment.text
    assert cell_at("Kontrak!A3").comment is None


@pytest.mark.slow
def test_a_carried_value_stands_in_the_marked_cell() -> None:
    for one in both().facilities[1].to_check():
        assert one.place.partition("!")[0] in (
            "Tenaga",
            "Jejaring",
            "Kontrak",
            "Integrasi",
            "Dokumen",
        )
        assert cell_at(one.place).value, one


def test_the_sheet_of_notes_sums_up() -> None:
    rows = list(sheet_of("Catatan perpanjangan").values)
    assert [row[0] for row in rows] == ["kunci_faskes", "satu", "dua"]
    by_head = dict(zip(rows[0], rows[1], strict=True))
    assert by_head["berakhir"].date() == sample().jangka_waktu.tanggal_selesai
    assert by_head["harus diisi"].count("\n") == 2
    assert "Kontrak!E3" in by_head["harus diisi"]
    ending = both().facilities[0].made
    assert ending is not None
    assert by_head["berakhir sebelum masa baru selesai"].count("\n") == len(ending.licences) - 1
    assert str(sample().rekredensialing[-1].tahun) in by_head["rekredensialing"]


@pytest.mark.slow
def test_branches_keep_their_names() -> None:
    other = changed_at(
        {"faskes.kode": "9917U902", "pihak_kesatu.kantor_cabang": "Kantor Cabang Lain"}
    )
    facilities = {"satu": sample(), "dua": other, "tiga": second()}
    names = {"satu": "serang", "dua": "serang", "tiga": "serang"}
    result = renewed(write_workbook(facilities, branches=names))
    assert [one.facility.branch for one in result.facilities] == ["serang", "serang-2", "serang"]
    book = openpyxl.load_workbook(io.BytesIO(result.book("id").content))
    rows = list(book["Kantor cabang"].iter_rows(min_row=3, max_col=1, values_only=True))
    assert rows == [("serang",), ("serang-2",)]
    assert [row[1] for row in book["Kontrak"].iter_rows(min_row=3, values_only=True)] == [
        "serang",
        "serang-2",
        "serang",
    ]


@pytest.mark.slow
def test_who_cannot_be_renewed_stops_no_other() -> None:
    sheets = sample_sheets()
    for rows in sheets.values():
        rows += [["B", *row[1:]] for row in rows[2:] if row]
    put(sheets, f"Tenaga!{column_of(sheets, 'Tenaga', 'nik')}3", "12")
    result = renewed(xlsx(sheets))
    assert (result.renewed, result.failed, result.exit_code) == (1, 1, 50)
    assert result.facilities[0].made is None
    book = openpyxl.load_workbook(io.BytesIO(result.book("en").content))
    assert [row[0] for row in book["Kontrak"].iter_rows(min_row=3, values_only=True)] == ["B"]
    notes = list(book["Catatan renewal"].values)
    assert notes[1][3] == "not yet"
    assert "Tenaga!" in notes[1][6]


def test_a_term_that_overlaps_is_refused_by_name() -> None:
    result = renewed(source(), mulai=date(2024, 6, 1))
    assert {one.error.code for one in result.facilities if one.error} == {"renew.term_overlaps"}
    assert result.renewed == 0


@pytest.mark.slow
def test_texts_are_compared_once_for_each_structure() -> None:
    result = renewed(
        source(), with_changes=True, mulai=date(2027, 1, 1), selesai=date(2027, 12, 31)
    )
    (text,) = result.texts
    assert text.keys == ("satu", "dua")
    assert [one.text for one in result.facilities] == [1, 1]
    alone, problem = text_changes(sample(), text.versi_baru, date(2027, 1, 1))
    assert problem is None
    assert alone is not None
    kinds = [one.kind for one in alone.clauses if one.kind not in QUIET_CHANGES]
    assert [one.kind for one in text.changes] == kinds


@pytest.mark.slow
def test_nothing_is_compared_where_nothing_changes() -> None:
    kontrak = sample()
    start = kontrak.jangka_waktu.tanggal_mulai
    assert text_stays(kontrak, kontrak.versi_templat, start)
    assert not text_stays(kontrak, "pks_2023", start)
    alone, _ = text_changes(kontrak, kontrak.versi_templat, start)
    assert alone is not None
    assert all(one.kind in QUIET_CHANGES for one in alone.clauses)


def test_structure_is_of_choices_and_not_of_names() -> None:
    assert structure_of(sample()) == structure_of(second())
    assert structure_of(sample()) != structure_of(changed_at({"faskes.poned": True}))
    assert structure_of(sample()) != structure_of(changed_at({"jejaring": []}))


@pytest.mark.slow
def test_the_command_writes_once_and_follows_its_schema(tmp_path: Path) -> None:
    old, new = tmp_path / "lama.xlsx", tmp_path / "baru.xlsx"
    old.write_bytes(source())
    arguments = ["renew", str(old), "-o", str(new), "--mulai", "2025-01-01"]
    arguments += ["--selesai", "2025-12-31"]
    first = CliRunner().invoke(main, [*arguments, "--json"])
    assert first.exit_code == 0, first.stderr
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    shown = json.loads(first.stdout)
    assert problems(shown, schema, schema) == []
    assert shown["facilities"][0]["to_fill"][0]["place"] == "Kontrak!E3"
    assert CliRunner().invoke(main, arguments).exit_code == 0
    new.write_bytes(b"lain")
    assert CliRunner().invoke(main, arguments).exit_code == 2
    assert new.read_bytes() == b"lain"
    wrong = [*arguments[:3], str(tmp_path / "baru.yml"), *arguments[4:]]
    assert CliRunner().invoke(main, wrong).exit_code == 2


@pytest.mark.slow
def test_a_workbook_of_nobody_is_not_written(tmp_path: Path) -> None:
    old, new = tmp_path / "lama.xlsx", tmp_path / "baru.xlsx"
    old.write_bytes(source())
    arguments = ["renew", str(old), "-o", str(new), "--mulai", "2024-06-01"]
    done = CliRunner(env={"PKS_KIT_LANG": "id"}).invoke(
        main, [*arguments, "--selesai", "2024-12-31"]
    )
    assert done.exit_code == 50
    assert "tidak ditulis" in done.stdout
    assert "Sel kuning" not in done.stdout
    assert not new.exists()

"""A workbook gives back exactly the data it was written from, also through LibreOffice."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs import load_kontrak
from pks_kit.inputs.workbook import load_workbook_kontrak, parse_book, write_workbook
from pks_kit.inputs.workbook.layout import BRANCH_KEY, KEY_COLUMN, key_columns, written_tables
from pks_kit.resources import contract_samples
from support.sample import changed_at, sample
from support.workbook_cells import KEY

ACCOUNT = {"bank": "Bank Contoh", "nomor": "0012345678", "atas_nama": "Intan"}
FULL = {
    "pihak_kedua.nomor_pks": "999/PKS/LAIN",
    "nama_perjanjian": "AKAD IJARAH",
    "kinerja": {
        "angka_kontak_permil": "149.99",
        "rasio_rujukan_nonspesialistik_persen": "2",
        "rasio_prolanis_terkendali_persen": "5.0001",
    },
    "pihak_kesatu.kedeputian_wilayah": "XIV",
    "pihak_kesatu.dasar_penetapan.penerbit": "Direktur Utama",
    "rekening.penetapan": {"jenis": "SK", "nomor": "1", "tanggal": "2023-01-02"},
    "tenaga_kesehatan[6].rekening": ACCOUNT,
    "tenaga_kesehatan[6].npwp": "0099000111222333",
    "tenaga_kesehatan[6].bidan_jejaring": True,
    "dokumen": [
        {"jenis": "sip", "nomor": "01", "berlaku_sampai": "2024-05-06", "ukuran_bita": 0},
        {"jenis": "lainnya", "berkas": "a.pdf", "tanggal": "2020-02-29"},
    ],
    "ambulans": [{"plat": "DA 1234 XY", "keterangan": ""}, {"plat": "K-1", "jenis": "air"}],
    "klub_prolanis": [{"nama": "Klub Sehat", "peserta_kegiatan": 12}],
    "cons_id.vendor": None,
    "faskes.akreditasi": None,
}
HOSTILE = [
    "=1+1",
    '=HYPERLINK("x";"y")',
    "@SUM(A1)",
    "+62 812",
    "-5",
    "'=1",
    "_x003D_1",
    "_x005F_x0041_",
    "<b>&amp;</b> ]]>",
    "{{ 7*7 }}",
    "#REF!",
    "TRUE",
    "1E5",
    "00123",
]


def back(*facilities: Kontrak) -> list[Kontrak | None]:
    named = {f"{KEY}-{index}": kontrak for index, kontrak in enumerate(facilities)}
    book = parse_book(write_workbook(named), "uji.xlsx")
    assert book.problems == ()
    found = book.facilities
    assert [one.problems for one in found] == [()] * len(facilities)
    return [one.kontrak for one in found]


@pytest.mark.parametrize("path", contract_samples(), ids=lambda path: path.stem)
def test_every_sample_comes_back(path: Path) -> None:
    kontrak = load_kontrak(path).kontrak
    assert back(kontrak) == [kontrak]


def test_every_optional_field_comes_back() -> None:
    full = changed_at(FULL)
    assert back(full, sample()) == [full, sample()]


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    kontrak = changed_at({"pihak_kedua.nama_faskes": text, "cons_id.tujuan": [text]})
    content = write_workbook({KEY: kontrak})
    assert back(kontrak) == [kontrak]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        cells = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert b"<f>" not in cells
    assert b"<f " not in cells


def test_a_leading_sign_is_marked_as_text_for_the_next_edit() -> None:
    kontrak = changed_at({"pihak_kedua.nama_faskes": "=1+1"})
    book = openpyxl.load_workbook(io.BytesIO(write_workbook({KEY: kontrak})))
    cell = next(cell for cell in book["Kontrak"][3] if cell.value == "=1+1")
    assert cell.quotePrefix
    assert cell.number_format == "@"


def test_the_sheet_has_names_notes_and_choices() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook({})))
    assert book.sheetnames == ["Petunjuk", *(table.sheet for table in written_tables()), "Pilihan"]
    main = book["Kontrak"]
    assert [cell.value for cell in main[1]][:4] == [
        "Kunci faskes", "Kunci cabang", "Versi templat", "Cara kontrak",
    ]  # fmt: skip
    assert main["A2"].value == KEY_COLUMN
    assert main["B2"].value == BRANCH_KEY
    for table in written_tables():
        sheet = book[table.sheet]
        assert sheet.freeze_panes == ("C3" if table.is_main else "B3")
        for number, column in enumerate(table.columns, start=len(key_columns(table)) + 1):
            head = sheet.cell(1, number)
            assert "Isi: " in head.comment.text
            assert sheet.column_dimensions[head.column_letter].number_format == "@"
            rules = [
                rule
                for rule in sheet.data_validations.dataValidation
                if f"{head.column_letter}3" in rule.sqref
            ]
            assert bool(rules) == bool(column.choices), column.key
    choices = book["Pilihan"]
    listed = {tuple(cell.value for cell in row if cell.value) for row in choices.columns}
    assert ("ya", "tidak") in listed
    assert ("elektronik", "digital", "manual") in listed
    assert choices.sheet_state == "hidden"


def test_equal_data_gives_equal_bytes() -> None:
    assert write_workbook({KEY: sample()}) == write_workbook({KEY: sample()})


@pytest.mark.slow
def test_libreoffice_opens_it_and_changes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "buku.xlsx"
    kontrak = changed_at(FULL | {"pihak_kedua.nama_faskes": "=1+1", "pihak_kedua.up": "00123"})
    source.write_bytes(write_workbook({"0099": kontrak}))
    run = subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"),
            str(source),
        ],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    saved = tmp_path / "out" / "buku.xlsx"
    assert saved.exists(), run.stdout + run.stderr
    (facility,) = load_workbook_kontrak(saved)
    assert facility.loaded.kontrak == kontrak
    assert facility.key == "0099"

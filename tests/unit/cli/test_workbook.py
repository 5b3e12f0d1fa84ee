"""``pks-kit workbook``, and ``check`` and ``draft`` with a workbook: words, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.inputs import load_kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.resources import contract_samples
from support.sample import SAMPLE, changed_at, sample
from support.schema_check import problems
from support.workbook_cells import sample_sheets, xlsx

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "skema"


def follows(value: object, name: str) -> None:
    """The published schema describes what is printed."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert problems(value, schema, schema) == []


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Three facilities: a good one, one with a blocking finding, one with a bad NIK."""
    blocked = changed_at(
        {
            "faskes.kode": "9917U902",
            "pihak_kesatu.nomor_pks": "902/KTR/XIV-07/1223",
            "pihak_kedua.nomor_pks": "2",
            "pihak_kedua.nama_faskes": "Klinik Dua",
            "rekening.cadangan.bank": sample().rekening.utama.bank,
        }
    )
    bad = changed_at(
        {
            "faskes.kode": "9917U903",
            "pihak_kesatu.nomor_pks": "903/KTR/XIV-07/1223",
            "pihak_kedua.nomor_pks": "3",
            "pihak_kedua.nama_faskes": "Klinik Tiga",
        }
    )
    staff = bad.tenaga_kesehatan[1].model_copy(update={"nik": "12"})
    workers = (bad.tenaga_kesehatan[0], staff, *bad.tenaga_kesehatan[2:])
    path = tmp_path / "buku.xlsx"
    facilities = {"satu": sample(), "dua": blocked}
    facilities["tiga"] = bad.model_copy(update={"tenaga_kesehatan": workers})
    path.write_bytes(write_workbook(facilities))
    return path


def bad_nik_place() -> str:
    return f"Tenaga!D{3 + 2 * len(sample().tenaga_kesehatan) + 1}"


@pytest.mark.slow
def test_new_writes_a_workbook_once(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert run("workbook", "new", path).exit_code == 0
    assert run("check", path).exit_code == 3
    again = run("workbook", "new", path)
    assert again.exit_code == 2
    assert "sudah ada" in again.stderr
    assert run("workbook", "new", path, "--contoh", "--force").exit_code == 0
    checked = json.loads(run("check", path, "--json").stdout)
    names = {nama_faskes(load_kontrak(one).kontrak) for one in contract_samples()}
    assert {one["name"] for one in checked["facilities"]} == names
    assert not any(one["problems"] for one in checked["facilities"])
    assert run("workbook", "new", tmp_path / "a.xls").exit_code == 2


def test_check_names_the_cell_of_every_problem_and_finding(book: Path) -> None:
    result = run("check", book)
    assert result.exit_code == 3
    assert f"{bad_nik_place()} (NIK)" in result.stderr
    assert "(Rekening cadangan" in result.stderr
    assert "rekening.cadangan" not in result.stderr
    assert "Menghalangi (1)" in result.stderr
    shown = json.loads(run("check", book, "--json").stdout)
    follows(shown, "check-workbook")
    assert [one["key"] for one in shown["facilities"]] == ["satu", "dua", "tiga"]
    first, second, third = shown["facilities"]
    assert first["problems"] == third["findings"] == []
    assert third["problems"][0]["place"] == bad_nik_place()
    (blocking,) = [one for one in second["findings"] if one["level"] == "blocking"]
    assert blocking["place"].startswith("Kontrak!")
    assert blocking["place"].endswith("4")


def test_check_passes_and_blocks_with_the_codes_of_check(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook({"satu": sample()}))
    assert run("check", path).exit_code == 0
    blocked = changed_at({"rekening.cadangan.bank": sample().rekening.utama.bank})
    path.write_bytes(write_workbook({"satu": blocked}))
    assert run("check", path).exit_code == 10


@pytest.mark.slow
def test_draft_makes_the_good_ones_and_says_which_failed(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("draft", book, "-o", out, "--format", "txt", "--json")
    assert result.exit_code == 50
    shown = json.loads(result.stdout)
    follows(shown, "draft-workbook")
    assert (shown["drafted"], shown["failed"]) == (1, 2)
    first, second, third = shown["facilities"]
    assert Path(first["files"]["txt"]).is_file()
    assert second["error"]["code"] == "draft.blocked"
    assert all(one["place"] for one in second["error"]["findings"])
    assert third["error"]["problems"][0]["place"] == bad_nik_place()
    assert len(list(out.iterdir())) == 1
    words = run("draft", book, "-o", out, "--format", "txt")
    assert words.exit_code == 50
    assert "1 faskes disusun, 2 gagal." in words.stderr
    assert bad_nik_place() in words.stderr


@pytest.mark.slow
def test_a_workbook_drafts_what_its_data_drafts(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook({"satu": sample()}))
    assert run("draft", path, "-o", tmp_path / "book", "--format", "txt").exit_code == 0
    assert run("draft", SAMPLE, "-o", tmp_path / "yaml", "--format", "txt").exit_code == 0
    (one,), (other,) = (list((tmp_path / name).iterdir()) for name in ("book", "yaml"))
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_draft_refuses_a_workbook_whose_rows_belong_to_nobody(tmp_path: Path) -> None:
    import io

    import openpyxl

    stream = io.BytesIO(write_workbook({"satu": sample()}))
    changed = openpyxl.load_workbook(stream)
    changed["Praktik"]["A5"].value = "stau"
    path = tmp_path / "a.xlsx"
    changed.save(path)
    result = run("draft", path, "-o", tmp_path / "out", "--format", "txt")
    assert result.exit_code == 50
    assert result.stderr.count("Praktik!A5 (Kunci Faskes): Faskes") == 1
    assert "tidak dipakai karena Praktik!A5" in result.stderr
    assert "«satu»" in result.stderr
    assert not (tmp_path / "out").exists()
    shown = json.loads(run("draft", path, "-o", tmp_path / "out", "--json").stdout)
    follows(shown, "draft-workbook")
    assert [one["code"] for one in shown["problems"]] == ["workbook.orphan"]
    assert [one["place"] for one in shown["facilities"][0]["error"]["problems"]] == ["Praktik!A5"]


@pytest.mark.slow
def test_what_stands_beside_the_tables_stops_nobody(tmp_path: Path) -> None:
    sheets = sample_sheets() | {"Sheet1": [["corat-coret"]]}
    sheets["Kontrak"][2].append("telepon lagi hari Senin")
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(sheets))
    assert run("check", path).exit_code == 0
    result = run("draft", path, "-o", tmp_path / "out", "--format", "txt")
    assert result.exit_code == 0
    assert result.stderr.count("«Sheet1»") == 1
    both = run("check", path, SAMPLE)
    assert both.stderr.count("«Sheet1»") == 1


@pytest.mark.parametrize("command", ["check", "draft"])
@pytest.mark.parametrize("name", ["a.xlsm", "a.xls", "a.ods", "missing.xlsx"])
def test_other_files_are_refused_with_words(tmp_path: Path, command: str, name: str) -> None:
    if name != "missing.xlsx":
        (tmp_path / name).write_bytes(b"PK")
    result = run(command, tmp_path / name)
    assert result.exit_code == 3
    assert name in result.stderr


def test_the_form_goes_out_and_comes_back(tmp_path: Path, book: Path) -> None:
    csv, new = tmp_path / "f.csv", tmp_path / "n.yml"
    assert run("workbook", "csv-out", book, csv).exit_code == 2
    assert run("workbook", "csv-out", book, csv, "--kunci", "dua").exit_code == 0
    assert run("workbook", "csv-out", SAMPLE, csv).exit_code == 2
    result = run("workbook", "csv-in", csv, "--base", SAMPLE, "-o", new)
    assert result.exit_code == 0, result.stderr
    assert "3 isian" in result.stdout
    assert load_kontrak(new).kontrak.pihak_kedua.nama_faskes == "Klinik Dua"
    csv.write_text("PIHAK 2,\nNama Faskess,X\n", encoding="utf-8")
    wrong = run("workbook", "csv-in", csv, "--base", SAMPLE, "-o", tmp_path / "m.yml")
    assert wrong.exit_code == 3
    assert "Nama Faskes" in wrong.stderr
    assert not (tmp_path / "m.yml").exists()


def test_csv_out_of_one_facility_needs_no_key(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook({"satu": sample()}))
    assert run("workbook", "csv-out", path, tmp_path / "f.csv").exit_code == 0
    assert run("workbook", "csv-out", SAMPLE, tmp_path / "g.csv").exit_code == 0
    assert (tmp_path / "f.csv").read_bytes() == (tmp_path / "g.csv").read_bytes()

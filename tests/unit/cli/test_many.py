"""``check`` and ``draft`` with several files: compared, told together, the good ones drafted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.inputs.workbook import write_workbook
from pks_kit.resources import contract_samples
from support.sample import SAMPLE, changed_at, sample
from support.schema_check import problems
from support.workbook_cells import put, sample_sheets, xlsx

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "skema"
OTHER = next(path for path in contract_samples() if path.name == "puskesmas-blud.yml")
LINE_OF_CODE = next(
    number
    for number, line in enumerate(SAMPLE.read_text(encoding="utf-8").splitlines(), start=1)
    if line.strip().startswith("kode:")
)


def follows(value: object, name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert problems(value, schema, schema) == []


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sample once more, its number in small letters."""
    path = tmp_path / "salinan.yml"
    text = SAMPLE.read_text(encoding="utf-8")
    path.write_text(text.replace("417/KTR/XIV-07/1223", "417/ktr/XIV-07/1223"), encoding="utf-8")
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with the sample in its first row and another facility in its second."""
    other = changed_at(
        {
            "faskes.kode": "9917U902",
            "pihak_kesatu.nomor_pks": "902/KTR/XIV-07/1223",
            "pihak_kedua.nama_faskes": "Klinik Dua",
        }
    )
    path = tmp_path / "buku.xlsx"
    path.write_bytes(write_workbook({"satu": sample(), "dua": other}))
    return path


def test_two_rows_with_one_code_block_and_both_cells_are_named(tmp_path: Path) -> None:
    numbers = {"pihak_kesatu.nomor_pks": "9/KTR/XIV-07/1223", "pihak_kedua.nomor_pks": "9"}
    path = tmp_path / "buku.xlsx"
    path.write_bytes(write_workbook({"satu": sample(), "dua": changed_at(numbers)}))
    result = run("check", path)
    assert result.exit_code == 10
    shown = json.loads(run("check", path, "--json").stdout)
    told = [
        one for row in shown["facilities"] for one in row["findings"] if one["level"] == "blocking"
    ]
    assert [one["code"] for one in told] == ["duplicate.facility_code"] * 2
    cells = {one["place"] for one in told}
    assert len(cells) == 2
    assert all(cell in one["message"]["id"] for one in told for cell in cells)
    # people are told once; the other row names its twin
    first, second = sorted(cells)
    assert result.stderr.count("juga dipakai") == 1
    assert f"{second}: kembar dengan {first}, lihat di atas" in result.stderr
    assert "2 faskes: 0 siap, 2 belum." in result.stderr


def test_a_row_that_cannot_be_read_is_compared_too(tmp_path: Path) -> None:
    staff = sample().tenaga_kesehatan
    broken = sample().model_copy(
        update={"tenaga_kesehatan": (staff[0].model_copy(update={"nik": "12"}), *staff[1:])}
    )
    path = tmp_path / "buku.xlsx"
    path.write_bytes(write_workbook({"satu": sample(), "dua": broken}))
    shown = json.loads(run("check", path, "--json").stdout)
    codes = [[one["code"] for one in row["findings"]] for row in shown["facilities"]]
    assert all("duplicate.number_kesatu" in one for one in codes)


def test_files_are_compared_by_line(copy: Path) -> None:
    result = run("check", SAMPLE, copy, OTHER)
    assert result.exit_code == 10
    assert f"{copy} baris {LINE_OF_CODE}" in result.stderr
    assert f"{SAMPLE} baris {LINE_OF_CODE}" in result.stderr
    assert "3 faskes: 1 siap, 2 belum." in result.stderr
    shown = json.loads(run("check", SAMPLE, copy, OTHER, "--json").stdout)
    follows(shown, "check-many")
    assert shown["ready"] == 1
    lines = [one["line"] for row in shown["agreements"] for one in row["findings"]]
    assert LINE_OF_CODE in lines


def test_a_file_that_is_named_twice_is_no_duplicate() -> None:
    assert run("check", SAMPLE, SAMPLE).exit_code == 0


def test_workbook_and_files_are_compared(book: Path) -> None:
    shown = json.loads(run("check", book, SAMPLE, "--json").stdout)
    follows(shown, "check-many")
    blocked = [
        (row["key"], one["message"]["id"])
        for row in shown["agreements"]
        for one in row["findings"]
        if one["code"] == "duplicate.facility_code"
    ]
    assert [key for key, _ in blocked] == ["satu", ""]
    assert all(f"{book}: Kontrak!" in words for _, words in blocked)
    assert all(f"{SAMPLE} baris {LINE_OF_CODE}" in words for _, words in blocked)


@pytest.mark.slow
def test_the_good_ones_are_drafted(book: Path, copy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    bad = tmp_path / "rusak.yml"
    bad.write_text("faskes: [", encoding="utf-8")
    arguments = ("draft", book, SAMPLE, bad, "-o", out, "--format", "txt")
    result = run(*arguments)
    assert result.exit_code == 50
    assert "1 faskes disusun, 3 gagal." in result.stderr
    assert "Belum: " in result.stderr
    assert [one.name.startswith("klinik-dua") for one in out.iterdir()] == [True]
    shown = json.loads(run(*arguments, "--json").stdout)
    follows(shown, "draft-many")
    assert (shown["drafted"], shown["failed"]) == (1, 3)
    states = [one["status"] for one in shown["agreements"]]
    assert states == ["failed", "drafted", "failed", "failed"]


def test_a_workbook_with_wrong_keys_drafts_nothing_and_stops_no_other(tmp_path: Path) -> None:
    wrong = tmp_path / "salah.xlsx"
    wrong.write_bytes(xlsx(put(sample_sheets(), "Tenaga!A3", "yatim")))
    out = tmp_path / "out"
    result = run("draft", wrong, OTHER, "-o", out, "--format", "txt")
    assert result.exit_code == 50
    assert "1 faskes disusun, 1 gagal." in result.stderr
    assert "Tenaga!A3" in result.stderr
    assert len(list(out.iterdir())) == 1


def test_what_several_files_have_in_common_names_file_and_line() -> None:
    result = run("check", SAMPLE, OTHER)
    common = result.stderr.partition("Sama pada beberapa faskes")[2]
    assert f"{SAMPLE} baris " in common
    assert f"{OTHER} baris " in common


@pytest.mark.parametrize(
    ("name", "words"),
    [("addendum-rekening.yml", "data addendum"), ("pengaturan.yml", "pengaturan tanda tangan")],
)
def test_a_file_of_another_kind_is_told_as_that(tmp_path: Path, name: str, words: str) -> None:
    assert run("init", tmp_path / "data").exit_code == 0
    result = run("check", tmp_path / "data" / name, OTHER)
    assert result.exit_code == 0  # that of the agreement beside it
    assert result.stderr.count(words) == 1
    assert "tidak dikenal" not in result.stderr
    assert "belum ada; diharapkan" not in result.stderr

"""``pks-kit renewals``: list, JSON, exit codes, both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_json_is_one_object(sample_path: Path) -> None:
    result = run("renewals", sample_path, "--within", "3m", "--as-of", "2024-09-30", "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert (shown["as_of"], shown["within"], shown["read"]) == ("2024-09-30", "3m", 1)
    agreement = shown["renewals"][0]
    assert (agreement["kind"], agreement["ends"], agreement["days_left"]) == (
        "perjanjian",
        "2024-12-31",
        92,
    )
    assert agreement["facility_code"] == "9917U029"


def test_a_day_earlier_nothing_ends(sample_path: Path) -> None:
    result = run("renewals", sample_path, "--as-of", "2024-09-29")
    assert result.exit_code == 0
    assert "tidak ada yang berakhir dalam 3m sejak 29 September 2024" in result.output


def test_the_table_and_the_reasons(sample_text: str, tmp_path: Path) -> None:
    path = tmp_path / "kontrak.yml"
    path.write_text(sample_text.replace("2027-07-11", "2024-12-31"), encoding="utf-8")
    result = run("renewals", tmp_path, "--as-of", "2024-11-01")
    assert result.exit_code == 0, result.output
    assert "31 Desember 2024" in result.output
    assert "dr. Bima Andaikusuma" in result.output
    line = next(text for text in result.output.splitlines() if "ke-2, sip.berlaku_sampai" in text)
    assert "baris " in line


def test_exit_50_when_something_could_not_be_read(sample_text: str, tmp_path: Path) -> None:
    (tmp_path / "baik.yml").write_text(sample_text, encoding="utf-8")
    (tmp_path / "rusak.yml").write_text("a: [", encoding="utf-8")
    result = run("renewals", tmp_path, "--as-of", "2024-11-01", "--json")
    assert result.exit_code == 50
    shown = json.loads(result.stdout)
    assert [Path(one["file"]).name for one in shown["unreadable"]] == ["rusak.yml"]
    assert shown["renewals"]
    words = run("renewals", tmp_path, "--as-of", "2024-11-01")
    assert words.exit_code == 50
    assert "belum lengkap" in words.output


def test_usage(tmp_path: Path, sample_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("renewals").exit_code == 2
    assert run("renewals", tmp_path).exit_code == 2
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    refused = run("renewals", sample_path, "--within", "soon")
    assert refused.exit_code == 2
    assert "Unknown window" in refused.output
    shown = run("renewals", sample_path, "--as-of", "2024-12-01")
    assert "days left" in shown.output


def test_a_term_at_the_end_of_the_calendar_is_bad_input(sample_path: Path, tmp_path: Path) -> None:
    result = run(
        "renew", sample_path, "-o", tmp_path / "baru.yml",
        "--mulai", "9999-01-01", "--selesai", "9999-12-31", "--json",
    )  # fmt: skip
    assert result.exit_code == 3, result.output
    assert json.loads(result.stdout)["error"]["code"] == "value.no_such_day"
    assert not (tmp_path / "baru.yml").exists()


def test_ended_ones_stand_apart_and_papers_below_their_agreement(
    sample_text: str, tmp_path: Path
) -> None:
    old = sample_text.replace("tanggal_selesai: 2024-12-31", "tanggal_selesai: 2024-06-30", 1)
    (tmp_path / "lama.yml").write_text(old.replace('"9917U029"', '"9917U777"'), encoding="utf-8")
    soon = sample_text.replace("2027-07-11", "2024-12-01")
    (tmp_path / "segera.yml").write_text(soon, encoding="utf-8")
    result = run("renewals", tmp_path, "--as-of", "2024-11-15")
    assert result.exit_code == 0, result.output
    text = result.stdout
    title = text.index("Berakhir dalam 3m")
    ended = text.index("Sudah berakhir sebelum 15 November 2024")
    assert title < text.index("9917U029") < text.index("dr. Bima Andaikusuma") < ended
    assert ended < text.index("9917U777") < text.index("lewat 138 hari")
    lines = [line for line in text.splitlines() if "503/" in line or "izin praktik" in line]
    assert lines
    assert all(re.match("  [0-9]{1,2} [A-Z][a-z]+ 20", line) for line in lines)
    shown = json.loads(run("renewals", tmp_path, "--as-of", "2024-11-15", "--json").stdout)
    assert [one["state"] for one in shown["groups"]] == ["ending", "ended"]
    kinds = [one["kind"] for one in shown["groups"][0]["endings"]]
    assert kinds[:2] == ["perjanjian", "sip"]


def test_a_paper_of_a_running_agreement_names_its_agreement(
    sample_text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = sample_text.replace("2027-07-11", "2024-03-01")
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    assert (
        "perjanjian sampai 31 Desember 2024"
        in run("renewals", tmp_path, "--as-of", "2024-01-15").stdout
    )
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    assert (
        "agreement until 31 December 2024"
        in run("renewals", tmp_path, "--as-of", "2024-01-15").stdout
    )


def test_the_workbook_holds_text_days_and_numbers(sample_text: str, tmp_path: Path) -> None:
    import openpyxl

    evil = sample_text.replace("dr. Bima Andaikusuma", "=HYPERLINK(1)").replace(
        "2027-07-11", "2024-12-01"
    )
    (tmp_path / "a.yml").write_text(evil, encoding="utf-8")
    out = tmp_path / "daftar.xlsx"
    arguments = ("renewals", tmp_path / "a.yml", "--as-of", "2024-11-15", "-o", out)
    assert run(*arguments).exit_code == 0
    book = openpyxl.load_workbook(out)
    cells = [cell for row in book["Perpanjangan"].iter_rows() for cell in row if cell.value]
    kinds = {
        "Berakhir": ("d", "dd/mm/yyyy"),
        "Hari": ("n", "0"),
    }
    heads = {cell.column: str(cell.value) for cell in cells if cell.row == 1}
    below = [cell for cell in cells if cell.row > 1]
    found = {heads[cell.column]: (cell.data_type, cell.number_format) for cell in below}
    typed = {head: kind for head, kind in found.items() if kind != ("s", "@")}
    assert sorted(typed.values()) == sorted(kinds.values()), typed
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert run(*arguments).exit_code == 2
    first = out.read_bytes()
    assert run(*arguments, "--force", "--json").exit_code == 0
    assert out.read_bytes() == first
    wrong = run("renewals", tmp_path / "a.yml", "-o", tmp_path / "a.csv")
    assert wrong.exit_code == 2

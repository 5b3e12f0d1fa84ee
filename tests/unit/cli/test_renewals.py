"""``pks-kit renewals``: list, JSON, exit codes, both languages."""

from __future__ import annotations

import json
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
    assert "tidak ada yang berakhir dalam 3m sejak 2024-09-29" in result.output


def test_the_table_and_the_reasons(sample_text: str, tmp_path: Path) -> None:
    path = tmp_path / "kontrak.yml"
    path.write_text(sample_text.replace("2027-07-11", "2024-12-31"), encoding="utf-8")
    result = run("renewals", tmp_path, "--as-of", "2024-11-01")
    assert result.exit_code == 0, result.output
    assert "2024-12-31" in result.output
    assert "dr. Bima Andaikusuma" in result.output
    line = next(text for text in result.output.splitlines() if "[1].sip.berlaku_sampai" in text)
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

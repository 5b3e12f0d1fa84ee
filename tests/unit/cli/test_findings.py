"""What people and programs see of findings: groups, lines, rules, hints, both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def faulty(sample_text: str, tmp_path: Path) -> Path:
    """Data with a finding of every level."""
    text = sample_text.replace("jumlah_tempat_tidur: 8", "jumlah_tempat_tidur: 0").replace(
        "akreditasi.pdf", "akreditasi.jpg"
    )
    text, found = re.subn(r"^  pengesahan:\n(?:    .*\n)+", "", text, count=1, flags=re.MULTILINE)
    assert found == 1  # the owner's approval: a person decides about its absence
    path = tmp_path / "kontrak.yml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


GROUPS = ["Menghalangi (1)", "Perlu diputuskan orang (1)", "Peringatan (1)", "Keterangan (2)"]


@pytest.mark.parametrize("command", ["check", "draft"])
def test_grouped_with_line_rule_and_hint(command: str, faulty: Path, tmp_path: Path) -> None:
    output = ["-o", tmp_path / "keluaran"] if command == "draft" else []
    result = run(command, faulty, *output)
    assert result.exit_code == 10
    places = [result.output.index(group) for group in GROUPS]
    assert places == sorted(places)
    lines = result.output.splitlines()
    at = next(i for i, line in enumerate(lines) if "jumlah_tempat_tidur:" in line)
    number = line_of(faulty, "jumlah_tempat_tidur")
    assert lines[at].startswith(f"  - baris {number}, faskes.jumlah_tempat_tidur: Rawat inap")
    assert lines[at + 1].strip().startswith("Dasar: Sosialisasi PKS FKTP 2024")
    assert lines[at + 2].strip().startswith("Saran: Isi faskes.jumlah_tempat_tidur")
    assert not (tmp_path / "keluaran").exists()


def test_english(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    output = run("check", faulty).output
    assert "Needs a person (1)" in output
    assert "Basis: " in output
    assert "Hint: Fill faskes.jumlah_tempat_tidur" in output


@pytest.mark.parametrize("command", ["check", "draft"])
def test_json_has_the_same_findings_with_lines(command: str, faulty: Path, tmp_path: Path) -> None:
    output = ["-o", tmp_path / "keluaran"] if command == "draft" else []
    result = run(command, faulty, *output, "--json")
    assert result.exit_code == 10
    shown = json.loads(result.stdout)
    findings = shown["findings"] if command == "check" else shown["error"]["findings"]
    assert [one["level"] for one in findings] == ["blocking", "manual", "warning", "info", "info"]
    assert findings[1]["path"] == "pemilik.pengesahan"
    assert findings[1]["line"] == line_of(faulty, "pemilik:")
    assert findings[0]["line"] == line_of(faulty, "jumlah_tempat_tidur")
    assert findings[2]["line"] == line_of(faulty, "akreditasi.jpg")
    for one in findings:
        assert set(one["message"]) == set(one["hint"]) == {"id", "en"}
        assert one["hint"]["id"]
        assert one["legal_basis"]


def test_findings_that_do_not_block_let_the_draft_go_on(sample_path: Path, tmp_path: Path) -> None:
    result = run("draft", sample_path, "-o", tmp_path / "x", "--format", "txt")
    assert result.exit_code == 0
    assert "Keterangan (2)" in result.output
    assert "Menghalangi" not in result.output

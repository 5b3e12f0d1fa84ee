"""Wrong commands, and the published shape of every answer in JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from support.schema_check import problems

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "skema"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def follows(shown: Any, name: str) -> list[str]:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return problems(shown, schema, schema)


@pytest.mark.parametrize(
    "arguments",
    [
        ("tidak-ada",),
        ("draft",),
        ("draft", "a.yml", "--bukan-pilihan"),
        ("draft", "a.yml", "--as-of", "kemarin"),
        ("sign", "a.pdf", "--pihak", "ketiga", "-o", "b.pdf"),
        ("sandbox", "tidak-ada"),
        ("template",),
    ],
)
def test_wrong_command(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Pemakaian:" in result.stderr
    if arguments == ("template",):
        return
    assert "Galat: Perintah tidak dapat dijalankan" in result.stderr
    assert "Saran: Lihat pilihannya" in result.stderr
    shown = json.loads(run(*arguments, "--json").stdout)
    assert shown["error"]["code"] == "cli.usage"
    assert follows(shown, "error") == []


def test_help_lists_exit_codes_as_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = run("--help").stdout
    assert "\\b" not in shown
    assert "\b" not in shown
    assert "30 pemeriksaan: tidak lulus\n" in shown
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    assert "30 verification failed\n" in run("--help").stdout
    assert run("--version").exit_code == 0


def test_interrupt_ends_quietly(monkeypatch: pytest.MonkeyPatch, sample_path: Path) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pks_kit.pipelines.draft.check", interrupt)
    result = run("check", sample_path)
    assert result.exit_code == 130
    assert "Dihentikan" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        "template show pks_2024",
        "law list",
        "law list --json",
        "--help",
        "law --help",
        "law lits 2>&1",
    ],
)
def test_a_reader_that_leaves_ends_the_program_as_shells_expect(arguments: str) -> None:
    """As after ``| head``: quiet, and the code of SIGPIPE, so that ``pipefail`` can tell it."""
    command = f"('{sys.executable}' -m pks_kit.cli.main {arguments}; echo $? >&3) | true"
    done = subprocess.run(
        ["sh", "-c", f"{{ {command}; }} 3>&1"], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("141\n", "")


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        ("fr", "Galat"),
        ("klingon", "Galat"),
        ("en_GB", None),
        ("EN", None),
        ("id", None),
        ("", None),
    ],
)
def test_a_language_that_is_not_known_is_told(wanted: str, word: str | None) -> None:
    result = CliRunner().invoke(main, ["law", "show", "tidak.ada"], env={"PKS_KIT_LANG": wanted})
    told = f"«{wanted}»" in result.stderr.splitlines()[0]
    assert told == (word is not None)
    if word:
        assert word in result.stderr
        assert "is not known" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "{data}", "--json"],
        ["check", "{data}", "--as-of", "1950-01-01", "--json"],
        ["--help"],
    ],
)
def test_a_full_output_is_told_without_traceback(sample_path: Path, arguments: list[str]) -> None:
    given = [word.format(data=sample_path) for word in arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pks_kit.cli.main", *given],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Hasil tidak dapat dicetak" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", "{long}"),
        ("workbook", "new", "{long}.xlsx"),
        ("renewals", "{long}"),
        ("draft", "{data}", "-o", "{long}", "--format", "txt"),
    ],
)
def test_a_name_that_the_disk_refuses_is_bad_input(
    sample_path: Path, arguments: tuple[str, ...]
) -> None:
    result = run(*(word.format(data=sample_path, long="x" * 300) for word in arguments))
    assert result.exit_code == 3, result.output
    assert "Galat:" in result.stderr
    assert "Saran:" in result.stderr


def test_draft_and_check_answer_in_the_published_shape(sample_path: Path, tmp_path: Path) -> None:
    drafted = run("draft", sample_path, "-o", tmp_path, "--format", "txt", "--json")
    shown = json.loads(drafted.stdout)
    assert drafted.exit_code == 0
    assert follows(shown, "draft") == []
    assert set(shown["files"]) == {"txt"}
    assert follows(json.loads(run("check", sample_path, "--json").stdout), "check") == []


def test_findings_and_problems_answer_in_the_published_shape(
    sample_text: str, tmp_path: Path
) -> None:
    data = tmp_path / "kontrak.yml"
    data.write_text(sample_text.replace("kantor_cabang:", "kantor_cabnag:", 1), encoding="utf-8")
    shown = json.loads(run("check", data, "--json").stdout)
    assert follows(shown, "error") == []
    assert len(shown["error"]["problems"]) >= 1
    line = next(row for row in sample_text.splitlines() if row.startswith("  tanggal_selesai:"))
    data.write_text(sample_text.replace(line, "  tanggal_selesai: 2022-01-01"), encoding="utf-8")
    checked = run("check", data, "--json")
    assert checked.exit_code == 10
    assert follows(json.loads(checked.stdout), "check") == []
    stopped = run("draft", data, "-o", tmp_path / "o", "--format", "txt", "--json")
    assert stopped.exit_code == 10
    shown = json.loads(stopped.stdout)
    assert follows(shown, "error") == []
    assert shown["error"]["findings"]
    assert not (tmp_path / "o").exists()


def test_schemas_can_say_no() -> None:
    assert len(follows({"findings": [{"code": "X"}], "more": 1}, "check")) > 5
    assert follows({"agreement_id": "kecil", "pages": -1}, "draft")
    assert follows({"error": {"code": "x"}}, "error")

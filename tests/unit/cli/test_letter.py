"""``pks-kit letter``: list, draft, refuse, and never replace without being asked."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.resources import letter_sample


def command(*arguments: str | Path) -> Result:
    return CliRunner(env={"PKS_KIT_LANG": "id"}).invoke(main, [str(one) for one in arguments])


def test_list() -> None:
    result = command("letter", "list")
    assert result.exit_code == 0
    assert "teguran\tSurat teguran\tditandatangani BPJS Kesehatan" in result.output
    found = json.loads(command("letter", "list", "--json").stdout)
    assert {"kind", "nama", "pengirim", "versi", "sebelumnya", "parameter"} == set(
        found["letters"][0]
    )


def test_draft_writes_what_was_asked_for_and_keeps_what_differs(tmp_path: Path) -> None:
    arguments = ("letter", "draft", "teguran", letter_sample("teguran"), "-o", tmp_path)
    result = command(*arguments, "--format", "txt")
    assert result.exit_code == 0, result.output
    (path,) = tmp_path.iterdir()
    assert path.suffix == ".txt"
    path.write_text("lain", encoding="utf-8")
    refused = command(*arguments, "--format", "txt")
    assert refused.exit_code == 2
    assert path.read_text(encoding="utf-8") == "lain"
    assert command(*arguments, "--format", "txt", "--force").exit_code == 0
    assert "Teguran" in path.read_text(encoding="utf-8")


def test_draft_as_json(tmp_path: Path) -> None:
    result = command(
        "letter", "draft", "teguran", letter_sample("teguran"), "-o", tmp_path, "--format", "txt",
        "--json",
    )  # fmt: skip
    found = json.loads(result.stdout)
    assert found["kind"] == "teguran"
    assert Path(found["files"]["txt"]).is_file()


def test_findings_stop_the_draft_and_tell_the_line(tmp_path: Path) -> None:
    words = letter_sample("teguran").read_text(encoding="utf-8")
    path = tmp_path / "surat" / "teguran.yml"
    path.parent.mkdir()
    path.write_text(words.replace("\nke: 2", "\nke: 4"), encoding="utf-8")
    contract = letter_sample("teguran").parent.parent / "klinik-pratama-rawat-inap.yml"
    output = tmp_path / "keluaran"
    result = command("letter", "draft", "teguran", path, "--kontrak", contract, "-o", output)
    assert result.exit_code == 10
    assert "paling banyak 3 kali" in result.output
    assert not output.exists() or not any(output.iterdir())


def test_a_kind_that_does_not_exist(tmp_path: Path) -> None:
    result = command("letter", "draft", "tegoran", letter_sample("teguran"), "-o", tmp_path)
    assert result.exit_code == 3
    assert "pks-kit letter list" in result.output

"""The script for a shell, and what it gets when somebody presses the tabulator."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main

SHELLS = ["bash", "zsh", "fish"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_printed(shell: str) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0, done.output
    assert f"_PKS_KIT_COMPLETE={shell}_complete" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("pks-kit ver", "verify"),
        ("pks-kit verify --iss", "--issued"),
        ("pks-kit ledger sh", "show"),
        ("pks-kit sign a.pdf --pihak ked", "kedua"),
        ("pks-kit completion f", "fish"),
    ],
)
def test_a_command_and_an_option_are_completed(typed: str, offered: str) -> None:
    asked = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    done = CliRunner().invoke(
        main, [], prog_name="pks-kit", env={"_PKS_KIT_COMPLETE": "bash_complete", **asked}
    )
    assert f"plain,{offered}" in done.stdout


def test_zsh_and_fish_show_the_words_of_the_person() -> None:
    asked = {"COMP_WORDS": "pks-kit verify --iss", "COMP_CWORD": "2", "PKS_KIT_LANG": "id"}
    done = CliRunner().invoke(
        main, [], prog_name="pks-kit", env={"_PKS_KIT_COMPLETE": "zsh_complete", **asked}
    )
    assert "Berkas sebagaimana diterbitkan;" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    program = tmp_path / "pks-kit"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pks_kit.cli.main "$@"\n')
    program.chmod(0o755)
    ask = (
        "COMP_WORDS=(pks-kit verif); COMP_CWORD=1; _pks_kit_completion pks-kit verif; "
        'echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", f'PATH="{tmp_path}:$PATH"\n{script}\n{ask}'],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "verify", done.stderr

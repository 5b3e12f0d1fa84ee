"""``make demo`` says at once what it does, and lets no tool talk before it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_the_first_line_is_ours_and_the_installer_is_silent() -> None:
    planned = subprocess.run(
        ["make", "--no-print-directory", "-n", "-B", "demo"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    told = next(n for n, line in enumerate(planned) if line.startswith('echo "Menyiapkan'))
    made = next(n for n, line in enumerate(planned) if " -m venv " in line)
    installs = [(n, line) for n, line in enumerate(planned) if " -m pip " in line]
    assert told < made < installs[0][0]
    assert len(installs) == 3
    assert [line for _, line in installs if "pip install -qq " not in line] == []
    assert planned[-1].endswith("pks-kit demo -o keluaran/demo")

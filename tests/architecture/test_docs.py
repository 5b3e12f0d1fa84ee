"""What the documents say is what the program does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pks_kit.cli.main import main
from support.shared_pages import taking_part

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ["README.md", "docs/panduan.md", "CONTRIBUTING.md", "ARCHITECTURE.md"]


@pytest.mark.slow
def test_generated_documents_are_current() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_that_documents_name_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)pks-kit ([a-z]+)", text, flags=re.MULTILINE))
    assert named
    assert named <= set(main.list_commands(None)), named  # type: ignore[arg-type]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_paths_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    for target in targets:
        assert ((ROOT / name).parent / target).exists(), target


@pytest.mark.slow
@pytest.mark.sampled(of="tours")
def test_the_five_minutes_of_the_readme_work(tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    script = "set -eu\n" + "\n".join(
        line
        for block in blocks[1:3]
        for line in block.splitlines()
        if not line.startswith(". .venv")
    )
    found = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = taking_part({**os.environ, "PATH": found})
    run = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert (tmp_path / "out" / "laporan.html").stat().st_size > 20_000

"""What a person sees of the limits: options that lift them, words that name them, a refusal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.verify import verify_command
from support import signed_files, tamper


def run(path: Path, *options: str) -> tuple[Result, dict[str, Any]]:
    result = CliRunner().invoke(verify_command, [str(path), "--json", *options])
    return result, json.loads(result.stdout)


def limit_met(shown: dict[str, Any]) -> dict[str, Any]:
    (check,) = [one for one in shown["checks"] if one["code"] == "file.resources"]
    return check


@pytest.fixture
def toil(tmp_path: Path) -> Path:
    path = tmp_path / "toil.pdf"
    path.write_bytes(tamper.toil())
    return path


@pytest.mark.slow
def test_processor_time_is_named_and_lifted(toil: Path) -> None:
    _, shown = run(toil, "--seconds", "1")
    check = limit_met(shown)
    assert (check["reason"], check["params"]) == ("too_much_cpu", {"seconds": 1})
    assert "--seconds" in check["hint"]["id"]
    assert "--seconds" in check["hint"]["en"]
    _, shown = run(toil, "--seconds", "60")
    assert not any(one["code"] == "file.resources" for one in shown["checks"])


@pytest.mark.slow
def test_memory_is_named_and_lifted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(tamper.bomb(1, 100))
    _, shown = run(path, "--memory", "64")
    check = limit_met(shown)
    assert (check["reason"], check["params"]) == ("gave_up", {"mib": 64})
    assert "--memory" in check["hint"]["id"]
    assert "--memory" in check["hint"]["en"]
    monkeypatch.setenv("PKS_KIT_VERIFY_MEMORY", "2048")
    _, shown = run(path)
    assert not any(one["code"] == "file.resources" for one in shown["checks"])


def test_system_without_limits_is_told_and_nothing_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "issued.pdf"
    path.write_bytes(signed_files.issued())
    monkeypatch.setattr(sys, "platform", "win32")
    result, shown = run(path)
    assert result.exit_code == 31, "nobody looked, so nothing is said of the file"
    assert shown["error"]["code"] == "verify.no_guard"
    assert "win32" in shown["error"]["message"]["en"]
    assert "Linux" in shown["error"]["hint"]["id"]

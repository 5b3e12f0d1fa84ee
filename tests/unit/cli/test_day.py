"""Every option that takes a day says in our words how one is written."""

from __future__ import annotations

import importlib

import click
import pytest
from click.testing import CliRunner

from pks_kit.cli import main as cli_main
from pks_kit.cli.day import Day


def _options(command: click.Command, name: str) -> list[tuple[str, click.Command, click.Option]]:
    found = [
        (name, command, one)
        for one in command.params
        if isinstance(one, click.Option) and isinstance(one.type, click.DateTime)
    ]
    if isinstance(command, click.Group):
        for key, inner in command.commands.items():
            found += _options(inner, f"{name} {key}")
    return found


def _all() -> list[tuple[str, click.Command, click.Option]]:
    found = []
    for name, entry in cli_main._COMMANDS.items():
        module, _, attribute = entry.target.partition(":")
        found += _options(getattr(importlib.import_module(module), attribute), name)
    return found


def test_every_date_option_is_a_day() -> None:
    found = _all()
    assert len(found) >= 8
    assert [name for name, _, option in found if not isinstance(option.type, Day)] == []


@pytest.mark.parametrize("written", ["01/01/2025", "1 Januari 2025", "2025-02-30", "20250101"])
def test_what_is_no_day_is_told_with_an_example(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    option = click.Option(["--mulai"], type=Day())
    command = click.Command("c", params=[option], callback=lambda mulai: None)
    result = CliRunner().invoke(command, ["--mulai", written])
    assert result.exit_code == 2
    assert f"Tanggal «{written}» pada --mulai tidak dikenal" in result.output
    assert "2025-01-31" in result.output
    assert "Invalid value" not in result.output

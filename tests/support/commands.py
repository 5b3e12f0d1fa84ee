"""Every command of the program, as it was written."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import click

from pks_kit.cli import main as door


def commands() -> Iterator[tuple[list[str], click.Command]]:
    """Yield every command as it was written, with the words that lead to it."""
    waiting: list[tuple[list[str], click.Command]] = [([], door.main)]
    for name, entry in door._COMMANDS.items():
        module, attribute = entry.target.split(":")
        waiting.append(([name], getattr(importlib.import_module(module), attribute)))
    while waiting:
        path, command = waiting.pop(0)
        yield path, command
        if isinstance(command, click.Group):
            waiting += [([*path, name], one) for name, one in command.commands.items()]

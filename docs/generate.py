"""Write the generated files of ``docs/``: JSON Schema of the input and the command reference.

``python docs/generate.py`` writes them; ``python docs/generate.py --check`` fails when one is not
current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from pks_kit.cli.main import main as root
from pks_kit.inputs import kontrak_schema

DOCS = Path(__file__).resolve().parent


def schema_text() -> str:
    """Return the JSON Schema of the contract data."""
    return json.dumps(kontrak_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def reference_text() -> str:
    """Return the help of every command as Markdown."""
    lines = ["# Command reference", "", "Made from `--help` by `make docs`.", ""]
    for name, command in _commands(root, "pks-kit"):
        context = click.Context(command, info_name=name, terminal_width=90, max_content_width=90)
        lines += [f"## `{name}`", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def _commands(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    found = [(name, command)] if name != "pks-kit" else []
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for child in command.list_commands(context):
            inner = command.get_command(context, child)
            if inner is not None:
                found += _commands(inner, f"{name} {child}")
    return found


def generated() -> dict[Path, str]:
    """Return every generated file with the text it should have."""
    return {
        DOCS / "skema" / "kontrak.schema.json": schema_text(),
        DOCS / "cli.md": reference_text(),
    }


def run(*, check: bool) -> int:
    """Write the files, or say which are not current; return the exit code."""
    stale = [
        path
        for path, text in generated().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        if check:
            sys.stderr.write(f"{path.name} is not current: run make docs\n")
        else:
            path.write_text(generated()[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(run(check="--check" in sys.argv))

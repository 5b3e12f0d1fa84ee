"""How findings are shown: by level, each with its place, its rule and what to do next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from pks_kit.cli.terminal import console, echo, language, say, visible
from pks_kit.messages import lookup

_ITEM = re.compile(r"\[([0-9]+)\](\.?)")

LEVELS = ("blocking", "manual", "warning", "info")
"""The gravest first; the order of the groups on the screen."""

_STYLE = {"blocking": "bold red", "manual": "bold magenta", "warning": "bold yellow"}


def print_findings(findings: Iterable[Any], line_of: Callable[[Any], int] | None = None) -> None:
    """Print findings grouped by level on standard error.

    Args:
        findings: Findings of the checks.
        line_of: Returns the line of the data file that a finding speaks about; None: unknown.
    """
    from rich.text import Text

    found = list(findings)
    out = console()
    for level in LEVELS:
        group = [finding for finding in found if finding.level == level]
        if not group:
            continue
        title = f"{say(f'cli.level.{level}')} ({len(group)})"
        out.print(Text(title, style=_STYLE.get(level, "bold")))
        for finding in group:
            line = line_of(finding) if line_of else None
            for words in finding_lines(finding, language(), line):
                echo(words, err=True)


def place_words(path: str, tongue: str) -> str:
    """Return a path into the data as people count: ``tenaga_kesehatan ke-1, nik``."""
    nth = lookup("cli.nth")

    def counted(found: re.Match[str]) -> str:
        words = nth.fill({"n": int(found[1]) + 1}).in_language(tongue)
        return f" {words}{', ' if found[2] else ''}"

    return _ITEM.sub(counted, path)


def _said_once(words: str, place: str) -> str:
    """Return words without the cell that stands before them already."""
    return re.sub(rf" (?:pada|at) {re.escape(place)}(?=[ ,.])", "", words, count=1)


def finding_lines(finding: Any, tongue: str, line: int | None = None, place: str = "") -> list[str]:
    """Return a finding as it is shown: place and words, then its rule, then the hint.

    Args:
        finding: A finding of the checks.
        tongue: ``id`` or ``en``.
        line: Line of the data file, when known.
        place: Cell of a workbook, when it came from one.
    """
    text = finding.text
    words, hint = text.in_language(tongue), text.hint_in_language(tongue)
    if place:
        from pks_kit.inputs.workbook.words import in_cell, in_workbook

        where = in_cell(place, finding.path)
        words, hint = in_workbook(_said_once(words, place)), in_workbook(hint)
    else:
        path = place_words(finding.path, tongue)
        where = f"{say('cli.line')} {line}, {path}" if line else path
    lines = [f"  - {where}: {words}"]
    if finding.legal_basis:
        lines.append(f"      {say('cli.basis')}: {finding.legal_basis}")
    if hint:
        lines.append(f"      {say('cli.hint')}: {hint}")
    return [visible(words) for words in lines]

"""Where a parameter is used: lines of templates, functions of the rules, and tests.

A lawyer who doubts a printed number goes from it to its parameter, from there to its legal basis,
and with this to every clause that prints it, every function that computes with it, and the test
that compares it with the facts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PART = r"[a-z0-9_]+"
_ASKED = "aturan."
"""How a template begins the name of a parameter."""
_Placed = tuple[str, ast.Constant | ast.JoinedStr]
"""A function and a string in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterUse:
    """One place that uses a parameter.

    Attributes:
        berkas: File, relative to the folder that was searched.
        baris: Line from 1.
        tempat: Function, or the words of the line.
        kelompok: True when only its group is named there and the last part is computed.
    """

    berkas: str
    baris: int
    tempat: str
    kelompok: bool = False


def template_uses(nama: str, templates: Path) -> tuple[ParameterUse, ...]:
    """Return the lines of templates that print or test a parameter.

    Args:
        nama: Full name, for example ``sanksi.jeda_teguran``.
        templates: Folder of templates.
    """
    direct = re.compile(rf"\baturan\.{re.escape(nama)}(?![a-z0-9_])")
    groups = re.compile(
        "|".join(rf"\baturan\.{re.escape(group)}(?![a-z0-9_.])" for group in _above(nama))
    )
    found = []
    start = f"{_ASKED}{nama.partition('.')[0]}"  # stands wherever the parameter or a group does
    for path, number, line in _asking_lines(templates):
        if start not in line:
            continue
        by_group = not direct.search(line)
        if by_group and not groups.search(line):
            continue
        found.append(
            ParameterUse(berkas=path, baris=number, tempat=line.strip(), kelompok=by_group)
        )
    return tuple(found)


def code_uses(nama: str, folder: Path) -> tuple[ParameterUse, ...]:
    """Return the functions below a folder of Python files that name a parameter.

    A name that is put together, such as ``f"kapitasi.{kelompok}.tarif"``, counts when the
    parameter fits it.
    """
    found = []
    # stands in every text that names the parameter or puts its name together
    start = nama[: nama.find(".") + 1] or nama
    for path, text in _texts_below(folder):
        if start not in text:
            continue  # reading is cheap, parsing is not
        for function, node in _strings_in(text):
            fits = _fits(node, nama)
            if fits is not None:
                found.append(
                    ParameterUse(berkas=path, baris=node.lineno, tempat=function, kelompok=fits)
                )
    return tuple(found)


def listed_uses(nama: str, folder: Path) -> tuple[ParameterUse, ...]:
    """Return the lines of YAML tables below a folder that have a parameter as their key."""
    key = re.compile(rf"^\s*[\"']?{re.escape(nama)}[\"']?\s*:")
    return tuple(
        ParameterUse(berkas=path.relative_to(folder).as_posix(), baris=number, tempat=line.strip())
        for path in sorted(folder.rglob("*.yml"))
        if path.parent.name != "broken"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if key.match(line)
    )


def covering_tests(functions: Collection[str], folder: Path) -> tuple[ParameterUse, ...]:
    """Return, per test file below a folder, the test functions that name one of some functions.

    Args:
        functions: Names of functions, for example ``vendor_notice_due``.
        folder: Folder of tests.
    """
    found = []
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if not any(name in text for name in functions):
            continue  # reading is cheap, parsing is not
        named = [
            test
            for test in ast.parse(text).body
            if isinstance(test, ast.FunctionDef)
            and test.name.startswith("test_")
            and any(_name_of(node) in functions for node in ast.walk(test))
        ]
        if named:
            found.append(
                ParameterUse(
                    berkas=path.relative_to(folder).as_posix(),
                    baris=named[0].lineno,
                    tempat=", ".join(test.name for test in named),
                )
            )
    return tuple(found)


def _name_of(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _above(nama: str) -> tuple[str, ...]:
    """Return the groups above a name: ``tarif_lab``, ``tarif_lab.gds``."""
    parts = nama.split(".")
    return tuple(".".join(parts[:length]) for length in range(1, len(parts)))


@cache
def _asking_lines(templates: Path) -> tuple[tuple[str, int, str], ...]:
    """Return file, number and words of each line that asks for a parameter; read once in a run."""
    return tuple(
        (path.relative_to(templates).as_posix(), number, line)
        for path in sorted(templates.rglob("*.md"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if _ASKED in line
    )


@cache
def _texts_below(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return every Python file below a folder with its text; read once in a run."""
    return tuple(
        (path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
    )


@cache
def _strings_in(text: str) -> tuple[_Placed, ...]:
    """Return the strings of a Python file; parsed once in a run."""
    return tuple(_strings(ast.parse(text), ""))


def _strings(node: ast.AST, function: str) -> Iterator[_Placed]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr) or (
            isinstance(child, ast.Constant) and isinstance(child.value, str)
        ):
            yield function, child
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from _strings(child, f"{function}.{child.name}" if function else child.name)
        else:
            yield from _strings(child, function)


def _fits(node: ast.Constant | ast.JoinedStr, nama: str) -> bool | None:
    """Return False for the parameter itself, True for a group of it, None for anything else."""
    if isinstance(node, ast.Constant):
        return False if node.value == nama else None
    first = node.values[0]
    if not (isinstance(first, ast.Constant) and "." in str(first.value)):
        return None
    pattern = re.compile(
        "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else _PART
            for part in node.values
        )
    )
    if pattern.fullmatch(nama):
        return False
    return True if any(pattern.fullmatch(group) for group in _above(nama)) else None

"""YAML is read in one room; no other module knows the library."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from support.own_sources import nodes_of

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "pks_kit"
LIBRARIES = {"yaml", "_yaml", "ruamel", "strictyaml"}


def libraries_of_yaml(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the YAML libraries that a module imports, at its top or inside a function."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Import(names=names):
                found |= {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module.partition(".")[0])
    return found & LIBRARIES


@pytest.mark.slow
def test_one_room_reads_yaml() -> None:
    offenders = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if libraries_of_yaml(nodes_of(path))
    ]
    assert {name.partition("/")[0] for name in offenders} == {"strict_yaml"}, offenders


def test_the_search_finds_what_it_should() -> None:
    def found_in(source: str) -> set[str]:
        return libraries_of_yaml(ast.walk(ast.parse(source)))

    assert found_in("import yaml") == {"yaml"}
    assert found_in("def f():\n    from yaml.events import Event") == {"yaml"}
    assert found_in("from ruamel.yaml import YAML") == {"ruamel"}
    assert found_in("from pks_kit.strict_yaml.reader import read_mapping") == set()

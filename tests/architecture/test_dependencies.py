"""Every declared dependency is imported by the product, and nothing undeclared is."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from support.own_sources import nodes_of

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMES_WITH = {
    "asn1crypto": "pyhanko",
    "markupsafe": "jinja2",
    "pillow": "weasyprint",
    "pydantic-core": "pydantic",
    "pyhanko-certvalidator": "pyhanko",
    "python-docx": "docxtpl",
}
"""Imported too, but part of a declared library as far as we are concerned."""


def bare(requirement: str) -> str:
    """Return the name of a requirement in its normal form."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    return re.sub(r"[-_.]+", "-", match.group()).casefold()


DECLARED = {bare(one) for one in PROJECT["dependencies"]}
EXTRA = {bare(one) for several in PROJECT["optional-dependencies"].values() for one in several}


@cache
def imported() -> frozenset[str]:
    """Return the distributions whose modules src imports, lazily or not."""
    modules = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in nodes_of(path):
            if isinstance(node, ast.Import):
                modules |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                modules.add(node.module.partition(".")[0])
    foreign = modules - sys.stdlib_module_names - {"pks_kit"}
    known = packages_distributions()
    # several distributions may hold parts of a module; the shortest name is the library itself
    return frozenset(bare(min(known.get(module, [module]), key=len)) for module in foreign)


@pytest.mark.slow
def test_every_dependency_is_imported() -> None:
    assert DECLARED - imported() == set()


@pytest.mark.slow
def test_every_import_is_declared() -> None:
    assert imported() - DECLARED - EXTRA == set(COMES_WITH)
    assert set(COMES_WITH.values()) <= DECLARED


def test_requirements_hold_what_is_declared() -> None:
    listed = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    pinned = {bare(line) for line in re.findall(r"^[a-z0-9].*?==", listed, flags=re.MULTILINE)}
    assert pinned >= DECLARED

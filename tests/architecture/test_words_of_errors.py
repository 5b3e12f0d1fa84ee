"""What staff read names no class of a library: its cause is told in words of both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import pks_kit
from support.own_sources import nodes_of

SOURCE = Path(pks_kit.__file__).parent

ALLOWED = {
    # the kind of an unforeseen error, of Python itself alone, for whoever mends the program
    "pipelines/error_form.py": 1,
    # details for experts in the JSON of a report, never in its words
    "pdf/parsing.py": 1,
    # a line between two of our processes
    "verification/isolation/fork_server.py": 1,
}
"""Files that may name the class of an error, and how often."""


_ERRORS = frozenset({"error", "failure", "exception", "cause", "trouble", "caught", "fault"})
"""How errors are called in this code."""


def _class_names(nodes: Iterable[ast.AST]) -> Iterator[int]:
    """Yield the lines where the name of a class of a value is taken."""
    for node in nodes:
        if not (isinstance(node, ast.Attribute) and node.attr in ("__name__", "__qualname__")):
            continue
        of = node.value
        if isinstance(of, ast.Call) and getattr(of.func, "id", "") == "type":
            about = of.args[0]
        elif isinstance(of, ast.Attribute) and of.attr == "__class__":
            about = of.value
        else:
            about = of
        if getattr(about, "id", "") in _ERRORS:
            yield node.lineno


@pytest.mark.slow
def test_no_words_for_people_are_made_of_class_names() -> None:
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        lines = list(_class_names(nodes_of(path)))
        if lines:
            found[path.relative_to(SOURCE).as_posix()] = len(lines)
    assert found == ALLOWED


def test_the_walk_finds_what_it_looks_for() -> None:
    caught = ast.parse("a = type(error).__name__\nb = error.__class__.__name__")
    assert list(_class_names(ast.walk(caught)))
    assert not list(_class_names(ast.walk(ast.parse("a = type(error)\nb = cls.__name__"))))

"""Sources that several tests read as trees: each file is parsed and walked once in a process."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a file as a tree; nobody changes it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return everything that ``ast.walk`` finds in a file."""
    return tuple(ast.walk(tree_of(path)))

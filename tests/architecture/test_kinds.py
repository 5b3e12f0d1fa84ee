"""A kind of facility is described in one place; elsewhere code asks for its traits."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pks_kit.domain.sifat_faskes import JenisFaskes
from support.own_sources import nodes_of

SOURCE = Path(__file__).resolve().parents[2] / "src" / "pks_kit"
ONE_PLACE = "domain/sifat_faskes.py"
KINDS = frozenset(get_args(JenisFaskes))
MEMBERS = {
    "domain/kontrak.py": {"apotek", "laboratorium"},
    "domain/sebutan.py": {"apotek", "laboratorium"},
}
"""Words for members of a network (jejaring), which are not the kind of the facility itself."""


def named_kinds(source: Path) -> Iterator[str]:
    """Yield every place where code holds the name of a kind as a text of its own."""
    for path in sorted(source.rglob("*.py")):
        name = path.relative_to(source).as_posix()
        if name == ONE_PLACE:
            continue
        wanted = KINDS - MEMBERS.get(name, set())
        for node in nodes_of(path):
            if isinstance(node, ast.Constant) and node.value in wanted:
                yield f"{name}:{node.lineno} {node.value}"


def test_kinds_are_named_in_one_place() -> None:
    assert list(named_kinds(SOURCE)) == []


def test_a_list_of_kinds_elsewhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "x.py").write_text('A = {"tpmd", "dokter"}\n', encoding="utf-8")
    assert list(named_kinds(tmp_path)) == ["rules/x.py:1 tpmd"]

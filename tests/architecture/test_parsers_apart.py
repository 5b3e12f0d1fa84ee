"""Which code may show a hostile file to a parser: not what proves signatures, nor the host."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from pks_kit.verification.signatures.signed_ranges import prove_ranges
from support import signed_files
from support.judging import anchors_of, job
from support.own_sources import tree_of

SOURCE = Path(__file__).resolve().parents[2] / "src"
PDFIUM = ("pypdfium2",)
PARSERS = (
    *PDFIUM,
    "pikepdf",
    "pyhanko.pdf_utils",
    "pyhanko.sign.diff_analysis",
    "pyhanko.sign.fields",
    "pyhanko.sign.validation.dss",
    "pyhanko.sign.validation.pdf_embedded",
)
ONLY_NAMES_ERRORS = {"pks_kit.pdf.parsing"}
"""Catches what parsers raise, and so imports their errors; calls none of them."""


def path_of(module: str) -> Path | None:
    base = SOURCE / Path(*module.split("."))
    found = [one for one in (base.with_suffix(".py"), base / "__init__.py") if one.is_file()]
    return found[0] if found else None


def imports_of(module: str) -> set[str]:
    """Return what a module imports, inside functions too, for types alone not."""
    path = path_of(module)
    tree = tree_of(path) if path else ast.parse("")
    waiting: list[ast.AST] = [tree]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{one.name}" for one in node.names}
            found |= {node.module} | names
        else:
            waiting += list(ast.iter_child_nodes(node))
    return found


def reached(start: str) -> dict[str, set[str]]:
    """Return all modules of ours that a module reaches, with what each imports."""
    seen: dict[str, set[str]] = {}
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen[module] = imports_of(module)
            waiting += [one for one in seen[module] if one.startswith("pks_kit.") and path_of(one)]
    return seen


def offences(start: str, forbidden: tuple[str, ...]) -> list[str]:
    return sorted(
        f"{module}: {name}"
        for module, names in reached(start).items()
        if module not in ONLY_NAMES_ERRORS
        for name in names
        if any(name == one or name.startswith(f"{one}.") for one in forbidden)
    )


@pytest.mark.parametrize(
    "module",
    [
        "pks_kit.verification.signatures.signed_ranges",
        "pks_kit.verification.isolation.repeated",
    ],
)
def test_what_is_repeated_reaches_no_parser(module: str) -> None:
    assert len(reached(module)) > 10
    assert offences(module, PARSERS) == []


def test_the_first_look_reaches_no_drawing() -> None:
    assert offences("pks_kit.verification.examine", PDFIUM) == []


def test_what_counts_as_an_offence() -> None:
    told = offences("pks_kit.verification.second_look", PDFIUM)
    assert "pks_kit.verification.file.page_pass: pypdfium2" in told
    assert offences("pks_kit.verification.examine", PARSERS)


def test_signatures_are_proven_while_no_parser_works(monkeypatch: pytest.MonkeyPatch) -> None:
    import pikepdf
    import pypdfium2
    from pyhanko.pdf_utils.reader import PdfFileReader

    start, *_, done = signed_files.signed_steps()
    task = job(done, issued=start)

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a parser was asked")

    monkeypatch.setattr(pikepdf, "open", refuse)
    monkeypatch.setattr(pypdfium2, "PdfDocument", refuse)
    monkeypatch.setattr(PdfFileReader, "__init__", refuse)
    facts = prove_ranges(done, anchors_of(), {}, task.now, task.fetched.parsed()).facts
    assert [one.sound and one.regular and one.trusted for one in facts] == [True] * 4
    assert facts[-1].end == len(done)


def test_only_children_open_pdfium_without_taking_a_turn() -> None:
    """Threads of a host inside PDFium end the process; a guarded child has one thread."""
    package = SOURCE / "pks_kit"
    opens = [
        path.relative_to(package).as_posix()
        for path in sorted(package.rglob("*.py"))
        if "PdfDocument(" in path.read_text(encoding="utf-8")
    ]
    in_children = ("verification/", "scan/")
    assert [one for one in opens if not one.startswith(in_children)] == ["pdf/pdfium.py"]

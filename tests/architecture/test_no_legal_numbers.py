"""No legal number stands in code: tariffs, limits and deadlines are dated parameters.

What is looked at (the templates have their own lint, ``pks-kit template lint``):

* in ``rules/`` every number but 0 and 1;
* everywhere numbers that are a tariff, ratio or file size among the parameters (1000 and more);
* everywhere numbers given to day and month arithmetic;
* everywhere, also in the words for people, digits with a legal unit: ``30 hari``, ``97%``.

Small numbers outside ``rules/`` (a slice, a font size, an exit code) are no law; they cannot reach
a deadline without the arithmetic of the third point.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
import yaml

from pks_kit.rules.law.parameters import load_parameters
from support.own_sources import nodes_of

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "pks_kit"
SOURCES = sorted(PACKAGE.rglob("*.py"))
LEAST_DISTINCTIVE = 1000
CALENDAR = frozenset({"months_before", "months_after", "timedelta", "relativedelta"})
CALENDAR_WORDS = frozenset({"days", "weeks", "months", "years"})
DIGITS_WITH_UNIT = re.compile(
    r"(?<![\w.,/-])(?:Rp\s?[0-9]|[0-9][0-9.,]*\s?(?:%|‰|persen\b|permil\b|hari\b|bulan\b|tahun\b|"
    r"jam\b|kali\b|days?\b|months?\b|years?\b|hours?\b|times\b|per cent\b|megabita\b|MB\b))"
)
STYLE_SHEET = re.compile(r"\{\s*[a-z-]+\s*:[^{}]+\}")
RESOURCE = re.compile(
    r"_?[A-Z_]*(?:BYTES|NODES|ROW|ROWS|FILES|DRAWINGS|LETTERS|PAGES|PIXELS|OBJECTS|SECONDS)"
)
"""Constants that guard memory and time against hostile files, told by their names."""

NOT_LAW = {
    ("domain/kontrak.py", 1_000_000): "shape of input: more participants than any facility has",
    ("rules/checks/cons_id.py", 24): "length from which a word may be a secret",
    ("rules/checks/cons_id.py", 4): "kinds of characters in a secret",
    ("rules/checks/cons_id.py", 5): "kinds of characters in a secret",
    ("rules/checks/duplicates.py", 5): "how many places a finding names",
    ("rules/checks/names.py", 2): "the part of an address behind its sign",
    ("rules/checks/names.py", 3): "letters from which a word may be in capitals",
    ("rules/checks/numbers.py", 15): "digits of the old NPWP, a form and not a limit",
    ("rules/checks/numbers.py", 16): "digits of the new NPWP, a form and not a limit",
    ("rules/checks/numbers.py", 22): "digits of an NITKU, a form and not a limit",
    ("rules/checks/schedule.py", 2): "pairs of sessions",
    ("rules/checks/term.py", 5): "Saturday",
    ("rules/checks/term.py", 6): "Sunday",
    ("rules/checks/term.py", 12): "the month of December",
    ("rules/checks/term.py", 31): "the last day of December",
    ("rules/findings.py", 2): "order of levels",
    ("rules/findings.py", 3): "order of levels",
    ("rules/computed/pkbk.py", 2): "two decimal places make a per cent",
    ("rules/law/parameter_file.py", 2): "depth of groups in a file",
    ("rules/law/parameter_file.py", 31): "days of the longest month",
    ("rules/law/parameter_file.py", 1900): "calendar years that make sense",
    ("rules/law/parameter_file.py", 2200): "calendar years that make sense",
    ("rules/law/parameter_file.py", 40): "characters shown of a wrong value",
    ("rules/computed/deadlines.py", 12): "months of a year",
    ("pdf/limits.py", 250_000): "objects visited in one file",
}
"""(file, number) -> why it is no law."""

WORDS_NOT_LAW = {
    ("findings.yml", "24 jam"): "name of the input field for round-the-clock care",
    ("shrink.yml", "2MB"): "how a limit is written on the command line",
    ("shrink.yml", "1.5MB"): "how a limit is written on the command line",
    ("shrink.yml", "1,5MB"): "the same in Indonesian",
}
"""(file, words) -> why they are no law."""


@cache
def distinctive() -> frozenset[int]:
    return frozenset(
        value.nilai
        for parameter in load_parameters()
        for value in parameter.nilai
        if isinstance(value.nilai, int) and value.nilai >= LEAST_DISTINCTIVE
    )


def numbers(nodes: Iterable[ast.AST]) -> Iterator[ast.Constant]:
    for node in nodes:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield node


def texts(nodes: Sequence[ast.AST]) -> Iterator[ast.Constant]:
    """Yield string constants that are no documentation."""
    documentation = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documentation and not STYLE_SHEET.search(node.value):
            yield node


def resource_limits(tree: ast.Module) -> set[int]:
    """Return the ids of numbers that module constants such as ``MAXIMUM_BYTES`` hold."""
    found: set[int] = set()
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if RESOURCE.fullmatch(name):
                found |= {id(node) for node in numbers(ast.walk(value))}
    return found


def calendar_numbers(nodes: Iterable[ast.AST]) -> Iterator[ast.Constant]:
    """Yield numbers above one in the arguments of day and month arithmetic."""
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in CALENDAR:
            continue
        given = [*node.args, *(word.value for word in node.keywords if word.arg in CALENDAR_WORDS)]
        for argument in given:
            yield from (one for one in numbers(ast.walk(argument)) if one.value not in (0, 1))


def violations(
    name: str, nodes: Sequence[ast.AST], legal: frozenset[int]
) -> list[tuple[int, object]]:
    """Return line and value of everything in one file that looks like law and is not excused."""
    (tree, *_) = nodes
    assert isinstance(tree, ast.Module)
    guards = resource_limits(tree)
    found = [
        (node.lineno, node.value)
        for node in numbers(nodes)
        if (node.value in legal and id(node) not in guards)
        or (name.startswith("rules/") and node.value not in (0, 1))
    ]
    found += [(node.lineno, node.value) for node in calendar_numbers(nodes)]
    found = [hit for hit in found if (name, hit[1]) not in NOT_LAW]
    return found + [
        (node.lineno, match.group())
        for node in texts(nodes)
        for match in DIGITS_WITH_UNIT.finditer(str(node.value))
        if (name, match.group()) not in WORDS_NOT_LAW
    ]


@pytest.mark.slow
def test_no_legal_number_in_code() -> None:
    legal = distinctive()
    found = {}
    for path in SOURCES:
        name = path.relative_to(PACKAGE).as_posix()
        found[name] = violations(name, nodes_of(path), legal)
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.slow
def test_no_legal_number_in_words_for_people() -> None:
    hits = {
        (path.name, code): match.group()
        for path in sorted((PACKAGE / "messages" / "catalogue").glob("*.yml"))
        for code, words in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        if not isinstance(words, str)  # the words of another code
        for text in words.values()
        for match in DIGITS_WITH_UNIT.finditer(text)
        if (path.name, match.group()) not in WORDS_NOT_LAW
    }
    assert hits == {}


def test_every_excuse_is_still_needed() -> None:
    for (name, value), _reason in NOT_LAW.items():
        path = PACKAGE / name
        assert path.is_file(), name
        found = {node.value for node in numbers(nodes_of(path))}
        assert value in found, (name, value)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("rules/check_x.py", "LIMIT = 5"),
        ("rules/check_x.py", "if count > 3: pass"),
        ("pipelines/x.py", "tarif = 12_000"),
        ("verify/x.py", "MAXIMUM_TARIFF = 12_000"),
        ("rules/x.py", "MAXIMUM_BYTES = 1_048_576"),
        ("pipelines/x.py", "ends = months_before(end, 3)"),
        ("cli/x.py", "due = start + timedelta(days=30)"),
        ("domain/x.py", "text = 'paling lambat 30 hari'"),
        ("domain/x.py", "text = f'dibayar 97% dari {x}'"),
        ("domain/x.py", "text = 'Rp10.000,00'"),
    ],
)
def test_the_search_finds_what_it_should(name: str, source: str) -> None:
    assert violations(name, list(ast.walk(ast.parse(source))), distinctive())


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("rules/check_x.py", "first = rows[0] + rows[-1] + 1"),
        ("verify/x.py", "_MOST_BYTES = 1_000_000"),
        ("render/x.py", "css = 'table { width: 100%; }'"),
        ("pipelines/x.py", "short = text[:40]"),
        ("pipelines/x.py", "timeout = timedelta(seconds=30)"),
        ("domain/x.py", '"""A reprimand after 30 hari."""'),
        ("domain/x.py", "text = 'Pasal 11 ayat (2)'"),
    ],
)
def test_the_search_leaves_the_rest_alone(name: str, source: str) -> None:
    assert violations(name, list(ast.walk(ast.parse(source))), distinctive()) == []

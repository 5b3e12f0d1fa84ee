"""No regular expression of the package takes longer than the text is long, whatever the text.

Texts made to hurt are built from each pattern itself: what leads to a repetition, then very much of
what it repeats, then something that does not fit; and very many beginnings. A pattern is tried in
the ways in which the code uses it: what only ``fullmatch`` sees is never searched for.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import pks_kit
from support.own_sources import nodes_of

PACKAGE = Path(pks_kit.__file__).parent
SIZES = (300, 600, 1_250, 2_500, 5_000, 10_000, 20_000, 40_000)
QUICK = 0.02
"""CPU seconds that any text of these sizes may take without being compared with half of it."""
AT_A_GLANCE = ((300, QUICK / 100), (2_500, QUICK / 10), (40_000, QUICK))
"""Sizes and seconds: what grows as a square or faster is seen at one of the smaller ones."""
TRIES = 5
"""Least of so many: a busy machine makes each of them slower, never quicker."""
WORST_GROWTH = 3.0
"""Twice the text takes twice the time when growth is linear, four times when it is quadratic."""
SEARCHING = frozenset({"search", "sub", "subn", "findall", "finditer", "split"})
ANCHORED = frozenset({"match", "fullmatch"})
MISFIT = "\x00"
OWN_WORDS = {
    "json_schema.py": "docstrings of this package",
    "pipelines/reference/law_uses.py": "templates and sources of this package",
}
"""Files whose patterns read nothing that comes from outside."""


@dataclass(frozen=True)
class Used:
    """A pattern and the ways in which it is used."""

    place: str
    pattern: re.Pattern[Any]
    ways: frozenset[str]


def _sources() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name not in OWN_WORDS and "migrations" not in name:
            yield name, path


def _methods_of_names(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for node in nodes_of(path):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            found.setdefault(name, set()).add(node.attr)
    return found


def _values(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset | set) and depth < 3:
        for one in value:
            yield from _values(one, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        for one in value.values():
            yield from _values(one, depth + 1)


def used_patterns() -> list[Used]:
    sources = dict(_sources())
    everywhere: dict[str, set[str]] = {}
    for path in sources.values():
        for name, methods in _methods_of_names(path).items():
            everywhere.setdefault(name, set()).update(methods)
    found: list[Used] = []
    for file, path in sources.items():
        dotted = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        module = importlib.import_module("pks_kit" if dotted == "__init__" else f"pks_kit.{dotted}")
        own = _methods_of_names(path)
        for name, value in vars(module).items():
            methods = (own if name.startswith("_") else everywhere).get(name, set())
            ways = frozenset(methods & (SEARCHING | ANCHORED)) or frozenset({"search"})
            for pattern in _values(value):
                found.append(Used(f"{file}:{name}", pattern, ways))
        for node in nodes_of(path):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in SEARCHING | ANCHORED
                and isinstance(node.args[0], ast.Constant)
            ):
                pattern = re.compile(node.args[0].value)
                found.append(Used(f"{file}:{node.lineno}", pattern, frozenset({node.func.attr})))
    return found


# What a piece of a pattern matches, and how to lead to each of its repetitions.


def _letter_of(items: list[Any]) -> str:
    """Return a letter that a set of letters holds."""
    if items and items[0][0] is kinds.NEGATE:
        for letter in "a 0\n.-":
            if not any(_holds(item, letter) for item in items[1:]):
                return letter
        return "é"
    for kind, value in items:
        if kind is kinds.LITERAL:
            return chr(value)
        if kind is kinds.RANGE:
            return chr(value[0])
        if kind is kinds.CATEGORY:
            return _letter_of_category(value)
    return "a"


def _letter_of_category(value: Any) -> str:
    return {
        kinds.CATEGORY_SPACE: " ",
        kinds.CATEGORY_DIGIT: "0",
        kinds.CATEGORY_WORD: "a",
        kinds.CATEGORY_NOT_SPACE: "a",
        kinds.CATEGORY_NOT_DIGIT: "a",
        kinds.CATEGORY_NOT_WORD: " ",
    }[value]


def _holds(item: tuple[Any, Any], letter: str) -> bool:
    kind, value = item
    if kind is kinds.LITERAL:
        return ord(letter) == value
    if kind is kinds.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    fits = {
        kinds.CATEGORY_SPACE: letter.isspace(),
        kinds.CATEGORY_DIGIT: letter.isdigit(),
        kinds.CATEGORY_WORD: letter.isalnum() or letter == "_",
    }
    return fits[value] if value in fits else not fits[_OPPOSITE[value]]


_OPPOSITE = {
    kinds.CATEGORY_NOT_SPACE: kinds.CATEGORY_SPACE,
    kinds.CATEGORY_NOT_DIGIT: kinds.CATEGORY_DIGIT,
    kinds.CATEGORY_NOT_WORD: kinds.CATEGORY_WORD,
}
_REPEATS = {kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT}


def _sample(pieces: Any) -> str:
    """Return a short text that a piece of a pattern matches."""
    text = ""
    for kind, value in pieces:
        if kind is kinds.LITERAL:
            text += chr(value)
        elif kind is kinds.NOT_LITERAL:
            text += "b" if value == ord("a") else "a"
        elif kind is kinds.IN:
            text += _letter_of(value)
        elif kind is kinds.ANY:
            text += "a"
        elif kind is kinds.BRANCH:
            text += _sample(value[1][0])
        elif kind is kinds.SUBPATTERN:
            text += _sample(value[-1])
        elif kind is kinds.ATOMIC_GROUP:
            text += _sample(value)
        elif kind in _REPEATS:
            text += _sample(value[2]) * max(value[0], 1)
    return text


def _roads(pieces: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Return what leads to each unbounded repetition, and what it repeats."""
    for place, (kind, value) in enumerate(pieces):
        here = before + _sample(list(pieces)[:place])
        if kind in _REPEATS:
            if value[1] is kinds.MAXREPEAT or value[1] > 100:
                yield here, _sample(value[2]) or "a"
            yield from _roads(value[2], here)
        elif kind is kinds.SUBPATTERN:
            yield from _roads(value[-1], here)
        elif kind is kinds.ATOMIC_GROUP:
            yield from _roads(value, here)
        elif kind is kinds.BRANCH:
            for branch in value[1]:
                yield from _roads(branch, here)


def hurting(pattern: re.Pattern[Any]) -> set[tuple[str, str, str]]:
    """Return texts as begin, part to repeat, end."""
    source = pattern.pattern
    if isinstance(source, bytes):
        source = source.decode("latin-1")
    pieces = parser.parse(source, pattern.flags & ~re.UNICODE)
    whole = _sample(pieces) or "a"
    found = {("", blank, MISFIT) for blank in (" ", "\n", "\t", "a", "A", "0", ". ", "-", "a ")}
    found |= {("", whole, MISFIT), ("", whole[:-1] or "a", MISFIT), (whole, " ", MISFIT)}
    for before, part in _roads(pieces):
        fillers = {part, *(letter for letter in " \n\t0a." if part.strip() == "")}
        found |= {(before, filler, MISFIT) for filler in fillers}
        found.add(("", before + part, MISFIT))
        if before:
            found.add(("", before, MISFIT))
    return found


def _seconds(pattern: re.Pattern[Any], way: str, text: Any) -> float:
    ways: dict[str, Callable[[], object]] = {
        "sub": lambda: pattern.sub(text[:0], text),
        "subn": lambda: pattern.subn(text[:0], text),
        "finditer": lambda: sum(1 for _ in pattern.finditer(text)),
    }
    run = ways.get(way) or (lambda: getattr(pattern, way)(text))
    started = time.process_time()
    run()
    return time.process_time() - started


def too_slow(used: Used) -> Iterator[str]:
    """Return the texts that make a pattern slower than linear."""
    for begin, part, end in sorted(hurting(used.pattern)):
        ways = {"search" if way in SEARCHING else way for way in used.ways}
        for way in sorted(ways | (used.ways & {"sub", "findall", "finditer"})):
            growth = _growth(used.pattern, way, begin, part, end)
            if growth:
                yield f"{way} {begin[:30]!r} + {part[:30]!r} * n: {growth}"
                break


def _growth(pattern: re.Pattern[Any], way: str, begin: str, part: str, end: str) -> str:
    """Return how the time grows when it does so faster than the text, else nothing.

    Sizes grow from small ones, so that a cubic pattern does not stop the test.
    """

    def text_of(size: int) -> Any:
        text = begin + part * (size // len(part)) + end
        is_bytes = isinstance(pattern.pattern, bytes)
        return text.encode("latin-1", "replace") if is_bytes else text

    if all(_seconds(pattern, way, text_of(size)) <= limit for size, limit in AT_A_GLANCE):
        return ""

    def least(size: int, enough: float) -> float:
        """Return the least time of a few tries; no more of them than are needed."""
        text = text_of(size)
        now = _seconds(pattern, way, text)
        for _ in range(TRIES - 1):
            if now <= enough:
                break
            now = min(now, _seconds(pattern, way, text))
        return now

    before = 0.0
    for size in SIZES:
        now = least(size, max(QUICK, WORST_GROWTH * before))
        if now > max(QUICK, WORST_GROWTH * before):
            # a neighbour on the machine may take one time, never the growth to the next as well
            twice = least(2 * size, WORST_GROWTH * now)
            if twice > WORST_GROWTH * now:
                return f"{before:.3f}, {now:.3f}, {twice:.3f} s up to {2 * size} letters"
        before = now
    return ""


@pytest.mark.slow
def test_every_pattern_is_linear() -> None:
    found = used_patterns()
    assert len(found) > 120
    faults = {used.place: slow for used in found if (slow := [*too_slow(used)])}
    assert faults == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"^\s*(D\s*R\s*A\s*F\s*T?)\s*$", "search"),
        (r"oleh\s*:?\s*([^\r\n]{2,120})", "search"),
        (r"[a-z0-9]+\.id", "search"),
        (r"\{:[^}\n]*\}", "search"),
    ],
)
def test_a_quadratic_pattern_is_found(pattern: str, way: str) -> None:
    flags = re.MULTILINE if pattern.startswith("^") else 0
    assert next(too_slow(Used("x", re.compile(pattern, flags), frozenset({way}))), "")


def test_no_module_is_forgotten() -> None:
    names = {one.name for one in pkgutil.walk_packages([str(PACKAGE)], "pks_kit.")}
    read = {
        f"pks_kit.{file.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"
        for file, _ in _sources()
    }
    left = {name for name in names - read if "migrations" not in name}
    assert left == {f"pks_kit.{file.removesuffix('.py').replace('/', '.')}" for file in OWN_WORDS}

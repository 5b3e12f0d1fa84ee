"""What only tests call, nobody needs: every public name and every parameter has a user.

Users are ``src`` itself, whoever uses the library, and the program that writes ``docs``.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

import pks_kit
from support.own_sources import nodes_of, tree_of

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

KEPT = {
    "pks_kit.domain.page_code.parse_page_code": "scans read what the pages print",
    "pks_kit.domain.page_code.PageCode.same_issue": "whoever reads scans asks it of every page",
    "pks_kit.render.pdf.first_layout.completed": "whoever reads scans of old pages asks it",
    "pks_kit.domain.receipt.Receipt.places_on": "whoever judges a page asks for its places",
    "pks_kit.ledger.migrations": "alembic reads names in them",
    "pks_kit.web.state.migrations": "alembic reads names in them",
    "pks_kit.web.portal.Portal.from_settings": "a portal's backend begins with it",
    "pks_kit.verification.isolation.parent.run_guarded_async": "the asynchronous verify asks it",
    "pks_kit.verification.isolation.parent.run_task_guarded": "a host hands its own pool over",
    "pks_kit.rules.computed.deadlines.loss_recovery_due": "letters: minutes of loss recovery",
    "pks_kit.rules.computed.deadlines.next_reprimand": "letters: reprimands 1 to 3",
    "pks_kit.verification.isolation.kernel.enter.enter": "tests ask what rests on which rule",
    "pks_kit.scan.simulated": "tests, figures and the demonstration draw paper with it",
    "pks_kit.messages.known_codes": "the catalogue is checked against the code, and only there",
}
"""Names without a user in src, and why they stay."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Module:
    """One file: what it defines and what it mentions."""

    name: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    """Everything in the tree."""
    imported: set[str] = field(default_factory=set)
    """Dotted names that it imports from pks_kit."""
    attributes: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    """Short texts that could name something: lazy imports, ``getattr``."""


@cache
def modules() -> tuple[Module, ...]:
    found = []
    for path in sorted([*SOURCE.rglob("*.py"), *(ROOT / "docs").glob("*.py")]):
        parts = path.relative_to(SOURCE if SOURCE in path.parents else ROOT).with_suffix("").parts
        name = ".".join(one for one in parts if one != "__init__")
        module = Module(name, tree_of(path), nodes_of(path))
        documentation = _documentation(module.nodes)
        for node in module.nodes:
            match node:
                case ast.Attribute(attr=word):
                    module.attributes.add(word)
                case ast.ImportFrom(module=str(origin), names=names):
                    module.imported |= {f"{origin}.{one.name}" for one in names}
                case ast.Import(names=names):
                    module.imported |= {one.name for one in names}
                case ast.Constant(value=str(text)) if id(node) not in documentation:
                    if re.fullmatch(r"[\w.:]{1,120}", text):
                        module.texts.add(text)
        found.append(module)
    return tuple(found)


def _documentation(nodes: tuple[ast.AST, ...]) -> set[int]:
    """Return the texts that stand alone: docstrings use nothing."""
    return {id(one.value) for one in nodes if isinstance(one, ast.Expr)}


@cache
def elsewhere() -> frozenset[str]:
    """Return every word of what calls Python and is none: templates, settings, entry points."""
    files = [ROOT / "pyproject.toml"]
    files += [
        path
        for folder in ("src", "templates", "signing")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".md", ".html", ".j2", ".css", ".yml"}
    ]
    return frozenset(
        word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    )


@cache
def public() -> frozenset[str]:
    """Return the names that the library offers to others, with their modules."""
    return frozenset(f"{getattr(pks_kit, name).__module__}.{name}" for name in pks_kit.__all__)


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node
            case ast.Assign(targets=targets):
                yield from ((one.id, node) for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node


def _is_registered(node: ast.stmt) -> bool:
    """Return whether a decorator hands it to somebody: a command, a check, a validator."""
    if not isinstance(node, Function | ast.ClassDef):
        return False
    known = {"dataclass", "cache", "lru_cache", "contextmanager", "property", "staticmethod",
             "classmethod", "cached_property", "overload", "total_ordering", "wraps",
             "asynccontextmanager", "unique", "runtime_checkable", "final"}  # fmt: skip
    names = {
        getattr(one, "attr", getattr(one, "id", ""))
        for each in node.decorator_list
        for one in [each.func if isinstance(each, ast.Call) else each]
    }
    return bool(names - known)


def unused_names() -> list[str]:
    """Return public names of modules that nothing in src mentions outside their definition."""
    offenders = []
    taken: dict[str, set[str]] = defaultdict(set)
    """Names that others import from each module or name in a text as ``module:name``."""
    for other in modules():
        for sign, words in ((".", other.imported), (":", other.texts)):
            for one in words:
                origin, _, name = one.rpartition(sign)
                if origin != other.name:
                    taken[origin].add(name)
    for module in modules():
        others = [one for one in modules() if one is not module]
        used = _used_inside(module.tree) | taken[module.name]
        for other in others:
            if module.name in other.imported:
                used |= other.attributes
            if module.name in other.texts:  # a lazy import: module and name stand in texts
                used |= other.texts
        for name, node in _definitions(module.tree):
            full = f"{module.name}.{name}"
            hidden = name.startswith("_") or _is_registered(node) or name in elsewhere()
            hidden = hidden or full in public()
            if not (hidden or name in used or _is_kept(full)):
                offenders.append(full)
    return offenders


def _used_inside(tree: ast.Module) -> set[str]:
    """Return names that one statement of a module uses and another defines."""
    used: set[str] = set()
    for statement in tree.body:
        own = {name for name, node in _definitions(tree) if node is statement}
        used |= {
            one.id
            for one in ast.walk(statement)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
        } - own
    return used


def unused_methods() -> list[str]:
    """Return public methods and properties whose name nothing in src mentions.

    A class with a base from a library is left out: the library calls its methods.
    """
    ours = {name for module in modules() for name, _ in _definitions(module.tree)}
    mentioned = {word for module in modules() for word in module.attributes | module.texts}
    offenders = []
    for module in modules():
        for _, node in _definitions(module.tree):
            if not isinstance(node, ast.ClassDef) or any(
                getattr(base, "id", "") not in ours for base in node.bases
            ):
                continue
            for method in node.body:
                if not isinstance(method, Function) or method.name.startswith("_"):
                    continue
                full = f"{module.name}.{node.name}.{method.name}"
                known = mentioned | elsewhere()
                if method.name not in known and not _is_registered(method) and not _is_kept(full):
                    offenders.append(full)
    return offenders


def unused_parameters() -> list[str]:
    """Return parameters with a default that no call in src ever gives."""
    calls: dict[str, list[ast.Call]] = defaultdict(list)
    handed_on: set[str] = set()
    for module in modules():
        called = set()
        for node in module.nodes:
            if isinstance(node, ast.Call):
                called.add(id(node.func))
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                calls[name].append(node)
        for node in module.nodes:
            if isinstance(node, ast.Name | ast.Attribute) and id(node) not in called:
                if not isinstance(node.ctx, ast.Load):
                    continue
                handed_on.add(getattr(node, "id", getattr(node, "attr", "")))
    offenders = []
    for module in modules():
        for owner, function in _functions(module.tree):
            name = function.name if function.name != "__init__" else owner
            if _is_registered(function) or not calls[name] or name in handed_on:
                continue
            if f"{module.name}.{owner or name}" in public():
                continue
            for place, parameter in _with_default(function, is_method=bool(owner)):
                full = f"{module.name}.{owner}.{function.name}({parameter})".replace("..", ".")
                kept = _is_kept(full.partition("(")[0])
                if not kept and not any(_gives(call, place, parameter) for call in calls[name]):
                    offenders.append(full)
    return offenders


def _functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, Function):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            yield from ((node.name, one) for one in node.body if isinstance(one, Function))


def _with_default(function: Function, *, is_method: bool) -> Iterator[tuple[int | None, str]]:
    given = function.args
    positional = [*given.posonlyargs, *given.args][1 if is_method else 0 :]
    first = len(positional) - len(given.defaults)
    yield from ((place, positional[place].arg) for place in range(max(first, 0), len(positional)))
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if default is not None:
            yield None, one.arg


def _gives(call: ast.Call, place: int | None, name: str) -> bool:
    if any(one.arg in (None, name) for one in call.keywords):
        return True
    starred = any(isinstance(one, ast.Starred) for one in call.args)
    return place is not None and (starred or len(call.args) > place)


def _is_kept(full: str) -> bool:
    return any(full == one or full.startswith(f"{one}.") for one in KEPT)


@pytest.mark.slow
def test_every_public_name_has_a_user() -> None:
    assert unused_names() + unused_methods() == []


@pytest.mark.slow
def test_every_default_is_overridden_somewhere() -> None:
    assert unused_parameters() == []


def test_names_that_are_kept_still_exist() -> None:
    known = {module.name for module in modules()}
    for module in modules():
        known |= {f"{module.name}.{name}" for name, _ in _definitions(module.tree)}
        known |= {
            f"{module.name}.{name}.{method.name}"
            for name, node in _definitions(module.tree)
            if isinstance(node, ast.ClassDef)
            for method in node.body
            if isinstance(method, Function)
        }
    assert set(KEPT) <= known

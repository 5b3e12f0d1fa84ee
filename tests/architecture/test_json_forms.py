"""JSON has one definition: every form, its schema, and no handwritten dictionary beside it."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pks_kit.json_form import from_json, to_json
from support.from_types import form_of, values_of
from support.proving import SampleOf
from support.schema_check import SCHEMAS, problems

ROOT = Path(__file__).resolve().parents[2]
BY_HAND: dict[str, str] = {}
"""Modules that may write a dictionary for JSON by hand, each with its reason."""


def _forms() -> dict[str, Any]:
    place = ROOT / "docs" / "generate.py"
    found = importlib.util.spec_from_file_location("generate_docs", place)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return {name: kind for name, (kind, _, _) in module.FORMS.items()}


FORMS = _forms()


def handwritten_forms(source: str) -> list[str]:
    """Return the functions that turn an object into a dictionary for JSON, or back, by hand."""
    if "_dict(" not in source:
        return []
    return [
        f"{node.lineno} {node.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and re.fullmatch(r"_*(\w+_)?(as|to|from)_dict", node.name)
    ]


@pytest.mark.slow
def test_no_handwritten_form_is_left() -> None:
    offenders = [
        f"{path.relative_to(ROOT)}:{one}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for one in handwritten_forms(path.read_text(encoding="utf-8"))
        if path.relative_to(ROOT / "src" / "pks_kit").as_posix() not in BY_HAND
    ]
    assert offenders == []


def test_the_search_finds_what_it_should() -> None:
    names = ("as_dict", "_as_dict", "report_from_dict", "to_dict", "shown", "as_dictionary")
    source = "\n".join(f"def {name}(): ..." for name in names)
    assert handwritten_forms(source) == [f"{n} {name}" for n, name in enumerate(names[:4], start=1)]


def test_every_excuse_is_still_needed() -> None:
    for name in BY_HAND:
        path = ROOT / "src" / "pks_kit" / name
        assert handwritten_forms(path.read_text(encoding="utf-8")) != [], name


def handwritten_answers(source: str) -> list[int]:
    """Return the lines that print a dictionary which no class defines."""
    if "echo_json(" not in source:
        return []
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "echo_json"
        and isinstance(node.args[0], ast.Dict | ast.DictComp)
    ]


def test_commands_print_forms_alone() -> None:
    sources = sorted((ROOT / "src" / "pks_kit" / "cli").glob("*.py"))
    offenders = {
        path.name: lines
        for path in sources
        if (lines := handwritten_answers(path.read_text(encoding="utf-8")))
    }
    assert offenders == {}
    assert handwritten_answers(
        'echo_json(to_json(x) | {"a": 1})\necho_json({"a": to_json(x)})'
    ) == [2]


def test_every_published_schema_is_made_from_a_class() -> None:
    published = {path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.json")}
    assert published - {"kontrak", "pengaturan", "surat"} == set(FORMS)


def for_values_of(kind: Any, holds: Callable[[Any], None], most: int) -> None:
    """Try what must hold with values of a type; it is looked at once for all of them."""
    settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(given(values_of(kind))(holds))()


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_what_a_form_may_hold_follows_its_schema(name: str, sample_of: SampleOf) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))

    def follows_it(value: Any) -> None:
        shown = json.loads(json.dumps(to_json(value), allow_nan=False))
        assert problems(shown, schema, schema) == []

    for_values_of(form_of(FORMS[name]), follows_it, 30 if sample_of.everything else 6)


READABLE = ("ledger-event", "ledger-migrate", "ledger-release", "verify")
"""Forms whose class can be read again; the others leave something out on purpose."""


@pytest.mark.slow
@pytest.mark.parametrize("name", READABLE)
def test_what_was_shown_can_be_read(name: str, sample_of: SampleOf) -> None:
    def is_read_again(value: Any) -> None:
        assert from_json(FORMS[name], json.dumps(to_json(value))) == value

    for_values_of(FORMS[name], is_read_again, 50 if sample_of.everything else 12)

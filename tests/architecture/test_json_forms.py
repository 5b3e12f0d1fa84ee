"""JSON has one definition: every form, its schema, and no handwritten dictionary beside it."""

from __future__ import annotations

import ast
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pks_kit.json_form import from_json, to_json
from support.from_types import form_of, values_of
from support.schema_check import SCHEMAS, problems

ROOT = Path(__file__).resolve().parents[2]
HANDWRITTEN = {"as_dict", "to_dict", "from_dict", "as_json"}
BY_HAND: dict[str, str] = {}
"""Functions that may write a dictionary for JSON by hand, each with its reason."""


def _forms() -> dict[str, Any]:
    place = ROOT / "docs" / "generate.py"
    found = importlib.util.spec_from_file_location("generate_docs", place)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return {name: kind for name, (kind, _, _) in module.FORMS.items()}


FORMS = _forms()


def test_no_handwritten_form_is_left() -> None:
    offenders = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                name = node.name.strip("_")
                if name in HANDWRITTEN or name.endswith(("_from_dict", "_as_dict", "_to_dict")):
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert [one for one in offenders if one.rpartition(" ")[2] not in BY_HAND] == []


def test_every_published_schema_is_made_from_a_class() -> None:
    published = {path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.json")}
    assert published - {"kontrak"} == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
@settings(
    max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_what_a_form_may_hold_follows_its_schema(name: str, data: st.DataObject) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    value = data.draw(values_of(form_of(FORMS[name])))
    shown = json.loads(json.dumps(to_json(value), allow_nan=False))
    assert problems(shown, schema, schema) == []


READABLE = sorted(
    name for name in FORMS if name in {"ledger-event", "ledger-export", "ledger-migrate", "verify"}
)


@pytest.mark.parametrize("name", READABLE)
@given(data=st.data())
@settings(
    max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_what_was_shown_can_be_read(name: str, data: st.DataObject) -> None:
    value = data.draw(values_of(FORMS[name]))
    assert from_json(FORMS[name], json.dumps(to_json(value))) == value

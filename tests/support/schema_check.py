"""A small JSON Schema checker: just the words that our schemas use, and it refuses others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "skema"
_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}
_KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "pattern",
    "minimum", "required", "properties", "additionalProperties", "items",
}  # fmt: skip


def problems(
    value: Any, schema: dict[str, Any], root: dict[str, Any], path: str = "$"
) -> list[str]:
    """Return where a value does not follow a schema."""
    assert set(schema) <= _KNOWN, set(schema) - _KNOWN
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    found = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{path}: not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} not in {schema['enum']}")
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        return [*found, f"{path}: {value!r} is no {kinds}"]
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        found.append(f"{path}: {value!r} against {schema['pattern']}")
    if "minimum" in schema and value < schema["minimum"]:
        found.append(f"{path}: {value} too small")
    if isinstance(value, dict):
        found += _object(value, schema, root, path)
    if isinstance(value, list) and "items" in schema:
        for place, item in enumerate(value):
            found += problems(item, schema["items"], root, f"{path}[{place}]")
    return found


def follows(shown: Any, name: str) -> list[str]:
    """Return where a value does not follow the published schema of a name."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return problems(shown, schema, schema)


def _is(value: Any, kind: str) -> bool:
    if kind in ("integer", "number"):
        return isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(
            value, bool
        )
    return isinstance(value, _TYPES[kind])


def _object(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{path}: {name} missing" for name in schema.get("required", []) if name not in value]
    others = schema.get("additionalProperties", True)
    for name, inside in value.items():
        if name in known:
            found += problems(inside, known[name], root, f"{path}.{name}")
        elif others is False:
            found.append(f"{path}: {name} unknown")
        elif isinstance(others, dict):
            found += problems(inside, others, root, f"{path}.{name}")
    return found

"""A small JSON Schema checker: just the words that our schemas use, and it refuses others."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
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
    "minimum", "maximum", "required", "properties", "additionalProperties", "items", "anyOf",
    "format",
    "prefixItems", "minItems", "maxItems", "minLength", "maxLength", "propertyNames",
    "patternProperties", "maxProperties",
}  # fmt: skip
_FORMATS: dict[str, Any] = {
    "date": date.fromisoformat,
    "date-time": lambda text: datetime.fromisoformat(text).utcoffset().total_seconds(),
    "path": Path,
}


def problems(
    value: Any, schema: dict[str, Any], root: dict[str, Any], path: str = "$"
) -> list[str]:
    """Return where a value does not follow a schema."""
    assert set(schema) <= _KNOWN, set(schema) - _KNOWN
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    found = []
    if "anyOf" in schema:
        each = [problems(value, one, root, path) for one in schema["anyOf"]]
        found += [] if [] in each else min(each, key=len)
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
    if "minimum" in schema and value is not None and value < schema["minimum"]:
        found.append(f"{path}: {value} too small")
    if "maximum" in schema and value is not None and value > schema["maximum"]:
        found.append(f"{path}: {value} too large")
    if isinstance(value, str):
        found += _text(value, schema, path)
    if isinstance(value, dict):
        found += _object(value, schema, root, path)
    if isinstance(value, list):
        found += _array(value, schema, root, path)
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


def _text(value: str, schema: dict[str, Any], path: str) -> list[str]:
    found = _length(len(value), schema, "Length", path)
    try:
        _FORMATS.get(schema.get("format", ""), str)(value)
    except (ValueError, AttributeError):
        found.append(f"{path}: {value!r} is no {schema['format']}")
    return found


def _array(value: list[Any], schema: dict[str, Any], root: dict[str, Any], path: str) -> list[str]:
    found = _length(len(value), schema, "Items", path)
    first = schema.get("prefixItems", [])
    for place, item in enumerate(value):
        inside = first[place] if place < len(first) else schema.get("items", {})
        found += problems(item, inside, root, f"{path}[{place}]")
    return found


def _length(count: int, schema: dict[str, Any], what: str, path: str) -> list[str]:
    least, most = schema.get(f"min{what}", 0), schema.get(f"max{what}", count)
    return [] if least <= count <= most else [f"{path}: {count} is not {least} to {most}"]


def _object(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{path}: {name} missing" for name in schema.get("required", []) if name not in value]
    found += _length(len(value), schema, "Properties", path)
    others = schema.get("additionalProperties", True)
    by_pattern = schema.get("patternProperties", {})
    for name in value if "propertyNames" in schema else ():
        found += problems(name, schema["propertyNames"], root, f"{path}.{name}")
    for name, inside in value.items():
        fitting = [one for pattern, one in by_pattern.items() if re.search(pattern, name)]
        if name in known:
            fitting = [known[name]]
        elif others is False or (by_pattern and not fitting):
            found.append(f"{path}: {name} unknown")
        elif isinstance(others, dict):
            fitting = [others]
        for one in fitting:
            found += problems(inside, one, root, f"{path}.{name}")
    return found

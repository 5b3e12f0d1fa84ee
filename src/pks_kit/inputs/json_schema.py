"""JSON Schema of the input file, and questions to it: which keys, what is expected where."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel

from pks_kit.domain.jenis_faskes import TIDAK_DIMINTA_DARI_PENUNJANG
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sifat_faskes import JENIS_PENUNJANG

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def kontrak_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a contract file, ready to be written as JSON."""
    schema = Kontrak.model_json_schema()
    schema["title"] = "Data kontrak PKS FKTP"
    schema["description"] = (
        "Masukan pks-kit: data satu perjanjian kerja sama FKTP. "
        "Input of pks-kit: the data of one agreement."
    )
    return {"$schema": DIALECT, **_asking_supporting_facilities_less(schema)}


def _asking_supporting_facilities_less(schema: dict[str, Any]) -> dict[str, Any]:
    """Require the sections that only an FKTP has of every other kind alone."""
    asked = {
        (): TIDAK_DIMINTA_DARI_PENUNJANG,
        ("jadwal",): ("praktik",),
        ("faskes",): ("rawat_inap", "jumlah_peserta_terdaftar"),
    }
    of_fktp: dict[str, Any] = {}
    for place, names in asked.items():
        group = schema["$defs"][place[0].capitalize()] if place else schema
        group["required"] = [name for name in group["required"] if name not in names]
        rule = {"required": list(names)}
        of_fktp |= (
            {"properties": of_fktp.get("properties", {}) | {place[0]: rule}} if place else rule
        )
    kind = {"properties": {"jenis": {"enum": list(JENIS_PENUNJANG)}}, "required": ["jenis"]}
    supporting = {"properties": {"faskes": kind}, "required": ["faskes"]}
    return schema | {"if": supporting, "else": of_fktp}


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _resolve(node: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    if "$ref" in node:
        target: dict[str, Any] = _schema(model)["$defs"][node["$ref"].rpartition("/")[2]]
        return _resolve(target, model)
    choices = [choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        return _resolve(choices[0], model)
    if "oneOf" in node:  # kinds told apart by one key: all their keys together
        kinds = [_resolve(choice, model) for choice in node["oneOf"]]
        merged = {key: value for kind in kinds for key, value in kind["properties"].items()}
        return {"type": "object", "properties": merged}
    return node


def schema_at(path: tuple[str | int, ...], model: type[BaseModel] = Kontrak) -> dict[str, Any]:
    """Return the schema of the value at a path, references and "or nothing" taken away.

    An empty dict means that the schema knows no such place.

    Args:
        path: Keys and row numbers.
        model: What the file holds; contract data when not said.
    """
    node = _resolve(_schema(model), model)
    for part in path:
        inner = node.get("items") if isinstance(part, int) else _entry(node, part)
        if inner is None:
            return {}
        node = _resolve(inner, model)
    return node


def _entry(node: dict[str, Any], key: str) -> dict[str, Any] | None:
    named: dict[str, Any] | None = node.get("properties", {}).get(key)
    free = node.get("additionalProperties")
    return named if named is not None or not isinstance(free, dict) else free


def known_keys(path: tuple[str | int, ...], model: type[BaseModel] = Kontrak) -> tuple[str, ...]:
    """Return the keys that the mapping at a path may have, in order."""
    return tuple(schema_at(path, model).get("properties", {}))


def is_free_text(path: tuple[str | int, ...], model: type[BaseModel] = Kontrak) -> bool:
    """Return whether any words may stand at a path: text with no pattern, choice or own type."""
    node = schema_at(path, model)
    closed = {"pattern", "enum", "const", "format"}
    return node.get("type") == "string" and not closed.intersection(node)

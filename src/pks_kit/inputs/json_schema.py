"""JSON Schema of the input file, and questions to it: which keys, what is expected where."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

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


def settings_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a settings file, ready to be written as JSON."""
    from pks_kit.settings.model import SigningSettings

    schema = SigningSettings.model_json_schema()
    schema["title"] = "Pengaturan tanda tangan pks-kit"
    schema["description"] = (
        "Pengaturan untuk pks-kit sign-all: kunci, layanan, stempel waktu, dan meterai; rahasia "
        "hanya disebut asalnya. Settings of pks-kit sign-all: keys, services, timestamps and "
        "meterai; of secrets only where they are."
    )
    return {"$schema": DIALECT, **schema}


def letters_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a letter's file: one model of ``$defs`` each.

    A file does not name its kind, so the schema allows any; an editor that knows the kind points
    at ``#/$defs/<Model>``.
    """
    from pks_kit.domain.surat import MODEL_SURAT

    models: list[type[BaseModel]] = [MODEL_SURAT[name] for name in sorted(MODEL_SURAT)]
    references, schema = models_json_schema([(one, "validation") for one in models])
    schema["title"] = "Data surat"
    schema["description"] = (
        "Masukan pks-kit letter draft: data satu surat. "
        "Input of pks-kit letter draft: the data of one letter."
    )
    choices = [references[one, "validation"] for one in models]
    return {"$schema": DIALECT, **schema, "anyOf": choices}


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


def _resolve(node: dict[str, Any], model: type[BaseModel], value: object = None) -> dict[str, Any]:
    if "$ref" in node:
        target: dict[str, Any] = _schema(model)["$defs"][node["$ref"].rpartition("/")[2]]
        return _resolve(target, model, value)
    choices = [choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        return _resolve(choices[0], model, value)
    if "oneOf" in node:  # kinds told apart by one key
        return _of_kind(node, model, value)
    return node


def _of_kind(node: dict[str, Any], model: type[BaseModel], value: object) -> dict[str, Any]:
    """Return the kind that the data name; all kinds together while they name none."""
    key = node["discriminator"]["propertyName"]
    kinds = [_resolve(choice, model) for choice in node["oneOf"]]
    named = value.get(key) if isinstance(value, dict) else None
    chosen = [kind for kind in kinds if kind["properties"][key].get("const") == named]
    if chosen:
        return chosen[0]
    merged = {name: inner for kind in kinds for name, inner in kind["properties"].items()}
    names = [kind["properties"][key]["const"] for kind in kinds]
    return {"type": "object", "properties": {**merged, key: {"enum": names}}}


def schema_at(
    path: tuple[str | int, ...], model: type[BaseModel] = Kontrak, data: object = None
) -> dict[str, Any]:
    """Return the schema of the value at a path, references and "or nothing" taken away.

    An empty dict means that the schema knows no such place.

    Args:
        path: Keys and row numbers.
        model: What the file holds; contract data when not said.
        data: The whole data as read; where kinds are told apart by a key, it says which one.
    """
    node = _resolve(_schema(model), model, data)
    for part in path:
        inner = node.get("items") if isinstance(part, int) else _entry(node, part)
        if inner is None:
            return {}
        data = data.get(part) if isinstance(data, dict) else None
        node = _resolve(inner, model, data)
    return node


def _entry(node: dict[str, Any], key: str) -> dict[str, Any] | None:
    named: dict[str, Any] | None = node.get("properties", {}).get(key)
    free = node.get("additionalProperties")
    if named is not None or isinstance(free, dict):
        return named if named is not None else free
    # names that a person chooses: all of them hold the same
    return next(iter(node.get("patternProperties", {}).values()), None)


def known_keys(
    path: tuple[str | int, ...], model: type[BaseModel] = Kontrak, data: object = None
) -> tuple[str, ...]:
    """Return the keys that the mapping at a path may have, in order."""
    node = schema_at(path, model, data)
    return tuple(node.get("properties", ())) or tuple(node.get("propertyNames", {}).get("enum", ()))


def is_free_text(path: tuple[str | int, ...], model: type[BaseModel] = Kontrak) -> bool:
    """Return whether any words may stand at a path: text with no pattern, choice or own type."""
    node = schema_at(path, model)
    closed = {"pattern", "enum", "const", "format"}
    return node.get("type") == "string" and not closed.intersection(node)

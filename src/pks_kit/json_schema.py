"""JSON Schemas of our JSON forms: descriptions from docstrings, no titles that repeat the key."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from pks_kit.json_form import adapter

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OMITTED = "serialization_exclude_if"


def json_schema(kind: type, *, title: str, description: str = "") -> dict[str, Any]:
    """Return the JSON Schema of the public form.

    Args:
        kind: The class.
        title: Title of the schema.
        description: What a reader must know beside the docstring of the class.
    """
    made = adapter(kind).json_schema(
        mode="serialization", by_alias=True, schema_generator=DescribedSchema
    )
    words = " ".join(part for part in (made.pop("description", ""), description) if part)
    return {"$schema": DIALECT, "title": title, "description": words, **made}


class DescribedSchema(GenerateJsonSchema):
    """The generator of pydantic, told what our forms promise.

    Every key that is not left out on purpose is always there, and no other key is.
    """

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """Describe a dataclass by its docstring."""
        return self._closed(schema["cls"], super().dataclass_schema(schema), schema["schema"])

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Describe a model by its docstring."""
        return self._closed(schema["cls"], super().model_schema(schema), schema["schema"])

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        """Describe a dictionary with known keys by its docstring."""
        made = super().typed_dict_schema(schema)
        kind = schema.get("cls")
        return self._closed(kind, made, schema) if kind is not None else made

    def _closed(self, kind: type, made: JsonSchemaValue, inner: Any) -> JsonSchemaValue:
        words = attribute_words(kind)
        shown = made.get("properties", {})
        for one in shown.values():
            one.pop("readOnly", None)  # what is computed is a key like every other
        for name, field in _fields(inner):
            key = field.get("serialization_alias", name)
            if key in shown and name in words:
                shown[key].setdefault("description", words[name])
            if key in shown and _OMITTED in field:
                shown[key] = _without_null(shown[key])
        made.pop("title", None)
        return {**made, "description": summary(kind), "additionalProperties": False}

    def field_is_required(self, field: Any, total: bool) -> bool:
        """A key is always there but where an annotation leaves it out."""
        if field["type"] == "typed-dict-field":
            return bool(field.get("required", total))
        return _OMITTED not in field

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Set no titles: they would only repeat the keys."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave defaults out: nothing is left to the reader to fill in."""
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Write null as a further type where the type is a plain one."""
        inner = self.generate_inner(schema["schema"])
        if not isinstance(inner.get("type"), str):
            return super().nullable_schema(schema)
        made = {**inner, "type": [inner["type"], "null"]}
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
        return made


def _fields(inner: Any) -> list[tuple[str, Any]]:
    """Return name and definition of every field, whatever pydantic wrapped around them."""
    while "fields" not in inner:
        inner = inner["schema"]
    fields = inner["fields"]
    return list(fields.items()) if isinstance(fields, dict) else [(f["name"], f) for f in fields]


def _without_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Return the schema of a key that is left out instead of being null."""
    made = dict(schema)
    if isinstance(made.get("type"), list):
        made["type"] = next(one for one in made["type"] if one != "null")
        if "enum" in made:
            made["enum"] = [one for one in made["enum"] if one is not None]
    if "anyOf" in made:
        left = [one for one in made.pop("anyOf") if one != {"type": "null"}]
        made |= left[0] if len(left) == 1 else {"anyOf": left}
    return made


def summary(kind: type) -> str:
    """Return the docstring of a class up to its first section, as one line."""
    text = inspect.cleandoc(kind.__doc__ or "")
    return plain_words(re.split(r"\n\s*\n(?=[A-Z][a-z]+:\n)", text)[0])


def attribute_words(kind: type) -> dict[str, str]:
    """Return what docstrings say under ``Attributes:``, those of base classes included."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        found.update(words_of_attributes(inspect.cleandoc(one.__dict__.get("__doc__") or "")))
    return found


def words_of_attributes(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a docstring says under ``Attributes:``, name by name."""
    _, _, section = text.partition("Attributes:\n")
    section = re.split(r"\n(?=\S)", section)[0]
    for entry in re.split(r"\n {4}(?=\S)", "\n" + section):
        name, colon, words = entry.partition(":")
        if colon and name.isidentifier():
            yield name, plain_words(words)


def plain_words(words: str) -> str:
    """Return the text of a docstring without its mark-up and line breaks."""
    words = re.sub(r":[a-z]+:`~?([^`]*)`", lambda role: role[1].rsplit(".", 1)[-1], words)
    for python, json in (("None", "null"), ("True", "true"), ("False", "false")):
        words = re.sub(rf"\b{python}\b", json, words)
    return " ".join(words.replace("``", "").split())

"""One definition for each JSON form: what is printed, its schema, and what is read back.

A frozen dataclass is its own definition. Its fields are the keys, annotations give types and
limits (:mod:`pks_kit.json_types`), ``@shown()`` adds what is computed from the fields, and the
``Attributes:`` of its docstring become the descriptions of the schema. A class whose JSON form has
another shape is a :class:`HasJsonForm`. From that pydantic makes

* the public form: :func:`to_json`, :func:`from_json`, and its schema:
  :func:`pks_kit.json_schema.json_schema`;
* the form between our own processes: :func:`to_wire` and :func:`from_wire`, the fields alone,
  since whoever reads them computes the rest and so believes nobody's words or verdict.

This module is imported by every start, pydantic only when something is shown or read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, TypeAdapter
    from pydantic_core import CoreSchema

Kind = TypeVar("Kind")

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}
_MOST_ERRORS = 1000


class HasJsonForm:
    """What is shown as another object, because its own fields are not what readers need.

    A subclass overrides :meth:`json_form`; the annotation of what it returns is the definition.
    """

    __slots__ = ()

    def json_form(self) -> Any:
        """Return the object that is shown."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tell pydantic to show the form; such a class can be shown, not read."""
        from pydantic_core import core_schema

        form = get_type_hints(cls.json_form)["return"]
        return core_schema.is_instance_schema(
            cls,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda one: one.json_form(), return_schema=handler.generate_schema(form)
            ),
        )


def to_json(value: object) -> Any:
    """Return the public form of a value as JSON values.

    Raises:
        pydantic_core.PydanticSerializationError: A field holds what its annotation does not allow.
    """
    return adapter(type(value)).dump_python(value, mode="json", by_alias=True, warnings="error")


def from_json(kind: type[Kind], text: str | bytes) -> Kind:
    """Return the object whose public form was written by this or an earlier version.

    Computed keys, and keys that this version does not know, are not looked at.

    Raises:
        ValueError: It is no JSON, a key is missing, or a value is of another type or out of bounds.
    """
    return _read(kind, text, "ignore")


def to_wire(value: object) -> bytes:
    """Return the fields of a value as one line of JSON without its end.

    Raises:
        pydantic_core.PydanticSerializationError: A field holds what its annotation does not allow.
    """
    return adapter(type(value)).dump_json(value, by_alias=True, round_trip=True, warnings="error")


def from_wire(kind: type[Kind], line: str | bytes) -> Kind:
    """Return the object that :func:`to_wire` wrote, or refuse what it cannot have written.

    Raises:
        ValueError: It is no JSON, a key is missing or unknown, or a value is of another type or
            out of bounds.
    """
    return _read(kind, line, "forbid")


def adapter(kind: type) -> TypeAdapter[Any]:
    """Return the one adapter of pydantic for a class; making it costs some milliseconds."""
    from pydantic import TypeAdapter

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _read(kind: type[Kind], text: str | bytes, extra: Any) -> Kind:
    from pydantic import ValidationError

    try:
        read: Kind = adapter(kind).validate_json(text, strict=True, extra=extra)
    except ValidationError as error:
        if error.error_count() > _MOST_ERRORS:  # each would become an object
            raise ValueError(f"{kind.__name__}: -: too_many_errors") from None
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        # the text of the error would repeat what stands there, which may be personal data
        raise ValueError(f"{kind.__name__}: {place or '-'}: {first['type']}") from None
    return read

"""Words for the annotations of a JSON form; see :mod:`pks_kit.json_form`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, cast, overload

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    computed_field,
)

Value = TypeVar("Value")

HIDDEN = Field(exclude=True)
"""A field that is not shown; it does not travel between processes either."""

IF_KNOWN = Field(exclude_if=lambda value: value is None)
"""A field whose key is left out while it is None."""

MOST_WHOLE = (1 << 53) - 1
"""Largest whole number that every reader of JSON keeps (RFC 7493 section 2.2)."""

MOST_TEXT = 1 << 16
"""Most letters of one text that comes from a file."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Whole = Annotated[int, Field(ge=-MOST_WHOLE, le=MOST_WHOLE)]
Count = Annotated[int, Field(ge=0, le=MOST_WHOLE)]
Ordinal = Annotated[int, Field(ge=1, le=MOST_WHOLE)]
Text = Annotated[str, Field(max_length=MOST_TEXT)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
"""A code of the message catalogue: stable, while its words may change."""
AgreementId = Annotated[str, Field(pattern=r"^[0-9A-Z]{26}$")]

Moment = Annotated[
    datetime,
    AwareDatetime,
    PlainSerializer(datetime.isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment with zone, ISO 8601 with the offset written out."""

HexBytes = Annotated[
    bytes,
    BeforeValidator(lambda value: bytes.fromhex(value) if isinstance(value, str) else value),
    PlainSerializer(bytes.hex, return_type=str, when_used="json"),
]
"""Bytes, in JSON as lower case hex."""

EmptyAsNull = Annotated[
    str,
    Field(max_length=MOST_TEXT),
    BeforeValidator(lambda value: "" if value is None else value),
    PlainSerializer(lambda value: value or None, return_type=str | None, when_used="json"),
]
"""A text that is null in JSON when it is empty."""


class Shown(Generic[Value]):
    """What ``@shown()`` makes: a property that is also a key of the JSON form."""

    @overload
    def __get__(self, one: None, owner: type) -> Shown[Value]: ...
    @overload
    def __get__(self, one: object, owner: type | None = None) -> Value: ...
    def __get__(self, one: object | None, owner: type | None = None) -> Shown[Value] | Value:
        """Return the value."""
        raise NotImplementedError  # for type checkers alone; pydantic's own descriptor stands there


def shown(key: str = "") -> Callable[[Callable[[Any], Value]], Shown[Value]]:
    """Make a property that is shown in JSON under its name, or under another key.

    Its docstring is the description of the schema. It does not travel between processes.
    """

    def as_key(function: Callable[[Any], Value]) -> Shown[Value]:
        return cast("Shown[Value]", computed_field(alias=key or None)(property(function)))

    return as_key

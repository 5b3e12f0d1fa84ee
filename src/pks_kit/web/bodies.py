"""What requests of the API hold."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Header, Path, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pks_kit.web.idempotency import KEY_PATTERN
from pks_kit.web.state.ids import ID_PATTERN

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
PathId = Annotated[str, Path(pattern=ID_PATTERN)]
AgreementPath = Annotated[str, Path(pattern=r"^[0-9A-Z]{26}$")]
"""Ids of agreements are made of their content."""

AgreementKey = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{26}$")]
PageNumber = Annotated[int, Path(ge=1, le=100_000)]
Most = Annotated[int, Query(ge=1, le=200, description="Paling banyak berapa")]
After = Annotated[str, Query(max_length=80, description="berikutnya dari halaman sebelumnya")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
        description="Same key and same body: same answer, and nothing done twice",
    ),
]
"""Declared by every operation that creates or pays."""

Format = Literal["pdf", "docx", "text"]


class Body(BaseModel):
    """A body; keys that are not known are refused."""

    model_config = ConfigDict(extra="forbid")


def _writable(value: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # half of a pair, which JSON can write and nothing else
        raise PydanticCustomError("lone_surrogate", "half of a pair of surrogates") from None
    return value


Data = Annotated[dict[str, Any], AfterValidator(_writable)]
"""Contract data, whole or not."""


def _one_of_both(schema: dict[str, Any]) -> None:
    """Say in the schema what the validator of ``SourceBody`` refuses."""
    for name in ("data", "berkas"):
        shown = schema["properties"][name]
        (kind,) = [one for one in shown.pop("anyOf") if one != {"type": "null"}]
        shown.pop("default", None)
        shown.update(kind)
    schema["oneOf"] = [{"required": ["data"]}, {"required": ["berkas"]}]


class SourceBody(Body):
    """Contract data: the data itself, or the id of an uploaded file that holds it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_one_of_both)

    data: Data | None = Field(default=None, description="Contract data")
    berkas: Id | None = Field(default=None, description="Id of an uploaded YAML file")

    @model_validator(mode="before")
    @classmethod
    def _is_one_of_both(cls, given: Any) -> Any:
        if isinstance(given, dict):
            found = [given[name] for name in ("data", "berkas") if name in given]
            if len(found) != 1 or found[0] is None:
                raise PydanticCustomError("data_or_berkas", "one of both and not null")
        return given


class CheckBody(SourceBody):
    """What to check."""

    per_tanggal: date | None = Field(default=None, description="Date of the rules")


class DraftBody(CheckBody):
    """What to draft."""

    format: list[Format] = Field(default_factory=list, max_length=3)

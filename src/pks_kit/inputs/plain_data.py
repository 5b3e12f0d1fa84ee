"""Contract data that a program gives as a mapping or as the model itself, instead of a file.

It takes the road of a file: written as JSON, which the YAML reader understands, and read again.
So the same limits, checks and words hold, and equal data have equal bytes however they came.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from pydantic import BaseModel

from pks_kit.errors import InputProblemsError, Problem, UsageError
from pks_kit.inputs.contract_file import parse_model
from pks_kit.strict_yaml.nodes import YamlMapping

_Model = TypeVar("_Model", bound=BaseModel)

_DEEPEST = 64
"""Deeper than any data of ours; a mapping that holds itself ends here."""
_LARGEST = 10**40
"""Above every number that contract data could mean; far below what Python refuses to write."""

NO_TREE = YamlMapping(entries={}, key_lines={}, line=0)
"""Data that no file holds: every line is 0, which means unknown."""


def read_data(model: type[_Model], data: Mapping[str, object] | BaseModel, source: str) -> _Model:
    """Return data as the model, with the checks of a file.

    Args:
        model: What the data should be, for example ``Kontrak``.
        data: A mapping with the keys of a file, or the model.
        source: What messages call it, for example the name of the field of a request.

    Raises:
        UsageError: ``request.not_data`` for a value that no file could hold.
        InputProblemsError: ``input.problems`` with everything that is wrong; without lines.
    """
    if isinstance(data, BaseModel):
        data = data.model_dump(exclude_unset=True)
    text = json.dumps(_plain(data, source), ensure_ascii=False)
    try:
        return parse_model(model, text.encode("utf-8", "surrogatepass"), source)[0]
    except InputProblemsError as error:
        problems = tuple(_without_line(problem) for problem in error.problems)
        raise InputProblemsError(error.code, problems, file=source) from None


def canonical_bytes(data: BaseModel) -> bytes:
    """Return contract data as JSON in a fixed order: equal data, equal bytes."""
    plain = data.model_dump(mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _plain(value: object, place: str, depth: int = 0) -> object:
    """Return a value as JSON knows it, written as a person would write it in a file."""
    if depth > _DEEPEST:
        raise UsageError("request.too_deep", field=place.partition(".")[0], limit=_DEEPEST)
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise UsageError("request.out_of_range", field=place)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime):
        raise UsageError("request.not_data", field=place, given="datetime")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f") if value == value else str(value)
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(exclude_unset=True), place, depth + 1)
    if isinstance(value, Mapping):
        return {
            str(key): _plain(inner, f"{place}.{key}", depth + 1) for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(inner, f"{place}[{index}]", depth + 1) for index, inner in enumerate(value)]
    raise UsageError("request.not_data", field=place, given=type(value).__name__)


def _without_line(problem: Problem) -> Problem:
    return Problem(problem.code, problem.path, None, **problem.params)

"""Values of a JSON form, made from its annotations: what its definition allows, and no more."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo
from typing_extensions import is_typeddict

from pks_kit.errors import Problem
from pks_kit.json_form import HasJsonForm
from pks_kit.messages import Message
from pks_kit.naskah.diff.clauses import Clause
from pks_kit.naskah.diff.result import ClauseChange
from pks_kit.verification.limits import Limits

_FAR = 2**40
"""No number is larger, so that a total of some of them is still a number of JSON, below 2^53."""
_SIGNS = st.characters(exclude_categories=("Cs",))
TEXT = st.text(_SIGNS, max_size=12)
_ZONES = st.sampled_from([timezone(timedelta(hours=hours)) for hours in (0, 7, 9)])
_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-_FAR, _FAR),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bytes: st.binary(max_size=40),
    type(None): st.none(),
    Any: TEXT | st.integers() | st.none(),
    Path: st.builds(Path, st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8}){0,2}", fullmatch=True)),
    date: st.dates(),
    AwareDatetime: st.datetimes(min_value=datetime(1900, 1, 2), timezones=_ZONES),  # noqa: DTZ001
}
_SIMPLE[datetime] = _SIMPLE[AwareDatetime]


@dataclass(frozen=True)
class Stands:
    """Stands for an object of the program whose own fields are not shown: they are all None."""

    form: Any

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)

    def json_form(self) -> Any:
        return self.form


def form_of(kind: Any) -> Any:
    """Return the type of what is shown of a class."""
    return get_type_hints(kind.json_form)["return"] if issubclass(kind, HasJsonForm) else kind


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a type as an annotation names it."""
    if get_origin(kind) is Annotated:
        inside, *marks = get_args(kind)
        return _within(inside, marks)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of([values_of(one) for one in get_args(kind)])
    if get_origin(kind) is not None:
        return _collection(kind)
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if kind is ClauseChange:
        return _object(kind).filter(lambda change: change.old or change.new)
    if issubclass(kind, HasJsonForm) and kind not in (Problem, Message, Clause):
        return st.deferred(lambda: values_of(form_of(kind)).map(Stands))
    return st.deferred(lambda: _object(kind))


def _object(kind: Any) -> st.SearchStrategy[Any]:
    if kind is Problem:
        return st.builds(_problem, TEXT, st.none() | st.integers(1, 9999), TEXT)
    if kind is Limits:
        positive = {one.name: st.integers(1, 1 << 40) for one in fields(Limits)}
        return st.builds(Limits, **positive)
    hints = get_type_hints(kind, include_extras=True)
    if is_typeddict(kind):
        needed = {name: values_of(hints[name]) for name in kind.__required_keys__}
        others = {name: values_of(hints[name]) for name in kind.__optional_keys__}
        return st.fixed_dictionaries(needed, optional=others)
    if issubclass(kind, BaseModel):
        return _model(kind)
    assert is_dataclass(kind), kind
    return st.builds(kind, **{one.name: values_of(hints[one.name]) for one in fields(kind)})


def _model(kind: type[BaseModel]) -> st.SearchStrategy[Any]:
    each = {}
    for name, one in kind.model_fields.items():
        each[name] = _within(one.annotation, list(one.metadata))
    return st.builds(kind, **each)


def _problem(path: str, line: int | None, place: str) -> Problem:
    return Problem("input.unknown_key", path, line, key="x", nearest="y").at(place)


def _collection(kind: Any) -> st.SearchStrategy[Any]:
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (dict, Mapping):
        return st.dictionaries(values_of(inside[0]), values_of(inside[1]), max_size=2)
    if origin is list:
        return st.lists(values_of(inside[0]), max_size=2)
    if inside[-1] is Ellipsis:
        return st.lists(values_of(inside[0]), max_size=2).map(tuple)
    return st.tuples(*(values_of(one) for one in inside))


def _within(kind: Any, marks: list[Any]) -> st.SearchStrategy[Any]:
    """Keep the bounds that pydantic keeps: pattern, least number, length."""
    bounds: dict[str, Any] = {}
    for mark in marks:
        for one in mark.metadata if isinstance(mark, FieldInfo) else [mark]:
            for name in ("pattern", "ge", "le", "min_length", "max_length"):
                if getattr(one, name, None) is not None:
                    bounds[name] = getattr(one, name)
    named = [one for one in marks if isinstance(one, WithJsonSchema) and "enum" in one.json_schema]
    if named:
        return st.sampled_from(named[0].json_schema["enum"])
    if get_origin(kind) is Annotated:
        inside, *more = get_args(kind)
        return _within(inside, [*more, *marks])
    if get_origin(kind) in (Union, types.UnionType) and bounds:
        return st.one_of([_within(one, marks) for one in get_args(kind)])
    if "pattern" in bounds and kind is str:
        return st.from_regex(bounds["pattern"].replace(r"\d", "[0-9]"), fullmatch=True)
    if "ge" in bounds and kind is int:
        return st.integers(bounds["ge"], min(bounds.get("le", _FAR), _FAR))
    if kind is str and bounds:
        return st.text(_SIGNS, min_size=bounds.get("min_length", 0), max_size=9)
    if get_origin(kind) is tuple and "min_length" in bounds:
        return st.lists(
            values_of(get_args(kind)[0]), min_size=bounds["min_length"], max_size=2
        ).map(tuple)
    return values_of(kind)

"""Refuse a request whose fields have wrong types, before anything is done with it.

One mechanism for every verb: a request inherits from :class:`Request`, which compares its fields
with their annotations when it is made; :func:`verb` makes sure that a verb got its own request.
A caller without a type checker therefore hears which field is wrong, in both languages, and never
an ``AttributeError`` from somewhere inside.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import cache, wraps
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from pks_kit.errors import InputError, UsageError
from pks_kit.messages.os_reason import os_reason

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")
_LATER: Mapping[str, str] = {
    "LedgerToAsk": "pks_kit.pipelines.verifying.ledger_lookup",
    "Receipt": "pks_kit.domain.receipt",
    "SigningSettings": "pks_kit.settings.model",
    "SourceMaker": "pks_kit.pki.revocation_http",
}
"""Types that modules of requests import for type checkers alone, so that a start stays quick."""

_NUMBERS: Mapping[object, tuple[type, ...]] = {int: (int,), float: (int, float)}


class Request:
    """Base of all requests: frozen data classes whose annotations hold.

    Raises:
        UsageError: ``request.type`` names the field, what it must be, and what was given.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        kind: type = type(self)
        for one in fields(kind):
            value = getattr(self, one.name)
            if value is not one.default:
                _refuse_misfit(value, field_type(kind, one.name), f"{kind.__name__}.{one.name}")


class _Later(dict[str, Any]):
    """Names of annotations that are imported when a field of such a type is first given."""

    def __missing__(self, name: str) -> Any:
        if name not in _LATER:
            raise KeyError(name)
        return getattr(importlib.import_module(_LATER[name]), name)


@cache
def field_type(kind: type, name: str) -> Any:
    """Return the annotation of one field of a request, resolved."""
    for base in kind.__mro__:
        annotation = vars(base).get("__annotations__", {}).get(name)
        if annotation is not None:
            return eval(annotation, vars(sys.modules[base.__module__]), _Later())  # noqa: S307 - our own source
    raise AttributeError(name)


def verb(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Return a function of one ``request`` that refuses what is not its request.

    Raises:
        UsageError: ``request.type``; ``request.out_of_range`` for a number or day so far out that
            nothing can be computed with it.
        InputError: ``system.unavailable`` when the machine has no room or descriptors left.
    """

    @wraps(function)
    def checked(*given: _Given.args, **named: _Given.kwargs) -> _Result:
        request = given[0] if given else named.get("request")
        _refuse_misfit(request, _asked_by(function), function.__name__)
        try:
            return function(*given, **named)
        except BrokenPipeError:  # of the caller's own ``progress``
            raise
        except OverflowError as error:
            raise UsageError("request.out_of_range", field=function.__name__) from error
        except OSError as error:  # no room, no descriptors: nothing is wrong with what was given
            raise InputError("system.unavailable", reason=os_reason(error)) from error

    return checked


@cache
def _asked_by(function: types.FunctionType) -> Any:
    return eval(function.__annotations__["request"], function.__globals__)  # noqa: S307 - our own


def _refuse_misfit(value: object, wanted: Any, place: str) -> None:
    found = _misfit(value, wanted, place)
    if found is not None:
        where, expected, given = found
        raise UsageError(
            "request.type", field=where, expected=_named(expected), given=type(given).__name__
        )


def _misfit(value: object, wanted: Any, place: str) -> tuple[str, Any, object] | None:
    """Return the place, the wanted type and the value that do not fit; None when all fits."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if isinstance(wanted, ForwardRef):
        return _misfit(value, _Later()[wanted.__forward_arg__], place)
    if origin is Annotated:
        return _misfit(value, arguments[0], place)
    if origin in (Union, types.UnionType):
        tried = [_misfit(value, one, place) for one in arguments]
        if None in tried:
            return None
        # An item deep inside is told only when the value is a list or mapping after all.
        deeper = [one for one in tried if one is not None and one[0] != place]
        return deeper[0] if deeper else (place, wanted, value)
    if isinstance(origin, type) and issubclass(origin, Sequence | Mapping):
        if not isinstance(value, origin) or isinstance(value, str | bytes):
            return place, wanted, value
        return _misfit_inside(value, arguments, place)
    return None if _is_one(value, wanted, origin, arguments) else (place, wanted, value)


def _misfit_inside(
    value: Sequence[object] | Mapping[object, object], arguments: tuple[Any, ...], place: str
) -> tuple[str, Any, object] | None:
    if isinstance(value, Mapping):
        keys, values = arguments
        for key, item in value.items():
            found = _misfit(key, keys, f"{place} (key)") or _misfit(
                item, values, f"{place}[{key!r:.40}]"
            )
            if found is not None:
                return found
        return None
    for index, item in enumerate(value):
        found = _misfit(item, arguments[0], f"{place}[{index}]")
        if found is not None:
            return found
    return None


def _is_one(value: object, wanted: Any, origin: Any, arguments: tuple[Any, ...]) -> bool:
    """Return whether a value is of a type that holds no others."""
    if wanted in (Any, object):
        return True
    if wanted is None:
        return value is None
    if origin is Literal:
        return any(type(value) is type(one) and value == one for one in arguments)
    if origin is not None and not isinstance(origin, type):
        return True
    kind = origin or wanted
    if kind is Callable or getattr(kind, "__name__", "") == "Callable":
        return callable(value)
    if kind in _NUMBERS:  # a truth value is an int to Python, and a mistake here
        return isinstance(value, _NUMBERS[kind]) and not isinstance(value, bool)
    if kind is date:  # a moment is a date to Python, and cannot be compared with one
        return isinstance(value, date) and not isinstance(value, datetime)
    if getattr(kind, "_is_protocol", False):
        return all(_has(value, name) for name in _members(kind))
    return isinstance(value, kind)


@cache
def _members(protocol: type) -> tuple[str, ...]:
    """Return the names that an object must have to be used as a port."""
    own = {name for base in protocol.__mro__ if getattr(base, "_is_protocol", False)
           for name in (*vars(base), *getattr(base, "__annotations__", {}))}  # fmt: skip
    return tuple(sorted(name for name in own if name == "__call__" or not name.startswith("_")))


def _has(value: object, name: str) -> bool:
    """Return whether an object has an attribute, without running the code of a property."""
    missing = object()
    if inspect.getattr_static(value, name, missing) is not missing:
        return True
    return hasattr(type(value), "__getattr__") and hasattr(value, name)


def _named(wanted: Any) -> str:
    """Return a type as people write it."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if wanted is None or wanted is type(None):
        return "None"
    if isinstance(wanted, ForwardRef):
        return wanted.__forward_arg__
    if origin is Annotated:
        return _named(arguments[0])
    if origin in (Union, types.UnionType):
        return " | ".join(_named(one) for one in arguments)
    if origin is Literal:
        return " | ".join(repr(one) for one in arguments)
    name = str(getattr(origin or wanted, "__name__", wanted))
    if isinstance(origin, type) and issubclass(origin, Sequence | Mapping):
        return f"{name}[{', '.join(_named(one) for one in arguments)}]"
    return name

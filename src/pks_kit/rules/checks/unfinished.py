"""Checks of contract data that somebody is still filling in: each as far as its values are there.

What is not there yet, or cannot be read, is said elsewhere. A check that comes upon it ends, and
what it found before counts: whether a term ends before it begins needs its two days alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import PksKitError
from pks_kit.rules.checks.catalogue import CHECKS
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, gravest_first
from pks_kit.rules.law.parameters import load_parameters


def check_unfinished(data: Mapping[str, object], today: date) -> tuple[Finding, ...]:
    """Return what can be found in contract data that are not complete, the gravest first.

    Args:
        data: What was filled in, with the keys of a file.
        today: Day for which is checked while nobody knows when the term begins.
    """
    kontrak = _partly(Kontrak, data)
    term = vars(kontrak).get("jangka_waktu")
    as_of = vars(term).get("tanggal_mulai", today) if term is not None else today
    try:
        aturan = load_parameters().resolve_all(as_of)
    except PksKitError:
        return ()
    scope = CheckScope(kontrak=kontrak, as_of=as_of, aturan=aturan)
    found = (finding for check in CHECKS for finding in _as_far_as(check, scope))
    return gravest_first(one for one in found if _is_filled_in(data, one.pointer))


def _as_far_as(
    check: Callable[[CheckScope], Iterator[Finding]], scope: CheckScope
) -> Iterator[Finding]:
    try:
        yield from check(scope)
    except PksKitError:
        return
    except AttributeError as error:
        if not (isinstance(error.obj, BaseModel) and error.name in type(error.obj).model_fields):
            raise


def _is_filled_in(data: object, pointer: str) -> bool:
    """Return whether something stands at a place; what lacks is said when all is filled in."""
    here: object = data
    for part in pointer.split("/")[1:]:
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            return False
    return bool(pointer) and here not in (None, "", [], {})


def _partly(model: type[BaseModel], data: Mapping[str, object]) -> Any:
    """Return a model with what is there and right; what it needs beside is no attribute of it."""
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if name in data:
            for found in _read(model, name, data[name]):
                values[name] = found
        elif not field.is_required():
            values[name] = field.get_default(call_default_factory=True, validated_data={})
    made = model.model_construct(**values)
    for name in model.model_fields:
        if name not in values:
            vars(made).pop(name, None)
    return made


def _read(model: type[BaseModel], name: str, given: object) -> Iterator[Any]:
    """Yield one value as the model has it; nothing where it cannot be read."""
    inner, many = _inside(model, name)
    if inner is not None and not many and isinstance(given, Mapping):
        yield _partly(inner, given)
    elif inner is not None and many and isinstance(given, list):
        rows = [one if isinstance(one, Mapping) else {} for one in given]
        yield tuple(_partly(inner, one) for one in rows)
    elif inner is None:
        try:
            yield _adapter(model, name).validate_python(given)
        except ValidationError:
            return


@cache
def _inside(model: type[BaseModel], name: str) -> tuple[type[BaseModel] | None, bool]:
    """Return the model that a field holds, and whether it holds many of it."""
    found: list[type[BaseModel]] = []
    many = False
    waiting: list[Any] = [model.model_fields[name].annotation]
    while waiting:
        one = waiting.pop()
        many = many or get_origin(one) is tuple
        if isinstance(one, type) and issubclass(one, BaseModel):
            found.append(one)
        waiting += get_args(one)[:1] if get_origin(one) is Annotated else get_args(one)
    return (found[0] if len(found) == 1 else None), many


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    kind: Any = field.annotation
    return TypeAdapter(Annotated[(kind, *field.metadata)] if field.metadata else kind)

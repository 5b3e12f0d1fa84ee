"""Invented data for compiling templates: the samples, and the same with other words everywhere."""

from __future__ import annotations

import string
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

_LOWER, _UPPER, _DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
_OTHER = str.maketrans(
    _LOWER + _UPPER + _DIGITS,
    "".join(signs[1:] + signs[0] for signs in (_LOWER, _UPPER, _DIGITS)),
)
_NO_VALUES = frozenset({"versi_templat", "nama_perjanjian"})
"""Texts that choose a template and its words."""

_M = TypeVar("_M", bound=BaseModel)


def reworded(data: _M) -> _M:
    """Return data with other letters and digits in every free text.

    Equal texts stay equal, so a key still names what it named. Fields that hold one of some fixed
    words, dates, numbers and yes or no keep their value: the template has the same structure.

    Args:
        data: Any data of an input file; nothing checks the result.
    """
    changes = {
        name: _other(getattr(data, name))
        for name, field in type(data).model_fields.items()
        if name not in _NO_VALUES and not _is_fixed(field.annotation)
    }
    return data.model_copy(update=changes)


def _is_fixed(annotation: Any) -> bool:
    """Return whether a field holds one of some fixed words."""
    if get_origin(annotation) is Literal:
        return True
    is_union = get_origin(annotation) in (Union, UnionType)
    return is_union and any(map(_is_fixed, get_args(annotation)))


def _other(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return reworded(value)
    if isinstance(value, tuple):
        return tuple(_other(one) for one in value)
    return value.translate(_OTHER) if isinstance(value, str) else value

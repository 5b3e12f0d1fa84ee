"""Patterns as JSON and back: each value is a list that begins with what it is.

Only kinds named here are ever made, so a file that somebody wrote makes nothing else.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from pks_kit.render.pdf.flow.inline import Type
from pks_kit.render.pdf.flow.items import RowRules, Rule
from pks_kit.render.pdf.flow.marks import Area, Line, Words
from pks_kit.render.pdf.flow.marks import Frame as DrawnFrame
from pks_kit.render.pdf.flow.patterns import (
    Cell,
    Frame,
    Lines,
    Pattern,
    Place,
    Places,
    Row,
    Stack,
)

_KINDS: Final[tuple[type[Any], ...]] = (
    *(Pattern, Frame, Lines, Stack, Row, Cell, Places, Place, Type, RowRules, Rule),
    *(Area, Line, Words, DrawnFrame),
)
_NUMBERS: Final = {kind: number for number, kind in enumerate(_KINDS)}
_NAMES: Final = tuple(
    getattr(kind, "_fields", None) or tuple(one.name for one in fields(kind)) for kind in _KINDS
)


def pattern_form(value: Any) -> Any:
    """Return a pattern, or anything in one, as what JSON can hold."""
    number = _NUMBERS.get(type(value))
    if number is not None:
        return [number, *(pattern_form(getattr(value, name)) for name in _NAMES[number])]
    if isinstance(value, tuple):
        return [None, *map(pattern_form, value)]
    if isinstance(value, dict):
        return {name: pattern_form(one) for name, one in value.items()}
    return value


def pattern_of(form: Any) -> Any:
    """Return what was made a form.

    Raises:
        ValueError: The form is none.
    """
    if isinstance(form, list):
        if not form:
            raise ValueError("no form of a pattern")
        kind, *rest = form
        values = [pattern_of(one) for one in rest]
        if kind is None:
            return tuple(values)
        if not isinstance(kind, int) or not 0 <= kind < len(_KINDS):
            raise ValueError(f"no form of a pattern: {kind!r}")
        return _KINDS[kind](**dict(zip(_NAMES[kind], values, strict=True)))
    if isinstance(form, dict):
        return {name: pattern_of(one) for name, one in form.items()}
    return form

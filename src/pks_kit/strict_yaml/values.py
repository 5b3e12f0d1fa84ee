"""From tree to Python values: as text alone, or with the few plain types that YAML can mean."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml
from yaml.resolver import Resolver

from pks_kit.strict_yaml.nodes import (
    YamlError,
    YamlMapping,
    YamlNode,
    YamlPath,
    YamlProblem,
    YamlScalar,
    YamlSequence,
)

YamlValue = str | int | float | bool | date | None
_TEXT = "tag:yaml.org,2002:str"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_resolve: Any = Resolver().resolve


def as_text(node: YamlNode) -> Any:
    """Return the tree as dicts, lists, text and None.

    ``0123`` keeps its zero, ``08:00`` is no number to the base of 60 and ``no`` is no truth value.
    """
    if isinstance(node, YamlMapping):
        return {key: as_text(value) for key, value in node.entries.items()}
    if isinstance(node, YamlSequence):
        return [as_text(item) for item in node.items]
    return node.text


def as_values(node: YamlNode, path: YamlPath = ()) -> Any:
    """Return the tree as dicts, lists and values.

    Without quotes ``true`` and ``false``, whole and decimal numbers and ISO dates are what they
    look like; everything else is text.

    Args:
        node: The tree.
        path: Where it stands, for errors.

    Raises:
        YamlError: ``input.ambiguous_scalar`` for a value without quotes that one program reads as
            text and the next one as something else (``yes``, ``0x1F``, ``012``, ``1_000``).
    """
    if isinstance(node, YamlMapping):
        return {key: as_values(value, (*path, key)) for key, value in node.entries.items()}
    if isinstance(node, YamlSequence):
        return [as_values(item, (*path, n)) for n, item in enumerate(node.items)]
    return value_of(node, path)


def value_of(node: YamlScalar, path: YamlPath = ()) -> YamlValue:
    """Return the value of one scalar; see :func:`as_values`."""
    text = node.text
    if text is None or node.style:
        return text
    if _resolve(yaml.ScalarNode, text, (True, False)) == _TEXT:
        return text
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text  # no day of the calendar; whoever wants a date says so
    raise YamlError(YamlProblem("input.ambiguous_scalar", path, node.line, value=text))

"""What copying leaves in a value, in whatever field: quotation marks, spoilt characters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from pks_kit.domain.aksara import is_spoilt
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, warning

_BASIS = "Isi dicetak persis seperti tertulis"  # docs/sumber.md 13
_MARKS = "\"'“”„‟‘’‚‛«»‹›＂＇`´"
"""Marks of word processors and chats, and those of YAML inside other ones."""
_OPENING = "“„‟‘‚‛«‹"
_CLOSING = "”’»›"


def check_quotes(scope: CheckScope) -> Iterator[Finding]:
    """Yield a warning for every text between quotation marks, with one of a pair, or spoilt."""
    for path, text in _texts(scope.kontrak, ""):
        if _is_quoted(text):
            yield warning("text.quoted", path, _BASIS, value=text)
        if is_spoilt(text) and not path.endswith("email"):
            yield warning("text.spoilt", path, _BASIS, value=text)


def _is_quoted(text: str) -> bool:
    first, last, inner = text[:1], text[-1:], text[1:-1]
    if not text[1:]:
        return False
    if first in _MARKS and last in _MARKS:
        # «"Mawar" dan "Melati"» has pairs of its own
        return not any(mark in inner for mark in _OPENING + _CLOSING[0] + '"')
    half_open = first in _OPENING and not any(mark in inner + last for mark in _CLOSING)
    return half_open or (last == "”" and not any(mark in first + inner for mark in _OPENING))


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text of the data with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]")

"""Blocks of parts with open values, kept for later processes: reading Markdown costs a tenth.

Text with open values holds marks instead of them, so nothing of an agreement is in it, and its
blocks are the same for everybody. Blocks that a value decided (``OpenValues.asked``) are another
thing and never kept. What is kept is JSON and becomes nothing but the data classes named here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final

from pks_kit.naskah import parsed, tree
from pks_kit.naskah.blocks import read_blocks
from pks_kit.naskah.parsed import ParsedBlock
from pks_kit.naskah.source_text import SourceText

_KINDS: Final = {
    name: kind
    for module in (parsed, tree)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and is_dataclass(kind)
}
_SEVERAL: Final = 0
"""Begins the form of a tuple; that of a data class begins with its name."""

Forms = dict[str, str]
"""Forms of blocks, by what :func:`_name` makes of the text that they were read from."""

_told: Forms = {}
_notes: list[dict[str, Forms]] = []
"""Whoever notes what is read, each with the forms by template file."""


def row_name(file: str) -> str:
    """Return the name under which the blocks of a template file are kept."""
    return f"blocks\n{file}"


def tell_blocks(forms: Mapping[str, str]) -> None:
    """Take blocks over that a store has kept."""
    _told.update(forms)


@contextmanager
def noted_blocks() -> Iterator[dict[str, Forms]]:
    """Note what is read meanwhile, by template file; see :mod:`.drafting.kept_text`."""
    noted: dict[str, Forms] = {}
    _notes.append(noted)
    try:
        yield noted
    finally:
        _notes.remove(noted)


def read_open_blocks(
    source: SourceText, shape: Sequence[str], asked: set[int], *, headings: bool
) -> tuple[ParsedBlock, ...]:
    """Return the blocks of a text with open values: what was told of it, else read now.

    Args:
        source: The text.
        shape: What of each value decides how its mark is read.
        asked: Where the values put their numbers that were asked for.
        headings: As for :func:`.blocks.read_blocks`.

    Raises:
        TemplateError: As :func:`.blocks.read_blocks`; it may name a mark instead of a value.
    """
    name = _name(source, shape, headings)
    form = _told.get(name)
    found = None if form is None else _blocks(form)
    if found is None:
        found = read_blocks(source, headings=headings)
        if not asked:
            for noted in _notes:
                noted.setdefault(source.file, {})[name] = json.dumps(_form(found))
    return found


def _name(source: SourceText, shape: Sequence[str], headings: bool) -> str:
    told = json.dumps([source.file, source.text, source.lines, list(shape), headings])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _form(node: Any) -> Any:
    if isinstance(node, tuple):
        return [_SEVERAL, *map(_form, node)]
    if node is None or isinstance(node, str | int):
        return node
    name = type(node).__name__
    if _KINDS.get(name) is not type(node):
        raise TypeError(name)
    return [name, *(_form(getattr(node, one)) for one in _names(_KINDS[name]))]


def _blocks(form: str) -> tuple[ParsedBlock, ...] | None:
    """Return blocks of a form; None when it is none."""
    try:
        found = _node(json.loads(form))
    except (ValueError, TypeError, LookupError):
        return None
    return found if isinstance(found, tuple) else None


def _node(form: Any) -> Any:
    if type(form) is not list:
        return form
    kind, *inner = form
    values = [_node(one) if type(one) is list else one for one in inner]
    if kind == _SEVERAL:
        return tuple(values)
    known: Any = _KINDS[kind]
    return known(**dict(zip(_names(known), values, strict=True)))


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple([one.name for one in fields(kind)])

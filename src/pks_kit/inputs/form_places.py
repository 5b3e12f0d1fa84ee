"""Make places in contract data (YAML) for values that the file has no key for yet.

Comments and everything that stands there already stay as they are: new keys go behind the last
value of the mapping or list they belong to, or to the end of the file. Where that cannot be said
for sure (a value of another kind stands there, a list would get a gap) no place is made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pks_kit.inputs.contract_file import path_parts
from pks_kit.inputs.yaml_writer import heading_line
from pks_kit.strict_yaml.nodes import YamlMapping, YamlNode, YamlScalar, YamlSequence

_EMPTY_LIST = re.compile(r":[ \t]*\[[ \t]*\]")


@dataclass(slots=True)
class _New:
    """What belongs behind one thing that exists: keys or row numbers, values or more of them."""

    parts: dict[str | int, _New | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePlaces:
    """Edits of the text, and for which paths no place could be made.

    Attributes:
        edits: From where to where in the text, and what shall stand there; they do not overlap.
        refused: Paths without a place.
    """

    edits: tuple[tuple[int, int, str], ...]
    refused: tuple[str, ...]


def make_places(
    text: str, root: YamlMapping, values: Iterable[tuple[str, str]], written: Callable[[str], str]
) -> MadePlaces:
    """Return what must be added to a file for values that it has no key for.

    Args:
        text: The file.
        root: The same, read.
        values: Paths that the file does not have, and their values.
        written: How a value is written in YAML.
    """
    found: dict[tuple[str | int, ...], _New] = {}
    refused: list[str] = []
    for path, value in values:
        parts = path_parts(path)
        depth, node = _deepest(root, parts)
        if isinstance(node, YamlScalar):
            refused.append(path)
            continue
        _put(found.setdefault(parts[:depth], _New()), parts[depth:], written(value))
    edits: list[tuple[int, int, str]] = []
    for where, new in found.items():
        edit = _edit(text, root, where, new)
        if edit is None:
            refused += [path for path, _ in values if path_parts(path)[: len(where)] == where]
        else:
            edits.append(edit)
    return MadePlaces(edits=tuple(edits), refused=tuple(dict.fromkeys(refused)))


def _deepest(root: YamlMapping, parts: tuple[str | int, ...]) -> tuple[int, YamlNode]:
    """Return how far a path exists, and what stands there."""
    here: YamlNode = root
    for depth, part in enumerate(parts):
        if isinstance(here, YamlMapping) and isinstance(part, str) and part in here.entries:
            here = here.entries[part]
        elif isinstance(here, YamlSequence) and isinstance(part, int) and part < len(here.items):
            here = here.items[part]
        else:
            return depth, here
    return len(parts), here


def _put(new: _New, parts: tuple[str | int, ...], value: str) -> None:
    first, *rest = parts
    if not rest:
        new.parts[first] = value
        return
    inner = new.parts.get(first)
    if not isinstance(inner, _New):
        inner = new.parts[first] = _New()
    _put(inner, tuple(rest), value)


def _edit(
    text: str, root: YamlMapping, where: tuple[str | int, ...], new: _New
) -> tuple[int, int, str] | None:
    _, node = _deepest(root, where)
    count = len(node.items) if isinstance(node, YamlSequence) else 0
    if isinstance(node, YamlSequence) and sorted(map(str, new.parts)) != sorted(
        map(str, range(count, count + len(new.parts)))
    ):
        return None  # a list has no gaps
    if not where:
        added = "".join(f"\n{heading_line(str(key))}\n{_lines(new, key, '')}" for key in new.parts)
        return len(text), len(text), ("" if text.endswith("\n") else "\n") + added
    if isinstance(node, YamlSequence) and not count:
        return _into_empty_list(text, root, where, new)
    end = _end(node)
    first, column = _first(text, node)
    if end is None or column is None:
        return None
    if "{" in first[:column]:
        if any(isinstance(one, _New) for one in new.parts.values()):
            return None
        return end, end, "".join(f", {key}: {value}" for key, value in new.parts.items())
    stop = text.find("\n", end - 1 if text[end - 1 : end] == "\n" else end)
    indent = " " * column
    added = "".join(_lines(new, key, indent) for key in new.parts)
    if stop < 0:
        return len(text), len(text), f"\n{added}"
    return stop + 1, stop + 1, added


def _into_empty_list(
    text: str, root: YamlMapping, where: tuple[str | int, ...], new: _New
) -> tuple[int, int, str] | None:
    """Return the edit that turns ``key: []`` into a list of rows."""
    *above, key = where
    _, parent = _deepest(root, tuple(above))
    if not isinstance(parent, YamlMapping) or not isinstance(key, str):
        return None
    start = _line_start(text, parent.key_lines[key])
    stop = text.find("\n", start) if "\n" in text[start:] else len(text)
    line = text[start:stop]
    empty = _EMPTY_LIST.search(line)
    column = line.find(key)
    if empty is None or column < 0:
        return None
    rows = "".join(_lines(new, index, " " * (column + 2)) for index in new.parts)
    return start + empty.start(), stop, f":{line[empty.end() :]}\n{rows}".removesuffix("\n")


def _end(node: YamlNode) -> int | None:
    """Return where the last value below a node ends."""
    if isinstance(node, YamlScalar):
        return node.end
    below = node.items if isinstance(node, YamlSequence) else tuple(node.entries.values())
    ends = [end for one in below if (end := _end(one)) is not None]
    return max(ends, default=None)


def _first(text: str, node: YamlNode) -> tuple[str, int | None]:
    """Return the line on which the first key or row of a node stands, and its column."""
    if isinstance(node, YamlMapping) and node.entries:
        key = next(iter(node.entries))
        line = _line(text, node.key_lines[key])
        found = re.search(rf"(?<![\w.-]){re.escape(key)}(?=[ \t]*:)", line)
        return line, found.start() if found else None
    if isinstance(node, YamlSequence):
        line = _line(text, node.line)
        column = line.find("-")
        return line, column if column >= 0 and not line[:column].strip() else None
    return "", None


def _line_start(text: str, number: int) -> int:
    start = 0
    for _ in range(number - 1):
        start = text.find("\n", start) + 1
    return start


def _line(text: str, number: int) -> str:
    return text[_line_start(text, number) :].partition("\n")[0]


def _lines(new: _New, key: str | int, indent: str) -> str:
    """Return the lines of one key, or of one row of a list."""
    value = new.parts[key]
    if isinstance(value, str):
        return f"{indent}- {value}\n" if isinstance(key, int) else f"{indent}{key}: {value}\n"
    inner = "".join(_lines(value, name, f"{indent}  ") for name in value.parts)
    if isinstance(key, int):
        return f"{indent}- {inner.removeprefix(f'{indent}  ')}"
    return f"{indent}{key}:\n{inner}"


def scalars(node: YamlNode, path: tuple[str | int, ...] = ()) -> Iterator[tuple[object, str]]:
    """Yield the place and the text of every value, to compare two files."""
    if isinstance(node, YamlScalar):
        yield path, json.dumps(node.text)
    elif isinstance(node, YamlSequence):
        for index, one in enumerate(node.items):
            yield from scalars(one, (*path, index))
    else:
        for key, one in node.entries.items():
            yield from scalars(one, (*path, key))

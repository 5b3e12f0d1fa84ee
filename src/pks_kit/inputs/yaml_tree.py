"""YAML from outside as a tree of text with line numbers, within limits.

Every scalar stays the text that was written: ``0123`` keeps its zero, ``08:00`` is no number to
the base of 60 and ``no`` is no truth value. Anchors, aliases, tags, several documents and keys
that are not plain words are refused: they are the ways to a YAML bomb or to code, and contract
data needs none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from yaml import events as ev

from pks_kit.domain.aksara import find_unprintable, mask_digits, normalise, visible
from pks_kit.errors import DataPath, InputProblemsError, Problem

MAXIMUM_DEPTH = 12
MAXIMUM_NODES = 20_000
_NULLS = frozenset({"", "~", "null"})
PLACEHOLDER = "ISI:"
"""A value that begins so was written by a program and waits for a person to fill it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlScalar:
    """A scalar: normalised text, or None when nothing was written."""

    text: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlSequence:
    """A sequence."""

    items: tuple[YamlNode, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlMapping:
    """A mapping; ``key_lines`` holds the line of each key."""

    entries: dict[str, YamlNode]
    key_lines: dict[str, int]
    line: int


YamlNode = YamlScalar | YamlSequence | YamlMapping


@dataclass(slots=True)
class _Reading:
    """Progress of one reading: events left, nodes seen, problems found."""

    events: Iterator[ev.Event]
    source: str
    nodes: int = 0
    problems: list[Problem] = field(default_factory=list)

    def stop(self, code: str, line: int | None, **params: object) -> InputProblemsError:
        self.problems.append(Problem(code, "", line, **params))
        return InputProblemsError("input.problems", tuple(self.problems), file=self.source)


def read_tree(text: str, source: str) -> tuple[YamlMapping, list[Problem]]:
    """Read one YAML document.

    Args:
        text: The file, already decoded.
        source: Name of the file for the messages.

    Returns:
        The top mapping and the problems that do not stop the reading: keys that stand twice and
        characters that cannot be printed.

    Raises:
        InputProblemsError: The text is no YAML, is too deep or too large, or uses what is refused.
    """
    reading = _Reading(events=yaml.parse(text, Loader=yaml.SafeLoader), source=source)
    try:
        return _document(reading), reading.problems
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise reading.stop(
            "input.yaml_syntax", line, reason=visible(error.problem or "")
        ) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        point = f"U+{int(error.character):04X}"
        raise reading.stop("input.control_character", line, code_point=point) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise reading.stop("input.yaml_syntax", None, reason=visible(str(error))) from error


def _document(reading: _Reading) -> YamlMapping:
    top: YamlNode | None = None
    for event in reading.events:
        if isinstance(event, ev.DocumentStartEvent):
            if top is not None:
                raise reading.stop("input.several_documents", _line(event))
            top = _node(next(reading.events), reading, (), 1)
    if top is None or (isinstance(top, YamlScalar) and top.text is None):
        raise reading.stop("input.empty_file", 1)
    if not isinstance(top, YamlMapping):
        raise reading.stop("input.top_not_mapping", top.line)
    return top


def _line(event: ev.Event) -> int:
    mark = event.start_mark
    return int(mark.line) + 1 if mark is not None else 1


def _node(event: ev.Event, reading: _Reading, path: tuple[str | int, ...], depth: int) -> YamlNode:
    line = _line(event)
    reading.nodes += 1
    if reading.nodes > MAXIMUM_NODES:
        raise reading.stop("input.too_many_nodes", line, limit=MAXIMUM_NODES)
    if depth > MAXIMUM_DEPTH:
        raise reading.stop("input.too_deep", line, limit=MAXIMUM_DEPTH)
    if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise reading.stop("input.anchor_refused", line)
    if getattr(event, "tag", None) is not None:
        raise reading.stop("input.tag_refused", line)
    if isinstance(event, ev.ScalarEvent):
        return _scalar(event, reading, path)
    if isinstance(event, ev.SequenceStartEvent):
        items: list[YamlNode] = []
        while not isinstance(event := next(reading.events), ev.SequenceEndEvent):
            items.append(_node(event, reading, (*path, len(items)), depth + 1))
        return YamlSequence(items=tuple(items), line=line)
    return _mapping(reading, path, depth, line)


def _scalar(event: ev.ScalarEvent, reading: _Reading, path: tuple[str | int, ...]) -> YamlScalar:
    line = _line(event)
    if event.style is None and event.value in _NULLS:
        return YamlScalar(text=None, line=line)
    text = normalise(event.value)
    bad = find_unprintable(text)
    if bad is not None:
        code = "input.line_break" if bad.code_point in ("U+000A", "U+000D") else "input.unprintable"
        reading.problems.append(
            Problem(
                code,
                format_path(path),
                line,
                code_point=bad.code_point,
                name=bad.name,
                position=bad.position,
            )
        )
    return YamlScalar(text=text, line=line)


def _mapping(reading: _Reading, path: tuple[str | int, ...], depth: int, line: int) -> YamlMapping:
    entries: dict[str, YamlNode] = {}
    key_lines: dict[str, int] = {}
    while not isinstance(event := next(reading.events), ev.MappingEndEvent):
        key_line = _line(event)
        if not isinstance(event, ev.ScalarEvent) or event.anchor or event.tag:
            raise reading.stop("input.key_not_text", key_line)
        key = event.value
        value = _node(next(reading.events), reading, (*path, key), depth + 1)
        if key in entries:
            reading.problems.append(
                Problem(
                    "input.duplicate_key",
                    format_path((*path, key)),
                    key_line,
                    key=mask_digits(visible(key)),
                    first=key_lines[key],
                )
            )
            continue
        entries[key] = value
        key_lines[key] = key_line
    return YamlMapping(entries=entries, key_lines=key_lines, line=line)


def format_path(path: tuple[str | int, ...]) -> DataPath:
    """Return a path as people write it: ``tenaga_kesehatan[2].sip.nomor`` (rows count from 0)."""
    text = ""
    shown = tuple(
        part if isinstance(part, int) else mask_digits(visible(part, 40)) for part in path
    )
    for part in shown:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + part
    return DataPath(text, shown)


def as_plain(node: YamlNode) -> object:
    """Return the tree as dicts, lists, text and None."""
    if isinstance(node, YamlMapping):
        return {key: as_plain(value) for key, value in node.entries.items()}
    if isinstance(node, YamlSequence):
        return [as_plain(item) for item in node.items]
    return node.text


def line_of(top: YamlMapping, path: tuple[str | int, ...]) -> int:
    """Return the line of the value at a path, or of the nearest thing above it that exists."""
    node: YamlNode = top
    line = top.line
    for part in path:
        if isinstance(node, YamlMapping) and isinstance(part, str) and part in node.entries:
            line, node = node.key_lines[part], node.entries[part]
        elif isinstance(node, YamlSequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            line = node.line
        else:
            break
    return line


def to_be_filled(top: YamlMapping) -> list[Problem]:
    """Return one problem for every value that still begins with :data:`PLACEHOLDER`."""
    found: list[Problem] = []

    def visit(node: YamlNode, path: tuple[str | int, ...]) -> None:
        if isinstance(node, YamlMapping):
            for key, value in node.entries.items():
                visit(value, (*path, key))
        elif isinstance(node, YamlSequence):
            for index, item in enumerate(node.items):
                visit(item, (*path, index))
        elif node.text is not None and node.text.strip().startswith(PLACEHOLDER):
            wanted = mask_digits(visible(node.text.strip().removeprefix(PLACEHOLDER).strip(), 120))
            found.append(Problem("input.to_be_filled", format_path(path), node.line, wanted=wanted))

    visit(top, ())
    return found

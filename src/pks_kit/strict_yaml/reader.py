"""From text to tree, within limits; what YAML has beyond plain data is refused.

Anchors, aliases, tags, several documents and keys that are not plain words are the ways to a YAML
bomb, to code, or to a file that two programs read differently. No file of ours and no contract
needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml import events as ev

from pks_kit.strict_yaml.nodes import (
    YamlError,
    YamlMapping,
    YamlNode,
    YamlPath,
    YamlProblem,
    YamlScalar,
    YamlSequence,
)

EachScalar = Callable[[YamlScalar, YamlPath], None]
MAXIMUM_DEPTH = 12
"""Mappings and lists inside each other."""
MAXIMUM_NODES = 20_000
_NULLS = frozenset({"", "~", "null"})
# libyaml gives the same events at the same places as the Python parser, some ten times faster.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The two parsers find these in different ways and count the place differently.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SEEN_LATE = ("could not find expected ':'", "found unexpected end of stream")
"""Both parsers go on reading before they notice; what is wrong stands where they began."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_mapping(
    text: str, *, found: list[YamlProblem] | None = None, each: EachScalar | None = None
) -> YamlMapping:
    """Read one YAML document whose top is a mapping.

    Args:
        text: The file, already decoded.
        found: As for :func:`read_document`.
        each: As for :func:`read_document`.

    Raises:
        YamlError: With one problem, as for :func:`read_document`; also ``input.empty_file`` and
            ``input.top_not_mapping``.
    """
    top = read_document(text, found=found, each=each)
    if top is None:
        raise YamlError(YamlProblem("input.empty_file", (), 1))
    if not isinstance(top, YamlMapping):
        raise YamlError(YamlProblem("input.top_not_mapping", (), top.line))
    return top


def read_document(
    text: str, *, found: list[YamlProblem] | None = None, each: EachScalar | None = None
) -> YamlNode | None:
    """Read one YAML document; None when it holds nothing.

    Args:
        text: The file, already decoded.
        found: Takes keys that stand twice and keys of ``{...}`` that have no colon, and the
            reading goes on (with the first of two); without it such a key is an error.
        each: Called with every value and its path as it is read; it may change the value.

    Raises:
        YamlError: With one problem: ``input.yaml_syntax``, ``input.control_character``,
            ``input.several_documents``, ``input.anchor_refused``, ``input.tag_refused``,
            ``input.key_not_text``, ``input.duplicate_key``, ``input.cut_at_comma``,
            ``input.too_deep``, ``input.too_many_nodes``.
    """
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        point = f"U+{ord(control[0]):04X}"
        raise YamlError(YamlProblem("input.control_character", (), line, code_point=point))
    loader = _LOADER(text)
    try:
        return _Reading(text, loader.get_event, found, each).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if (error.problem or "").startswith(_SEEN_LATE):
            mark = error.context_mark or mark
        line = mark.line + 1 if mark else 1
        raise YamlError(
            YamlProblem("input.yaml_syntax", (), line, reason=error.problem or "")
        ) from error
    except YamlError:
        raise
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # An escape beyond Unicode: Python's parser tells no place, but knows where it stopped.
        line = getattr(loader, "line", 0) + 1
        raise YamlError(YamlProblem("input.yaml_syntax", (), line, reason=str(error))) from error
    finally:
        loader.dispose()


class _Reading:
    """Progress of one reading: where the events come from, the path, problems found."""

    def __init__(
        self,
        text: str,
        next_event: Callable[[], Any],
        found: list[YamlProblem] | None,
        each: EachScalar | None,
    ) -> None:
        self.text = text
        self.next_event = next_event
        self.found = found
        self.each = each
        self.nodes = 0
        self.path: list[str | int] = []

    def document(self) -> YamlNode | None:
        top: YamlNode | None = None
        documents = 0
        while (event := self.next_event()) is not None:
            if type(event) is ev.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise _refused("input.several_documents", event)
                top = self.node(self.next_event())
        if isinstance(top, YamlScalar) and top.text is None:
            return None
        return top

    def node(self, event: Any) -> YamlNode:
        self.nodes += 1
        if self.nodes > MAXIMUM_NODES:
            raise _refused("input.too_many_nodes", event, limit=MAXIMUM_NODES)
        if event.anchor is not None:  # an alias has one too: the name it refers to
            raise _refused("input.anchor_refused", event)
        if event.tag is not None:
            raise _refused("input.tag_refused", event)
        kind = type(event)
        if kind is ev.ScalarEvent:
            scalar = _scalar(event)
            if self.each is not None:
                self.each(scalar, tuple(self.path))
            return scalar
        if len(self.path) >= MAXIMUM_DEPTH:
            raise _refused("input.too_deep", event, limit=MAXIMUM_DEPTH)
        return self.mapping(event) if kind is ev.MappingStartEvent else self.sequence(event)

    def sequence(self, start: Any) -> YamlSequence:
        items: list[YamlNode] = []
        path = self.path
        path.append(0)
        while type(event := self.next_event()) is not ev.SequenceEndEvent:
            path[-1] = len(items)
            items.append(self.node(event))
        path.pop()
        return YamlSequence(items=tuple(items), line=start.start_mark.line + 1)

    def mapping(self, start: Any) -> YamlMapping:
        entries: dict[str, YamlNode] = {}
        key_lines: dict[str, int] = {}
        path = self.path
        path.append("")
        while type(event := self.next_event()) is not ev.MappingEndEvent:
            if type(event) is not ev.ScalarEvent or event.anchor or event.tag:
                raise _refused("input.key_not_text", event)
            path[-1] = key = _text(event)
            mark: Any = event.start_mark
            line = mark.line + 1
            value = self.node(self.next_event())
            if start.flow_style and self.lacks_colon(event, value):
                self.report(YamlProblem("input.cut_at_comma", tuple(path), line, rest=key))
                continue
            if key in entries:
                self.twice(line, key, key_lines[key])
                continue
            entries[key] = value
            key_lines[key] = line
        path.pop()
        return YamlMapping(entries=entries, key_lines=key_lines, line=start.start_mark.line + 1)

    def twice(self, line: int, key: str, first: int) -> None:
        self.report(
            YamlProblem("input.duplicate_key", tuple(self.path), line, key=key, first=first)
        )

    def lacks_colon(self, key: Any, value: YamlNode) -> bool:
        """Return whether a key of ``{...}`` stands alone: text behind a comma of a value."""
        if not isinstance(value, YamlScalar) or value.style or value.text is not None:
            return False
        return ":" not in self.text[key.end_mark.index : value.end]

    def report(self, problem: YamlProblem) -> None:
        if self.found is None:
            raise YamlError(problem)
        self.found.append(problem)


def _scalar(event: Any) -> YamlScalar:
    start, style = event.start_mark, event.style or ""
    text = _text(event)
    return YamlScalar(
        text=None if not style and text in _NULLS else text,
        line=start.line + 1,
        style=style,
        start=start.index,
        end=event.end_mark.index,
    )


def _text(event: Any) -> str:
    """Return the text of a scalar; half of a surrogate pair, which libyaml refuses, is refused."""
    text: str = event.value
    if not text.isascii() and _SURROGATE.search(text):
        raise _refused("input.yaml_syntax", event, reason="invalid Unicode character escape code")
    return text


def _refused(code: str, event: Any, **params: object) -> YamlError:
    mark = event.start_mark
    return YamlError(YamlProblem(code, (), 1 if mark is None else mark.line + 1, **params))

"""What was read: a tree of text that knows where each part stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

YamlPath = tuple[str | int, ...]
"""Keys and row numbers (from 0) that lead from the top to a value."""


# Not frozen: a frozen class takes three times as long to make, and a file has thousands of these.
@dataclass(slots=True, kw_only=True)
class YamlScalar:
    """A scalar.

    Attributes:
        text: The text as it was written, None when nothing was (also ``~`` and ``null``).
        line: Line of the file, from 1.
        style: How it was written: ``"``, ``'``, ``|``, ``>``, or nothing for a plain one, by which
            a number or a date may be meant.
        start: Where it begins in the text, in characters from 0 (a byte order mark not counted).
        end: Where it ends in the text, exclusive.
    """

    text: str | None
    line: int
    style: str = '"'
    start: int = 0
    end: int = 0


@dataclass(slots=True, kw_only=True)
class YamlSequence:
    """A sequence."""

    items: tuple[YamlNode, ...]
    line: int


@dataclass(slots=True, kw_only=True)
class YamlMapping:
    """A mapping; ``key_lines`` holds the line of each key."""

    entries: dict[str, YamlNode]
    key_lines: dict[str, int]
    line: int


YamlNode = YamlScalar | YamlSequence | YamlMapping


class YamlProblem:
    """One thing that is wrong in a YAML file.

    The reader stands below the catalogue of messages, which it reads too; so a problem holds the
    code of its words and not the words.

    Attributes:
        code: Code of the words, for example ``input.duplicate_key``.
        path: Keys and row numbers of the value; empty when the file as a whole is meant.
        line: Line of the file, from 1.
        params: Values for the placeholders of the words, as they stood in the file.
    """

    __slots__ = ("code", "line", "params", "path")

    def __init__(self, code: str, path: YamlPath, line: int, **params: Any) -> None:
        self.code = code
        self.path = path
        self.line = line
        self.params = params


class YamlError(ValueError):
    """A YAML file is not what it must be; ``problems`` holds at least one."""

    def __init__(self, *problems: YamlProblem) -> None:
        first = problems[0]
        super().__init__(f"line {first.line}: {first.code} {first.params}")
        self.problems = problems

    @property
    def first(self) -> YamlProblem:
        """Return the problem to tell when only one can be told."""
        return self.problems[0]


def line_of(top: YamlNode, path: YamlPath) -> int:
    """Return the line of the value at a path, or of the nearest thing above it that exists."""
    node, line = top, top.line
    for part in path:
        if isinstance(node, YamlMapping) and isinstance(part, str) and part in node.entries:
            line, node = node.key_lines[part], node.entries[part]
        elif isinstance(node, YamlSequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            line = node.line
        else:
            break
    return line

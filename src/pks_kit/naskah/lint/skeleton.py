"""The text of a template without any data, once for every branch.

A template with ``{% if %} ... {% elif %} ... {% else %}`` has three skeletons: in the first each
condition holds, in the second the next branch is taken, and so on. A loop takes one turn.

Where the template prints an expression, the skeleton holds one private-use character; `Skeleton`
knows which expression that is. The rest of the engine reads the skeleton like a filled template, so
lint sees the same paragraphs, items and references as the agreement will have. A condition on a
feature of the version (``fitur.x``) is no branch: the manifest has decided it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from pks_kit.naskah.environment import parse_template
from pks_kit.naskah.lint.features import branches
from pks_kit.naskah.source_text import VALUE_MARK, SourceText, ValueStore, read_line_marks
from pks_kit.naskah.tree import BlokTandaTangan

_FIRST = 0xE100
_LAST = 0xF8FF
MAX_VARIANTS = 8
"""Longest chain of branches that is looked at."""


@dataclass(slots=True)
class _SkeletonStore(ValueStore):
    """Values of a skeleton; inside labels and attributes each expression counts as ``1``."""

    expressions: list[nodes.Expr] = field(default_factory=list)

    def fill(self, text: str) -> str:
        return VALUE_MARK.sub("1", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """A template without data.

    Attributes:
        tree: Jinja syntax tree.
        source: Text for the Markdown reader.
        expressions: Printed expressions; number ``i`` prints as ``chr(0xE100 + i)``.
    """

    tree: nodes.Template
    source: SourceText
    expressions: tuple[nodes.Expr, ...]

    def expression(self, character: str) -> nodes.Expr | None:
        """Return the expression that a character stands for, or None."""
        index = ord(character) - _FIRST
        return self.expressions[index] if 0 <= index < len(self.expressions) else None


def is_expression(character: str) -> bool:
    """Tell whether a character of a skeleton stands for an expression."""
    return _FIRST <= ord(character) <= _LAST


def read_skeletons(
    file: str, body: str, fitur: Mapping[str, bool] | None = None
) -> tuple[Skeleton, ...]:
    """Parse a template and return its texts without data.

    Args:
        file: Name of the template file.
        body: Its text below the head.
        fitur: Features of the version.

    Raises:
        TemplateError: for Jinja syntax and refused constructs, with file and line.
    """
    tree = parse_template(file, body)
    known = fitur or {}
    most = max((len(branches(node, known)) for node in tree.find_all(nodes.If)), default=1)
    loops_with_else = any(node.else_ for node in tree.find_all(nodes.For))
    variants = min(max(most, 1 + loops_with_else), MAX_VARIANTS)
    return tuple(_Emitter(tree, variant, known).skeleton(file) for variant in range(variants))


class _Emitter:
    """Writes the text of one variant."""

    def __init__(self, tree: nodes.Template, variant: int, fitur: Mapping[str, bool]) -> None:
        self._tree = tree
        self._variant = variant
        self._fitur = fitur
        self._store = _SkeletonStore()
        self._pieces: list[str] = []

    def skeleton(self, file: str) -> Skeleton:
        self._emit(self._tree.body)
        source = read_line_marks(file, "".join(self._pieces), self._store)
        expressions = tuple(self._store.expressions)
        return Skeleton(tree=self._tree, source=source, expressions=expressions)

    def _emit(self, body: Iterable[nodes.Node]) -> None:
        for node in body:
            match node:
                case nodes.Output():
                    self._pieces.extend(_printed(child, self._store) for child in node.nodes)
                case nodes.If():
                    possible = branches(node, self._fitur)
                    self._emit(possible[min(self._variant, len(possible) - 1)])
                case nodes.For():
                    self._emit(node.else_ if self._variant == 1 and node.else_ else node.body)
                case nodes.With():
                    self._emit(node.body)


def _printed(child: nodes.Expr, store: _SkeletonStore) -> str:
    if isinstance(child, nodes.TemplateData):
        return child.data
    character = chr(min(_FIRST + len(store.expressions), _LAST))
    store.expressions.append(child)
    if _is_signature(child):
        return store.add(BlokTandaTangan(tempat=()))
    return store.add(character)


def _is_signature(node: nodes.Expr) -> bool:
    called = node.node if isinstance(node, nodes.Call) else None
    return isinstance(called, nodes.Name) and called.name == "tanda_tangan"

"""The HTML of a leaf, read back as blocks, inline elements and words.

Only what ``render.html_blocks``, ``html_inline`` and ``html_signature`` write is understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

_LABEL = re.compile(r"^label w(\d+)$")

_STYLE = "|"

_INLINE = frozenset({"a", "br", "em", "strong"})


@dataclass(slots=True)
class Node:
    """An element.

    Attributes:
        tag: Its name.
        look: Its class and style, as attributes.
        anchor: Its id, or nothing.
        link: Where it jumps to, or nothing.
        steps: Width of a label in steps; 0 for everything else.
        inside: Elements and words in it.
    """

    tag: str
    look: str = ""
    anchor: str = ""
    link: str = ""
    steps: int = 0
    inside: list[Node | str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what decides how its words look beside the elements round it."""
        return f"{self.tag}{' label' if self.steps else self.look}"

    @property
    def is_inline(self) -> bool:
        """Return whether it is certainly a part of lines; a span without a label may be a block."""
        return self.tag in _INLINE or self.steps > 0

    @property
    def is_placed(self) -> bool:
        """Return whether it has a place of its own."""
        return _STYLE in self.look

    @property
    def blocks(self) -> list[Node]:
        """Return the elements in it; words between them are spaces."""
        return [one for one in self.inside if isinstance(one, Node)]


def parsed(content: str) -> Node:
    """Return an element without a name that holds the content of a leaf."""
    root = Node("")
    open_ones = [root]
    begin, *rest = content.split("<")
    if begin:
        root.inside.append(unescape(begin))
    for piece in rest:
        inside, _, words = piece.partition(">")
        tag, _, attributes = inside.partition(" ")
        if tag.startswith("/"):
            open_ones.pop()
        else:
            node = Node(tag, *_read(attributes)) if attributes else Node(tag)
            open_ones[-1].inside.append(node)
            if tag != "br":
                open_ones.append(node)
        if words:
            open_ones[-1].inside.append(unescape(words))
    return root


@lru_cache(maxsize=2048)
def _read(attributes: str) -> tuple[str, str, str, int]:
    names_and_values = attributes.split('"')
    pairs = zip(names_and_values[::2], names_and_values[1::2], strict=False)
    known = {name.strip(" ="): value for name, value in pairs}
    names = known.get("class", "")
    label = _LABEL.match(names)
    style = known.get("style", "")
    return (
        f" {names}{_STYLE}{style}" if style else f" {names}" if names else "",
        unescape(known.get("id", "")),
        unescape(known.get("href", "")),
        int(label[1]) if label else 0,
    )


def skeleton(node: Node) -> str:
    """Return what decides where blocks in an element stand: their names, and no words.

    Only boxes with places of their own keep theirs: those words are always the same.
    """
    parts = [
        f"{one.name}({skeleton(one)})" if isinstance(one, Node) else one
        for one in node.inside
        if (node.is_placed if isinstance(one, str) else not one.is_inline)
    ]
    return ";".join(parts)

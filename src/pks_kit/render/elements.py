"""HTML as elements: what the layout engine reads as text, and the paginator block by block.

Only elements of a page are meant: their words are written by :mod:`pks_kit.render.html_inline` and
stand here as finished HTML. An element whose content is text is a **leaf**: a paragraph, heading,
table row or a box that is never looked into. Everything above leaves is structure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from sys import intern
from typing import Final


@dataclass(frozen=True, slots=True)
class Element:
    """One element.

    Attributes:
        tag: Name of the element.
        look: Attributes that the style sheet reads, as HTML with a space before each.
        name: Attributes that it does not read: id and address, in the same form.
        content: Finished HTML of a leaf, or the elements inside.
        columns: Column widths of a table, as HTML before its rows.
        kept: Of an element that many agreements share, its leaves by what stands round it; None
            for all others.
    """

    tag: str
    look: str = ""
    name: str = ""
    content: str | tuple[Element, ...] = ""
    columns: str = ""
    kept: dict[tuple[int, ...], tuple[Leaf, ...]] | None = field(
        default=None, compare=False, repr=False
    )

    @property
    def style(self) -> str:
        """Return everything of the element itself that decides how it looks."""
        return f"{self.tag}{self.look}{self.columns}"

    @property
    def has_id(self) -> bool:
        """Return whether it can be jumped to."""
        return self.name.startswith(" id=")

    def html(self) -> str:
        """Return the element as HTML."""
        inside = self.content
        if not isinstance(inside, str):
            inside = "\n" + "".join([one.html() for one in inside])
        return f"<{self.tag}{self.look}{self.name}>{self.columns}{inside}</{self.tag}>\n"


@dataclass(slots=True, eq=False)
class Leaf:
    """A leaf and what stands round it; nobody changes it.

    Attributes:
        element: The leaf itself.
        above: The elements round it, the outermost first; part and section without their content.
        look: Everything that decides how the layout engine sets its words: the styles of all
            elements from the outermost to itself, and for a row its place in the table.
        begun: Depths in ``above`` of the elements with an id that begin with this leaf.
        opens: Whether it is the first of its section.
        lasts: Whether it is the same object in all agreements that have its text.
        key: What decides how it is set.
        met: A lasting leaf that stood before it, and the key of the gap between them.
    """

    element: Element
    above: tuple[Element, ...]
    look: str
    begun: tuple[int, ...]
    opens: bool
    lasts: bool = False
    key: str = field(init=False)
    met: tuple[Leaf, str] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Say the key once."""
        self.key = f"{self.look}\n{self.words}"

    @property
    def words(self) -> str:
        """Return what is printed, and the names of its clauses."""
        return f"{self.element.name}>{self.element.content}"


def leaves(root: Element) -> Iterator[Leaf]:
    """Yield the leaves below an element in reading order; a leaf yields nothing."""
    yield from _below(root, (), "", (), 0, opens=False, stable=True)


def _below(
    element: Element,
    above: tuple[Element, ...],
    look: str,
    begun: tuple[int, ...],
    place: int,
    *,
    opens: bool,
    stable: bool,
) -> Iterator[Leaf]:
    """Yield the leaves of an element that is child number ``place`` of the last one above.

    ``stable`` tells whether everything above is the same object for all agreements.
    """
    children = element.content
    if isinstance(children, str):
        return
    if element.has_id:
        begun = (*begun, len(above))
    opens = opens or element.tag == "section"
    if stable and element.tag in _STRUCTURE:
        above = (*above, _outline(element, above, place))
    else:
        above, stable = (*above, element), False
    look = f"{look}{element.style}>"
    final = len(children) - 1
    for number, child in enumerate(children):
        if stable and child.kept is not None:
            yield from _kept_leaves(child, above, look, begun, number, opens=opens)
        elif isinstance(child.content, str):
            row = f"|{number == 0:d}{number == final:d}" if child.tag == "tr" else ""
            yield _leaf(child, above, f"{look}{child.style}{row}", begun, opens=opens)
        else:
            # with or without a head above them, rows of a table have other rules
            inner = f"{look}{number}" if child.tag == "tbody" else look
            yield from _below(child, above, inner, begun, number, opens=opens, stable=stable)
        begun, opens = (), False


def _leaf(
    child: Element, above: tuple[Element, ...], look: str, begun: tuple[int, ...], *, opens: bool
) -> Leaf:
    first = f"^{begun}{opens:d}" if begun or opens else ""
    return Leaf(child, above, look + first, begun, opens)


_STRUCTURE: Final = frozenset({"main", "section", "ol", "li"})


def _outline(element: Element, above: tuple[Element, ...], place: int) -> Element:
    """Return a part, section, list or item without its content: the same object for all agreements.

    Its place keeps neighbours apart that are alike.
    """
    parent = id(above[-1]) if above else 0
    return _outlined(parent, element.tag, element.look, element.name, place)


@cache
def _outlined(parent: int, tag: str, look: str, name: str, place: int) -> Element:
    # as many as the texts have sections, lists and items, by what stands round them; they stay, so
    # that the identity of one is never that of another
    return Element(tag, look, name)


def _kept_leaves(
    child: Element,
    above: tuple[Element, ...],
    look: str,
    begun: tuple[int, ...],
    place: int,
    *,
    opens: bool,
) -> tuple[Leaf, ...]:
    """Return the leaves of an element that many agreements share, itself when it is one."""
    # outlines live as long as the process
    where = (*map(id, above), *begun, opens, place)
    kept = child.kept
    found = None if kept is None else kept.get(where)
    if found is None:
        if isinstance(child.content, str):
            found = (_leaf(child, above, look + child.style, begun, opens=opens),)
        else:
            found = tuple(_below(child, above, look, begun, place, opens=opens, stable=True))
        for one in found:
            one.lasts, one.key = True, intern(one.key)
        if kept is not None:
            found = kept.setdefault(where, found)
    return found


def class_of(names: str) -> str:
    """Return a class attribute, or nothing for no names."""
    return f' class="{names}"' if names else ""

"""HTML as elements: what the layout engine reads as text, and the paginator block by block.

Only elements of a page are meant: their words are written by :mod:`pks_kit.render.html_inline` and
stand here as finished HTML. An element whose content is text is a **leaf**: a paragraph, heading,
table row or a box that is never looked into. Everything above leaves is structure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """One element.

    Attributes:
        tag: Name of the element.
        look: Attributes that the style sheet reads, as HTML with a space before each.
        name: Attributes that it does not read: id and address, in the same form.
        content: Finished HTML of a leaf, or the elements inside.
        columns: Column widths of a table, as HTML before its rows.
    """

    tag: str
    look: str = ""
    name: str = ""
    content: str | tuple[Element, ...] = ""
    columns: str = ""

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


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf and what stands round it.

    Attributes:
        element: The leaf itself.
        above: The elements round it, the outermost first.
        look: Everything that decides how the layout engine sets its words: the styles of all
            elements from the outermost to itself, and for a row its place in the table.
        begun: Depths in ``above`` of the elements with an id that begin with this leaf.
        opens: Whether it is the first of its section.
    """

    element: Element
    above: tuple[Element, ...]
    look: str
    begun: tuple[int, ...]
    opens: bool

    @property
    def words(self) -> str:
        """Return what is printed, and the names of its clauses."""
        return f"{self.element.name}>{self.element.content}"


def leaves(root: Element) -> Iterator[Leaf]:
    """Yield the leaves below an element in reading order; a leaf yields nothing."""
    yield from _below(root, (), "", (), opens=False)


def _below(
    element: Element,
    above: tuple[Element, ...],
    look: str,
    begun: tuple[int, ...],
    *,
    opens: bool,
) -> Iterator[Leaf]:
    children = element.content
    if isinstance(children, str):
        return
    if element.has_id:
        begun = (*begun, len(above))
    opens = opens or element.tag == "section"
    above = (*above, element)
    look = f"{look}{element.style}>"
    final = len(children) - 1
    for number, child in enumerate(children):
        if isinstance(child.content, str):
            own = look + child.style
            if child.tag == "tr":
                own += f"|{number == 0:d}{number == final:d}"
            if begun or opens:
                own += f"^{begun}{opens:d}"
            yield Leaf(child, above, own, begun, opens)
        else:
            # with or without a head above them, rows of a table have other rules
            inner = f"{look}{number}" if child.tag == "tbody" else look
            yield from _below(child, above, inner, begun, opens=opens)
        begun, opens = (), False


def class_of(names: str) -> str:
    """Return a class attribute, or nothing for no names."""
    return f' class="{names}"' if names else ""

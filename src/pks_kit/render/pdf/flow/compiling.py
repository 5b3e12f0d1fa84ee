"""Compile a template: lay its constant text out once and keep it for every later process.

An agreement is given twice, with the same structure and other words in every value. What is alike
in both is text of the template and is kept; what differs held a value and is not. Gaps are kept
all: their keys hold looks and no words.

A facility may have more or fewer rows and items than the one that is compiled with, and a page
that is nearly empty makes a part try closer lines (``fitting``). So rows and items that hold
values are laid out one, two and four at a time too, in tables that a page may divide and in short
ones that none may, and everything in every variant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pks_kit.errors import RenderError, UsageError
from pks_kit.render.elements import Element, Leaf, class_of, leaves
from pks_kit.render.html import PartSource
from pks_kit.render.html_blocks import SHORT
from pks_kit.render.pdf.fitting import VARIANTS
from pks_kit.render.pdf.flow.book import Book, gap_keys, leaf_key
from pks_kit.render.pdf.flow.items import Gap, LaidLeaf
from pks_kit.render.pdf.flow.kept import kept_under, recall
from pks_kit.render.pdf.flow.learning import learn
from pks_kit.render.pdf.flow.unknown import StepAside
from pks_kit.render.pdf.laid import Glyphs

_SEVERAL = frozenset({"tbody", "ol"})
"""Elements whose children are as many as the data say."""

_SIZES = (0, 1, 2, 4)
"""As they are; first and last at once; first and last; two between them. A row or item knows no
other places."""

_ID = re.compile(r' id="[^"]*')
_CLASSES = re.compile(r' class="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How much is kept of an edition of a template.

    Attributes:
        leaves: Leaves of constant text.
        gaps: Pairs of neighbours.
    """

    leaves: int
    gaps: int


class Compiler:
    """Lays constant text out and keeps it.

    Args:
        css: The template's style sheet.
        folder: Where it is kept.

    Raises:
        UsageError: ``template.compile.no_libraries`` when nobody can say what sets the text.
        InputError: As :meth:`.store.Store.write`.
    """

    def __init__(self, css: str, folder: Path) -> None:
        kept = kept_under(css, folder)
        if kept is None:
            raise UsageError("template.compile.no_libraries")
        kept.store.forget_damaged()
        self._css = css
        self._kept = kept
        # What holds a value is remembered here for the next edition, and ends with the compiler.
        self._book = Book()
        self._leaves: dict[str, LaidLeaf] = {}
        self._gaps: dict[str, Gap] = {}

    def kept_as(self, name: str, content: str) -> Counted | None:
        """Return how much is kept of an edition; None when it is not, or of another content."""
        found = self._kept.store.read([_edition_name(name)]).get(_edition_name(name))
        if found is None or found["content"] != content:
            return None
        return Counted(leaves=found["leaves"], gaps=found["gaps"])

    def add(self, sources: Sequence[PartSource], others: Sequence[PartSource]) -> None:
        """Lay out an agreement.

        Args:
            sources: The parts of an agreement made of invented data.
            others: The same parts with other words in every value.
        """
        words = frozenset(leaf.words for source in others for leaf in leaves(source.main()))
        # with the rows of the sample a table has the length that it has
        for turned, sizes in ((_as_it_is, _SIZES), (_of_other_length, _SIZES[1:])):
            constant = frozenset(
                leaf_key(leaf)
                for source in others
                for variant in VARIANTS
                for leaf in leaves(turned(source.main(variant), words))
            )
            for variant in VARIANTS:
                for size in sizes:
                    mains = (
                        _sized(turned(source.main(variant), words), size, words)
                        for source in sources
                    )
                    self._add([tuple(leaves(main)) for main in mains], constant, sources[0].nama)

    def _add(self, parts: Sequence[Sequence[Leaf]], constant: frozenset[str], nama: str) -> None:
        recall(self._book, self._kept, parts)
        _learn(self._book, parts, self._css, nama)
        for key in constant.intersection(leaf_key(leaf) for part in parts for leaf in part):
            if (laid := self._book.leaf(key)) is not None:
                self._leaves[key] = laid
        for key in gap_keys(parts):
            if (gap := self._book.gap(key)) is not None:
                self._gaps[key] = gap

    def keep(self, name: str, content: str) -> Counted:
        """Keep what was laid out since the last time, and that this edition is finished.

        Args:
            name: The edition.
            content: Hash of all that it was made of.

        Raises:
            InputError: As :meth:`.store.Store.write`.
        """
        book = self._book
        self._kept.add(self._leaves, self._gaps, self._glyphs(), book.patterns, book.edges)
        counted = Counted(leaves=len(self._leaves), gaps=len(self._gaps))
        told = {"content": content, "leaves": counted.leaves, "gaps": counted.gaps}
        self._kept.store.write({_edition_name(name): told})
        self._leaves, self._gaps = {}, {}
        return counted

    def _glyphs(self) -> Glyphs:
        """Return the text behind the glyphs that are kept, and of no others."""
        used: dict[str, set[str]] = {}
        for laid in self._leaves.values():
            for face, numbers in laid.glyphs:
                used.setdefault(face, set()).update(numbers)
        return {
            face: {number: texts[number] for number in map(ord, used[face.postscript_name])}
            for face, texts in self._book.glyphs.items()
            if face.postscript_name in used
        }


def _edition_name(name: str) -> str:
    return f"edition\n{name}"


def _learn(book: Book, parts: Sequence[Sequence[Leaf]], css: str, nama: str) -> None:
    """Lay out what is unknown; a part that the quick road leaves alone is left out."""
    try:
        learn(book, parts, css, nama)
    except (RenderError, StepAside):
        if len(parts) > 1:
            for part in parts:
                _learn(book, (part,), css, nama)


def _as_it_is(element: Element, _words: Collection[str]) -> Element:
    return element


def _of_other_length(element: Element, words: Collection[str]) -> Element:
    """Return an element whose tables with values are long where they were short, and short else.

    Args:
        element: A part, or what stands in it.
        words: The words of all leaves that hold no value.
    """
    children = element.content
    if isinstance(children, str):
        return element
    look = element.look
    if element.tag == "table" and _holds_value(element, words):
        match = _CLASSES.match(look)
        names = match[1].split() if match else []
        others = [one for one in names if one != SHORT]
        look = class_of(" ".join(others if SHORT in names else [*names, SHORT]))
    inner = tuple([_of_other_length(child, words) for child in children])
    return replace(element, look=look, content=inner, kept=None)


def _sized(element: Element, size: int, words: Collection[str]) -> Element:
    """Return an element with some number of rows and items where they hold values.

    Args:
        element: A part, or what stands in it.
        size: How many; 0 leaves them as they are.
        words: The words of all leaves that hold no value.
    """
    children = element.content
    if not size or isinstance(children, str):
        return element
    inner = tuple([_sized(child, size, words) for child in children])
    if element.tag in _SEVERAL and any(_holds_value(child, words) for child in children):
        again = [_renamed(child, at) for at in range(1, size) for child in inner]
        inner = (*inner, *again)[:size]
    return replace(element, content=inner, kept=None)


def _renamed(element: Element, number: int) -> Element:
    """Return the same with other ids: none may stand twice on a sheet."""
    inside = element.content
    return replace(
        element,
        name=_ID.sub(rf"\g<0>-{number}", element.name),
        content=_ID.sub(rf"\g<0>-{number}", inside)
        if isinstance(inside, str)
        else tuple([_renamed(child, number) for child in inside]),
        kept=None,
    )


def _holds_value(element: Element, words: Collection[str]) -> bool:
    if isinstance(element.content, str):
        return f"{element.name}>{element.content}" not in words
    return any(_holds_value(child, words) for child in element.content)

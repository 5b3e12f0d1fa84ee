"""Sections of a part with open values, read once however many agreements say them alike.

A lampiran has one section for each member of the network and for each user, so its text as a whole
is another one for nearly every facility. Its sections are not: they differ in the numbers of their
marks. So each is read with marks numbered from nought, and what was read is copied with the numbers
that it has in its place.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final

from pks_kit.met import Lately
from pks_kit.naskah.kept_blocks import read_open_blocks
from pks_kit.naskah.parsed import ParsedBlock
from pks_kit.naskah.slots import slot_for
from pks_kit.naskah.source_text import (
    RESERVED,
    VALUE_MARK,
    Printed,
    SourceText,
    ValueStore,
    value_mark,
)
from pks_kit.naskah.tree import BlokTandaTangan

_HEADING: Final = "## "
"""What a section begins with: it ends whatever stands above it."""

_KEPT: Final = 256
"""Sections of a generation: those of all lampiran that have one for each of many people."""

_ASKED: Lately[Hashable, tuple[int, ...]] = Lately(_KEPT)
_BLOCKS: Lately[Hashable, tuple[ParsedBlock, ...]] = Lately(_KEPT)


class OpenValues(ValueStore):
    """Values that are their own marks, but for those that decide structure.

    Args:
        values: The real values.

    Attributes:
        asked: Numbers of those that were asked for all the same.
    """

    def __init__(self, values: Iterable[Printed]) -> None:
        super().__init__()
        self.real = tuple(values)
        self.asked: set[int] = set()
        for number, value in enumerate(self.real):
            mark = value_mark(number)
            if isinstance(value, BlokTandaTangan):
                self.entries.append(slot_for(mark))
            else:
                self.entries.append(mark if value else "")

    def _words(self, index: int) -> str:
        self.asked.add(index)
        value = self.real[index]
        return super()._words(index) if isinstance(value, BlokTandaTangan) else value


def shape_of(value: Printed) -> str:
    """Return what of a value decides how its mark is read."""
    if isinstance(value, BlokTandaTangan):
        return "signatures"
    return "words" if value else ""


def read_sections(source: SourceText) -> tuple[tuple[ParsedBlock, ...], set[int]]:
    """Read the Markdown of a lampiran section by section.

    Args:
        source: Its text after Jinja, with the real values.

    Returns:
        Its blocks, and the numbers of the values that decide them.

    Raises:
        TemplateError: As :func:`.blocks.read_blocks`; it may name a mark instead of a value.
    """
    blocks: list[ParsedBlock] = []
    asked: set[int] = set()
    entries = source.values.entries
    for text, lines in _cut(source):
        numbers = list(dict.fromkeys(map(int, VALUE_MARK.findall(text))))
        places = {number: place for place, number in enumerate(numbers)}
        said = VALUE_MARK.sub(lambda mark, at=places: value_mark(at[int(mark[1])]), text)  # type: ignore[misc]
        real = [entries[number] for number in numbers]
        key: Hashable = source.file, said, lines, tuple(map(shape_of, real))
        decides = _ASKED.get(key)
        found = None
        if decides is not None:
            found = _BLOCKS.get((key, tuple([real[place] for place in decides])))
        if found is None or decides is None:
            store = OpenValues(real)
            section = SourceText(file=source.file, text=said, lines=lines, values=store)
            shape = tuple(map(shape_of, real))
            found = read_open_blocks(section, shape, store.asked, headings=True)
            decides = tuple(sorted(store.asked))
            fixed = tuple([real[place] for place in decides])
            if not any(isinstance(one, str) and RESERVED.search(one) for one in fixed):
                _ASKED.keep(key, decides)
                _BLOCKS.keep((key, fixed), found)
        asked.update(numbers[place] for place in decides)
        blocks += _copied(found, numbers)
    return tuple(blocks), asked


def _cut(source: SourceText) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield text and lines of each section; the first is what stands above all headings."""
    rows = source.text.split("\n")
    begins = [at for at, row in enumerate(rows) if row.startswith(_HEADING) and at]
    begins = [at for at in begins if not rows[at - 1].strip()]
    for begin, end in zip([0, *begins], [*begins, len(rows)], strict=True):
        yield "\n".join(rows[begin:end]), tuple(source.lines[begin:end])


def _copied(node: Any, numbers: Sequence[int]) -> Any:
    """Return a copy of a node, since nodes are told apart by identity, with other marks."""
    if isinstance(node, str):
        if "\ue000" not in node:
            return node
        return VALUE_MARK.sub(lambda mark: value_mark(numbers[int(mark[1])]), node)
    if isinstance(node, tuple):
        return tuple([_copied(one, numbers) for one in node])
    if is_dataclass(node):
        kind: Any = type(node)
        return kind(**{name: _copied(getattr(node, name), numbers) for name in _names(kind)})
    return node


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple([one.name for one in fields(kind)])

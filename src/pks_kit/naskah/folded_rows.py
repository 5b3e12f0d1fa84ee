"""Rows that a template says alike, folded into one: how many there are decides no tree.

A loop over the staff of a facility prints one row of a table for each of them: the same line, but
for the numbers of its value marks. Read as they are, every number of rows would be another text,
and no two facilities would share what was read. So such neighbours are folded into the first of
them before the text is read, and unfolded again when values are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pks_kit.naskah.source_text import (
    VALUE_MARK,
    Printed,
    SourceText,
    ValueStore,
    value_mark,
)

_DECIDES: Final = re.compile(r"(?:\]\(|\{:)[^(){}\n\ue000]*+\ue000")
"""A mark in the target of a reference, or in attributes."""


class RowValues(NamedTuple):
    """The values of one more row, under the numbers of the marks of the first.

    Attributes:
        first: Number of the first mark of a row.
        values: Values of all its marks, in order.
    """

    first: int
    values: Sequence[Printed]

    def number(self, mark: int) -> Printed:
        """Return what a mark of the first row stands for in this one."""
        return self.values[mark - self.first]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedText:
    """A text with rows folded.

    Attributes:
        source: The text; its marks are numbered anew, and so are its values.
        rows: Each mark of a row to the further rows that were folded into it.
    """

    source: SourceText
    rows: Mapping[int, tuple[RowValues, ...]]


def unfolded(source: SourceText) -> FoldedText:
    """Return a text as it is."""
    return FoldedText(source=source, rows={})


@dataclass(slots=True)
class _Run:
    """Neighbours that are alike: number of the first mark, marks of a row, how many rows."""

    first: int
    marks: int
    count: int = 1


def fold_rows(source: SourceText) -> FoldedText:
    """Fold the rows of tables that differ in the numbers of their marks alone.

    A row whose values are empty where those of its neighbour are not is another row, and one
    without any value is nobody's. One with a value in an address or a target is left as it is:
    such values decide the tree.

    Args:
        source: Text after Jinja.
    """
    kept: list[str] = []
    numbers: list[int] = []
    runs: list[_Run] = []
    before: tuple[str, int, tuple[bool, ...]] | None = None
    run = _Run(0, 0)
    if not source.lines:
        return unfolded(source)
    for line, number in zip(source.text.split("\n"), source.lines, strict=True):
        marks = _marks(line)
        values = source.values.entries[marks[0] : marks[-1] + 1] if marks else []
        if any(values):
            alike = VALUE_MARK.sub("\ue000\ue001", line), number, tuple(map(bool, values))
            if alike == before and marks[0] == run.first + run.count * run.marks:
                run.count += 1
                continue
            before, run = alike, _Run(marks[0], len(marks))
            runs.append(run)
        else:
            before = None
        kept.append(line)
        numbers.append(number)
    if all(one.count == 1 for one in runs):
        return unfolded(source)
    known: dict[int, int] = {}
    text = VALUE_MARK.sub(
        lambda mark: value_mark(known.setdefault(int(mark[1]), len(known))), "\n".join(kept)
    )
    entries = source.values.entries
    rows: dict[int, tuple[RowValues, ...]] = {}
    for one in runs:
        first = known[one.first]
        places = range(first, first + one.marks)
        if one.count > 1:
            if any(known[one.first + at] != mark for at, mark in enumerate(places)):
                return unfolded(source)  # one of its values was printed before
            rows |= dict.fromkeys(places, _further(one, first, entries))
    folded = SourceText(
        file=source.file,
        text=text,
        lines=tuple(numbers),
        values=ValueStore(entries=[entries[number] for number in known]),
    )
    return FoldedText(source=folded, rows=rows)


def _marks(line: str) -> list[int]:
    """Return the marks of a row when they follow each other without a gap; otherwise none."""
    if not line.startswith("|") or _DECIDES.search(line):
        return []
    marks = [int(one) for one in VALUE_MARK.findall(line)]
    together = bool(marks) and marks == list(range(marks[0], marks[0] + len(marks)))
    return marks if together else []


def _further(run: _Run, first: int, entries: Sequence[Printed]) -> tuple[RowValues, ...]:
    starts = range(run.first + run.marks, run.first + run.marks * run.count, run.marks)
    return tuple(RowValues(first, entries[place : place + run.marks]) for place in starts)

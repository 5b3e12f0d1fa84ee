"""Open slots: a tree in which the marks of printed values still stand, and its filling.

The words of an agreement come from its template, the values from a facility: one tree serves all
facilities whose values open the same doors of the template. What holds no slot is shared between
them, object by object, so whoever writes it need write it once. So is what was filled with the same
values before: many values are those of the law, of the branch or of the year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, NamedTuple, TypeVar, cast

from pks_kit.naskah.folded_rows import RowValues
from pks_kit.naskah.source_text import VALUE_MARK, Printed
from pks_kit.naskah.tree import (
    Bagian,
    BlokTandaTangan,
    Butir,
    Daftar,
    Formulir,
    GantiBaris,
    Notes,
    Paragraf,
    Sel,
    Subjudul,
    Tabel,
)

_T = TypeVar("_T")

_NOTED: Final = (Butir, Daftar, Formulir, Paragraf, Subjudul, Tabel)


@dataclass(frozen=True, slots=True)
class _Inside:
    """Where slots stand in a node of the tree, or in a sequence of them.

    Attributes:
        within: Name of the field, or number in the sequence, and what is open there: text with
            marks, or a node. A node that is itself a value has none.
        fields: All fields of a node as they are.
    """

    within: tuple[tuple[Any, _Inside | None], ...]
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _InsideRows(_Inside):
    """The same in the rows of a table.

    Attributes:
        marks: One mark of each row in ``within``.
    """

    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _InsideBlock(_Inside):
    """The same in a block or an item of a list, which many agreements may fill alike.

    Attributes:
        marks: All marks in it.
        alike: What it was filled with.
    """

    marks: tuple[int, ...]
    alike: _FilledAlike


class _FilledAlike:
    """What a block was filled with twice, and what it became; safe for threads.

    Args:
        notes: Told which of them are shared.
    """

    __slots__ = ("_known", "_met", "_notes")

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._known: dict[tuple[Printed, ...], Any] = {}
        self._met: set[int] = set()

    def get(self, values: tuple[Printed, ...]) -> Any | None:
        """Return what the block becomes with some values; None where that was not met twice."""
        return self._known.get(values)

    def met(self, values: tuple[Printed, ...], made: Any) -> None:
        """Note what the block became; met again, it is shared."""
        number = hash(values)
        if number not in self._met:
            if len(self._met) >= _MOST_MET:
                self._met.clear()
            self._met.add(number)
            return
        if len(self._known) >= _MOST_ALIKE:
            for oldest in tuple(self._known)[:1]:
                self._notes.forget(self._known.pop(oldest, None))
        self._notes.share(made)
        self._known[values] = made


_SIGNATURES: Final = -1
"""Instead of the mark of a signature block, which is one agreement's own."""

_MOST_MET: Final = 64
"""Values of a block that are noted before it is seen that some of them come again."""

_MOST_ALIKE: Final = 16
"""Ways to fill a block that are shared at once: the branches of a kedeputian, or the kinds."""

_VALUE = _Inside((), {})
"""A signature block that is itself a value: its slot is in its opening words."""


_NO_ROWS: Final[Mapping[int, tuple[RowValues, ...]]] = {}


class _Values(NamedTuple):
    """What to fill in: the value of a mark, and the rows to unfold."""

    value: Callable[[int], Printed]
    rows: Mapping[int, tuple[RowValues, ...]]


class OpenTree:
    """A node of the tree with slots, and where they are.

    Args:
        node: The node; slots are value marks in its words.
    """

    def __init__(self, node: Any) -> None:
        notes = Notes(())
        self.node, self._inside = node, _slots(node, notes)
        if isinstance(node, Bagian):
            self.node = replace(node, notes=notes)
            if self._inside is not None:
                whole = {**self._inside.fields, "notes": notes}
                self._inside = replace(self._inside, fields=whole)

    def filled(
        self, values: Sequence[Printed], rows: Mapping[int, tuple[RowValues, ...]] = _NO_ROWS
    ) -> Any:
        """Return the node with its values.

        Every block without a slot is the same object, and so is one that has the same values.

        Args:
            values: What the marks stand for. Marks inside a value are words like any other.
            rows: Rows to unfold; see :class:`.folded_rows.FoldedText`.
        """
        return _filled(self.node, self._inside, _Values(values.__getitem__, rows))


def slot_for(mark: str) -> BlokTandaTangan:
    """Return what stands in the tree in place of a signature block."""
    return BlokTandaTangan(tempat=(), pembuka=mark)


def _slots(node: Any, notes: Notes) -> _Inside | None:
    """Return where slots stand in a node; blocks without any are noted as shared."""
    if isinstance(node, BlokTandaTangan):
        return _VALUE
    if isinstance(node, tuple):
        parts: list[tuple[Any, Any]] = list(enumerate(node))
    elif is_dataclass(node):
        parts = [(one.name, getattr(node, one.name)) for one in fields(node)]
    else:
        return None
    within: list[tuple[Any, _Inside | None]] = []
    for name, part in parts:
        if isinstance(part, str):
            if VALUE_MARK.search(part):
                within.append((name, None))
        elif (inside := _slots(part, notes)) is not None:
            if isinstance(node, Tabel) and name == "baris":
                marks = tuple([_first_mark(row) for row in _slotted(part, inside)])
                inside = _InsideRows(inside.within, inside.fields, marks)
            within.append((name, inside))
    is_block = isinstance(node, _NOTED)
    if not within:
        if is_block:
            notes.share(node)
        return None
    whole = {} if isinstance(node, tuple) else dict(parts)
    found = _Inside(tuple(within), whole)
    marks = tuple(_marks(node, found)) if is_block else ()
    if not marks or _SIGNATURES in marks:
        return found
    return _InsideBlock(found.within, whole, marks, _FilledAlike(notes))


def _marks(node: Any, inside: _Inside) -> Iterator[int]:
    """Yield the numbers of all marks in a node."""
    if inside is _VALUE:
        yield _SIGNATURES
    for name, deeper in inside.within:
        part = node[name] if isinstance(node, tuple) else getattr(node, name)
        if deeper is None:
            yield from map(int, VALUE_MARK.findall(part))
        else:
            yield from _marks(part, deeper)


def _slotted(rows: tuple[Any, ...], inside: _Inside) -> Iterator[Any]:
    return (rows[number] for number, _ in inside.within)


def _first_mark(row: tuple[Sel, ...]) -> int:
    """Return a mark of a row; it has one, since it has a slot."""
    words = (one.teks for cell in row for one in cell.isi if not isinstance(one, GantiBaris))
    return next(int(mark[1]) for one in words if (mark := VALUE_MARK.search(one)))


def _unfolded(rows: tuple[_T, ...], inside: _InsideRows, values: _Values) -> tuple[_T, ...]:
    found: list[_T] = []
    done = 0
    for (number, deeper), mark in zip(inside.within, inside.marks, strict=True):
        found += rows[done:number]
        found.append(_filled(rows[number], deeper, values))
        for further in values.rows.get(mark, ()):
            found.append(_filled(rows[number], deeper, _Values(further.number, _NO_ROWS)))
        done = number + 1
    return (*found, *rows[done:])


def _filled(node: _T, inside: _Inside | None, values: _Values) -> _T:
    if inside is None:
        return node
    if inside is _VALUE:
        return cast(_T, values.value(_number(cast(BlokTandaTangan, node).pembuka)))
    if isinstance(node, tuple):
        if isinstance(inside, _InsideRows):
            return cast(_T, _unfolded(node, inside, values))
        parts = list(node)
        for number, deeper in inside.within:
            parts[number] = _part(parts[number], deeper, values)
        return cast(_T, tuple(parts))
    if not isinstance(inside, _InsideBlock) or not values.rows.keys().isdisjoint(inside.marks):
        return _made(node, inside, values)
    own = tuple(map(values.value, inside.marks))
    found = inside.alike.get(own)
    if found is None:
        found = _made(node, inside, values)
        inside.alike.met(own, found)
    return cast(_T, found)


def _made(node: _T, inside: _Inside, values: _Values) -> _T:
    whole = dict(inside.fields)
    for name, deeper in inside.within:
        whole[name] = _part(whole[name], deeper, values)
    return type(node)(**whole)


def _part(part: Any, inside: _Inside | None, values: _Values) -> Any:
    if inside is not None:
        return _filled(part, inside, values)
    return VALUE_MARK.sub(lambda mark: cast(str, values.value(int(mark[1]))), part)


def _number(mark: str) -> int:
    found = VALUE_MARK.fullmatch(mark)
    if found is None:  # pragma: no cover - ``slot_for`` made it
        raise AssertionError(mark)
    return int(found[1])

"""Open slots: a tree in which the marks of printed values still stand, and its filling.

The words of an agreement come from its template, the values from a facility: one tree serves all
facilities whose values open the same doors of the template. What holds no slot is shared between
them, object by object, so whoever writes it need write it once.
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
        shared: list[Any] = []
        self.node, self._inside = node, _slots(node, shared)
        if isinstance(node, Bagian):
            notes = Notes(shared)
            self.node = replace(node, notes=notes)
            if self._inside is not None:
                whole = {**self._inside.fields, "notes": notes}
                self._inside = replace(self._inside, fields=whole)

    def filled(
        self, values: Sequence[Printed], rows: Mapping[int, tuple[RowValues, ...]] = _NO_ROWS
    ) -> Any:
        """Return the node with its values; everything without a slot is the same object.

        Args:
            values: What the marks stand for. Marks inside a value are words like any other.
            rows: Rows to unfold; see :class:`.folded_rows.FoldedText`.
        """
        return _filled(self.node, self._inside, _Values(values.__getitem__, rows))


def slot_for(mark: str) -> BlokTandaTangan:
    """Return what stands in the tree in place of a signature block."""
    return BlokTandaTangan(tempat=(), pembuka=mark)


def _slots(node: Any, shared: list[Any]) -> _Inside | None:
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
        elif (inside := _slots(part, shared)) is not None:
            if isinstance(node, Tabel) and name == "baris":
                marks = tuple([_first_mark(row) for row in _slotted(part, inside)])
                inside = _InsideRows(inside.within, inside.fields, marks)
            within.append((name, inside))
    if not within and isinstance(node, _NOTED):
        shared.append(node)
    whole = {} if isinstance(node, tuple) else dict(parts)
    return _Inside(tuple(within), whole) if within else None


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

"""Words about data for somebody who has a workbook: its headings, not the names in a YAML file."""

from __future__ import annotations

import re
from functools import cache

_INDEX = re.compile(r"\[[0-9]+\]")
# ``++``: where a file name follows, a shorter name is none either, and there are very many of them
_NAME = re.compile(r"(?<![\w./-])[a-z]+(?:[_.][a-z0-9_]+)++(?![\w./-]*\.(?:yml|xlsx|pdf))")
_NESTED = re.compile(
    r"(?<![a-z_])([a-z_]{1,60}): \{([a-z_]{1,60}): "
    r"(?:\{([a-z_]{1,60}): ([^{}]{1,200})\}|([^{}]{1,200}))\}"
)


def column_words(path: str) -> str:
    """Return the heading of the column that holds a value; empty when it has none of its own.

    Args:
        path: Place in the contract data, such as ``tenaga_kesehatan[2].sip.nomor``.
    """
    labels, name = _labels(), _INDEX.sub("[]", path)
    inside = (label for other, label in labels.items() if other.startswith(f"{name}."))
    if name in labels or name.endswith("]"):  # a row is told at the cell of its facility
        return labels.get(name, "")
    return next(inside, "")  # a group is told at its first cell


def in_cell(place: str, path: str) -> str:
    """Return a cell with the heading of its column: ``Tenaga!F3 (SIP nomor)``.

    Args:
        place: The cell, or several of one column; whatever is none stays as it is.
        path: Place in the contract data.
    """
    column = column_words(path) if "!" in place else ""
    return f"{place} ({column})" if column else place


def in_workbook(text: str) -> str:
    """Return a text in which names of the data are headings of columns, where they have one.

    Args:
        text: Words of ours, for example ``bidan_jejaring: ya`` or ``periksa faskes.jenis``.
    """
    flat = _NESTED.sub(_flattened, text)
    return _NAME.sub(lambda found: _heading(found[0]), flat)


def _flattened(found: re.Match[str]) -> str:
    first, second, third, deep, value = found.groups()
    names = (first, second, third) if third else (first, second)
    path = ".".join(names)
    return f"{path}: {deep or value}" if path in _labels() else found[0]


def _heading(name: str) -> str:
    label = _labels().get(name) or _inner().get(name)
    return f"«{label}»" if label else name


@cache
def _labels() -> dict[str, str]:
    """Return the heading of every column by its path, with ``[]`` for the number of a row."""
    from pks_kit.inputs.workbook.layout import tables

    found: dict[str, str] = {}
    for table in tables():
        start = f"{'.'.join(table.path)}[]" if table.path else ""
        for column in table.columns:
            inner = ".".join(str(part) for part in column.path)
            found[".".join(filter(None, (start, inner)))] = column.label
    return found


@cache
def _inner() -> dict[str, str]:
    """Return the heading by the path inside a row, where all sheets agree on it."""
    found: dict[str, set[str]] = {}
    for path, label in _labels().items():
        if "[]." in path:
            found.setdefault(path.partition("[].")[2], set()).add(label)
    return {path: labels.pop() for path, labels in found.items() if len(labels) == 1}

"""Which sheets and columns a workbook has, derived from the input model.

One row of the main sheet is one facility with all its single values; every list of the model is a
sheet of its own whose rows name their facility. Nothing here repeats the model: a field added
there is a column here.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs.expected import kind_of
from pks_kit.inputs.json_schema import schema_at
from pks_kit.inputs.workbook.labels import column_label, sheet_name

KEY_COLUMN = "kunci_faskes"
"""Machine name of the first column of every sheet."""

BRANCH_KEY = "kunci_cabang"
"""Machine name of the first column of the sheet of branches, and of the column that names one."""

Path = tuple[str | int, ...]

_BRANCH = "pihak_kesatu"
_OF_EACH_AGREEMENT = frozenset({"nomor_pks", "tanggal_tanda_tangan"})
"""What of PIHAK KESATU differs from agreement to agreement and is no matter of the branch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Attributes:
        path: Place of the value inside the row, for example ``("sip", "nomor")``; empty when the
            row itself is the value.
        key: Machine name, written in the second heading row.
        label: Heading for people.
        kind: What the value is, as in ``input.expect.<kind>``.
        required: ``yes``, ``no``, or ``group``: needed as soon as its optional group is used.
        choices: Allowed values; empty when free.
        description: Explanation from the model; may be empty.
    """

    path: Path
    key: str
    label: str
    kind: str
    required: Literal["yes", "no", "group"]
    choices: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet.

    Attributes:
        path: Place of the list in the contract data; empty for the main sheet.
        sheet: Name of the sheet.
        columns: Columns without the key column.
        mappings: Groups inside a row that must always exist.
        minimum: Fewest rows of one facility.
        key: Machine name of the column whose values name its rows, or the facility they belong to.
    """

    path: tuple[str, ...]
    sheet: str
    columns: tuple[Column, ...]
    mappings: tuple[Path, ...]
    minimum: int
    key: str = KEY_COLUMN

    @property
    def is_main(self) -> bool:
        """Return whether its rows are the facilities."""
        return not self.path

    def value_path(self, column: Column, index: int) -> Path:
        """Return the place of a value in the contract data.

        Args:
            column: A column of this table.
            index: Which row of its facility, from 0; ignored on the main sheet.
        """
        whole = self.is_main or self.key == BRANCH_KEY
        return column.path if whole else (*self.path, index, *column.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A field of the model: its place, its bare type, and how far it is required."""

    path: Path
    kind: Any
    field: FieldInfo | None
    required: Literal["yes", "no", "group"]


@cache
def tables() -> tuple[Table, ...]:
    """Return all tables, the main one first, in the order of the model.

    Raises:
        TypeError: The model has a list inside a list of groups, for which no sheet exists.
    """
    lists: list[_Found] = []
    main = _table((), Kontrak, lists, minimum=1)
    inner: list[_Found] = []
    found = [main]
    for one in lists:
        names = tuple(str(part) for part in one.path)
        minimum = schema_at(one.path).get("minItems", 0) if one.required != "group" else 0
        found.append(_table(names, one.kind, inner, minimum=minimum))
    if inner:
        raise TypeError(f"no sheet for {inner[0].path}")
    return tuple(found)


@cache
def branch_table() -> Table:
    """Return the sheet that holds the data of each branch office once.

    Its columns are those of the main sheet that a branch has in common; a facility names its
    branch, and may still have a value of its own, which then counts.
    """
    columns = tuple(column for column in tables()[0].columns if is_of_branch(column))
    return Table(
        path=("kantor_cabang",),
        sheet=sheet_name("kantor_cabang"),
        columns=columns,
        mappings=(),
        minimum=0,
        key=BRANCH_KEY,
    )


@cache
def branch_paths() -> frozenset[Path]:
    """Return the places in the contract data that a branch has in common."""
    return frozenset(column.path for column in branch_table().columns)


@cache
def written_tables() -> tuple[Table, ...]:
    """Return the sheets of a new workbook: the main one, that of branches, then the lists."""
    main, *lists = tables()
    kept = tuple(column for column in main.columns if not is_of_branch(column))
    return (replace(main, columns=kept), branch_table(), *lists)


def key_columns(table: Table) -> tuple[str, ...]:
    """Return the machine names of the first columns of a sheet as it is written."""
    return (KEY_COLUMN, BRANCH_KEY) if table.is_main else (table.key,)


def is_of_branch(column: Column) -> bool:
    """Return whether a column of the main sheet is a matter of the branch office."""
    path = column.path
    return path[:1] == (_BRANCH,) and path[1] not in _OF_EACH_AGREEMENT


def _table(path: tuple[str, ...], kind: Any, lists: list[_Found], *, minimum: int) -> Table:
    row: Path = (*path, 0) if path else ()
    columns: list[Column] = []
    mappings: list[Path] = []
    if not _is_model(kind):
        alone = _Found(path=(), kind=kind, field=None, required="yes")
        columns.append(_column(alone, row, key=path[-1]))
    else:
        for one in _walk(kind, (), "yes"):
            if _is_model(one.kind):
                if one.required == "yes":
                    mappings.append(one.path)
            elif get_origin(one.kind) is not tuple:
                columns.append(_column(one, row))
            elif path and not _is_model(get_args(one.kind)[0]):
                columns += _numbered(one, row)
            else:
                element = get_args(one.kind)[0]
                lists.append(
                    _Found(path=one.path, kind=element, field=one.field, required=one.required)
                )
    return Table(
        path=path,
        sheet=sheet_name(".".join(path)),
        columns=tuple(columns),
        mappings=tuple(mappings),
        minimum=minimum,
    )


def _walk(
    model: type[BaseModel], prefix: Path, outer: Literal["yes", "no", "group"]
) -> Iterator[_Found]:
    for name, field in model.model_fields.items():
        kind = _bare(field.annotation)
        required: Literal["yes", "no", "group"] = outer if field.is_required() else "no"
        path = (*prefix, name)
        yield _Found(path=path, kind=kind, field=field, required=required)
        if _is_model(kind):
            yield from _walk(kind, path, "group" if required == "no" else required)


def _bare(annotation: Any) -> Any:
    if get_origin(annotation) in (types.UnionType, Union):
        kinds = [kind for kind in get_args(annotation) if kind is not types.NoneType]
        if len(kinds) == 1:
            return _bare(kinds[0])
    return annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _column(found: _Found, row: Path, key: str | None = None) -> Column:
    node = schema_at((*row, *found.path))
    kind = kind_of(node)
    choices = tuple(str(choice) for choice in node.get("enum", ()))
    name = key or ".".join(str(part) for part in found.path)
    return Column(
        path=found.path,
        key=name,
        label=column_label(name),
        kind=kind,
        required=found.required,
        choices=("ya", "tidak") if kind == "yes_no" else choices,
        description=(found.field.description or "") if found.field else "",
    )


def _numbered(found: _Found, row: Path) -> list[Column]:
    """Return one column for each possible item of a short list of plain values."""
    limits = schema_at((*row, *found.path))
    columns = []
    for index in range(limits["maxItems"]):
        needed = found.required if index < limits.get("minItems", 0) else "no"
        one = _Found(
            path=(*found.path, index),
            kind=get_args(found.kind)[0],
            field=found.field,
            required=needed,
        )
        columns.append(_column(one, row, key=f"{'.'.join(map(str, found.path))}_{index + 1}"))
    return columns

"""The form of a letter, made from the schema of its data, and its data from what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pks_kit.inputs.everyday import plain_blanks, understood_date

FieldKind = Literal["text", "long", "date", "whole", "choice", "boxes", "lines", "days"]
_LONG = 300
_YES = ("ya", "tidak")
_PASSED = frozenset({"perjanjian"})
"""What the page knows itself."""

_LATE = frozenset({"kota", "sifat", "lampiran", "penanda_tangan", "tembusan", "hari_libur"})
"""What few letters need; it stands last."""
MOST_ROWS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterField:
    """One thing to be filled in.

    Attributes:
        path: Its place in the data, ``dokumen_dasar.nomor``.
        label: What it is called.
        help: What the schema says of it.
        kind: How it is typed.
        required: Whether it must be there.
        choices: What can be chosen.
    """

    path: str
    label: str
    help: str
    kind: FieldKind
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterGroup:
    """Things that belong together.

    Attributes:
        path: Their place; empty for the letter itself.
        label: What they are called.
        help: What the schema says of them.
        required: Whether the group must be there.
        repeats: Whether there may be several of it.
        late: Whether few letters need it.
        fields: The things; of one row when it repeats.
    """

    path: str
    label: str
    help: str = ""
    required: bool = True
    repeats: bool = False
    late: bool = False
    fields: tuple[LetterField, ...] = field(default=())


def groups_of(schema: Mapping[str, Any]) -> tuple[LetterGroup, ...]:
    """Return what a letter needs: itself, its groups, and what few letters need."""
    plain: list[LetterField] = []
    late: list[LetterField] = []
    groups: list[LetterGroup] = []
    for name, told in schema["properties"].items():
        if name in _PASSED:
            continue
        required = name in schema.get("required", ())
        inner = _resolved(schema, told)
        rows = _resolved(schema, inner["items"]) if inner.get("type") == "array" else {}
        if "properties" in inner or "properties" in rows:
            whole = inner if "properties" in inner else rows
            groups.append(
                LetterGroup(
                    path=name,
                    label=_label(name),
                    help=told.get("description", ""),
                    required=required,
                    repeats="properties" in rows,
                    late=name in _LATE,
                    fields=tuple(_inner(schema, whole, name)),
                )
            )
            continue
        found = _field(schema, name, told, required=required)
        (late if name in _LATE else plain).append(found)
    return (
        LetterGroup(path="", label="", fields=tuple(plain)),
        *(one for one in groups if not one.late),
        LetterGroup(path="", label="", late=True, fields=tuple(late)),
        *(one for one in groups if one.late),
    )


def _inner(schema: Mapping[str, Any], whole: Mapping[str, Any], path: str) -> list[LetterField]:
    found = []
    for name, told in whole["properties"].items():
        required = name in whole.get("required", ())
        inner = _resolved(schema, told)
        if "properties" in inner:
            found += _inner(schema, inner, f"{path}.{name}")
        else:
            found.append(_field(schema, f"{path}.{name}", told, required=required))
    return found


def _field(
    schema: Mapping[str, Any], path: str, told: Mapping[str, Any], *, required: bool
) -> LetterField:
    inner = _resolved(schema, told)
    kind: FieldKind = "text"
    choices: tuple[str, ...] = ()
    if "enum" in inner:
        kind, choices = "choice", tuple(map(str, inner["enum"]))
    elif inner.get("type") == "array":
        items = _resolved(schema, inner["items"])
        if "enum" in items:
            kind, choices = "boxes", tuple(map(str, items["enum"]))
        else:
            kind = "days" if items.get("format") == "date" else "lines"
    elif inner.get("format") == "date":
        kind = "date"
    elif inner.get("type") == "integer":
        kind = "whole"
    elif inner.get("maxLength", 0) > _LONG:
        kind = "long"
    name = path.rpartition(".")[2]
    return LetterField(
        path=path,
        label=_label(name),
        help=told.get("description", ""),
        kind=kind,
        required=required and "default" not in told,
        choices=choices,
    )


def _resolved(schema: Mapping[str, Any], told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema that a reference or a choice with nothing leads to."""
    while "$ref" in told or "anyOf" in told:
        if "$ref" in told:
            told = schema["$defs"][told["$ref"].rpartition("/")[2]]
            continue
        real = [one for one in told["anyOf"] if one.get("type") != "null"]
        told = next((one for one in real if one.get("enum") == list(_YES)), real[0])
    return told


def _label(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def data_of(groups: tuple[LetterGroup, ...], typed: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return the data of a letter as far as they were typed; empty places are left out.

    Args:
        groups: The form.
        typed: Values by the names of fields; those of a row have its number: ``kerugian.0.jumlah``.
    """
    data: dict[str, Any] = {}
    for group in groups:
        if group.repeats:
            rows = []
            for number in range(MOST_ROWS):
                row: dict[str, Any] = {}
                for one in group.fields:
                    inner = one.path.removeprefix(f"{group.path}.")
                    value = _value(one, typed.get(f"{group.path}.{number}.{inner}", []))
                    if value not in ("", []):
                        _put(row, inner, value)
                if row:
                    rows.append(row)
            if rows:
                data[group.path] = rows
            continue
        for one in group.fields:
            value = _value(one, typed.get(one.path, []))
            if value not in ("", []):
                _put(data, one.path, value)
    return data


def rows_of(group: LetterGroup, typed: Mapping[str, list[str]], more: int) -> int:
    """Return how many rows of a group are shown: those that were typed, and some empty ones."""
    used = [
        number
        for number in range(MOST_ROWS)
        if any(
            any(typed.get(f"{group.path}.{number}.{one.path.removeprefix(group.path + '.')}", []))
            for one in group.fields
        )
    ]
    return min(MOST_ROWS, max([0, *(number + 1 for number in used)]) + more)


def _put(data: dict[str, Any], path: str, value: object) -> None:
    *above, last = path.split(".")
    for name in above:
        data = data.setdefault(name, {})
    data[last] = value


def _value(one: LetterField, typed: list[str]) -> str | list[str]:
    if one.kind == "boxes":
        return [each for each in typed if each in one.choices]
    text = plain_blanks(typed[0]).strip() if typed else ""
    if one.kind in ("lines", "days"):
        parts = [part.strip() for part in text.splitlines() if part.strip()]
        return [_day(part) for part in parts] if one.kind == "days" else parts
    if one.kind == "date":
        return _day(text)
    if one.kind == "whole":
        return text.replace(".", "").removeprefix("Rp").strip()
    return text


def _day(text: str) -> str:
    """Return a day in the writing of data; what is no day stays as it was typed."""
    try:
        return date.fromisoformat(understood_date(text)).isoformat()
    except ValueError:
        return text

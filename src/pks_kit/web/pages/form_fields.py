"""The fields of a section as templates show them: label, help, what was typed, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pks_kit.domain.sifat_faskes import NAMA_JENIS
from pks_kit.domain.tanggal import format_tanggal
from pks_kit.inputs.workbook.labels import column_label
from pks_kit.inputs.workbook.layout import Column, Table
from pks_kit.web.pages.form_data import Told, field_name, rows_of, value_at
from pks_kit.web.pages.form_english import Part, english
from pks_kit.web.pages.form_layout import Group, Section, group_of, help_of, label_of
from pks_kit.web.pages.rendering import Words

ROWS = 20
"""Rows of a list that one page shows."""

_LONG = "alamat"
_PHONES = frozenset({"telepon", "npwp", "nomor_rekening", "nik", "kode_faskes"})
_WHOLE = frozenset({"whole", "decimal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field.

    Attributes:
        name: Its name.
        label: Its label.
        gloss: What the label means, on English pages.
        help: What explains it.
        value: What was typed.
        error: What is wrong with it; empty for nothing.
        kind: Which control fits: text, long, date, time, whole or phone.
        choices: What may be chosen, with its words; empty for free fields.
        required: Whether it must be filled in.
        live: Whether it is checked while somebody types.
    """

    name: str
    label: str
    gloss: str
    help: str
    value: str
    error: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    required: bool
    live: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FormGroup:
    """Single values under one heading.

    Attributes:
        title: The heading; empty for those that need none.
        about: When they are needed; may be empty.
        optional: Whether all of them may be left empty.
        fields: The values.
    """

    title: str
    about: str
    optional: bool
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One row of a list.

    Attributes:
        index: Its number in the data, from 0.
        fields: Its fields.
        is_new: Whether it is not in the data yet.
        name: What it is called by; empty when it has no name.
    """

    index: int
    fields: tuple[FormField, ...]
    is_new: bool
    name: str

    @property
    def is_open(self) -> bool:
        """Return whether its fields are shown at once: it is new, or something in it is wrong."""
        return self.is_new or any(field.error for field in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormList:
    """A list as one page shows it.

    Attributes:
        name: Its name.
        title: Its title.
        gloss: What the title means, on English pages.
        rows: The rows of this page.
        count: How many rows it has in all.
        page: Number of this page.
        pages: How many pages it has.
    """

    name: str
    title: str
    gloss: str
    rows: tuple[FormRow, ...]
    count: int
    page: int
    pages: int


class Fields:
    """Makes the fields of a form.

    Args:
        data: What was typed.
        told: What the checks say.
        words: The language.
    """

    def __init__(self, data: dict[str, Any], told: Sequence[Told], words: Words) -> None:
        self._data = data
        self._words = words
        self._wrong = {
            one.place: one.message[words.language]
            for one in reversed(told)
            if not one.missing and one.level in ("error", "blocking")
        }

    def groups(self, section: Section) -> tuple[FormGroup, ...]:
        """Return the single values of a section; those without a heading come first."""
        found: dict[str, tuple[Group | None, list[FormField]]] = {"": (None, [])}
        needed = {one.key for one in section.columns if one.required == "yes"}
        for one in section.columns:
            group = group_of(one.key)
            name, value = field_name(one.path), value_at(self._data, one.path)
            field = self._field(name, value, one, label_of(one))
            found.setdefault(group.key if group else "", (group, []))[1].append(field)
        return tuple(
            FormGroup(
                title=self._words.say(group.title) if group else "",
                about=self._words.say(group.about) if group else "",
                optional=not any(field.name in needed for field in fields),
                fields=tuple(fields),
            )
            for group, fields in found.values()
            if fields
        )

    def list_of(self, table: Table, page: int, *, more: bool) -> FormList:
        """Return a page of a list.

        Args:
            table: The list.
            page: Number of the page; the last one when there are fewer.
            more: Whether there shall be an empty row at the end.
        """
        count = rows_of(self._data, table)
        shown = count + 1 if more or not count else count
        pages = (shown + ROWS - 1) // ROWS
        page = pages if more else min(page, pages)
        rows = tuple(
            FormRow(
                index=index,
                fields=tuple(self._row(table, index)),
                is_new=index >= count,
                name=self._name(table, index),
            )
            for index in range((page - 1) * ROWS, min(page * ROWS, shown))
        )
        return FormList(
            name=".".join(table.path),
            title=table.sheet,
            gloss=self._in_english("lists", ".".join(table.path)),
            rows=rows,
            count=count,
            page=page,
            pages=pages,
        )

    def _row(self, table: Table, index: int) -> list[FormField]:
        found = []
        for column in table.columns:
            path = table.value_path(column, index)
            value = value_at(self._data, path)
            name = field_name(path)
            found.append(self._field(name, value, column, column.label, table))
        return found

    def _name(self, table: Table, index: int) -> str:
        keys = {column.key: column for column in table.columns}
        column = keys.get("nama") or table.columns[0]
        return value_at(self._data, table.value_path(column, index))

    def _field(
        self, name: str, value: str, column: Column, label: str, table: Table | None = None
    ) -> FormField:
        key = ".".join((*table.path, column.key)) if table else column.key
        value = _everyday(value) if column.kind == "date" else value
        return FormField(
            name=name,
            label=label,
            gloss=self._in_english("labels", key),
            help=help_of(key).in_language(self._words.language)
            or self._in_english("help", key)
            or column.description,
            value=value,
            error=self._wrong.get(name, "") if value else "",
            kind=_control(column),
            choices=_choices(column, self._words),
            # under a heading of its own, what a group needs is needed once the group is filled in
            required=column.required == "yes"
            or (table is None and column.required == "group" and group_of(key) is not None),
        )

    def _in_english(self, part: Part, key: str) -> str:
        return english(part, key) if self._words.language == "en" else ""


def kinds_of(words: Words) -> list[tuple[str, str]]:
    """Return the kinds of facilities with their names."""
    return [(str(name), _told(str(name), told, words)) for name, told in NAMA_JENIS.items()]


def _told(value: str, name: str, words: Words) -> str:
    """Return the name of a choice, on English pages with what it means."""
    meaning = english("choices", value) if words.language == "en" else ""
    return f"{name} ({meaning})" if meaning and meaning != name.lower() else name


def _everyday(value: str) -> str:
    """Return a day as people write it; what is no day stays as it was typed."""
    try:
        return format_tanggal(date.fromisoformat(value))
    except ValueError:
        return value


def _control(column: Column) -> str:
    if column.key.endswith(_LONG):
        return "long"
    if column.kind in _PHONES:
        return "phone"
    return "whole" if column.kind in _WHOLE else column.kind


def _choices(column: Column, words: Words) -> tuple[tuple[str, str], ...]:
    if column.key == "faskes.jenis":
        return tuple(kinds_of(words))
    if column.kind == "yes_no":
        return tuple((one, words.of(f"form.{one}")) for one in column.choices)
    return tuple((one, _told(one, column_label(one), words)) for one in column.choices)

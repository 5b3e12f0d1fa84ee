"""Sections of the form with fields and lists: columns of the workbook in the order of HFIS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pks_kit.inputs.workbook.labels import FORM, column_label
from pks_kit.inputs.workbook.layout import Column, Table, tables
from pks_kit.messages import Message
from pks_kit.strict_yaml.reader import read_mapping
from pks_kit.strict_yaml.values import as_text
from pks_kit.web.pages.form_english import english

_FILE = Path(__file__).resolve().parent / "form_layout.yml"
_HFIS = [path for side in FORM.values() for path in side.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Values of a section that stand under a heading of their own.

    Attributes:
        key: Place in the data that they share.
        title: The heading.
        about: When they are needed; empty for most.
    """

    key: str
    title: Message
    about: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of the form.

    Attributes:
        code: Its name in addresses.
        title: Its title.
        about: What it is about; empty for most.
        columns: Single values.
        lists: Lists, each with its own columns.
    """

    code: str
    title: Message
    about: Message
    columns: tuple[Column, ...]
    lists: tuple[Table, ...]

    def holds(self, place: str) -> bool:
        """Return whether a place in the data is of this section: ``faskes.kode``, ``faskes``."""
        names = [column.key for column in self.columns]
        names += [".".join(table.path) for table in self.lists]
        return bool(place) and any(_is_in(place, one) or _is_in(one, place) for one in names)

    def needed_in(self, place: str) -> tuple[str, ...]:
        """Return the single values that a missing group lacks, also one inside a row."""
        names = [one.key for one in self.columns if one.required == "yes"]
        for table in self.lists:
            head = ".".join(table.path)
            number = place.removeprefix(f"{head}.").partition(".")[0]
            if place.startswith(f"{head}.") and number.isdecimal():
                needed = [one.key for one in table.columns if one.required == "yes"]
                names += [f"{head}.{number}.{key}" for key in needed]
        return tuple(name for name in names if name != place and _is_in(name, place))


@cache
def sections() -> tuple[Section, ...]:
    """Return all sections in their order."""
    main, *lists = tables()
    by_path = {".".join(table.path): table for table in lists}
    return tuple(
        Section(
            code=one["code"],
            title=Message(**one["title"]),
            about=Message(**one.get("about", {"id": "", "en": ""})),
            columns=tuple(_placed(main, one.get("fields", ()))),
            lists=tuple(by_path[name] for name in one.get("tables", ())),
        )
        for one in _layout()["sections"]
    )


def section(code: str) -> Section | None:
    """Return a section by its name; None when there is none."""
    return next((one for one in sections() if one.code == code), None)


def help_of(key: str) -> Message:
    """Return what explains a field; empty for most."""
    return Message(**_layout()["help"].get(key, {"id": "", "en": ""}))


def group_of(key: str) -> Group | None:
    """Return the group that a single value stands in; None for most."""
    parts = key.split(".")
    for length in range(len(parts) - 1, 0, -1):
        name = ".".join(parts[:length])
        if (told := _layout()["groups"].get(name)) is not None:
            return Group(
                key=name,
                title=Message(**told["title"]),
                about=Message(**told.get("about", {"id": "", "en": ""})),
            )
    return None


def label_of(column: Column) -> str:
    """Return the label of a single value: the word of HFIS, else the words behind its heading."""
    if column.key in _HFIS or "." not in column.key:
        return column.label
    group = group_of(column.key)
    head = group.key if group else column.key.partition(".")[0]
    return column_label(column.key.removeprefix(f"{head}."))


def _placed(main: Table, names: list[str]) -> Iterator[Column]:
    for name in names:
        found = [column for column in main.columns if _is_in(column.key, name)]
        # sorting is stable: what HFIS does not have stays in the order of the model
        yield from sorted(found, key=_in_hfis)


def _in_hfis(column: Column) -> int:
    return _HFIS.index(column.key) if column.key in _HFIS else len(_HFIS)


def _is_in(place: str, name: str) -> bool:
    return place == name or place.startswith(f"{name}.")


@cache
def _layout() -> dict[str, Any]:
    found: dict[str, Any] = as_text(read_mapping(_FILE.read_text(encoding="utf-8")))
    return found


def place_label(place: str) -> tuple[Message, int]:
    """Return what a place is called, and the number of its row from 1; 0 for single values."""
    for one in sections():
        for column in one.columns:
            if column.key == place:
                return _in_full(column), 0
        for table in one.lists:
            head = ".".join(table.path)
            number, _, rest = place.removeprefix(f"{head}.").partition(".")
            if _is_in(place, head) and number.isdecimal():
                known = {column.key: column.label for column in table.columns}
                label = known.get(rest, rest or table.sheet)
                called = _glossed(label, english("labels", f"{head}.{rest}"))
                return Message(id=f"{table.sheet}: {label}", en=f"{table.sheet}: {called}"), (
                    int(number) + 1
                )
            if place == head:
                return Message(id=table.sheet, en=_glossed(table.sheet, english("lists", head))), 0
    if (told := _layout()["groups"].get(place)) is not None:
        return Message(**told["title"]), 0
    label = column_label(place)
    return Message(id=label, en=label), 0


def _in_full(column: Column) -> Message:
    """Return the label of a single value under the heading that it stands under."""
    label = label_of(column)
    called = _glossed(label, english("labels", column.key))
    group = group_of(column.key)
    if group is None:
        return Message(id=label, en=called)
    return Message(id=f"{group.title.id}: {label}", en=f"{group.title.en}: {called}")


def _glossed(words: str, meaning: str) -> str:
    return f"{words} ({meaning})" if meaning else words

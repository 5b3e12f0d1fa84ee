"""The catalogue of words for people: every code in Indonesian and English, with a hint.

One YAML file per area in ``catalogue/``; a key is an error, problem, finding or check code::

    input.unknown_key:
      id: "Kunci «{key}» tidak dikenal."
      en: "Unknown key «{key}»."
      hint_id: "Periksa ejaannya; yang terdekat: «{nearest}»."
      hint_en: "Check the spelling; the nearest one is «{nearest}»."

A code in place of the words takes the words of that code, which stands above it::

    check.file.revisions.none: check.issued.revisions.none

Both languages stand side by side so that one reviewer sees them together; this is why the
catalogue is YAML and not a pair of gettext files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from pks_kit.json_form import HasJsonForm
from pks_kit.strict_yaml.reader import read_mapping
from pks_kit.strict_yaml.values import as_text
from pks_kit.visible_text import format_day, format_wib, one_line


@dataclass(frozen=True, slots=True)
class BothLanguages:
    """One text in Indonesian (id) and English (en)."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Message(HasJsonForm):
    """One text in both languages with hints (hints may be empty)."""

    id: str
    en: str
    hint_id: str = ""
    hint_en: str = ""

    def json_form(self) -> BothLanguages:
        """Return the text without its hint."""
        return BothLanguages(self.id, self.en)

    @property
    def hint(self) -> BothLanguages:
        """Return the hint; both texts are empty when there is none."""
        return BothLanguages(self.hint_id, self.hint_en)

    def fill(self, params: Mapping[str, Any]) -> Message:
        """Return the message with ``{placeholders}`` replaced; missing ones stay visible.

        A value that is itself a message gives its words in the language it is put into. A text may
        come from a file of others: what hides in it is made visible, and it stays in one line. A
        moment is told in WIB, a day as people write it.
        """
        values_id = _Visible(_in_one_language(params, "id"))
        values_en = _Visible(_in_one_language(params, "en"))
        return Message(
            self.id.format_map(values_id),
            self.en.format_map(values_en),
            self.hint_id.format_map(values_id),
            self.hint_en.format_map(values_en),
        )

    def filled(self, params: Mapping[str, Any], language: str) -> str:
        """Return the text in one language, filled as by :meth:`fill`, in a quarter of its time."""
        return self.in_language(language).format_map(_Visible(_in_one_language(params, language)))

    def in_language(self, language: str) -> str:
        """Return the text for ``id`` or ``en``."""
        return self.en if language == "en" else self.id

    def hint_in_language(self, language: str) -> str:
        """Return the hint for ``id`` or ``en``; may be empty."""
        return self.hint_en if language == "en" else self.hint_id


def _in_one_language(params: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {name: _in_words(value, language) for name, value in params.items()}


def _in_words(value: object, language: str) -> object:
    if isinstance(value, Message):
        return value.in_language(language)
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, datetime):
        return value if value.tzinfo is None else format_wib(value)
    if isinstance(value, date):
        return format_day(value, language)
    return value


def days_in_words(text: str) -> Message:
    """Return a text of our own whose days, written for programs, are told as people write them."""

    def said(language: str) -> str:
        return _DAY.sub(lambda found: format_day(date.fromisoformat(found[0]), language), text)

    return Message(said("id"), said("en"))


class _Visible(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_CODE = re.compile(r"^([^\s#:][^\s:]*):(?=\s)", re.MULTILINE)
"""Where an entry begins: what belongs to it is indented."""


@cache
def _entries() -> Mapping[str, str]:
    """Return every code and its entry as it is written.

    Raises:
        ValueError: A code stands twice.
    """
    found: dict[str, str] = {}
    folder = resources.files(__package__) / "catalogue"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yml"):
            continue
        text = entry.read_text(encoding="utf-8")
        begun = [(match.start(), match[1]) for match in _CODE.finditer(text)]
        ends = [start for start, _ in begun[1:]] + [len(text)]
        for (start, code), end in zip(begun, ends, strict=True):
            if code in found:
                raise ValueError(f"message code {code!r} stands twice, again in {entry.name}")
            found[code] = text[start:end]
    return found


@cache
def _message(code: str) -> Message:
    """Return the message of a code that is known; a program needs few of the thousands."""
    texts = as_text(read_mapping(_entries()[code]))[code]
    return _message(texts) if isinstance(texts, str) else Message(**texts)


def lookup(code: str) -> Message:
    """Return the message of a code; an unknown code gives a message that says so."""
    return _message(code) if code in _entries() else Message(f"[{code}]", f"[{code}]")


@cache
def known_codes() -> frozenset[str]:
    """Return every code of the catalogue."""
    return frozenset(_entries())


@cache
def by_english_words(areas: tuple[str, ...]) -> Mapping[str, Message]:
    """Return the messages of some areas (beginnings of their codes) by their English words.

    For words that stand in English where they are used: those of the library that reads the command
    line, and the texts of our commands beside their code.
    """
    found = (_message(code) for code in _entries() if code.startswith(areas))
    return {message.en: message for message in found}


CHOSEN_LANGUAGE = "PKS_KIT_LANG"
"""Environment variable by which a person chooses the language: ``id`` or ``en``."""


def unknown_language() -> str | None:
    """Return what :data:`CHOSEN_LANGUAGE` asks for when there are no words in it, else None."""
    value = os.environ.get(CHOSEN_LANGUAGE, "")
    return value if value and not value.lower().startswith(("id", "en")) else None


def language_from_environment() -> str:
    """Return ``en`` when the locale asks for English, otherwise ``id``.

    Only the command line calls this; nothing below the doors reads the environment.
    """
    for name in (CHOSEN_LANGUAGE, "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "id"
    return "id"

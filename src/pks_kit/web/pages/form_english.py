"""English beside the words of the forms: nouns of HFIS and of the law stay as they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pks_kit.strict_yaml.reader import read_mapping
from pks_kit.strict_yaml.values import as_text

Part = Literal["labels", "lists", "help", "choices"]
Book = Literal["form", "letter"]


def english(part: Part, key: str) -> str:
    """Return what a label, list, help or choice of an agreement means; empty where nothing is said.

    Args:
        part: Which of them.
        key: Place of the value without numbers of rows, or the choice; the longest ending counts.
    """
    return _found("form", part, key)


def english_of_letter(part: Part, key: str) -> str:
    """Return the same for what a letter has; its help stands under the whole place alone.

    Args:
        part: Which of them; lists are groups.
        key: As of :func:`english`.
    """
    return told("letter")[part].get(key, "") if part == "help" else _found("letter", part, key)


def _found(book: Book, part: Part, key: str) -> str:
    known = told(book)[part]
    ends = key.split(".")
    names = (".".join(ends[number:]) for number in range(len(ends)))
    return next((known[name] for name in names if name in known), "")


@cache
def told(book: Book) -> dict[str, dict[str, str]]:
    """Return all that is said beside the words of one kind of form."""
    file = Path(__file__).resolve().parent / f"{book}_english.yml"
    found: dict[str, dict[str, str]] = as_text(read_mapping(file.read_text(encoding="utf-8")))
    return found

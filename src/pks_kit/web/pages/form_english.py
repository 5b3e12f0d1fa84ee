"""English beside the words of the form: nouns of HFIS and of the law stay as they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pks_kit.strict_yaml.reader import read_mapping
from pks_kit.strict_yaml.values import as_text

_FILE = Path(__file__).resolve().parent / "form_english.yml"

Part = Literal["labels", "lists", "help", "choices"]


def english(part: Part, key: str) -> str:
    """Return what a label, list, help or choice means in English; empty where nothing is said.

    Args:
        part: Which of them.
        key: Place of the value without numbers of rows, or the choice; the longest ending counts.
    """
    told = _told()[part]
    ends = key.split(".")
    names = (".".join(ends[number:]) for number in range(len(ends)))
    return next((told[name] for name in names if name in told), "")


@cache
def _told() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = as_text(read_mapping(_FILE.read_text(encoding="utf-8")))
    return found

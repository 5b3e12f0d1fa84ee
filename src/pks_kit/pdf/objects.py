"""Small tools for the objects of a PDF."""

from __future__ import annotations

from typing import Any

ObjectKey = tuple[int, int]
"""Number and generation of an object of a PDF."""


def entry_of(dictionary: Any, entry: str, default: Any = None) -> Any:
    """Return an entry with its reference followed (pyHanko's ``get`` does not follow it)."""
    return dictionary[entry] if entry in dictionary else default  # noqa: SIM401

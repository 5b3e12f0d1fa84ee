"""Small tools for the objects of a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ObjectKey = tuple[int, int]
"""Number and generation of an object of a PDF."""


def entry_of(dictionary: Any, entry: str, default: Any = None) -> Any:
    """Return an entry with its reference followed (pyHanko's ``get`` does not follow it)."""
    return dictionary[entry] if entry in dictionary else default  # noqa: SIM401


def annotations_of(page: Any) -> Iterator[Any]:
    """Yield the annotations of pikepdf's page; entries that are none (``null``) are left out."""
    import pikepdf

    listed = page.get("/Annots")
    for one in listed if isinstance(listed, pikepdf.Array) else ():
        if isinstance(one, pikepdf.Dictionary):
            yield one

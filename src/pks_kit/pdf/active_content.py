"""What in a PDF may run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pikepdf

_DEPTH = 40

_ACTIVE_KEYS = frozenset({"/JS", "/AA", "/XFA", "/RichMediaContent", "/RichMediaSettings"})


_ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/Rendition",
        "/RichMediaExecute",
        "/GoToE",
        "/GoToR",
        "/Movie",
        "/Sound",
        "/GoTo3DView",
        "/Trans",
        "/ResetForm",
        "/Hide",
    }
)


def active_content(pdf: pikepdf.Pdf) -> str | None:
    """Return the name of the first active element of the file, or None."""
    names = pdf.Root.get("/Names")
    if names is not None and "/JavaScript" in names:
        return "/JavaScript"
    for entry in pdf.objects:
        found = _active_in(entry, 0)
        if found:
            return found
    return None


def _active_in(entry: Any, depth: int) -> str | None:
    children: Iterable[Any]
    if isinstance(entry, pikepdf.Array):
        children = entry.as_list()
    elif isinstance(entry, pikepdf.Dictionary | pikepdf.Stream):
        keys = set(entry.keys())
        if keys & _ACTIVE_KEYS:
            return str(min(keys & _ACTIVE_KEYS))
        if "/S" in keys and str(entry.get("/S")) in _ACTIVE_ACTIONS:
            return str(entry.get("/S"))
        children = [entry.get(key) for key in keys]
    else:
        return None
    for child in children:
        # indirect objects come by themselves, each once
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            if depth >= _DEPTH:
                return "/..."
            found = _active_in(child, depth + 1)
            if found:
                return found
    return None

"""The NIKs of an agreement are printed in it, and nowhere else: not in a plan, not in a preview."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pks_kit.domain.kontrak import Kontrak

COVERED = "\u2022" * 16
"""What stands in the place of a NIK."""


def niks_of(kontrak: Kontrak) -> frozenset[str]:
    """Return every NIK in contract data."""
    return frozenset(_niks(kontrak.model_dump(mode="python")))


def _niks(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            if name == "nik" and isinstance(value, str) and value:
                yield value
            else:
                yield from _niks(value)
    elif isinstance(data, list | tuple):
        for one in data:
            yield from _niks(one)


def without_niks(text: str, niks: Collection[str]) -> str:
    """Return a text in which each of these NIKs is covered."""
    for one in niks:
        text = text.replace(one, COVERED)
    return text

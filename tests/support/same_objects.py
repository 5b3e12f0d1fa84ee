"""Do two files hold the same objects, whatever their numbers and however they are packed?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import canonicalize

import pikepdf

_PACKING = frozenset({"/Length", "/Filter", "/DecodeParms"})
_TABLE = frozenset({"/ID", "/Size", "/W", "/Index", "/Type", "/Prev"}) | _PACKING
_NEAR = Decimal("0.0000005")


def differences(one: bytes, other: bytes) -> list[str]:
    """Return where two files differ, from the trailer down; empty for the same document."""
    with pikepdf.open(BytesIO(one)) as first, pikepdf.open(BytesIO(other)) as second:
        return list(_Walk().trailers(first.trailer, second.trailer))


class _Walk:
    """Visits every pair of objects once; a number must always meet the same number."""

    def __init__(self) -> None:
        self._met: dict[tuple[int, int], tuple[int, int]] = {}
        self._answered: dict[tuple[int, int], tuple[int, int]] = {}

    def trailers(self, one: Any, other: Any) -> Iterator[str]:
        yield from self._entries(one, other, "", left_out=_TABLE)

    def _same(self, one: Any, other: Any, path: str) -> Iterator[str]:
        numbers = [getattr(each, "objgen", (0, 0)) for each in (one, other)]
        if numbers[0] != (0, 0) or numbers[1] != (0, 0):
            if (0, 0) in numbers:
                yield f"{path}: direct in one file, indirect in the other"
                return
            first, second = numbers
            known = first in self._met or second in self._answered
            if known:
                if self._met.get(first) != second or self._answered.get(second) != first:
                    yield f"{path}: leads to another object"
                return
            self._met[first], self._answered[second] = second, first
        if isinstance(one, bool) or isinstance(other, bool):
            if one is not other:
                yield f"{path}: {one} and {other}"
        elif isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal):
            if abs(Decimal(str(one)) - Decimal(str(other))) > _NEAR:
                yield f"{path}: {one} and {other}"
        elif type(one) is not type(other):
            yield f"{path}: {type(one).__name__} and {type(other).__name__}"
        elif isinstance(one, pikepdf.Stream):
            yield from self._entries(one, other, path, left_out=_PACKING)
            if _content(one) != _content(other):
                yield f"{path}: other content"
        elif isinstance(one, pikepdf.Dictionary):
            yield from self._entries(one, other, path, left_out=frozenset())
        elif isinstance(one, pikepdf.Array):
            if len(one) != len(other):
                yield f"{path}: {len(one)} and {len(other)} entries"
                return
            for place, (left, right) in enumerate(zip(one, other, strict=True)):
                yield from self._same(left, right, f"{path}[{place}]")
        elif isinstance(one, pikepdf.String):
            if bytes(one) != bytes(other) and str(one) != str(other):
                yield f"{path}: {one} and {other}"
        elif one != other:
            yield f"{path}: {one} and {other}"

    def _entries(self, one: Any, other: Any, path: str, left_out: frozenset[str]) -> Iterator[str]:
        keys, others = (set(each.keys()) - left_out for each in (one, other))
        if keys != others:
            yield f"{path}: entries {sorted(keys ^ others)} in one file only"
        for key in sorted(keys & others):
            yield from self._same(one[key], other[key], path + key)


def _content(stream: pikepdf.Stream) -> bytes:
    """Return what a stream says; pikepdf writes the attributes of XMP in another order."""
    content = bytes(stream.read_bytes())
    if stream.get("/Type") == "/Metadata":
        return canonicalize(content.decode(), strip_text=True).encode()
    return content

"""What every kind of tampering needs: the result type, and ways to write a change into a file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from support import forgeries, tamper
from support.tamperings.specimens import Specimen

Writer = IncrementalPdfFileWriter
Change = Callable[[Writer], None]
name = generic.pdf_name
numbers = forgeries._numbers
dictionary = forgeries._dictionary


@dataclass(frozen=True)
class Tampering:
    """One forged file.

    Attributes:
        way: How it was made, with what is needed to make it again.
        content: The file.
        reasons: One of these must be among the failed checks.
        offset: First byte that differs from the issued file, where that is the whole point.
        undecided: No digest covers the change and honest programs write the same, so that
            ``indeterminate`` with one of ``reasons`` is an honest answer too.
    """

    way: str
    content: bytes
    reasons: frozenset[str]
    offset: int | None = None
    undecided: bool = False


Make = Callable[[Specimen, Random], Iterator[Tampering]]
"""Yields tamperings without end; the table of kinds says how many are taken."""

BROKEN = frozenset({"file.structure/unreadable", "file.structure/parsers_disagree"})
"""The file cannot be read any more, or not by all readers in the same way; nothing else counts."""
SIGNED_BYTES = BROKEN | {
    "signature.integrity/changed",
    "signature.integrity/byte_range",
    "signature.integrity/fields_unreadable",
    "signature.integrity/not_verifiable",
    "signature.integrity/unreadable",
    "signature.integrity/not_accepted",
}
"""A byte that a signature covers is another one."""
PREFIX = frozenset({"issued.prefix/differs_at", "issued.prefix/shorter", "issued.prefix/swapped"})
"""The file does not begin with the issued bytes."""
REPLACED = frozenset({"issued.revisions/replaced_object"})


def appended(content: bytes, *changes: Change) -> bytes:
    """Append one revision with some changes."""

    def all_of_them(writer: Writer) -> None:
        for change in changes:
            change(writer)

    return tamper.appended(content, all_of_them)


def rewritten(content: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Write the whole file again with a change; signed bytes move."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def pages_of(writer: Writer) -> Any:
    return writer.root["/Pages"]


def form(writer: Writer, drawn: bytes, box: tuple[float, ...], font: bool = False) -> Any:
    """Add a form XObject."""
    look = generic.StreamObject(stream_data=drawn)
    look.update(dictionary(Type=name("/XObject"), Subtype=name("/Form"), BBox=numbers(*box)))
    if font:
        helvetica = dictionary(
            Type=name("/Font"), Subtype=name("/Type1"), BaseFont=name("/Helvetica")
        )
        look[name("/Resources")] = dictionary(Font=dictionary(F1=helvetica))
    return writer.add_object(look)


def stream_with(writer: Writer, reference: Any, data: bytes) -> None:
    """Give an existing stream other content."""
    stream = reference.get_object()
    stream._data, stream._encoded_data = data, None
    if "/Filter" in stream:
        del stream["/Filter"]
    if "/DecodeParms" in stream:
        del stream["/DecodeParms"]
    writer.mark_update(reference.reference)


@lru_cache(maxsize=8)
def objects_of(content: bytes) -> tuple[tuple[int, bytes], ...]:
    """Return number and source of every object of the newest state (classic tables)."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        present = {int(one.objgen[0]) for one in pdf.objects if one is not None}
    found: dict[int, bytes] = {}
    for match in re.finditer(rb"(?m)^(\d+) 0 obj\s(.*?)\nendobj", content, re.DOTALL):
        if int(match[1]) in present:
            found[int(match[1])] = match[2]
    return tuple(sorted(found.items()))


@lru_cache(maxsize=8)
def holes(content: bytes) -> tuple[tuple[int, int], ...]:
    """Return start and end of the container of every signature."""
    return tuple(tamper.containers(content))


def in_hole(content: bytes, place: int) -> bool:
    return any(begin <= place < end for begin, end in holes(content))


def differs_first(content: bytes, issued: bytes) -> int | None:
    """Return the first place where a file does not follow the issued one."""
    for place in range(0, len(issued), 512):
        if content[place : place + 512] != issued[place : place + 512]:
            pairs = zip(content[place:], issued[place:], strict=False)
            return next((place + n for n, (new, old) in enumerate(pairs) if new != old), None)
    return None

"""Read a file whose reference tables hold one of six slips that honest programs make.

Strict reading refuses such a file, lenient readers open it, and readers may show different things.
Everything else stays as strict as before: a file with any other fault is refused here too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Literal

from pyhanko.pdf_utils.generic import DictionaryObject, TrailerReference
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.xref import (
    XRefBuilder,
    XRefCache,
    XRefSection,
    _check_freed_refs,
    parse_xref_table,
)

from pks_kit.pdf.objects import ObjectKey
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.patient_reader import PatientReader, keys_of_revision

SlipKind = Literal[
    "beyond_size",
    "stream_replaced",
    "orphaned_generation",
    "smaller_size",
    "high_head",
    "freed_for_good",
]

SAID_BY_STRICT: dict[SlipKind, str] = {
    "beyond_size": "Xref table size mismatch",
    "stream_replaced": "XRef stream objects must not be clobbered",
    "orphaned_generation": "has an orphaned generation",
    "smaller_size": "XRef section sizes must be nondecreasing",
    "high_head": "for object ID 0.",
    "freed_for_good": "a free xref with next generation 0 is only",
}
"""What pyHanko's strict reader says of each; it says it before it reads any object."""


_HIGHEST, _DEAD = 0xFFFF, 0x10000
"""The highest generation, and one that no object can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSlip:
    """One slip.

    Attributes:
        kind: ``beyond_size``: a table lists a number that its ``/Size`` does not reach;
            ``stream_replaced``: an object has the number of an earlier reference stream;
            ``orphaned_generation``: a generation above 0 of a number that was never freed;
            ``smaller_size``: a later ``/Size`` is smaller than an earlier one; ``high_head``: the
            head of the list of free numbers, which no reader ever takes for an object, has a
            generation above 65535 (Pillow); ``freed_for_good``: a later table frees a number with
            generation 0 (Acrobat), and nobody uses it again.
        end: Where the reference table ends that made it.
        is_harmless: Whether every reader shows the same, also one that looks at numbers alone:
            no object of any revision has, or refers to, another generation of the numbers that it
            is about (poppler takes a free number when it signs).
    """

    kind: SlipKind
    end: int
    is_harmless: bool = False


def is_slip(said: str) -> bool:
    """Return whether the strict reader refused a file for a slip.

    Args:
        said: What it raised, as text.
    """
    return any(text in said for text in SAID_BY_STRICT.values())


def open_with_slips(content: bytes) -> tuple[PatientReader, tuple[TableSlip, ...]]:
    """Return a reader that is strict but for the slips, and all of them.

    Raises:
        Exception: The file has another fault, or none.
    """
    reader = PatientReader(io.BytesIO(content), strict=False)
    builder = _Builder(reader, reader.stream, strict=True, last_startxref=reader.last_startxref)
    sections = builder.read_xrefs()
    if any(section.xref_data.hybrid is not None for section in sections):
        raise PdfStrictReadError("slips beside two tables")
    slips = (*builder.slips, *_slips_between(sections))
    if not slips:
        raise PdfStrictReadError("no slip found where one was told")
    reader.xrefs, reader.trailer = XRefCache(reader, sections), builder.trailer
    reader.strict = True
    _ = reader.root["/Pages"]["/Count"]
    if any(one.kind == "orphaned_generation" for one in slips):
        seen = guarded(lambda: _keys(reader, len(sections)))
        keys = None if isinstance(seen, ParserFailure) else seen
        slips = (*builder.slips, *_slips_between(sections, keys))
    return reader, slips


def _keys(reader: PatientReader, revisions: int) -> set[ObjectKey]:
    """Return number and generation of all objects of all revisions and of what they refer to."""
    told = (keys_of_revision(reader, place) for place in range(revisions))
    return {one for there, referred in told for one in there | referred}


class _Builder(XRefBuilder):
    """Reads tables strictly, and forgives the six slips."""

    def __init__(self, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.slips: list[TableSlip] = []

    def _read_xref_table(self, declared_startxref: int) -> Any:
        start = self.stream.tell()
        try:
            return super()._read_xref_table(declared_startxref)
        except PdfStrictReadError as error:
            kinds = self._forgiven_in_table(start, str(error))
            if not kinds:
                raise
        self.stream.seek(start)
        self.strict = False
        try:
            previous = super()._read_xref_table(declared_startxref)
        finally:
            self.strict = True
        end = self.sections[-1].meta_info.end_location
        self.slips += [TableSlip(kind=kind, end=end) for kind in kinds]
        return previous

    def _forgiven_in_table(self, start: int, said: str) -> list[SlipKind]:
        """Return the slips for which a table may be read leniently; none: not at all."""
        if SAID_BY_STRICT["beyond_size"] in said:
            return ["beyond_size"]  # its rows were all read before its size was compared
        if SAID_BY_STRICT["high_head"] not in said:
            return []
        self.stream.seek(start)
        rows = list(parse_xref_table(self.stream, strict=True))
        if any(row.generation > _HIGHEST and row.idnum for row in rows):
            return []
        trailer = DictionaryObject.read_from_stream(self.stream, TrailerReference(self.handler))  # type: ignore[no-untyped-call]
        is_beyond = max(row.idnum for row in rows) >= int(trailer.raw_get("/Size"))
        return ["high_head", "beyond_size"] if is_beyond else ["high_head"]

    def read_xrefs(self) -> list[XRefSection]:
        try:
            return list(super().read_xrefs())  # type: ignore[no-untyped-call]
        except PdfStrictReadError as error:
            if not is_slip(str(error)):
                raise
        sections = list(reversed(self.sections))
        named = [_as_compared(one) for one in sections]
        for place, section in enumerate(named):
            _check_freed_refs(place, section, named)
        return sections


def _as_compared(section: XRefSection) -> XRefSection:
    """Return a section as pyHanko compares it when only what is used again counts.

    Nobody may say that its stream is replaced, and a number freed with generation 0 is dead: no
    generation of it may come again.
    """
    data = copy(section.xref_data)
    data.freed = {number: coming or _DEAD for number, coming in data.freed.items()}
    return replace(section, xref_data=data, meta_info=replace(section.meta_info, stream_ref=None))


def _slips_between(
    sections: Sequence[XRefSection], seen: set[ObjectKey] | None = None
) -> Iterator[TableSlip]:
    """Yield what is wrong between the tables of a file, which stand in the order of writing.

    Args:
        sections: The tables.
        seen: Number and generation of all objects and references; None: not known.
    """
    size = 0
    freed: set[tuple[int, int]] = set()
    streams: set[tuple[int, int]] = set()
    for place, section in enumerate(sections):
        data, about = section.xref_data, section.meta_info
        if streams & data.explicit_refs_in_revision:
            yield TableSlip(kind="stream_replaced", end=about.end_location)
        if about.size < size:
            yield TableSlip(kind="smaller_size", end=about.end_location)
        orphaned = set(data.higher_generation_refs()) - freed  # type: ignore[no-untyped-call]
        if orphaned:
            numbers = {number for number, _ in orphaned}
            is_harmless = seen is not None and orphaned >= {
                one for one in seen if one[0] in numbers
            }
            yield TableSlip(
                kind="orphaned_generation", end=about.end_location, is_harmless=is_harmless
            )
        if place and 0 in data.freed.values():
            yield TableSlip(kind="freed_for_good", end=about.end_location)
        size = max(size, about.size)
        freed |= set(data.freed.items())
        if about.stream_ref is not None:
            streams.add((about.stream_ref.idnum, about.stream_ref.generation))

"""Cut a file into its revisions by bytes, and find what no reference table of theirs lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pks_kit.pdf.parsing import ParserFailure, guarded

if TYPE_CHECKING:
    from pks_kit.pdf.opening import OpenedFile

_TAIL = re.compile(rb"startxref[\s]{1,4}(\d{1,12})[\s]{1,4}%%EOF(?:\r\n|\r|\n)?")
_WHITE = re.compile(rb"[\0\t\n\f\r ]{0,16}")
_OBJECT = re.compile(rb"(?:^|[\r\n])(\d{1,10}) (\d{1,5}) obj\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One revision as bytes: ``[start, end)`` and the place of its reference table."""

    number: int
    start: int
    end: int
    table: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFlaw:
    """Bytes of a revision that its reference table does not account for.

    Attributes:
        reason: ``hidden_revision``, ``points_back`` or ``unlisted``.
        object: Number and generation of the object, or ``-``.
        what: More about it: a word or a place in the file.
    """

    reason: Literal["hidden_revision", "points_back", "unlisted"]
    object: str
    what: str = ""


def cut_revisions(opened: OpenedFile) -> tuple[Span, ...] | ParserFailure:
    """Return the revisions in the order in which they were written.

    The first parts of a linearised file count as one revision.
    """
    return guarded(lambda: _cut(opened))


def _cut(opened: OpenedFile) -> tuple[Span, ...]:
    xrefs = opened.reader.xrefs
    tables = [xrefs.get_xref_container_info(n) for n in range(xrefs.total_revisions)]
    spans: list[Span] = []
    first = 0
    if len(tables) > 1 and tables[1].start_location < tables[0].start_location:
        last = max(tables[0].end_location, tables[1].end_location)
        spans.append(Span(number=1, start=0, end=_end(opened, last)[1], table=0))
        first = 2
    for number, table in list(enumerate(tables))[first:]:
        start = spans[-1].end if spans else 0
        if table.start_location < start:
            raise ValueError(f"reference table of revision {number} lies inside an earlier one")
        declared, end = _end(opened, table.end_location)
        if declared != table.declared_startxref:
            raise ValueError(f"revision {number} ends with the table of another one")
        spans.append(Span(number=number, start=start, end=end, table=table.start_location))
    return tuple(spans)


def _end(opened: OpenedFile, after: int) -> tuple[int, int]:
    """Return the declared table and the end of the revision whose table ends at ``after``."""
    tail = _TAIL.search(opened.content, after)
    if tail is None:
        raise ValueError("revision without an end of its own")
    return int(tail[1]), tail.end()


def unlisted_parts(opened: OpenedFile, span: Span) -> list[RevisionFlaw]:
    """Find revisions and objects that no reference table lists, and tables that point back.

    Raises:
        Exception: Whatever a malformed table provokes.
    """
    region = opened.content[span.start : span.end]
    flaws = []
    if region.count(b"startxref") != 1:
        flaws.append(RevisionFlaw(reason="hidden_revision", object="-", what="startxref"))
    data = opened.reader.xrefs.get_xref_data(span.number)
    begins = {
        place: _past_white(opened.content, place) for _, place in data.standard_xrefs.values()
    }
    listed = set(begins.values())
    outside = sorted(
        place
        for number, (generation, place) in data.standard_xrefs.items()
        if not span.start <= begins[place] < span.end
        and not _was_there(opened, span.number - 1, number, generation, place)
    )
    if outside:
        flaws.append(RevisionFlaw(reason="points_back", object="-", what=str(outside[0])))
    for match in _OBJECT.finditer(region):
        place = span.start + match.start(1)
        if place not in listed and place != span.table:
            flaws.append(RevisionFlaw(reason="unlisted", object=f"{int(match[1])} {int(match[2])}"))
            break
    return flaws


def _past_white(content: bytes, place: int) -> int:
    """Return where the object begins that a table expects at a place: white space may precede."""
    white = _WHITE.match(content, place)
    return white.end() if white else place


def _was_there(opened: OpenedFile, revision: int, number: int, generation: int, place: int) -> bool:
    """Return whether the older table said the same: some programs list all objects again."""
    from pyhanko.pdf_utils.generic import Reference as PdfReference

    reference = PdfReference(number, generation, opened.reader)
    return bool(opened.reader.xrefs.get_historical_ref(reference, revision) == place)

"""Cut a file into its revisions and judge what each one added.

The issued file is the beginning of every later file of the same agreement. What follows may only
be revisions that the signing profile expects: everything else is refused, whatever the trick.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.verification.report.answers import ParserFailure, failed, guarded, passed
from pks_kit.verification.report.verdict import Check, RevisionReport
from pks_kit.verification.revisions.before_after import Addition, Expected, RefusedChange
from pks_kit.verification.revisions.foreign import first_signed, is_foreign
from pks_kit.verification.revisions.objects import judge_objects

if TYPE_CHECKING:
    from pks_kit.verification.file.intake import OpenedFile
    from pks_kit.verification.file.issued_reference import Reference
    from pks_kit.verification.signatures.embedded_signatures import FoundSignature

_TAIL = re.compile(rb"startxref[\s]{1,4}(\d{1,12})[\s]{1,4}%%EOF(?:\r\n|\r|\n)?")
_OBJECT = re.compile(rb"(?:^|[\r\n])(\d{1,10}) (\d{1,5}) obj\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One revision as bytes: ``[start, end)`` and the place of its reference table."""

    number: int
    start: int
    end: int
    table: int


def check_issued_prefix(
    content: bytes, issued: bytes | None, identity: tuple[str, int]
) -> list[Check]:
    """Does the file begin with the issued bytes? Needs no parser.

    Args:
        content: The file.
        issued: The issued file, if given.
        identity: Its hash and size; an empty hash when not known, and then there is no answer.
    """
    sha256, size = identity
    if not sha256:
        return []
    if len(content) < size:
        return [failed("issued.prefix", "shorter", size=len(content), issued=size)]
    if hashlib.sha256(content[:size]).hexdigest() == sha256:
        return [passed("issued.prefix", "same", issued=size, sha256=sha256)]
    first = _first_difference(content, issued)
    if first is None:
        return [failed("issued.prefix", "other", issued=size)]
    return [failed("issued.prefix", "differs_at", issued=size, offset=first)]


def _first_difference(content: bytes, issued: bytes | None) -> int | None:
    if issued is None:
        return None
    pairs = zip(content, issued, strict=False)
    return next((place for place, (new, old) in enumerate(pairs) if new != old), None)


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


def judge_revisions(
    opened: OpenedFile,
    spans: tuple[Span, ...],
    found: tuple[FoundSignature, ...],
    reference: Reference,
    expected: Expected | None,
) -> tuple[tuple[RevisionReport, ...], list[Check]]:
    """Judge every revision after the issued file (or after the first one when it is not known).

    Args:
        opened: The file.
        spans: Result of :func:`cut_revisions`.
        found: Filled signature fields.
        reference: Issued file or receipt.
        expected: Fields and stamps the profile allows; None: no profile known.
    """
    code = "issued.revisions" if reference.issued_sha256 else "file.revisions"
    checks: list[Check] = []
    reports: list[RevisionReport] = []
    base = _base_revisions(spans, reference, found)
    if base is None:
        checks.append(failed(code, "not_on_boundary", issued=reference.issued_size))
        base = spans[0].number + 1
    for span in spans:
        filled = [one.field for one in found if one.revision == span.number]
        if span.number < base:
            reports.append(
                RevisionReport(
                    number=span.number,
                    start=span.start,
                    end=span.end,
                    kind="signature" if filled else "base",
                    field=", ".join(filled),
                )
            )
            continue
        judged = guarded(
            lambda span=span, filled=filled: judge_objects(  # type: ignore[misc]
                opened, span.number, filled, expected
            )
        )
        report, problems = _one(code, opened, span, filled, judged)
        reports.append(report)
        checks += problems
    checks += _tail(opened, spans)
    if not any(check.status == "failed" for check in checks):
        added = spans[-1].number + 1 - base
        checks.append(passed(code, "expected" if added else "none", count=added))
    return tuple(reports), checks


def _base_revisions(
    spans: tuple[Span, ...], reference: Reference, found: tuple[FoundSignature, ...]
) -> int | None:
    """Return how many revisions the issued file has; None when it ends inside one.

    In a file of somebody else the first signature covers whatever was saved before it; without
    any signature nothing says which state was the first.
    """
    if is_foreign(reference):
        last = spans[-1].number
        return max(spans[0].number, first_signed(found, otherwise=last)) + 1
    if not reference.issued_sha256:
        return spans[0].number + 1
    ends = {span.end: span.number + 1 for span in spans}
    return ends.get(reference.issued_size)


def _one(
    code: str,
    opened: OpenedFile,
    span: Span,
    filled: list[str],
    judged: Addition | ParserFailure,
) -> tuple[RevisionReport, list[Check]]:
    field = ", ".join(filled)
    if isinstance(judged, ParserFailure):
        report = RevisionReport(
            number=span.number, start=span.start, end=span.end, kind="unexpected", field=field
        )
        broken = failed(code, "unreadable", revision=span.number, details={"parser": judged.text})
        return report, [broken]
    problems = [*judged.problems, *_hidden(opened, span)]
    checks = [
        failed(
            code,
            problem.reason,
            revision=span.number,
            object=problem.object,
            what=problem.what,
            page=problem.page,
            field=field or None,
        )
        for problem in problems
    ]
    kind = "unexpected" if checks or judged.kind == "unsigned" else judged.kind
    if judged.kind == "unsigned":
        checks.append(failed(code, "unsigned", revision=span.number))
    report = RevisionReport(
        number=span.number,
        start=span.start,
        end=span.end,
        kind=kind,
        field=field,
        added=judged.added,
        changed=judged.changed,
    )
    return report, checks


def _hidden(opened: OpenedFile, span: Span) -> list[RefusedChange]:
    """Find revisions and objects that no reference table lists, and tables that point back."""
    region = opened.content[span.start : span.end]
    problems = []
    if region.count(b"startxref") != 1:
        problems.append(RefusedChange(reason="hidden_revision", object="-", what="startxref"))
    data = opened.reader.xrefs.get_xref_data(span.number)
    listed = {place for _, place in data.standard_xrefs.values()}
    outside = sorted(
        place
        for number, (generation, place) in data.standard_xrefs.items()
        if not span.start <= place < span.end
        and not _was_there(opened, span.number - 1, number, generation, place)
    )
    if outside:
        problems.append(RefusedChange(reason="points_back", object="-", what=str(outside[0])))
    for match in _OBJECT.finditer(region):
        place = span.start + match.start(1)
        if place not in listed and place != span.table:
            problems.append(
                RefusedChange(reason="unlisted", object=f"{int(match[1])} {int(match[2])}")
            )
            break
    return problems


def _was_there(opened: OpenedFile, revision: int, number: int, generation: int, place: int) -> bool:
    """Return whether the older table said the same: some programs list all objects again."""
    from pyhanko.pdf_utils.generic import Reference as PdfReference

    reference = PdfReference(number, generation, opened.reader)
    return bool(opened.reader.xrefs.get_historical_ref(reference, revision) == place)


def _tail(opened: OpenedFile, spans: tuple[Span, ...]) -> list[Check]:
    """Refuse bytes after the last revision."""
    extra = len(opened.content) - spans[-1].end
    return [failed("file.end", "extra_bytes", count=extra)] if extra else []

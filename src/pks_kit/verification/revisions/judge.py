"""Judge what each revision of a file added.

The issued file is the beginning of every later file of the same agreement. What follows may only
be revisions that the signing profile expects: everything else is refused, whatever the trick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.revisions import unlisted_parts
from pks_kit.verification.report.answers import failed, passed
from pks_kit.verification.report.verdict import Check, RevisionReport
from pks_kit.verification.revisions.before_after import Addition, Expected, RefusedChange
from pks_kit.verification.revisions.foreign import first_signed, is_foreign
from pks_kit.verification.revisions.objects import judge_objects
from pks_kit.verification.revisions.own import own_addition

if TYPE_CHECKING:
    from pks_kit.pdf.opening import OpenedFile
    from pks_kit.pdf.prefix.opened import OwnUpdates
    from pks_kit.pdf.revisions import Span
    from pks_kit.pdf.signatures import FoundSignature
    from pks_kit.verification.file.issued_reference import Reference


def judge_revisions(
    opened: OpenedFile,
    spans: tuple[Span, ...],
    found: tuple[FoundSignature, ...],
    reference: Reference,
    expected: Expected | None,
    own: OwnUpdates | None = None,
) -> tuple[tuple[RevisionReport, ...], list[Check]]:
    """Judge every revision after the issued file (or after the first one when it is not known).

    Args:
        opened: The file.
        spans: Result of :func:`~pks_kit.pdf.revisions.cut_revisions`.
        found: Filled signature fields.
        reference: Issued file or receipt.
        expected: Fields and stamps the profile allows; None: no profile known.
        own: Later revisions, when all of them are ours.
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
            lambda span=span, filled=filled: (  # type: ignore[misc]
                own_addition(own, span, filled, expected)
                or judge_objects(opened, span.number, filled, expected)
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
    problems = [
        *judged.problems,
        *(
            RefusedChange(reason=flaw.reason, object=flaw.object, what=flaw.what)
            for flaw in unlisted_parts(opened, span)
        ),
    ]
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


def _tail(opened: OpenedFile, spans: tuple[Span, ...]) -> list[Check]:
    """Refuse bytes after the last revision."""
    extra = len(opened.content) - spans[-1].end
    return [failed("file.end", "extra_bytes", count=extra)] if extra else []

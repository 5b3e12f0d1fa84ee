"""Judge the first look at any bytes: is it one whole, plain, unencrypted PDF within the limits?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pks_kit.pdf.opening import open_pdf, outer_flaws, pdf_version
from pks_kit.verification.report.answers import failed, indeterminate, passed

if TYPE_CHECKING:
    from pks_kit.pdf.opening import FileFlaw, OpenedFile
    from pks_kit.verification.limits import Limits
    from pks_kit.verification.report.verdict import Check

ANSWERS: dict[str, tuple[str, str]] = {
    "empty": ("file.type", "empty"),
    "too_large": ("file.size", "too_large"),
    "not_pdf": ("file.type", "not_pdf"),
    "not_at_start": ("file.type", "not_at_start"),
    "polyglot": ("file.type", "polyglot"),
    "no_end": ("file.end", "missing"),
    "extra_bytes": ("file.end", "extra_bytes"),
    "encrypted": ("file.encrypted", "encrypted"),
    "unreadable": ("file.structure", "unreadable"),
    "many_objects": ("file.structure", "many_objects"),
    "many_revisions": ("file.structure", "many_revisions"),
    "parsers_disagree": ("file.structure", "parsers_disagree"),
    "no_pages": ("file.pages", "none"),
    "too_many_pages": ("file.pages", "too_many"),
    "bad_box": ("file.pages", "bad_box"),
}
"""Question and reason for each kind of flaw."""


def look_at_bytes(content: bytes, limits: Limits) -> list[Check]:
    """Check size, first and last bytes, without any parser."""
    flaws = outer_flaws(content, limits)
    said = [_failed(flaw) for flaw in flaws]
    kinds = {flaw.kind for flaw in flaws}
    if kinds & {"empty", "too_large"}:
        return said
    checks = [passed("file.size", "within", size=len(content), limit=limits.file_bytes)]
    if kinds & {"not_pdf", "not_at_start"}:
        return [*checks, *said]
    checks += [passed("file.type", "pdf", version=pdf_version(content)), *said]
    if not kinds & {"no_end", "extra_bytes"}:
        checks.append(passed("file.end", "clean"))
    return checks


def open_file(content: bytes, limits: Limits) -> tuple[OpenedFile | None, list[Check]]:
    """Open with both parsers; every disagreement is an answer, never an exception.

    Returns:
        The opened file (None when it cannot be judged any further) and the checks.
    """
    seen = open_pdf(content, limits)
    said = [_failed(flaw) for flaw in seen.flaws]
    checks = [passed("file.encrypted", "plain")] if seen.is_plain else []
    if not seen.was_read:
        return None, [*checks, *said]
    if seen.warnings:
        told = {"parser": "; ".join(seen.warnings)[:600]}
        checks.append(indeterminate("file.structure", "damaged", details=told))
    else:
        checks.append(passed("file.structure", "sound", revisions=seen.revisions))
    if seen.is_hybrid:
        checks.append(indeterminate("file.hybrid", "hybrid"))
    if seen.opened is not None:
        checks.append(passed("file.pages", "within", pages=seen.pages, limit=limits.pages))
    return seen.opened, [*checks, *said]


def _failed(flaw: FileFlaw) -> Check:
    question, reason = ANSWERS[flaw.kind]
    words: dict[str, Any] = dict(flaw.params)
    if flaw.parser:
        words["details"] = {"parser": flaw.parser}
    return failed(question, reason, **words)

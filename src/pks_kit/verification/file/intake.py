"""Judge the first look at any bytes: is it one whole, plain, unencrypted PDF within the limits?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pks_kit.pdf.opening import open_pdf, outer_flaws, pdf_version
from pks_kit.verification.evidence_file import looks_packed
from pks_kit.verification.file.other_kinds import other_kind
from pks_kit.verification.report.answers import failed, indeterminate, passed

if TYPE_CHECKING:
    from pks_kit.pdf.opening import FileFlaw, Forgives, OpenedFile
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
    "restricted": ("file.encrypted", "restricted"),
    "for_certificates": ("file.encrypted", "for_certificates"),
    "unknown_lock": ("file.encrypted", "unknown_lock"),
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
    if "not_pdf" in kinds or ("not_at_start" in kinds and _keeps_pdf(content)):
        reason, words = other_kind(content)
        return [*checks, failed("file.type", reason, **words)]
    if "not_at_start" in kinds:
        return [*checks, *said]
    checks += [passed("file.type", "pdf", version=pdf_version(content)), *said]
    if not kinds & {"no_end", "extra_bytes"}:
        checks.append(passed("file.end", "clean"))
    return checks


def _keeps_pdf(content: bytes) -> bool:
    """Return whether a file is a ZIP that keeps a PDF unpacked, and not both at once.

    The PDF then begins near the begin of the file; the end of the ZIP stands behind its end.
    """
    return looks_packed(content) and content.rfind(b"PK\x05\x06") > content.rfind(b"%%EOF")


def open_file(
    content: bytes, limits: Limits, forgives: Forgives | None = None
) -> tuple[OpenedFile | None, list[Check]]:
    """Open with both parsers; every disagreement is an answer, never an exception.

    Args:
        content: The file.
        limits: What it may cost.
        forgives: Whether slips in its reference tables are left to a person; None: never.

    Returns:
        The opened file (None when it cannot be judged any further) and the checks.
    """
    seen = open_pdf(content, limits, forgives)
    said = [_failed(flaw) for flaw in seen.flaws]
    checks = [passed("file.encrypted", "plain")] if seen.is_plain else []
    if not seen.was_read:
        return None, [*checks, *said]
    slips = [one for one in (seen.opened.slips if seen.opened else ()) if not one.is_harmless]
    if slips:
        told = {
            "parser": "; ".join([*dict.fromkeys(one.kind for one in slips), *seen.warnings])[:600]
        }
        checks.append(indeterminate("file.structure", "readers_differ", details=told))
    elif seen.warnings:
        told = {"parser": "; ".join(seen.warnings)[:600]}
        checks.append(indeterminate("file.structure", "damaged", details=told))
    else:
        checks.append(passed("file.structure", "sound", revisions=seen.revisions))
    if seen.is_hybrid:
        checks.append(indeterminate("file.hybrid", "hybrid"))
    if seen.opened is not None:
        checks.append(passed("file.pages", "within", pages=seen.pages, limit=limits.pages))
    return seen.opened, [*checks, *said]


def check_repeated(opened: OpenedFile, *, is_foreign: bool) -> list[Check]:
    """Judge keys that were repeated with the same value, once all objects were read.

    Args:
        opened: The file.
        is_foreign: Whether nothing says how the file was issued; ours repeat no key.
    """
    if not opened.repeated:
        return []
    told = "repeated_key: " + ", ".join(str(number) for number in opened.repeated[:20])
    if is_foreign:
        return [indeterminate("file.structure", "readers_differ", details={"parser": told})]
    return [failed("file.structure", "unreadable", details={"parser": told})]


def _failed(flaw: FileFlaw) -> Check:
    question, reason = ANSWERS[flaw.kind]
    words: dict[str, Any] = dict(flaw.params)
    if flaw.parser:
        words["details"] = {"parser": flaw.parser}
    return failed(question, reason, **words)

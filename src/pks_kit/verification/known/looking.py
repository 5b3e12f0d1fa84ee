"""Find the facts about issued bytes, in a child that sees no other file.

Two children do it: one asks qpdf and pyHanko about structure and content, the other reads the pages
with PDFium. Only bytes of which nothing but good is to be said give facts; all others are examined
anew each time.
"""

from __future__ import annotations

from pks_kit.domain.receipt import Receipt
from pks_kit.pdf.content import content_facts
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix.base import base_of
from pks_kit.verification.agreement.term import printed_day
from pks_kit.verification.file.active_content import look_at_content
from pks_kit.verification.file.hidden_content import check_concealed
from pks_kit.verification.file.intake import look_at_bytes, open_file
from pks_kit.verification.file.issued_reference import embedded_receipt
from pks_kit.verification.file.page_pass import look_through
from pks_kit.verification.file.page_text import check_words
from pks_kit.verification.known.facts import IssuedFacts, PagesFacts
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.added import Added
from pks_kit.verification.report.verdict import Check


def facts_of(issued: bytes, limits: Limits) -> IssuedFacts | None:
    """Return what the structure of issued bytes tells; None when anything is not plain good.

    Args:
        issued: The bytes.
        limits: What they may cost.
    """
    found = guarded(lambda: _facts(issued, limits))
    return None if isinstance(found, ParserFailure) else found


def _facts(issued: bytes, limits: Limits) -> IssuedFacts:
    opened, checks = open_file(issued, limits)
    if opened is None or not _all_passed([*look_at_bytes(issued, limits), *checks]):
        raise ValueError("structure")
    content, notes = look_at_content(opened, limits)
    receipt = embedded_receipt(opened.pdf)
    if not _all_passed(content) or content[0].code != "file.decompression":
        raise ValueError("content")
    if not isinstance(receipt, Receipt):
        raise ValueError("receipt")
    day = printed_day(opened)
    return IssuedFacts(
        base=base_of(opened.pdf, issued),
        pages=opened.pages,
        decoded=content_facts(opened.pdf, limits).decoded,
        content=tuple(content),
        notes=tuple(notes),
        receipt=receipt,
        day=day.isoformat() if day is not None else "",
    )


def pages_of(issued: bytes, receipt: Receipt, limits: Limits) -> PagesFacts | None:
    """Return what the pages of issued bytes tell; None when they cannot be read.

    Args:
        issued: The bytes.
        receipt: The receipt inside.
        limits: What they may cost.
    """
    pdf = guarded(lambda: open_with_qpdf(issued))
    if isinstance(pdf, ParserFailure):
        return None
    seen = look_through(issued, pdf, limits.pixels, sheets=True)
    words, notes = check_words(seen.texts, receipt)
    concealed, more = check_concealed(seen.concealed)
    if isinstance(seen.sheets, ParserFailure) or not _all_passed([*words, *concealed]):
        return None
    return PagesFacts(
        words=Added(checks=(*words, *concealed), notes=(*notes, *more)), sheets=seen.sheets
    )


def _all_passed(checks: list[Check]) -> bool:
    return all(one.status == "passed" for one in checks)

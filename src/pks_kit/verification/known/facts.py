"""What is a fact about issued bytes, whatever follows them: found once, kept by their hash.

Two children find it, neither of which sees any other file: one asks qpdf and pyHanko about
structure and content, the other reads the pages with PDFium. Only bytes of which nothing but good
is to be said give facts; all others are examined anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pks_kit.domain.receipt import Receipt
from pks_kit.json_types import Count
from pks_kit.pdf.content import content_facts
from pks_kit.pdf.opening import open_with_qpdf
from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.prefix.base import Base, base_of
from pks_kit.verification.agreement.term import printed_day
from pks_kit.verification.file.active_content import look_at_content
from pks_kit.verification.file.hidden_content import check_concealed
from pks_kit.verification.file.intake import look_at_bytes, open_file
from pks_kit.verification.file.issued_reference import embedded_receipt
from pks_kit.verification.file.page_pass import look_through
from pks_kit.verification.file.page_text import check_words
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.added import Added
from pks_kit.verification.report.details import PageScan
from pks_kit.verification.report.verdict import Check, Note


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedFacts:
    """What the structure of issued bytes tells.

    Attributes:
        base: What a later revision may take up.
        pages: Number of pages.
        decoded: Bytes of all streams but pictures after decompression.
        content: Checks of the content, all passed; the one about decompression comes first.
        notes: Notes about the content.
        receipt: The receipt inside; None where the one that travels beside is the same.
        day: Day of signing that the data inside prints (ISO 8601); empty for none.
    """

    base: Base
    pages: Count
    decoded: Count
    content: tuple[Check, ...]
    notes: tuple[Note, ...]
    receipt: Receipt | None
    day: str

    def beside(self, given: Receipt | None) -> IssuedFacts:
        """Return these facts without a receipt that somebody gave as well."""
        known = self.receipt
        if given is None or known is None or given.without_issued() != known.without_issued():
            return self
        return replace(self, receipt=None)

    def inside(self, given: Receipt | None) -> Receipt:
        """Return the receipt inside.

        Args:
            given: The receipt that travelled beside.

        Raises:
            ValueError: There is none.
        """
        if self.receipt is not None:
            return self.receipt
        if given is None:
            raise ValueError("receipt")
        return given.without_issued()


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesFacts:
    """What the pages of issued bytes tell.

    Attributes:
        words: What their words add to a report, all passed.
        sheets: What was measured of every page.
    """

    words: Added
    sheets: tuple[PageScan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIssued:
    """All facts about issued bytes.

    Attributes:
        facts: What their structure tells.
        pages: What their pages tell.
    """

    facts: IssuedFacts
    pages: PagesFacts


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

"""What is a fact about issued bytes, whatever follows them: found once, kept by their hash.

Loads no parser: whoever keeps facts stays light. They are found by :mod:`.looking`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pks_kit.domain.receipt import Receipt
from pks_kit.json_types import Count
from pks_kit.pdf.prefix.base import Base
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

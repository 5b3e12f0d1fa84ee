"""Questions about a file that begins with issued bytes which are known, or are to be known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from pks_kit.domain.receipt import Receipt
from pks_kit.foreign import Files, Question
from pks_kit.verification.isolation.protocol import (
    MOST_FACTS,
    ExaminationHead,
    examination_from,
)
from pks_kit.verification.known.facts import IssuedFacts, PagesFacts
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.signed_fact import SignedFact
from pks_kit.verification.report.verdict import Check, VerifyReport

_MOST_CHECKS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedSeen:
    """Facts about issued bytes; None when not all about them is plain good."""

    facts: IssuedFacts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesSeen:
    """What their pages tell; None when that is not plain good, or cannot be read."""

    pages: PagesFacts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsOfIssued(Question[IssuedSeen]):
    """What do issued bytes tell of themselves? Of one file, which is nothing but these bytes.

    Attributes:
        limits: What they may cost.
    """

    limits: Limits

    def answer(self, files: Files) -> IssuedSeen:
        """Look at structure and content."""
        from pks_kit.verification.known.looking import facts_of

        return IssuedSeen(facts=facts_of(files[0], self.limits))


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesOfIssued(Question[PagesSeen]):
    """What do the pages of issued bytes tell? Of one file, which is nothing but these bytes.

    Attributes:
        limits: What they may cost.
        receipt: The receipt inside.
    """

    limits: Limits
    receipt: Receipt

    def answer(self, files: Files) -> PagesSeen:
        """Read the pages."""
        from pks_kit.verification.known.looking import pages_of

        return PagesSeen(pages=pages_of(files[0], self.receipt, self.limits))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownJudged:
    """What was found about a file without opening it.

    Attributes:
        signed: What the bytes of its signatures prove.
        report: The report; None when the file must be opened.
        boxes: What the words in its boxes say.
    """

    signed: Annotated[tuple[SignedFact, ...], Field(max_length=MOST_FACTS)] = ()
    report: VerifyReport | None = None
    boxes: Annotated[tuple[Check, ...], Field(max_length=_MOST_CHECKS)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeKnown(Question[KnownJudged]):
    """Is what follows the issued bytes known to be good? Of the file that begins with them.

    No parser of documents sees the file, only hashes and certificates.

    Attributes:
        head: What is examined.
        limits: What it may cost.
        facts: Facts about the issued bytes.
        size: Their length.
    """

    head: ExaminationHead
    limits: Limits
    facts: IssuedFacts
    size: int

    def answer(self, files: Files) -> KnownJudged:
        """Prove the signatures, then judge the file by its bytes."""
        from pks_kit.verification.examine import prove
        from pks_kit.verification.known.examine import examine_known

        parts = (files[0], files[0][: self.size]) if self.head.has_issued else files[:1]
        job = examination_from(self.head, self.limits, parts)
        ranges = prove(job)
        found = examine_known(job, ranges, self.facts, self.size)
        if found is None:
            return KnownJudged()
        return KnownJudged(signed=ranges.facts, report=found[0], boxes=found[1])

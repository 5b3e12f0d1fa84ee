"""Judge a signed file from what is known of the issued bytes it begins with, if it passes so.

Facts about issued bytes are found by children that see nothing else, and are kept in the memory of
this process by the hash of these bytes; never in a file. What the bytes alone do not show to be
good is examined as any other file: the answer here is ``passed`` or none.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

from pks_kit.errors import InputError, NotLookedError, SigningError, VerificationError
from pks_kit.foreign import HERE
from pks_kit.pdf.prefix.own_files import own_files
from pks_kit.pipelines.inside.known_issued import (
    FactsOfIssued,
    JudgeKnown,
    KnownJudged,
    PagesOfIssued,
)
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.policy.document_policy import UMUM
from pks_kit.verification.agreement.policy import asks_for_sheets, check_sheets, choose_policy
from pks_kit.verification.isolation.belief import doubt_about
from pks_kit.verification.isolation.protocol import Answers, Parts, examination_job, refuse_unknown
from pks_kit.verification.isolation.second import complete
from pks_kit.verification.known.facts import KnownIssued
from pks_kit.verification.report.added import Added

if TYPE_CHECKING:
    from pks_kit.foreign import Looks
    from pks_kit.pdf.prefix.own_files import OwnFile
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.isolation.protocol import Job
    from pks_kit.verification.report.pictures import Examined
    from pks_kit.verification.report.verdict import Check

MOST_KNOWN = 16
"""Issued files of which facts are kept."""

_TAIL = b"%%EOF\n"


@dataclass(slots=True)
class KnownFiles:
    """Facts by hash of issued bytes; None where there are none to be had."""

    _known: OrderedDict[str, KnownIssued | None] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, sha256: str, issued: bytes, job: Examination, looks: Looks) -> KnownIssued | None:
        """Return the facts about issued bytes, found now if need be.

        Args:
            sha256: Their hash.
            issued: The bytes.
            job: What is examined; its limits hold.
            looks: Where files are opened.

        Raises:
            NotLookedError: They could not be looked at.
        """
        with self._lock:
            if sha256 in self._known:
                self._known.move_to_end(sha256)
                return self._known[sha256]
        own = own_files.issued(sha256)
        found = _told(own, job) if own is not None else None
        found = found or _looked_at(issued, job, looks)
        with self._lock:
            self._known[sha256] = found
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        return found


_KNOWN = KnownFiles()


def judge_known(job: Examination, *, isolated: bool) -> Examined | None:
    """Return the report about a file that passes by its bytes; None for every other file.

    Args:
        job: What to examine.
        isolated: Whether files are opened in guarded children.
    """
    sha256, size = job.issued_identity
    may_be = (
        job.knows_own_updates
        and sha256
        and 0 < size < len(job.content) <= job.limits.file_bytes
        and job.content.endswith(_TAIL)
        and not (job.fetched.ocsps or job.fetched.crls)
        and not (job.policy is not None and job.policy.kebijakan.nama == UMUM)
    )
    if not may_be or hashlib.sha256(memoryview(job.content)[:size]).hexdigest() != sha256:
        return None
    inside = LooksInside(limits=job.limits, must_be_guarded=True)
    # what this process wrote to the last byte needs no guard: nothing in it is from outside
    looks: Looks = inside if isolated and own_files.of(job.content) is None else HERE
    try:
        known = _KNOWN.of(sha256, job.content[:size], job, looks)
        if known is None:
            return None
        head, _ = examination_job(job, 0)
        if head.examination is None:
            return None
        facts = known.facts.beside(job.receipt)
        asked = JudgeKnown(head=head.examination, limits=job.limits, facts=facts, size=size)
        found = looks.ask(asked, job.content)
    except (NotLookedError, VerificationError, InputError, SigningError):
        return None  # the examination says what is wrong, of the file or of the machine
    examined = _examined(job, known, found)
    if examined is None or examined.report.verdict != "passed":
        return None
    report = examined.report
    return replace(examined, report=replace(report, notes=(*report.notes, *inside.notes)))


def _looked_at(issued: bytes, job: Examination, looks: Looks) -> KnownIssued | None:
    facts = looks.ask(FactsOfIssued(limits=job.limits), issued).facts
    if facts is None or facts.receipt is None:
        return None
    pages = looks.ask(PagesOfIssued(limits=job.limits, receipt=facts.receipt), issued).pages
    return None if pages is None else KnownIssued(facts=facts, pages=pages)


def _told(own: OwnFile, job: Examination) -> KnownIssued | None:
    """Return what the writer of issued bytes told, when that was this process."""
    from pks_kit.verification.known.own import own_known

    return own_known(own, job.limits)


def _examined(job: Examination, known: KnownIssued, found: KnownJudged) -> Examined | None:
    """Return the report after holding it against everything that a report is held against."""
    report = found.report
    if report is None or doubt_about(job, report):
        return None
    words = known.pages.words
    added = Added(checks=(*found.boxes, *words.checks, *_sheets(job, known)), notes=words.notes)
    try:
        refuse_unknown(report)
        refuse_unknown(added)
    except ValueError:
        return None

    def second(_job: Job, _parts: Parts) -> tuple[Answers, Check | None]:
        return Answers(added=added, changes={}, pictures=()), None

    return complete(job, report, Answers(signed=found.signed), second, picture_dpi=0)


def _sheets(job: Examination, known: KnownIssued) -> list[Check]:
    policy, _ = choose_policy(job.policy, known.facts.receipt, job.signing_root)
    if policy is None or not asks_for_sheets(policy):
        return []
    return check_sheets(known.pages.sheets, policy, signed=True)

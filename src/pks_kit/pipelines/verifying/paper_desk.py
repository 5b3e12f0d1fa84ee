"""A scan that was read for a person, and the desk at which that person decides."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import Field

from pks_kit.domain.paper import PaperFacts
from pks_kit.domain.paper_review import ReviewItem, refusal, review_items
from pks_kit.errors import PksKitError, UsageError
from pks_kit.files import NamedFile
from pks_kit.json_form import from_json, to_json
from pks_kit.json_types import Sha256
from pks_kit.ledger import kinds
from pks_kit.ledger.checking import check_event, holds_nik
from pks_kit.ledger.describe import describe_agreement
from pks_kit.ledger.ports import Ledger
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.verifying.judged import JudgedResult
from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk
from pks_kit.pipelines.verifying.paper import judged_again
from pks_kit.pipelines.verifying.paper_decisions import crop_hashes, with_decisions
from pks_kit.policy.signing_profile import load_profile
from pks_kit.visible_text import hides_something, json_text, without_hidden

if TYPE_CHECKING:
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.report.paper_html import LivePage


class LedgerToWrite(LedgerToAsk, Ledger, Protocol):
    """A ledger that is asked and written, such as ``open_ledger`` returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperListResult(JudgedResult):
    """What a scan shows, and what a person is to decide about it.

    Attributes:
        job: What was examined.
    """

    job: Examination = field(repr=False)

    @property
    def facts(self) -> PaperFacts:
        """Return what the scan shows."""
        facts = self.report.paper
        if facts is None:
            raise UsageError("paper.review.no_scan", file=self.name)
        return facts

    @property
    def items(self) -> tuple[ReviewItem, ...]:
        """Return everything that can be decided, worst first."""
        return review_items(self.facts)

    def page(self, language: str, live: LivePage | None = None) -> NamedFile:
        """Return the page on which a person decides.

        Args:
            language: ``id`` or ``en``.
            live: For a page that is served and writes at once.
        """
        return self.review_page(language, live)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChoice:
    """What a person chose for one thing.

    Attributes:
        item: Its name in the review.
        decision: ``signed`` or ``empty`` of a place, ``same`` or ``changed`` of text and values,
            ``harmless`` or ``again`` of a sheet.
        reason: Why; needed to overrule the machine.
        addendum: Number of the addendum that covers a changed value.
        crop_sha256: Hash of the picture that the person saw; None when there was none.
    """

    item: Annotated[str, Field(max_length=200)]
    decision: Annotated[str, Field(max_length=20)]
    reason: Annotated[str, Field(max_length=500)] = ""
    addendum: Annotated[str, Field(max_length=200)] = ""
    crop_sha256: Sha256 | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAnswer:
    """What the desk answers to one decision.

    Attributes:
        by: Who decided.
        state: What all decisions about the thing amount to.
    """

    by: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRefusal:
    """Why the desk did not take a decision, in the language of the page."""

    message: str


class ReviewDesk:
    """A review that a person works through; every decision is written at once.

    Args:
        review: What is reviewed; replaced after each decision.
        ledger: Where decisions are written.
        oleh: Name of the person.
        clock: Tells the moment, with zone.

    Raises:
        UsageError: ``paper.decide.no_name``, ``paper.decide.hidden_name``.
    """

    def __init__(
        self, review: PaperListResult, ledger: LedgerToWrite, oleh: str, clock: Clock = system_clock
    ) -> None:
        self.review = review
        self.oleh = " ".join(oleh.split())
        self._ledger = ledger
        self._clock = clock
        self._crops = crop_hashes(review.examined.paper_pictures)
        self._lock = threading.Lock()
        if not any(sign.isalpha() for sign in self.oleh) or len(self.oleh) > 200:
            raise UsageError("paper.decide.no_name")
        if hides_something(self.oleh) or holds_nik(self.oleh):
            raise UsageError("paper.decide.hidden_name")

    def current(self) -> PaperListResult:
        """Return the review with what others wrote into the ledger since.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        with self._lock:
            self._refresh()
            return self.review

    def page(self, language: str, live: LivePage | None = None) -> NamedFile:
        """Return the page, with what others wrote into the ledger since.

        Args:
            language: ``id`` or ``en``.
            live: As :meth:`PaperListResult.page`.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        with self._lock:
            self._refresh()
            return self.review.page(language, live)

    def answer(self, body: bytes, language: str) -> tuple[int, bytes]:
        """Take one decision as JSON (:class:`PaperChoice`); return an HTTP status and JSON.

        Args:
            body: What the page sent.
            language: ``id`` or ``en``.
        """
        try:
            choice = from_json(PaperChoice, body)
        except ValueError:
            return 400, _json(DeskRefusal(message=""))
        try:
            self.write((choice,))
        except PksKitError as error:
            text = error.text
            words = f"{text.in_language(language)} {text.hint_in_language(language)}".strip()
            return 409, _json(DeskRefusal(message=words))
        state = next(
            (one.state for one in self.review.facts.decided if one.item == choice.item), ""
        )
        return 200, _json(DeskAnswer(by=self.oleh, state=state))

    def write(self, choices: Sequence[PaperChoice]) -> int:
        """Check all decisions, then write those that are new; return how many.

        Raises:
            UsageError: As :func:`paper_decide`.
            LedgerError: As :func:`paper_decide`.
        """
        with self._lock:
            self._refresh()  # another desk may have written since
            facts = self.review.facts
            items = {one.key: one for one in self.review.items}
            pairs = [(self._checked(items, one), one) for one in choices]
            now = moment(self._clock)
            new = [(item, one) for item, one in pairs if not self._said(facts, item, one)]
            events = [self._event(facts, item, one) for item, one in new]
            for told in events:  # all of them or none
                check_event(facts.agreement_id, kinds.PAPER_DECIDED, told, now, None)
            if events:
                self._introduce(now)
            for told in events:
                self._ledger.append(facts.agreement_id, kinds.PAPER_DECIDED, told, waktu=now)
            self._refresh()
            return len(new)

    def _refresh(self) -> None:
        """Let the review know all decisions that the ledger holds."""
        shown = self.review.examined.paper_pictures
        facts = with_decisions(self.review.facts, self._ledger, shown)
        report = judged_again(self.review.report, facts)
        examined = replace(self.review.examined, report=report)
        self.review = replace(self.review, examined=examined)

    def _checked(self, items: dict[str, ReviewItem], choice: PaperChoice) -> ReviewItem:
        item = items.get(choice.item)
        if item is None:
            raise UsageError("paper.decide.no_item", item=choice.item[:80])
        reason, addendum = _words(choice.reason) or "", _words(choice.addendum) or ""
        code = refusal(item, choice.decision, reason, addendum)
        if code is not None:
            raise UsageError(code, item=item.key, addendum=addendum)
        if holds_nik(reason) or holds_nik(addendum):
            raise UsageError("paper.decide.nik", item=item.key)
        if choice.crop_sha256 is not None and choice.crop_sha256 != self._crops.get(item.key):
            raise UsageError("paper.decide.other_picture", item=item.key)
        return item

    def _said(self, facts: PaperFacts, item: ReviewItem, choice: PaperChoice) -> bool:
        """Return whether this person's last word is the same already."""
        known = (two for one in facts.decided if one.item == item.key for two in one.opinions)
        same = (choice.decision, _words(choice.reason), _words(choice.addendum))
        return any(
            one.by == self.oleh and (one.decision, one.reason, one.addendum) == same
            for one in known
        )

    def _event(self, facts: PaperFacts, item: ReviewItem, choice: PaperChoice) -> dict[str, object]:
        told: dict[str, object] = {
            "scan_sha256": facts.files[item.file - 1],
            "scan_page": item.file_page,
            "place": item.place,
            "machine": item.machine,
            "by": self.oleh,
            "decision": choice.decision,
            "thresholds": facts.thresholds,
        }
        more = {
            "page": item.page,
            "edition": facts.edition,
            "machine_reason": item.machine_reason or None,
            "reason": _words(choice.reason),
            "addendum": _words(choice.addendum),
            "crop_sha256": self._crops.get(item.key),
        }
        return told | {key: value for key, value in more.items() if value is not None}

    def _introduce(self, now: datetime) -> None:
        """Write what the agreement is, when the ledger does not know it yet."""
        job = self.review.job
        if job.receipt is not None:
            profile = load_profile(job.signing_root, job.receipt.profile)
            describe_agreement(self._ledger, job.receipt, profile, waktu=now)


def _words(text: str) -> str | None:
    return " ".join(without_hidden(text).split()) or None


def _json(value: object) -> bytes:
    return json_text(to_json(value)).encode()

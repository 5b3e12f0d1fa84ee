"""What persons decided about a scan, as the ledger keeps it, and what that amounts to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from pks_kit.domain.paper import PaperFacts, PaperOpinion, PersonDecision
from pks_kit.domain.paper_pictures import PaperPicture
from pks_kit.domain.paper_review import PaperDecision, decided, review_items
from pks_kit.ledger import kinds

if TYPE_CHECKING:
    from pks_kit.ledger.ports import Event
    from pks_kit.pipelines.verifying.ledger_lookup import LedgerToAsk

_DECISIONS = get_args(PersonDecision)
_MOST_REASON = 500
_MOST_NAME = 200


def with_decisions(
    facts: PaperFacts, ledger: LedgerToAsk, pictures: Iterable[PaperPicture]
) -> PaperFacts:
    """Return what a scan shows together with what persons decided about it.

    Args:
        facts: What a scan shows; its files are known.
        ledger: Where decisions are kept.
        pictures: Pictures that were made, for decisions about the same picture in another file.

    Raises:
        LedgerError: The ledger cannot be read, or is broken.
    """
    events = ledger.events(facts.agreement_id, kinds.PAPER_DECIDED)
    known = tuple(_decisions(events))
    items = review_items(facts)
    found = decided(items, known, facts.files, crop_hashes(pictures), facts.edition)
    return replace(facts, decided=found)


def crop_hashes(pictures: Iterable[PaperPicture]) -> dict[str, str]:
    """Return the hash of the scanned picture of each thing."""
    shown = ("scanned", "sheet")
    return {one.item: hashlib.sha256(one.jpeg).hexdigest() for one in pictures if one.kind in shown}


def _decisions(events: Iterable[Event]) -> Iterator[PaperDecision]:
    """Yield the decisions that can be understood; events of evidence files may hold anything."""
    for event in events:
        isi = event.isi
        words = (_text(isi, "by"), _text(isi, "place"), _text(isi, "scan_sha256"))
        scan_page, page = isi.get("scan_page"), isi.get("page")
        decision = next((one for one in _DECISIONS if one == isi.get("decision")), None)
        if not all(words) or type(scan_page) is not int or decision is None:
            continue
        yield PaperDecision(
            scan_sha256=words[2],
            scan_page=scan_page,
            page=page if type(page) is int else None,
            place=words[1],
            edition=_text(isi, "edition") or None,
            crop_sha256=_text(isi, "crop_sha256") or None,
            opinion=PaperOpinion(
                by=words[0][:_MOST_NAME],
                decision=decision,
                reason=_text(isi, "reason")[:_MOST_REASON] or None,
                addendum=_text(isi, "addendum")[:_MOST_NAME] or None,
                at=event.waktu,
            ),
        )


def _text(isi: Mapping[str, Any], key: str) -> str:
    value = isi.get(key)
    return value if isinstance(value, str) else ""

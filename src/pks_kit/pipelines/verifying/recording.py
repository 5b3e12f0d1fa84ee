"""What is written into the ledger when signed paper came back, and when nothing may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pks_kit.domain.tanda_tangan import PIHAK
from pks_kit.ledger import kinds
from pks_kit.messages import Message, lookup

if TYPE_CHECKING:
    from pks_kit.ledger.ports import Ledger
    from pks_kit.pipelines.verifying.returned_agreement import ReadStack, ReturnedAgreement

_OF_IT = ("ok", "ok_without_code", "edition_unknown")


def refusal(one: ReadStack, ledger: Ledger) -> Message | None:
    """Return why the verdict on an agreement is not written down; None when it is.

    Only what was judged against the issue that the ledger itself holds moves a state there.

    Args:
        one: What was read.
        ledger: The ledger.

    Raises:
        LedgerError: The ledger cannot be read, or is broken.
    """
    agreement = one.stack.agreement_id
    if not ledger.events(agreement, kinds.TERBIT):
        return lookup("returned.not_recorded.unknown").fill({"agreement": agreement})
    if one.read.facts is None:
        return lookup("returned.not_recorded.not_judged")
    return None


def event_facts(
    one: ReadStack, answer: ReturnedAgreement, scan_sha256: str, sheets: int, handed: str = ""
) -> dict[str, Any]:
    """Return the facts of ``paper.received``.

    Args:
        one: What was read; with facts and a receipt.
        answer: What it means.
        scan_sha256: Hash over the sheets.
        sheets: How many sheets belong to the agreement.
        handed: When the last of them was handed in; empty: not known.
    """
    receipt = one.job.receipt
    if receipt is None or receipt.issued is None:
        raise AssertionError(answer.agreement_id)
    return {
        "scan_sha256": scan_sha256,
        "sheets": sheets,
        "issued_sha256": receipt.issued.sha256,
        **({"handed_in": handed} if handed else {}),
        **_of_report(answer),
    }


def facts_again(before: Mapping[str, Any], answer: ReturnedAgreement) -> dict[str, Any]:
    """Return the facts of ``paper.received`` after persons decided about the same sheets.

    Args:
        before: Those that were written down when they were read.
        answer: What they mean now.
    """
    kept = {name: one for name, one in before.items() if name != "lacks"}
    return kept | _of_report(answer)


def _of_report(answer: ReturnedAgreement) -> dict[str, Any]:
    facts = answer.report.paper
    if facts is None:
        raise AssertionError(answer.agreement_id)
    places = facts.places
    return {
        "verdict": answer.verdict,
        "pages": len({page.page for page in facts.pages if page.status in _OF_IT}),
        "missing": len(facts.missing),
        "empty": sum(place.decision == "empty" for place in places),
        "unsure": sum(
            place.decision == "unsure" and place.reason != "page_missing" for place in places
        ),
        "changes": len(facts.changes),
        "thresholds": facts.thresholds,
        "kit": answer.report.kit_version,
        "edition": facts.edition,
        **({"lacks": PIHAK[0]} if answer.own_only else {}),
    }

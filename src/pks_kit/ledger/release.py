"""Give up a purchase of a meterai by name: the only way to buy again while one is open."""

from __future__ import annotations

from datetime import datetime

from pks_kit.errors import LedgerError, UsageError
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event, Ledger
from pks_kit.ledger.purchases import RecordedPurchase, find_purchase


def release(
    ledger: Ledger, kunci: str, *, oleh: str, alasan: str, waktu: datetime
) -> tuple[RecordedPurchase, Event]:
    """Write down that a named person gives an open purchase up.

    Args:
        ledger: The ledger.
        kunci: Key of the purchase.
        oleh: Who decides.
        alasan: Why.
        waktu: Present time.

    Returns:
        The purchase as it was, and the event.

    Raises:
        UsageError: ``ledger.release_words`` without a name or a reason.
        LedgerError: ``ledger.no_purchase``, ``ledger.purchase_closed``; or it could not be written,
            ``ledger.not_unique`` when somebody else gave it up at the same moment.
    """
    who, why = " ".join(oleh.split()), " ".join(alasan.split())
    if not (who and why):
        raise UsageError("ledger.release_words")
    found = find_purchase(ledger.events(), kunci)
    if found is None:
        raise LedgerError("ledger.no_purchase", kunci=kunci)
    if not found.is_open:
        raise LedgerError("ledger.purchase_closed", kunci=kunci, state=str(found.keadaan))
    facts = {"kunci": kunci, "ke": found.ke, "oleh": who, "alasan": why}
    event = ledger.append(
        found.perjanjian,
        kinds.METERAI_LEPAS,
        facts,
        waktu=waktu,
        unik=f"lepas:{found.perjanjian}:{found.langkah}:{found.ke}",
    )
    return found, event

"""Totals of meterai: bought, stamped, unused, unknown, and their price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pks_kit.json_types import Count
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.ledger.purchases import open_purchases


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Totals; ``bought`` is always ``stamped`` plus ``unused``.

    Attributes:
        bought: Serial numbers that were issued.
        stamped: Those of them that are in a document.
        unused: Those that are not, or not yet known to be.
        unknown: Purchases that may have cost a meterai without a serial number being known:
            intended ones and those whose answer was lost.
        rupiah: Price of what was bought.
        rupiah_unused: Price of what is unused.
    """

    bought: Count
    stamped: Count
    unused: Count
    unknown: Count
    rupiah: Count
    rupiah_unused: Count


def sums(events: Iterable[Event], price: int) -> Sums:
    """Return the totals.

    Args:
        events: Any events; a serial number counts once however often it is named.
        price: Rupiah for one meterai.
    """
    listed = tuple(events)
    bought = {
        event.isi["sn"]
        for event in listed
        if event.jenis in (kinds.METERAI_TERBIT, kinds.METERAI_TERBUBUH)
    }
    stamped = {event.isi["sn"] for event in listed if event.jenis == kinds.METERAI_TERBUBUH}
    unknown = sum(1 for one in open_purchases(listed) if one.sn is None)
    return Sums(
        bought=len(bought),
        stamped=len(stamped),
        unused=len(bought - stamped),
        unknown=unknown,
        rupiah=len(bought) * price,
        rupiah_unused=len(bought - stamped) * price,
    )

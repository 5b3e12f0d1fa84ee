"""Who signs where, with which meterai and stamp: what covering letters and reminders both ask for.

Two letters about one agreement must never ask for different things, so both read it here.
"""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.domain.receipt import Receipt, RecordedPlace
from pks_kit.domain.tanda_tangan import signs_electronically


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPlace:
    """One place that is signed, and what belongs to it.

    Attributes:
        place: Where the signature belongs.
        meterai: Where its meterai belongs; None when it needs none.
        stempel: Where its stamp belongs, in receipts that know; None when it needs none.
    """

    place: RecordedPlace
    meterai: RecordedPlace | None
    stempel: RecordedPlace | None


def asked_places(receipt: Receipt, cara_kontrak: str) -> tuple[AskedPlace, ...]:
    """Return the places for a pen in the order of the receipt; all places where there is no paper.

    Args:
        receipt: Receipt with the places.
        cara_kontrak: ``elektronik`` (all places, signed in the file), ``digital`` or ``manual``.
    """
    return tuple(
        AskedPlace(
            place=one,
            meterai=receipt.place(f"METERAI_{one.kode.upper()}"),
            stempel=receipt.place(f"STEMPEL_{one.kode.upper()}"),
        )
        for one in receipt.places
        if one.kind == "tanda_tangan"
        and (cara_kontrak == "elektronik" or not signs_electronically(one.peran, cara_kontrak))
    )

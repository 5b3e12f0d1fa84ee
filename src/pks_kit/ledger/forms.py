"""JSON forms of what the ledger's commands answer, and of a line of its export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from pks_kit.json_types import Ordinal, Sha256
from pks_kit.ledger.purchases import PurchaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedEvent:
    """One line of an export, as it stands when nobody altered it.

    Attributes:
        nomor: Number of the event, without gaps.
        waktu: When it was written, UTC.
        perjanjian: Id of the agreement.
        jenis: Kind of event, see ``src/pks_kit/ledger/kinds.py``.
        isi: Facts by kind.
        unik: What may exist only once, or null.
        hash_sebelum: Hash of the event before.
        hash: SHA-256 over the canonical JSON (UTF-8, sorted keys, no spaces) of all other fields.
    """

    nomor: Ordinal
    waktu: Annotated[
        str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$")
    ]
    perjanjian: str
    jenis: str
    isi: dict[str, Any]
    unik: str | None
    hash_sebelum: Sha256
    hash: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseReleased:
    """A purchase that a named person gave up.

    Attributes:
        agreement_id: Id of the agreement.
        kunci: Idempotency key.
        ke: Count of the attempt.
        before: How far the purchase was.
        sn: Serial number that was paid for.
        oleh: Who decided.
        alasan: Why.
        nomor: Number of the event.
    """

    agreement_id: str
    kunci: str
    ke: Ordinal
    before: PurchaseState
    sn: str | None
    oleh: str
    alasan: str
    nomor: Ordinal

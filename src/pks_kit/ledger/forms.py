"""JSON forms of what the ledger's commands answer, and of a line of its export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from pks_kit.json_types import Count, Ordinal, Sha256
from pks_kit.ledger.agreements import AgreementProgress
from pks_kit.ledger.chain import Head
from pks_kit.ledger.purchases import PurchaseState, RecordedPurchase
from pks_kit.ledger.sums import Sums


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
class LedgerOverview:
    """Agreements, purchases and sums.

    Attributes:
        ledger: File name or URL, never with a password.
        head: The last event; null when there is none.
        agreements: Agreements in the order of their first event.
        purchases: Attempts to buy a meterai, in the order of their intent.
        price: Rupiah for one meterai.
        sums: Totals of meterai.
    """

    ledger: str
    head: Head | None
    agreements: tuple[AgreementProgress, ...]
    purchases: tuple[RecordedPurchase, ...]
    price: Count
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExported:
    """What was exported.

    Attributes:
        file: The export.
        count: Events in it.
        head: The last event; null when there is none.
    """

    file: str
    count: Count
    head: Head | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMigrated:
    """Versions of the database schema.

    Attributes:
        before: Version before; null when the database was empty.
        after: Version now.
    """

    before: str | None
    after: str


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

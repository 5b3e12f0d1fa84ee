"""Purchases of meterai as the events tell them (docs/sumber.md E2.4).

    NIAT -> TERBIT -> MEMBUBUH -> TERBUBUH
      |        (bought)             (done)
      +-> TIDAK_PASTI, GAGAL, DILEPAS

A projection never raises: what does not fit is kept in :attr:`RecordedPurchase.janggal`, because an
append-only ledger that cannot be read any more would help nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from pks_kit.json_types import HIDDEN, Count, shown
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.ledger.wib import MomentWib

Stage = Annotated[
    str | None,
    WithJsonSchema({"enum": [kinds.TAHAP_BELI, kinds.TAHAP_BUBUH, None]}, mode="serialization"),
]
"""Which answer was lost; shown as it stands, since a projection never raises."""


class PurchaseState(StrEnum):
    """How far a purchase got.

    ``intended``: written down, nothing known of the answer. ``issued``: bought, not stamped.
    ``stamping``: a stamp was begun. ``stamped``: done. ``unknown``: an answer was lost, see
    ``tahap``. ``failed``: refused, nothing bought. ``released``: a named person gave it up.
    """

    NIAT = "intended"
    TERBIT = "issued"
    MEMBUBUH = "stamping"
    TERBUBUH = "stamped"
    TIDAK_PASTI = "unknown"
    GAGAL = "failed"
    DILEPAS = "released"


_KINDS = frozenset(kind for kind in kinds.FAKTA if kind.startswith("meterai."))
_CLOSED = frozenset({PurchaseState.TERBUBUH, PurchaseState.GAGAL, PurchaseState.DILEPAS})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPurchase:
    """One attempt to buy a meterai.

    Attributes:
        kunci: Idempotency key of document, party and copy.
        ke: Count of the attempt among all of the step, from 1.
        perjanjian: Id of the agreement.
        langkah: Step of the signing profile.
        peran: Role whose meterai it is.
        penyedia: Distributor.
        dokumen_sha256: Hash of the file to be stamped.
        keadaan: How far it got.
        sn: Serial number once it is known to be bought; stays when the purchase is released.
        gambar_b64: Picture of the stamp.
        tahap: ``beli`` or ``bubuh`` while ``unknown``: which answer was lost.
        kode: Code of the last refusal or lost answer.
        sesudah_sha256: Hash of the stamped file.
        mulai: When it was intended.
        nomor: Number of the last event about it.
        janggal: Numbers of events that do not fit, for example a second serial number.
    """

    kunci: str
    ke: Count
    perjanjian: Annotated[str, Field(alias="agreement_id")]
    langkah: str
    peran: str
    penyedia: str
    dokumen_sha256: str
    keadaan: PurchaseState
    mulai: MomentWib
    nomor: Count
    sn: str | None = None
    gambar_b64: Annotated[str | None, HIDDEN] = field(default=None, repr=False)
    tahap: Stage = None
    kode: str | None = None
    sesudah_sha256: Annotated[str | None, HIDDEN] = None
    janggal: tuple[int, ...] = ()

    @shown("open")
    def is_open(self) -> bool:
        """Whether another purchase of the same key is forbidden."""
        return self.keadaan not in _CLOSED


def purchases(events: Iterable[Event]) -> tuple[RecordedPurchase, ...]:
    """Return every attempt in the order of its intent."""
    found: dict[tuple[str, int], RecordedPurchase] = {}
    latest: dict[str, int] = {}
    for event in events:
        if event.jenis not in _KINDS:
            continue
        kunci = event.isi["kunci"]
        if event.jenis == kinds.METERAI_NIAT:
            key = (kunci, event.isi["ke"])
            before = found.get((kunci, latest.get(kunci, 0)))
            odd = before is not None and before.is_open
            found.setdefault(key, _intended(event, odd=odd))
            latest[kunci] = max(latest.get(kunci, 0), event.isi["ke"])
            continue
        key = (kunci, event.isi.get("ke", latest.get(kunci, 1)))
        attempt = found.get(key) or _unannounced(event, key[1])
        latest.setdefault(kunci, key[1])
        found[key] = _after(attempt, event)
    return tuple(found.values())


def open_purchases(events: Iterable[Event]) -> tuple[RecordedPurchase, ...]:
    """Return the attempts that are not stamped, refused or released."""
    return tuple(one for one in purchases(events) if one.is_open)


def find_purchase(events: Iterable[Event], kunci: str) -> RecordedPurchase | None:
    """Return the attempt that counts for a key, or None when nothing was ever intended.

    An open attempt wins over later ones; otherwise it is the last.
    """
    own = [one for one in purchases(events) if one.kunci == kunci]
    unfinished = [one for one in own if one.is_open]
    if unfinished:
        return unfinished[0]
    return own[-1] if own else None


def _intended(event: Event, *, odd: bool) -> RecordedPurchase:
    isi = event.isi
    return RecordedPurchase(
        kunci=isi["kunci"],
        ke=isi["ke"],
        perjanjian=event.perjanjian,
        langkah=isi["langkah"],
        peran=isi["peran"],
        penyedia=isi["penyedia"],
        dokumen_sha256=isi["dokumen_sha256"],
        keadaan=PurchaseState.NIAT,
        mulai=event.waktu,
        nomor=event.nomor,
        janggal=(event.nomor,) if odd else (),
    )


def _unannounced(event: Event, ke: int) -> RecordedPurchase:
    """Return an attempt whose intent was never written: it counts, and is marked."""
    isi = event.isi
    return RecordedPurchase(
        kunci=isi["kunci"],
        ke=ke,
        perjanjian=event.perjanjian,
        langkah="",
        peran="",
        penyedia=isi.get("penyedia", ""),
        dokumen_sha256=isi.get("dokumen_sha256", ""),
        keadaan=PurchaseState.NIAT,
        mulai=event.waktu,
        nomor=event.nomor,
        janggal=(event.nomor,),
    )


def _after(attempt: RecordedPurchase, event: Event) -> RecordedPurchase:
    """Return the attempt after one more event."""
    isi = event.isi
    done = attempt.keadaan is PurchaseState.TERBUBUH
    other_sn = attempt.sn is not None and isi.get("sn", attempt.sn) != attempt.sn
    changes: dict[str, Any] = {}
    odd = done or other_sn
    match event.jenis:
        case kinds.METERAI_TERBIT:
            odd = odd or attempt.keadaan is PurchaseState.GAGAL
            changes = {"keadaan": PurchaseState.TERBIT, "sn": isi["sn"], "tahap": None}
            changes["gambar_b64"] = isi["gambar_b64"]
        case kinds.METERAI_GAGAL:
            odd = odd or attempt.sn is not None
            changes = {"keadaan": PurchaseState.GAGAL, "kode": isi["kode"], "tahap": None}
        case kinds.METERAI_TIDAK_PASTI:
            changes = {"keadaan": PurchaseState.TIDAK_PASTI, "tahap": isi["tahap"]}
            changes["kode"] = isi["kode"]
        case kinds.METERAI_BUBUH:
            odd = odd or attempt.sn is None
            changes = {"keadaan": PurchaseState.MEMBUBUH, "sn": isi["sn"], "tahap": None}
        case kinds.METERAI_TERBUBUH:
            odd = odd or attempt.sn is None
            changes = {"keadaan": PurchaseState.TERBUBUH, "sn": isi["sn"], "tahap": None}
            changes["sesudah_sha256"] = isi["sesudah_sha256"]
        case kinds.METERAI_LEPAS:
            changes = {"keadaan": PurchaseState.DILEPAS, "tahap": None}
    # What is stamped stays stamped, what is bought stays bought, whatever is claimed afterwards.
    refused = done or other_sn or (event.jenis == kinds.METERAI_GAGAL and attempt.sn is not None)
    if refused:
        changes = {}
    marks = (*attempt.janggal, event.nomor) if odd else attempt.janggal
    return replace(attempt, **changes, nomor=event.nomor, janggal=marks)

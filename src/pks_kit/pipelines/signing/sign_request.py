"""What goes into and comes out of signing or stamping one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from pks_kit.files import NamedFile
from pks_kit.json_types import Moment, Ordinal, Sha256
from pks_kit.ledger.ports import Ledger
from pks_kit.net.plain import PlainService
from pks_kit.pipelines.requests.checked import Request
from pks_kit.pipelines.requests.clock import Clock, system_clock
from pks_kit.pipelines.requests.given import FileInput, ReceiptInput
from pks_kit.policy.box_look import BoxLook
from pks_kit.signing.ports import (
    MeteraiProvider,
    PdfSigningService,
    SignerSource,
    TimeStamperSource,
)
from pks_kit.signing.revocation_check import RevocationCheck
from pks_kit.verification.report.verdict import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRequest(Request):
    """What to sign or stamp.

    Give ``signer`` and ``timestamps`` to sign with a key, ``service`` to have a service sign, or
    ``meterai`` (with ``ledger`` when it costs money) to stamp.

    Attributes:
        pdf: The issued PDF, or the result of the step before.
        peran: Role whose step is wanted, for example ``pihak_kesatu``.
        tempat: Name of a place, for places beyond the order of the profile.
        signer: Key that signs.
        timestamps: Timestamp authority; without one nothing is signed.
        revocation: Asks about the certificate of ``signer`` before it signs.
        service: Service that takes the PDF and returns it signed.
        meterai: Distributor that stamps.
        ledger: Where purchases are written down; a real distributor is not called without it.
        receipt: Receipt with the hash of the issued file; None looks for
            ``<slug>.receipt.json`` beside the PDF, which must then be a path.
        alasan: ``/Reason``; None for the usual words.
        lokasi: ``/Location``; empty for none.
        nama_diterima: Certificate name that is accepted although the agreement prints another.
        tampilan: Look of the signature box; None for the usual one.
        progress: Called with the message code of each step before it starts.
        clock: Gives the present time, with a time zone.
    """

    pdf: FileInput
    peran: str | None = None
    tempat: str | None = None
    signer: SignerSource | None = None
    timestamps: TimeStamperSource | None = None
    revocation: RevocationCheck | None = None
    service: PdfSigningService | None = None
    meterai: MeteraiProvider | None = None
    ledger: Ledger | None = None
    receipt: ReceiptInput | None = None
    alasan: str | None = None
    lokasi: str = ""
    nama_diterima: str | None = None
    tampilan: BoxLook | None = None
    progress: Callable[[str], None] = field(default=lambda _step: None)
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class SignResult:
    """What was done.

    Attributes:
        step: Step of the profile, or ``tambahan``.
        kind: ``tanda_tangan`` or ``meterai``.
        place: Name of the place.
        field: Name of the signature field.
        signer: Common name of the certificate.
        sn: Serial number of the meterai; None for a signature.
        time: Time of the timestamp.
        is_uji: Whether this was made with sandbox keys and has no legal effect.
        file: The PDF with one more revision.
        sha256: Its hash.
        size: Its size in bytes.
        next: Steps of the profile that are still to be done, in order.
        skew_seconds: How far the own clock is off, when more than two minutes.
        notes: What the machine lacked that should hold while files from outside are opened.
        without_tls: Services that got credentials without TLS, by a written exception.
    """

    step: str
    kind: Literal["tanda_tangan", "meterai"]
    place: str
    field: str
    signer: str
    sn: Annotated[str, Field(pattern=r"^[0-9A-Z]{22}$")] | None
    time: Moment
    is_uji: Annotated[bool, Field(alias="test")]
    file: Annotated[NamedFile, Field(alias="output")]
    sha256: Sha256
    size: Ordinal
    next: tuple[str, ...]
    skew_seconds: int | None
    notes: tuple[Note, ...] = ()
    without_tls: tuple[PlainService, ...] = ()

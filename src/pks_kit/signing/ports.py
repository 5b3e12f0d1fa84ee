"""The three services a signing step needs, each behind a small port.

A local key, a remote signing service or a hardware token becomes a :class:`SignerSource`; a
timestamp authority becomes a :class:`TimeStamperSource`; a distributor of electronic meterai
becomes a :class:`MeteraiProvider`. ``is_uji`` tells test services from real ones: a step never
mixes the two (esign fact sheet, section 6 row 15).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper

    from pks_kit.signing.boxes import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIdentity:
    """A signer that is ready to act, and what its certificate says.

    Attributes:
        signer: pyHanko signer; knows the certificate and its chain.
        name: Common name (CN) of the certificate.
        issuer: Common name of the issuer.
        serial: Serial number of the certificate, lower-case hexadecimal.
        not_after: End of validity.
        is_uji: Whether the certificate belongs to the sandbox.
    """

    signer: Signer
    name: str
    issuer: str
    serial: str
    not_after: datetime
    is_uji: bool


class SignerSource(Protocol):
    """Gives the identity that signs."""

    async def identity(self, now: datetime) -> SigningIdentity:
        """Return the signer after checking that its certificate may sign at ``now``.

        Raises:
            SigningError: The key or its certificate cannot be used.
        """
        ...


class TimeStamperSource(Protocol):
    """Gives RFC 3161 timestamps."""

    @property
    def name(self) -> str:
        """Return a name for messages, never with a secret in it."""
        ...

    @property
    def is_uji(self) -> bool:
        """Return whether this is the test authority of the sandbox."""
        ...

    def timestamper(self) -> TimeStamper:
        """Return a fresh pyHanko timestamper."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteraiOrder:
    """What a distributor must know to issue one meterai.

    Attributes:
        document_sha256: Hash of the bytes that will be stamped, lower-case hexadecimal.
        document_name: File name of the document.
        document_number: PKS number of the party that pays.
        document_date: Date of the agreement.
        peran: Party that pays, for example ``pihak_kesatu``.
        payer: Name of that party.
    """

    document_sha256: str
    document_name: str
    document_number: str
    document_date: date
    peran: str
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meterai:
    """An issued meterai: bought, perhaps not yet stamped.

    Attributes:
        sn: Serial number, 22 characters.
        image: PNG or JPEG, judged by its bytes and never by a name.
    """

    sn: str
    image: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StampJob:
    """Where and how an issued meterai is put into a document.

    Attributes:
        pdf: Bytes to be stamped; the same bytes whenever a lost stamp is repeated.
        meterai: The issued meterai.
        box: Page and rectangle, already checked.
        alasan: Words behind the serial number in ``/Reason``.
        lokasi: ``/Location``; empty for none.
        now: Time of the act.
    """

    pdf: bytes
    meterai: Meterai
    box: Box
    alasan: str
    lokasi: str
    now: datetime


class MeteraiProvider(Protocol):
    """A distributor: buys a serial number (paid, once), then stamps (repeatable)."""

    @property
    def name(self) -> str:
        """Return a name for messages."""
        ...

    @property
    def is_uji(self) -> bool:
        """Return whether its stamps are specimens without value."""
        ...

    async def issue(self, order: MeteraiOrder) -> Meterai:
        """Issue one meterai. Every call may cost money; never repeat it blindly.

        Raises:
            SigningError: The distributor refused or could not be reached.
        """
        ...

    async def stamp(self, job: StampJob) -> bytes:
        """Return ``job.pdf`` with the stamp appended as one or more incremental updates.

        Raises:
            SigningError: The stamp could not be made; repeat with the same meterai and bytes.
        """
        ...

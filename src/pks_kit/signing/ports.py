"""The services a signing step needs, each behind a small port.

A local key, a hardware token or a remote service that signs hashes becomes a
:class:`SignerSource`; a gateway that takes the PDF and gives it back signed becomes a
:class:`PdfSigningService`; a timestamp authority becomes a :class:`TimeStamperSource`; a
distributor of electronic meterai becomes a :class:`MeteraiProvider`. ``is_uji`` tells test
services from real ones: a step never mixes the two (docs/sumber.md E6 row 15).

A call whose answer is lost is an outcome of its own: the service may have acted. Adapters raise
:class:`~pks_kit.errors.UnknownOutcomeError` then, and ``SigningError`` only when they know that
nothing was done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol, Self, runtime_checkable

from pks_kit.foreign import HERE, Looks
from pks_kit.pki.certificates import describe

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper

    from pks_kit.pdf.box import Box
    from pks_kit.pdf.prefix.base import State


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIdentity:
    """A signer that is ready to act, and what its certificate says.

    Attributes:
        signer: pyHanko signer; knows the certificate and its chain.
        name: Common name (CN) of the certificate.
        issuer: Common name of the issuer.
        serial: Serial number of the certificate, lower-case hexadecimal.
        not_after: End of validity.
        is_uji: Whether the certificate or its chain says that it is only a test.
        lacks_issuer: Whether no certificate of the issuer came with it, so that a reader who has
            none cannot build the chain.
    """

    signer: Signer
    name: str
    issuer: str
    serial: str
    not_after: datetime
    is_uji: bool
    lacks_issuer: bool = False

    @classmethod
    def of(cls, signer: Signer, certificate: Certificate) -> Self:
        """Return the identity of a signer with the names and marks of its certificate."""
        facts = describe(certificate, tuple(signer.cert_registry))
        return cls(
            signer=signer,
            name=facts.name,
            issuer=facts.issuer,
            serial=facts.serial,
            not_after=facts.not_after,
            is_uji=facts.is_uji,
            lacks_issuer=facts.lacks_issuer,
        )


class SignerSource(Protocol):
    """Gives the identity that signs."""

    async def identity(self, now: datetime) -> SigningIdentity:
        """Return the signer after checking that its certificate may sign at ``now``.

        Raises:
            SigningError: The key or its certificate cannot be used.
        """
        ...


@runtime_checkable
class NamedOnTheSpot(Protocol):
    """A test signer without a name of its own: only a sandbox has one."""

    def signing_as(self, printed: str) -> SignerSource:
        """Return the test key of whoever an agreement prints."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfSigningJob:
    """One visible signature for a service that takes a PDF and returns it signed.

    Attributes:
        pdf: Bytes to be signed; the answer must begin with exactly these bytes.
        box: Page (from 1) and rectangle in points from the lower left of the page.
        page_height: Height of that page in points, for services that count from the top.
        picture_png: What the box shall show, for services that draw a given picture.
        code: Text of the code (QR) in the box, for services that draw the code themselves.
        alasan: ``/Reason``.
        lokasi: ``/Location``; empty for none.
        now: Time of the act.
        looks: Where files from outside are opened; what comes back is one.
    """

    pdf: bytes
    box: Box
    page_height: float
    picture_png: bytes
    code: str
    alasan: str
    lokasi: str
    now: datetime
    looks: Looks = field(default=HERE, repr=False)


class PdfSigningService(Protocol):
    """A gateway that holds key and certificate and returns the signed PDF (BSrE)."""

    @property
    def name(self) -> str:
        """Return a name for messages, never with a secret in it."""
        ...

    @property
    def signer_name(self) -> str:
        """Return the common name expected in the certificate; empty when nobody knows it."""
        ...

    @property
    def is_uji(self) -> bool:
        """Return whether this is a test or staging service."""
        ...

    async def check_ready(self, now: datetime) -> None:
        """Ask whether the signer may sign, before anything is signed.

        Raises:
            SigningError: The service is unreachable, or the signer may not sign.
        """
        ...

    async def sign_pdf(self, job: PdfSigningJob) -> bytes:
        """Return the signed PDF as the service gave it; the caller checks every byte of it.

        Raises:
            SigningError: The service refused; nothing was signed.
            UnknownOutcomeError: No usable answer came; it may have signed.
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
        key: Idempotency key: names this purchase towards the distributor, so that a purchase
            whose answer was lost can be found again; letters, digits and hyphens.
        document_sha256: Hash of the bytes that will be stamped, lower-case hexadecimal.
        document_name: File name of the document.
        document_number: PKS number of the party that pays.
        document_date: Date of the agreement.
        peran: Party that pays, for example ``pihak_kesatu``.
        payer: Name of that party.
        document: The bytes themselves, for distributors that want them before they sell; empty
            when something is only asked about the order.
        on_record: Serial numbers of this order that are known already, for example given up:
            never the purchase that is looked for.
        looks: Where ``document`` is opened; it may come from the other party.
    """

    key: str
    document_sha256: str
    document_name: str
    document_number: str
    document_date: date
    peran: str
    payer: str
    document: bytes = field(default=b"", repr=False)
    on_record: frozenset[str] = frozenset()
    looks: Looks = field(default=HERE, repr=False, compare=False)


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
        is_retry: Whether stamping with this serial number was begun before.
        looks: Where files from outside are opened; what comes back is one.
        known: What a revision must take up, when all of the file is ours.
    """

    pdf: bytes
    meterai: Meterai
    box: Box
    alasan: str
    lokasi: str
    now: datetime
    is_retry: bool = False
    looks: Looks = field(default=HERE, repr=False)
    known: State | None = field(default=None, repr=False)


MeteraiState = Literal["unused", "stamped", "unknown"]
"""``NOTSTAMP``, ``STAMP``, or a serial number that the distributor does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine:
    """One serial number in a distributor's book that was sold to pks-kit.

    Attributes:
        sn: Serial number.
        state: Whether it is used.
        key: Idempotency key of the order it was sold for, as the distributor wrote it down.
    """

    sn: str
    state: MeteraiState
    key: str


@runtime_checkable
class MeteraiBook(Protocol):
    """A distributor that can list what it sold to pks-kit."""

    async def book(self) -> tuple[BookLine, ...]:
        """Return every serial number sold to pks-kit with this account, sorted.

        Raises:
            SigningError: The list cannot be had.
            UnknownOutcomeError: It does not tell.
        """
        ...


@runtime_checkable
class HasQuota(Protocol):
    """A distributor that tells how many meterai can still be bought."""

    async def left(self) -> int:
        """Return how many; asking costs nothing.

        Raises:
            SigningError: It does not tell.
        """
        ...


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

    async def check_ready(self, now: datetime) -> None:
        """Ask whether a meterai can be bought now: login, quota, document type. Costs nothing.

        Raises:
            SigningError: The distributor is unreachable, refuses, or the quota is used up.
        """
        ...

    async def issue(self, order: MeteraiOrder) -> Meterai:
        """Issue one meterai. Every call may cost money; never repeat it blindly.

        Raises:
            SigningError: The distributor refused or could not be reached; nothing was bought.
            UnknownOutcomeError: No usable answer came; one may have been bought.
        """
        ...

    async def find_issued(self, order: MeteraiOrder) -> Meterai | None:
        """Return the unused meterai that was issued for an order, or None when there is none.

        Serial numbers in ``order.on_record`` do not count.

        Raises:
            SigningError: The distributor could not be asked.
            UnknownOutcomeError: Its answer does not tell; a person must look.
        """
        ...

    async def state(self, sn: str) -> MeteraiState:
        """Return what the distributor knows of a serial number.

        Raises:
            SigningError: The distributor could not be asked.
        """
        ...

    async def stamp(self, job: StampJob) -> bytes:
        """Return ``job.pdf`` with the stamp appended as one or more incremental updates.

        Raises:
            SigningError: The stamp was refused; nothing was done.
            UnknownOutcomeError: No usable answer came; repeat with the same meterai and bytes.
        """
        ...

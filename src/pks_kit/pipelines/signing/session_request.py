"""What goes into and comes out of a signing session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Protocol, runtime_checkable

from pydantic import Field

from pks_kit.domain.ledger_head import AnchoredHead
from pks_kit.domain.receipt import Receipt
from pks_kit.files import NamedFile
from pks_kit.json_types import Ordinal, Sha256
from pks_kit.ledger.ports import Ledger
from pks_kit.net.plain import PlainService
from pks_kit.pipelines.requests.checked import Request
from pks_kit.pipelines.requests.clock import Clock, system_clock
from pks_kit.pipelines.requests.given import FileInput, ReceiptInput
from pks_kit.pipelines.signing.one_step import Words
from pks_kit.policy.signing_profile import SigningProfile
from pks_kit.signing.ports import (
    MeteraiProvider,
    PdfSigningService,
    SignerSource,
    TimeStamperSource,
)
from pks_kit.signing.revocation_check import RevocationCheck
from pks_kit.signing.session_places import SessionPlace
from pks_kit.verification.report.verdict import Note

Archive = Callable[[bytes, Receipt, SigningProfile], Awaitable[bytes]]


@runtime_checkable
class SealsHead(Protocol):
    """An ``Archive`` that can put the head of the ledger under its document timestamp."""

    def with_head(self, head: AnchoredHead) -> Archive:
        """Return the same archive with this head."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTools(Request):
    """With what one party signs and stamps; what is None is done elsewhere.

    Attributes:
        signer: Key (file, token, remote hash signing).
        timestamps: Timestamp authority for ``signer``.
        service: Service that returns the signed PDF; used instead of ``signer``.
        meterai: Distributor.
        words: Reason, location, accepted certificate name.
        revocation: Asks about the certificate of ``signer`` before each signature.
    """

    signer: SignerSource | None = None
    timestamps: TimeStamperSource | None = None
    service: PdfSigningService | None = None
    meterai: MeteraiProvider | None = None
    words: Words = field(default_factory=Words)
    revocation: RevocationCheck | None = None

    def services(self) -> tuple[object, ...]:
        """Return whoever acts for the party."""
        return self.signer, self.timestamps, self.service, self.meterai


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequest(Request):
    """One agreement to be signed as far as the tools reach.

    A session outlives its process, so unlike every other request this one names places that are
    written to while it works: the folder of revisions, the ledger, and the published file.

    Attributes:
        pdf: The issued PDF, or a later file of the same agreement that came back.
        folder: Folder of all sessions, each agreement with a folder of revisions in it, or another
            place that keeps them.
        ledger: Where every step is written down.
        tools: PartyTools per role, for example ``{"pihak_kesatu": PartyTools(...)}``.
        output: Where the file reached so far is published, by rename, with the receipt of the
            session (``.sesi.json``) beside it; None: only in the result.
        receipt: Receipt with the hash of the issued file; None looks beside the PDF, which must
            then be a path.
        archive: Adds validation data and a document timestamp after the last step; None: later.
        settle: How old an unanswered purchase must be before "not bought" is believed.
        progress: Called with a message code and its parameters before each step.
        clock: Gives the present time, with a time zone.
    """

    pdf: FileInput
    folder: Path | SessionPlace
    ledger: Ledger
    tools: Mapping[str, PartyTools]
    output: Path | None = None
    receipt: ReceiptInput | None = None
    archive: Archive | None = None
    settle: timedelta = timedelta(minutes=2)
    progress: Callable[[str, Mapping[str, str]], None] = field(default=lambda _code, _params: None)
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """A step done in this run.

    Attributes:
        step: Its code in the profile.
        signer: Common name of the certificate.
        sn: Serial number of a meterai.
        skew_seconds: How far the own clock is off, when more than two minutes.
    """

    step: str
    signer: str
    sn: str | None
    skew_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResult:
    """How far the agreement is.

    Attributes:
        agreement_id: Id of the agreement.
        file: The file reached so far, under the name it was published with.
        sha256: Its hash.
        size: Its size in bytes.
        done: Steps done in this run.
        waiting: Steps of the profile that somebody else must do.
        is_archived: Whether validation data and document timestamp are in it.
        notes: What the machine lacked that should hold while files from outside are opened.
        ledger_head: The last event of the ledger now; kept elsewhere it shows an end that is cut.
        without_tls: Services of the tools that get credentials without TLS, by a written exception.
    """

    agreement_id: str
    file: Annotated[NamedFile, Field(alias="output")]
    sha256: Sha256
    size: Ordinal
    done: tuple[StepDone, ...]
    waiting: tuple[str, ...]
    is_archived: Annotated[bool, Field(alias="archived")]
    notes: tuple[Note, ...] = ()
    ledger_head: AnchoredHead | None = None
    without_tls: tuple[PlainService, ...] = ()

"""What one process needs for many rows: keys opened once, the ledger, what was laid out before."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pks_kit.domain.secret import Secret
from pks_kit.domain.tanggal import WIB
from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile, read_limited
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.drafting.proof_marks import ProofMarks
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.pipelines.signing.tools import SigningTools
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.settings.model import SigningSettings
from pks_kit.signing.sandbox.authority import SandboxTimestamps, people_of
from pks_kit.signing.sandbox.meterai import SandboxMeterai
from pks_kit.signing.sandbox.rehearsal import CarriedAuthority, RehearsalKeys

if TYPE_CHECKING:
    from collections.abc import Callable

    from pks_kit.domain.kontrak import Kontrak
    from pks_kit.domain.receipt import Receipt
    from pks_kit.ledger.sql_ledger import SqlLedger
    from pks_kit.pipelines.requests.given import TextInput
    from pks_kit.pipelines.signing.session_request import Archive
    from pks_kit.signing.session_places import SessionPlace

Stage = Literal["drafted", "signed", "verified", "sent"]
STAGES: tuple[Stage, ...] = ("drafted", "signed", "verified", "sent")
"""How far a row may go, in this order."""

REHEARSAL_LEDGER = "buku-gladi.sqlite"
REHEARSAL_ROOT = "otoritas-gladi.pem"
_ROOT_BYTES = 1 << 20
_MOST_ROOTS = 50
_END = b"-----END CERTIFICATE-----\n"
_SIGNED_AT = time(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithSettings:
    """Sign as the settings say.

    Attributes:
        settings: The settings.
        base: Folder that relative paths in them start from.
        secrets: Every secret that they name, by where it comes from and what for; asked for once,
            kept in memory alone.
    """

    settings: SigningSettings
    base: Path
    secrets: Mapping[tuple[str, str], Secret] = field(repr=False)

    def signing_tools(self, clock: Callable[[], datetime] = system_clock) -> SigningTools:
        """Return the settings with what they need from outside."""
        return SigningTools(
            settings=self.settings,
            base=self.base,
            secret=self._secret,
            clock=clock,
        )

    def knowing(self, secrets: Mapping[tuple[str, str], Secret]) -> WithSettings:
        """Return the same with secrets that a person gave for one piece of work."""
        return replace(self, secrets={**self.secrets, **secrets})

    def _secret(self, origin: str, name: str) -> Secret:
        """Return a secret.

        Raises:
            UsageError: ``sign.secret_not_given``: only a person knows it, and nobody was asked.
        """
        known = self.secrets.get((origin, name))
        if known is None:
            raise UsageError("sign.secret_not_given", name=name)
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearse:
    """Sign everything with test keys and specimens, both parties, in a folder of its own.

    Attributes:
        authority: The test authority of this run.
    """

    authority: CarriedAuthority = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOrder:
    """What a workshop is set up with; it can be sent to another process.

    Attributes:
        folder: Folder of the batch.
        as_of: Date of the rules; None: the start of each term.
        signing: How to sign; None: only drafts are made.
        compiled: Folder with compiled templates; None reads nothing.
        formats: Formats that are drafted beside the PDF.
        deadline: Last day for the other party, for what is sent; None: nothing is sent.
    """

    folder: Path
    as_of: date | None
    signing: WithSettings | Rehearse | None
    compiled: Path | None = None
    formats: tuple[str, ...] = ("pdf",)
    deadline: date | None = None


class Workshop:
    """One process at work on a batch.

    Args:
        order: What it is set up with.
    """

    def __init__(self, order: ShopOrder) -> None:
        self.order = order
        self.folder = BatchFolder(order.folder)
        self.place = self.folder
        if isinstance(order.signing, Rehearse):
            self.place = self.folder.rehearsal
            self._keys = RehearsalKeys(order.signing.authority)

    @property
    def settings(self) -> SigningSettings | None:
        """Return the settings of whoever signs; None in a rehearsal."""
        signing = self.order.signing
        return signing.settings if isinstance(signing, WithSettings) else None

    @cached_property
    def ledger(self) -> SqlLedger:
        """Return the ledger, opened when it is first needed.

        Raises:
            LedgerError: It cannot be opened.
        """
        if isinstance(self.order.signing, WithSettings):
            return self._tools.open_ledger()
        return open_ledger(self.place.path / REHEARSAL_LEDGER)

    @cached_property
    def _tools(self) -> SigningTools:
        if not isinstance(self.order.signing, WithSettings):
            raise AssertionError("no settings")
        return self.order.signing.signing_tools()

    @cached_property
    def _party_tools(self) -> dict[str, PartyTools]:
        return self._tools.tools()

    @cached_property
    def archive(self) -> Archive | None:
        """Return what archives a finished agreement; None when the settings name nothing."""
        return self._tools.archive() if self.settings is not None else None

    @cached_property
    def sessions(self) -> Path | SessionPlace:
        """Return where revisions are kept."""
        return self._tools.sessions() if self.settings is not None else self.place.path / "sesi"

    @cached_property
    def proofs(self) -> ProofMarks:
        """Return the marks of structures that this run has proved."""
        return ProofMarks(self.place.proofs, self.order.compiled)

    @cached_property
    def trust(self) -> tuple[TextInput, ...]:
        """Return the authorities that finished files are judged by."""
        signing = self.order.signing
        if isinstance(signing, Rehearse):
            own = signing.authority.root_pem
            return (NamedFile(REHEARSAL_ROOT, _roots(self.place) or own, private=False),)
        if self.settings is None:
            return ()
        chosen = self.settings.pencabutan or self.settings.arsip
        return tuple(self._tools.path(name) for name in chosen.percaya) if chosen else ()

    def clock(self, kontrak: Kontrak) -> Callable[[], datetime]:
        """Return the clock of a row: a rehearsal plays the day on which it will be signed."""
        if not isinstance(self.order.signing, Rehearse):
            return system_clock
        day = kontrak.pihak_kesatu.tanggal_tanda_tangan
        return lambda: datetime.combine(day, _SIGNED_AT, WIB)

    def tools(self, receipt: Receipt, clock: Callable[[], datetime]) -> dict[str, PartyTools]:
        """Return with what each party signs an agreement here.

        Raises:
            PksKitError: A key cannot be opened; see the adapters.
        """
        if not isinstance(self.order.signing, Rehearse):
            return self._party_tools
        timestamps = SandboxTimestamps(key=self._keys.tsa, clock=clock)
        stamps = SandboxMeterai(
            key=self._keys.meterai, timestamps=timestamps, random_bytes=secrets.token_bytes
        )
        signers = self._keys.signers(people_of(receipt), clock())
        return {
            role: PartyTools(signer=signers[role], timestamps=timestamps, meterai=stamps)
            for role in ("pihak_kesatu", "pihak_kedua")
            if role in signers
        }

    def signs_for(self, profile: str) -> bool:
        """Return whether every party of a profile signs here."""
        wanted = {step.peran for step in load_profile(signing_root(), profile).langkah}
        return self.settings is None or wanted <= set(self.settings.pihak)

    def close(self) -> None:
        """Close the ledger."""
        if "ledger" in self.__dict__:
            self.ledger.close()


def keep_root(place: BatchFolder, root: bytes) -> None:
    """Keep the test authority of a rehearsal beside those of earlier runs of it.

    Each run makes one of its own; what an earlier one signed is still to be judged when the
    rehearsal goes on.

    Args:
        place: Folder of the rehearsal.
        root: Certificate as PEM.

    Raises:
        InputError: ``file.unwritable``.
    """
    known = [one + _END for one in _roots(place).split(_END) if one.strip()]
    keep({place.path / REHEARSAL_ROOT: b"".join([*known[1 - _MOST_ROOTS :], root])}, private=False)


def _roots(place: BatchFolder) -> bytes:
    try:
        return read_limited(place.path / REHEARSAL_ROOT, _ROOT_BYTES)
    except InputError:
        return b""

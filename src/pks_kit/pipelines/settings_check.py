"""Try the settings of a signing place without signing: what works, what does not, what is unseen.

Nothing is signed, bought, or written: the ledger is opened only when it is there, services are
asked what costs nothing, and a timestamp is asked for a number that belongs to no document.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pks_kit.errors import LedgerError, PksKitError, SigningError, VerificationError
from pks_kit.files import check_folder, check_output
from pks_kit.json_types import HIDDEN, shown
from pks_kit.limits import PDF_BYTES
from pks_kit.messages import BothLanguages, Message, lookup
from pks_kit.net.plain import PlainService, plain_services
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.background import in_background, in_own_loop
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given import FileInput, ReceiptInput, read_file
from pks_kit.pipelines.sign import find_receipt
from pks_kit.pipelines.signing.tools import BSRE, SigningTools
from pks_kit.pki.certificates import date_of
from pks_kit.pki.chains import Subject, Trust, judge
from pks_kit.pki.material import ValidationMaterial
from pks_kit.policy.signing_profile import ProfileStep, load_profile, next_steps
from pks_kit.resources import signing_root
from pks_kit.settings.model import SandboxSignerSettings
from pks_kit.signing.ports import HasQuota, SigningIdentity, TimeStamperSource
from pks_kit.signing.revocation_check import RevocationCheck
from pks_kit.signing.step.plan import check_person
from pks_kit.signing.step.state import AgreementState, read_state

State = Literal["ok", "bad", "unseen", "absent"]
What = Literal[
    "ledger", "folder", "party", "signer", "service", "key", "chain", "revocation", "timestamp",
    "meterai", "archive", "file", "step",
]  # fmt: skip
_UNSEEN = frozenset({"certificate.revocation_unknown", "pdf.not_looked"})
"""Codes of what could not be looked at; every other refusal says that something is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One thing that was tried.

    Attributes:
        part: Part of the settings, or the file.
        what: What was tried.
        state: ``ok``; ``bad``; ``unseen``: nobody could look; ``absent``: the settings say nothing.
        message: What came of it.
        hint: What to do about it; empty when all is well.
    """

    part: str
    what: What
    state: State
    message: Message
    hint: BothLanguages

    @shown()
    def title(self) -> Message:
        """What was tried, in words."""
        return lookup(f"trial.what.{self.what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsCheckResult:
    """What came of trying the settings; exit code 0, 20 for what is bad, 31 for what is unseen.

    Attributes:
        tried: Everything that was tried, in the order of the work.
        without_tls: Services that got an account, a token or a NIK without TLS.
        names: Name in the certificate of each key that answered, by its part of the settings, and
            the name that the settings tell for a service.
    """

    tried: tuple[Tried, ...]
    without_tls: tuple[PlainService, ...]
    names: Annotated[Mapping[str, str], HIDDEN] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """Return 0, or the code of the gravest thing."""
        states = {one.state for one in self.tried}
        if "bad" in states:
            return SigningError.exit_code
        return VerificationError.exit_code if "unseen" in states else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsCheckRequest(Request):
    """What to try.

    Attributes:
        tools: The settings with everything they need from outside.
        parties: Whose part of the settings is tried.
        pdf: The issued PDF or a later file: also tries whether it suits the settings; None: no.
        receipt: Receipt of that file; None looks beside it.
    """

    tools: SigningTools
    parties: tuple[str, ...] = ("pihak_kesatu", "pihak_kedua")
    pdf: FileInput | None = None
    receipt: ReceiptInput | None = None


@verb
def settings_check(request: SettingsCheckRequest) -> SettingsCheckResult:
    """Try keys, chains, revocation, timestamps, services, distributors, and whether a file fits.

    Whatever goes wrong is in the result.

    Raises:
        UsageError: ``sign.running_loop``, ``request.type``.
    """
    return in_own_loop(_Trial(request).run())


settings_check_async = in_background(settings_check)


@dataclass(slots=True)
class _Trial:
    """One run."""

    request: SettingsCheckRequest
    rows: list[Tried] = field(default_factory=list)
    services: list[object] = field(default_factory=list)
    identities: dict[str, SigningIdentity] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    @property
    def tools(self) -> SigningTools:
        return self.request.tools

    async def run(self) -> SettingsCheckResult:
        """Try everything."""
        await self._try("buku", "ledger", self._ledger)
        await self._try("folder_sesi", "folder", self._folder)
        parties = [
            (role, party)
            for role, party in self.tools.settings.pihak.items()
            if role in self.request.parties
        ]
        if not parties:
            self._add("pihak", "party", "bad", lookup("trial.no_party"))
        for role, party in parties:
            if party.penanda_tangan is None:
                self._add(f"pihak.{role}", "signer", "absent", lookup("trial.elsewhere"))
            else:
                await self._signer(party.penanda_tangan)
            if party.meterai is None:
                self._add(f"pihak.{role}", "meterai", "absent", lookup("trial.elsewhere"))
            else:
                await self._meterai(party.meterai)
        await self._archive()
        if self.request.pdf is not None:
            await self._try("FILE", "file", self._file)
        return SettingsCheckResult(
            tried=tuple(self.rows),
            without_tls=plain_services(*self.services),
            names={name: self._name_of(name) for name in self.tools.settings.penanda_tangan},
        )

    def _name_of(self, name: str) -> str:
        identity, chosen = self.identities.get(name), self.tools.settings.penanda_tangan[name]
        if isinstance(chosen, SandboxSignerSettings):
            return ""  # whom an agreement prints
        return identity.name if identity else getattr(chosen, "nama_penanda_tangan", "")

    def _add(self, part: str, what: What, state: State, text: Message) -> None:
        row = Tried(part=part, what=what, state=state, message=text, hint=text.hint)
        self.rows.append(row)

    async def _try(
        self, part: str, what: What, act: Callable[[], Awaitable[Message | None]]
    ) -> None:
        """Write down what came of one act; each part is tried once."""
        if f"{part} {what}" in self.done:
            return
        self.done.add(f"{part} {what}")
        try:
            text = await act()
        except PksKitError as error:
            state: State = "unseen" if error.code in _UNSEEN else "bad"
            self._add(part, what, state, error.text)
        else:
            if text is not None:
                self._add(part, what, "ok", text)

    # --- where things are written -------------------------------------------------------------

    async def _ledger(self) -> Message:
        shown = self.tools.settings.buku
        try:
            with self.tools.open_ledger(create=False) as ledger:
                count = sum(1 for _ in ledger.events())
        except LedgerError as error:
            if error.code not in ("ledger.not_found", "ledger.empty"):
                raise
            if "://" not in shown:
                path = self.tools.path(shown)
                check_output(path)
                check_folder(path.parent)
            return lookup("trial.ledger.new").fill({"ledger": _host(shown)})
        return lookup("trial.ledger.open").fill({"ledger": _host(shown), "count": count})

    async def _folder(self) -> Message:
        place = self.tools.sessions()
        if isinstance(place, Path):
            check_folder(place)
            return lookup("trial.folder").fill({"folder": str(place)})
        if "://" not in self.tools.settings.buku:
            raise LedgerError("store.needs_server_lock")
        place.check()
        return lookup("trial.objects").fill({"place": self.tools.settings.folder_sesi})

    # --- who signs -----------------------------------------------------------------------------

    async def _signer(self, name: str) -> None:
        part, chosen = f"penanda_tangan.{name}", self.tools.settings.penanda_tangan[name]

        async def service() -> Message:
            found = self.tools.service(chosen, name)  # type: ignore[arg-type]
            self.services.append(found)
            await found.check_ready(self.tools.clock())
            return lookup("trial.service").fill({"service": found.name})

        async def key() -> Message:
            source = self.tools.signer(chosen, name)  # type: ignore[arg-type]
            self.services.append(source)
            identity = await source.identity(self.tools.clock())
            self.identities[name] = identity
            until = date_of(identity.not_after)
            params = {"name": identity.name, "issuer": identity.issuer, "until": until}
            return lookup("trial.key").fill(params)

        if isinstance(chosen, BSRE):
            await self._try(part, "service", service)
            return
        await self._try(part, "key", key)
        if name in self.identities:
            await self._try(part, "chain", lambda: self._chain(part, self.identities[name]))
            await self._try(part, "revocation", lambda: self._revoked(part, self.identities[name]))
        await self._timestamps(chosen.waktu)

    async def _chain(self, part: str, identity: SigningIdentity) -> Message | None:
        certificate, brought = identity.signer.signing_cert, tuple(identity.signer.cert_registry)
        trust = self.tools.trust()
        if certificate is None:
            raise SigningError("certificate.untrusted", name=identity.name)
        if trust is None:
            self._add(part, "chain", "absent", lookup("trial.chain.no_anchor"))
            return None
        subject = Subject(certificate=certificate, brought=brought, moment=self.tools.clock())
        answer = await judge(subject, trust, ValidationMaterial(), mode="soft-fail")
        if answer.kind == "untrusted":
            raise SigningError("certificate.untrusted", name=identity.name)
        if answer.kind in ("expired", "not_yet_valid"):
            date = date_of(answer.date)
            raise SigningError(f"certificate.{answer.kind}", name=answer.name, date=date)
        return lookup("trial.chain.good").fill({"count": len(answer.certificates())})

    async def _revoked(self, part: str, identity: SigningIdentity) -> Message | None:
        known = self.tools.revocation()
        if known is None:
            self._add(part, "revocation", "absent", lookup("trial.revocation.not_asked"))
            return None
        # strict, whatever the settings do then: an authority out of reach must be seen here
        asked = RevocationCheck(trust=known.trust, source=known.source)
        try:
            await asked.check(identity, self.tools.clock())
        except SigningError as error:
            if error.code in _UNSEEN and known.soft:
                words = lookup("trial.revocation.unseen").fill({"name": identity.name})
                self._add(part, "revocation", "unseen", words)
                return None
            raise
        return lookup("trial.revocation.good")

    async def _timestamps(self, name: str) -> None:
        async def ask() -> Message:
            source = self.tools.timestamps(name)
            self.services.append(source)
            return await _timestamped(source, self.tools.clock())

        await self._try(f"waktu.{name}", "timestamp", ask)

    # --- meterai and archive -------------------------------------------------------------------

    async def _meterai(self, name: str) -> None:
        async def ask() -> Message:
            provider = self.tools.distributor(name)
            self.services.append(provider)
            await provider.check_ready(self.tools.clock())
            params: dict[str, object] = {"provider": provider.name}
            if isinstance(provider, HasQuota):
                return lookup("trial.meterai.quota").fill({**params, "left": await provider.left()})
            return lookup("trial.meterai.ready").fill(params)

        await self._try(f"meterai.{name}", "meterai", ask)

    async def _archive(self) -> None:
        chosen = self.tools.settings.arsip
        if chosen is None:
            return

        async def anchors() -> Message:
            trust: Trust = self.tools.read_trust(chosen)
            return lookup("trial.archive").fill({"count": len(trust.roots)})

        await self._try("arsip", "archive", anchors)
        await self._timestamps(chosen.waktu)

    # --- does the file suit --------------------------------------------------------------------

    async def _file(self) -> Message | None:
        pdf = self.request.pdf
        if pdf is None:
            return None
        given, looks = read_file(pdf, PDF_BYTES, "SettingsCheckRequest.pdf"), LooksInside()
        receipt = find_receipt(pdf, self.request.receipt, given, looks)
        profile = load_profile(signing_root(), receipt.profile)
        state = read_state(given.content, receipt, profile, looks=looks)
        waiting = next_steps(profile, state.filled)
        for step in waiting:
            await self._try(step.kode, "step", partial(self._step, step, state))
        params = {"file": given.name, "steps": ", ".join(one.kode for one in waiting) or "-"}
        return lookup("trial.file").fill(params)

    async def _step(self, step: ProfileStep, state: AgreementState) -> Message | None:
        """Return by what a step will be done, after looking whether it can."""
        known = {str(role): party for role, party in self.tools.settings.pihak.items()}
        party, tool = known.get(step.peran), None
        if party is not None and step.peran in self.request.parties:
            tool = party.meterai if step.jenis == "meterai" else party.penanda_tangan
        if party is None or tool is None:
            self._add(step.kode, "step", "absent", lookup("trial.elsewhere"))
            return None
        if step.jenis == "tanda_tangan":
            chosen = self.tools.settings.penanda_tangan[tool]
            by_service = isinstance(chosen, BSRE)
            if by_service and state.layout.field(step.tempat) is not None:
                raise SigningError("signing.field_prepared", place=step.tempat)
            name, place = self._name_of(tool), state.receipt.place(step.tempat)
            if name and place is not None:
                check_person(name, place, party.nama_diterima)
        return lookup("trial.step").fill({"tool": tool})


async def _timestamped(source: TimeStamperSource, now: datetime) -> Message:
    """Ask for one timestamp over a number that belongs to no document."""
    from hashlib import sha256

    number = sha256(f"pks-kit {now.isoformat()}".encode()).digest()
    await source.timestamper().async_timestamp(number, "sha256")
    return lookup("trial.timestamp").fill({"tsa": source.name})


def _host(address: str) -> str:
    """Return a ledger for people: never the user of a database."""
    return address.rpartition("@")[2] if "://" in address else address

"""Turn settings into tools: keys, services, authorities and distributors, opened when needed.

Nothing here reads the environment: where a secret is named, ``secret`` is asked for it, and the
door decides how (environment, file descriptor, terminal).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.domain.secret import Secret
from pks_kit.errors import UsageError
from pks_kit.files import read_limited, read_secret
from pks_kit.limits import KEY_FILE_BYTES
from pks_kit.net.plain import plain_services
from pks_kit.pipelines.extend import archive_agreement, read_trust_files
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.signing.one_step import Words
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.pki.revocation_http import HttpRevocation
from pks_kit.pki.timestamp_http import HttpTimestamps
from pks_kit.policy.box_look import BoxLook
from pks_kit.settings import model
from pks_kit.settings.asked import ASKED
from pks_kit.signing.archive.archive import ArchiveJob
from pks_kit.signing.keys.files import load_pem, load_pkcs12
from pks_kit.signing.revocation_check import RevocationCheck

if TYPE_CHECKING:
    from pks_kit.domain.ledger_head import AnchoredHead
    from pks_kit.domain.receipt import Receipt
    from pks_kit.ledger.address import Address
    from pks_kit.ledger.sql_ledger import SqlLedger
    from pks_kit.pipelines.signing.session_request import Archive
    from pks_kit.pki.chains import Trust
    from pks_kit.policy.signing_profile import SigningProfile
    from pks_kit.signing.ports import (
        MeteraiProvider,
        PdfSigningService,
        SignerSource,
        TimeStamperSource,
    )
    from pks_kit.signing.session_places import SessionPlace

BSRE = (model.BsreV1Settings, model.BsreV2Settings, model.BsreSealSettings)
"""Entries that are services: they take a PDF and give it back signed."""

KeySettings = (
    model.SandboxSignerSettings
    | model.Pkcs12Settings
    | model.PemSettings
    | model.Pkcs11Settings
    | model.CscSettings
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsArchive:
    """Archives a finished agreement as the settings say; an ``Archive`` that seals a head.

    Attributes:
        trust: Anchors and revocation lists of the settings.
        timestamps: Authority of the document timestamp.
        clock: Gives the present time.
        head: Head of the ledger that goes under the document timestamp.
    """

    trust: Trust
    timestamps: TimeStamperSource
    clock: Callable[[], datetime]
    head: AnchoredHead | None = None

    async def __call__(self, before: bytes, receipt: Receipt, profile: SigningProfile) -> bytes:
        """Return the archived file; see ``archive_agreement``."""
        job = ArchiveJob(
            trust=self.trust,
            timestamps=self.timestamps,
            now=self.clock(),
            source=HttpRevocation(),
            head=self.head,
            looks=LooksInside(),
        )
        return (await archive_agreement(before, receipt, profile, job)).pdf

    def with_head(self, head: AnchoredHead) -> SettingsArchive:
        """Return the same archive with this head."""
        return replace(self, head=head)

    @property
    def without_tls(self) -> tuple[str, ...]:
        """Return the authority when what may be the key of an account goes to it without TLS."""
        return tuple(one.service for one in plain_services(self.timestamps))


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningTools:
    """Settings with everything they need from outside.

    Attributes:
        settings: The settings.
        base: Folder that relative paths in the settings start from.
        secret: Returns the secret that a place names (``env:NAME``, ``fd:N``, ``tanya``), given
            also its own place in the settings; see ``pks_kit.settings.asked``.
        clock: Gives the present time.
    """

    settings: model.SigningSettings
    base: Path
    secret: Callable[[str, str], Secret]
    clock: Callable[[], datetime]

    def gathered(self, parties: Collection[str] | None = None) -> dict[tuple[str, str], Secret]:
        """Return every secret that signing by these settings needs, each asked for once.

        Keys are opened and services set up on the way, so that a wrong passphrase is noticed now.

        Args:
            parties: Whose keys; None for those of all parties.

        Raises:
            PksKitError: A key cannot be opened, or the ledger.
        """
        known: dict[tuple[str, str], Secret] = {}

        def asked(origin: str, name: str) -> Secret:
            if (origin, name) not in known:
                # a person answers for one secret alone; another place is read once
                again = (one for (place, _), one in known.items() if place == origin != ASKED)
                known[origin, name] = next(again, None) or self.secret(origin, name)
            return known[origin, name]

        noting = replace(self, secret=asked)
        noting.tools(parties)
        noting.archive()
        noting.open_ledger().close()
        noting.sessions()
        return known

    def path(self, name: str) -> Path:
        """Return a path of the settings, relative ones from their folder."""
        return self.base / name

    def open_ledger(self, *, create: bool = True) -> SqlLedger:
        """Open the ledger of the settings.

        Args:
            create: Make an empty database into a ledger.

        Raises:
            LedgerError: It cannot be opened.
        """
        from pks_kit.ledger.store import open_ledger

        address = self.settings.buku
        if "://" in address:
            return open_ledger(address, password=self._ledger_password(), create=create)
        return open_ledger(self.path(address), create=create)

    def ledger_address(self) -> Address:
        """Return where the ledger of the settings is, with its password.

        Raises:
            LedgerError: ``ledger.bad_address`` and what else an address may be refused for.
        """
        from pks_kit.ledger.address import read_address

        address = self.settings.buku
        if "://" in address:
            return read_address(address, self._ledger_password())
        return read_address(self.path(address))

    def _ledger_password(self) -> Secret | None:
        origin = self.settings.kata_sandi_buku
        return self.secret(origin, "kata_sandi_buku") if origin else None

    def session_folder(self) -> Path:
        """Return the folder of sessions, for what looks into it as into any folder.

        Raises:
            UsageError: ``store.needs_folder``: revisions are on a server.
        """
        place = self.sessions()
        if not isinstance(place, Path):
            raise UsageError("store.needs_folder", place=self.settings.folder_sesi)
        return place

    def sessions(self) -> Path | SessionPlace:
        """Return the folder of sessions, or the server for objects that the settings name.

        Raises:
            UsageError: ``store.no_server``, ``store.bad_address``.
        """
        from pks_kit.signing.object_store import (
            SCHEME,
            ObjectPlace,
            ObjectServer,
            bucket_and_prefix,
        )

        address, chosen = self.settings.folder_sesi, self.settings.objek
        if not address.startswith(SCHEME):
            return self.path(address)
        if chosen is None:
            raise UsageError("store.no_server", place=address)
        bucket, prefix = bucket_and_prefix(address)
        return ObjectPlace(
            ObjectServer(
                bucket=bucket,
                prefix=prefix,
                address=chosen.alamat,
                region=chosen.wilayah,
                key=self.secret(chosen.kunci, "objek.kunci"),
                secret=self.secret(chosen.rahasia, "objek.rahasia"),
            )
        )

    def tools(self, parties: Collection[str] | None = None) -> dict[str, PartyTools]:
        """Return the tools of each party that the settings name.

        Args:
            parties: Whose tools; None for those of all parties.

        Raises:
            PksKitError: A key cannot be opened; see the adapters.
        """
        return {
            role: self._tools(party)
            for role, party in self.settings.pihak.items()
            if parties is None or role in parties
        }

    def archive(self) -> Archive | None:
        """Return what archives a finished agreement; None when the settings name nothing.

        Raises:
            PksKitError: A file of the settings cannot be read, or the key of the authority.
        """
        chosen = self.settings.arsip
        if chosen is None:
            return None
        return SettingsArchive(
            trust=self.read_trust(chosen),
            timestamps=self.timestamps(chosen.waktu),
            clock=self.clock,
        )

    def revocation(self) -> RevocationCheck | None:
        """Return what asks about a certificate before it signs; None when it is not wanted.

        Raises:
            InputError: A file of the settings cannot be read.
        """
        chosen = self.settings.pencabutan
        if chosen is None:
            return None
        return RevocationCheck(
            trust=self.read_trust(chosen), soft=chosen.bila_tidak_pasti == "lanjut"
        )

    def trust(self) -> Trust | None:
        """Return the anchors that signers are held against; None when the settings name none.

        Raises:
            InputError: A file of the settings cannot be read.
        """
        chosen = self.settings.pencabutan or self.settings.arsip
        return self.read_trust(chosen) if chosen is not None else None

    def read_trust(self, chosen: model.ArchiveSettings | model.RevocationSettings) -> Trust:
        """Return the anchors and revocation lists of one part of the settings.

        Raises:
            InputError: A file of the settings cannot be read.
        """
        return read_trust_files(
            [self.path(name) for name in chosen.percaya],
            [self.path(name) for name in chosen.daftar_cabut],
        )

    def _tools(self, party: model.PartySettings) -> PartyTools:
        signer: SignerSource | None = None
        service: PdfSigningService | None = None
        timestamps: TimeStamperSource | None = None
        if party.penanda_tangan is not None:
            chosen = self.settings.penanda_tangan[party.penanda_tangan]
            if isinstance(chosen, BSRE):
                service = self.service(chosen, party.penanda_tangan)
            else:
                signer = self.signer(chosen, party.penanda_tangan)
                timestamps = self.timestamps(chosen.waktu)
        return PartyTools(
            signer=signer,
            timestamps=timestamps,
            service=service,
            meterai=self.distributor(party.meterai) if party.meterai else None,
            words=Words(
                lokasi=party.lokasi,
                nama_diterima=party.nama_diterima,
                tampilan=BoxLook(zona=party.zona),
            ),
            revocation=self.revocation() if signer is not None else None,
        )

    def timestamps(self, name: str) -> TimeStamperSource:
        """Return a timestamp authority by its name in the settings."""
        chosen = self.settings.waktu[name]
        if isinstance(chosen, model.HttpTimestampSettings):
            return HttpTimestamps(url=chosen.alamat, may_go_plain=chosen.tanpa_tls)
        from pks_kit.pipelines.signing.tools_sandbox import sandbox_timestamps

        return sandbox_timestamps(self, chosen, f"waktu.{name}")

    def signer(
        self,
        chosen: KeySettings,
        name: str,
    ) -> SignerSource:
        """Return a key that signs."""
        place = f"penanda_tangan.{name}"
        if isinstance(chosen, model.SandboxSignerSettings):
            from pks_kit.pipelines.signing.tools_sandbox import sandbox_signer

            return sandbox_signer(self, chosen, place)
        if isinstance(chosen, model.Pkcs12Settings):
            path = self.path(chosen.berkas)
            content = read_secret(path, KEY_FILE_BYTES)
            return load_pkcs12(
                content, self.bytes_of(chosen.kata_sandi, f"{place}.kata_sandi"), str(path)
            )
        if isinstance(chosen, model.PemSettings):
            path = self.path(chosen.kunci)
            return load_pem(
                read_secret(path, KEY_FILE_BYTES),
                read_limited(self.path(chosen.sertifikat), KEY_FILE_BYTES),
                read_limited(self.path(chosen.rantai), KEY_FILE_BYTES) if chosen.rantai else b"",
                self.bytes_of(chosen.kata_sandi, f"{place}.kata_sandi")
                if chosen.kata_sandi
                else b"",
                str(path),
                str(self.path(chosen.sertifikat)),
                str(self.path(chosen.rantai)) if chosen.rantai else "",
            )
        if isinstance(chosen, model.Pkcs11Settings):
            from pks_kit.signing.services.pkcs11.key import Pkcs11Key

            return Pkcs11Key(
                module=self.path(chosen.modul),
                token=chosen.token,
                pin=self.secret(chosen.pin, f"{place}.pin"),
                label=chosen.label,
                key_id=bytes.fromhex(chosen.id) if chosen.id else None,
            )
        from pks_kit.signing.services.csc.key import CscKey

        return CscKey(
            address=chosen.alamat,
            credential=chosen.kredensial,
            token=self.secret(chosen.token, f"{place}.token"),
            pin=self.secret(chosen.pin, f"{place}.pin") if chosen.pin else None,
            otp=self.secret(chosen.otp, f"{place}.otp") if chosen.otp else None,
            may_go_plain=chosen.tanpa_tls,
        )

    def service(
        self,
        chosen: model.BsreV1Settings | model.BsreV2Settings | model.BsreSealSettings,
        name: str,
    ) -> PdfSigningService:
        """Return a service that signs.

        Raises:
            UsageError: Settings that cannot work; see ``workplace_bsre``.
        """
        from pks_kit.pipelines.signing.tools_bsre import bsre

        return bsre(self, chosen, f"penanda_tangan.{name}")

    def distributor(self, name: str) -> MeteraiProvider:
        """Return a distributor of meterai by its name in the settings.

        Raises:
            UsageError: ``meterai.mixed_hosts`` and other settings that cannot be right.
        """
        chosen = self.settings.meterai[name]
        if isinstance(chosen, model.SandboxMeteraiSettings):
            from pks_kit.pipelines.signing.tools_sandbox import sandbox_meterai

            return sandbox_meterai(self, chosen, f"meterai.{name}")
        from pks_kit.pipelines.signing.tools_peruri import peruri

        return peruri(self, chosen, f"meterai.{name}")

    def bytes_of(self, origin: str, name: str) -> bytes:
        """Return the secret that a place names, as what opens a key."""
        return self.secret(origin, name).reveal().encode()

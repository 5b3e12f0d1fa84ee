"""Settings of the e-meterai services of Peruri: addresses, account, adapter (esign 2.1 to 2.3).

Every address is a setting with presets for production and staging. The host names of Peruri tell
themselves which they are (``stg`` at the end of the first label), so a mixture is refused before
anything is called (esign section 6 row 15). An address of one's own, for example of a proxy or of
the adapter, tells nothing and is accepted in both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from pks_kit.domain.secret import Secret
from pks_kit.errors import UsageError
from pks_kit.signing.services.peruri.addresses import (
    Lingkungan,
    check_address,
    host_of,
    lingkungan_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeruriHosts:
    """Base addresses, without a slash at the end.

    Attributes:
        lingkungan: Whether these are the addresses of production or of staging.
        backend: Login, state of a serial number, quota.
        stampv2: Document types, purchase, list of serial numbers, picture.
        upload: Upload of the cloud flow.
        stampservice: Stamp of the cloud flow.
        may_go_plain: Whether account and token may go to another machine without TLS.
    """

    lingkungan: Lingkungan
    backend: str
    stampv2: str
    upload: str
    stampservice: str
    may_go_plain: bool = False

    def __post_init__(self) -> None:
        """Refuse addresses that cannot be used or that contradict ``lingkungan``.

        Raises:
            UsageError: ``meterai.url``, ``meterai.mixed_hosts``, ``service.without_tls``.
        """
        for address in self.addresses:
            check_address(address, may_go_plain=self.may_go_plain)
            found = lingkungan_of(address)
            if found is not None and found != self.lingkungan:
                raise UsageError(
                    "meterai.mixed_hosts", host=host_of(address), settings=self.lingkungan
                )

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return all base addresses."""
        return self.backend, self.stampv2, self.upload, self.stampservice

    @property
    def is_uji(self) -> bool:
        """Return whether stamps bought here are specimens without value."""
        return self.lingkungan == "uji"


PRODUKSI = PeruriHosts(
    lingkungan="produksi",
    backend="https://backendservice.e-meterai.co.id",
    stampv2="https://stampv2.e-meterai.co.id",
    upload="https://fileupload.e-meterai.co.id",
    stampservice="https://stampservice.e-meterai.co.id",
)
STAGING = PeruriHosts(
    lingkungan="uji",
    backend="https://backendservicestg.e-meterai.co.id",
    stampv2="https://stampv2stg.e-meterai.co.id",
    upload="https://fileuploadstg.e-meterai.co.id",
    stampservice="https://stampservicestg.e-meterai.co.id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terutang:
    """The party that owes the duty, as the tax office knows it.

    Attributes:
        peran: Party, for example ``pihak_kesatu``.
        jenis: Kind of the number.
        nomor: NIK, NPWP or passport number.
    """

    peran: str
    jenis: Literal["KTP", "NPWP", "PASSPORT"]
    nomor: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PeruriAccount:
    """An account of Peruri and how documents are described to it.

    Attributes:
        user: User name, usually an e-mail address.
        password: Its password.
        jenis: ``pos`` (quota of the account) or ``pemungut`` (quota of a collector).
        id_pemungut: Id of the collector, for its quota.
        nama_jenisdoc: Name of the document type in Peruri's list; its code is looked up, because
            several names share a code and the codes may change.
        nilai_dokumen: Amount stated in the document; mandatory for a collector.
        terutang: Identity per party; a party without one is sent without.
        akun_bersama: Whether other software buys with this account too. Otherwise an unused
            serial number under a name that is not ours may be a lost purchase of ours, and is
            never passed over.
    """

    user: str = field(repr=False)
    password: Secret
    jenis: Literal["pos", "pemungut"] = "pos"
    id_pemungut: str = ""
    nama_jenisdoc: str = "Surat Perjanjian"
    nilai_dokumen: str = ""
    terutang: tuple[Terutang, ...] = ()
    akun_bersama: bool = False

    def __post_init__(self) -> None:
        """Refuse an account that lacks something.

        Raises:
            UsageError: ``meterai.account_incomplete``.
        """
        collector = self.jenis == "pemungut"
        complete = self.user and self.password.reveal() and self.nama_jenisdoc
        if not complete or (collector and not (self.id_pemungut and self.nilai_dokumen)):
            raise UsageError("meterai.account_incomplete")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeruriOptions:
    """What public sources leave open or what differs between installations.

    Attributes:
        gambar: Path for the picture of a serial number that was bought before. The name of its
            parameter is not documented [?].
        daftar: Path of the list of serial numbers of a user; the query is the one that a public
            client sends [C], its meaning is inferred [I].
        batas_detik: How long the backend may take for one answer.
        saldo_pos: Method for the quota of a ``pos`` account: one public client uses GET [C].
    """

    gambar: str = "/snqr/qrimage?serialNumber={sn}"
    daftar: str = (
        "/chanel/sale/stamp/ext/{user}"
        "?start={start}&length={length}&status={status}&notEncrypt=true"
    )
    saldo_pos: Literal["POST", "GET"] = "POST"
    batas_detik: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterSettings:
    """The on-premise adapter: a container with a shared folder.

    Attributes:
        url: Its address, for example ``http://127.0.0.1:7777``.
        env: What its environment variable ``ENV`` was set to; must fit the addresses.
        folder: The shared folder as this computer sees it; holds ``UNSIGNED``, ``STAMP`` and
            ``SIGNED``.
        folder_kontainer: The same folder as the container sees it. The adapter puts ``/app/``
            before every path itself, so an ``/app/`` at the beginning is taken away here.
        profile_name: ``profileName``; some installations send ``default``.
        batas_detik: How long the adapter may take for one stamp.
        tunggu_detik: How long its file may take to appear after the answer.
        antre_detik: How long another stamp may keep the only slot.
        jeda_detik: Time between two looks at the folder.
        may_go_plain: Whether the token may go to an adapter on another machine without TLS.
    """

    url: str
    env: Literal["STAGING", "PROD"]
    folder: Path
    folder_kontainer: str = "/sharefolder"
    profile_name: str = "emeteraicertificateSigner"
    batas_detik: float = 60.0
    tunggu_detik: float = 15.0
    antre_detik: float = 180.0
    jeda_detik: float = 0.25
    may_go_plain: bool = False

    def __post_init__(self) -> None:
        """Refuse an address or a folder that cannot be right.

        Raises:
            UsageError: ``meterai.url``, ``meterai.container_folder``, ``service.without_tls``.
        """
        check_address(self.url, may_go_plain=self.may_go_plain)
        parts = PurePosixPath(self.folder_kontainer).parts
        if ".." in parts or self.folder_kontainer.startswith(("/app/app/", "app/app/")):
            raise UsageError("meterai.container_folder", folder=self.folder_kontainer)

    def in_container(self, name: str) -> str:
        """Return the path of a file below the shared folder, as the adapter wants it."""
        path = PurePosixPath("/", self.folder_kontainer)
        if path.parts[:2] == ("/", "app"):
            path = PurePosixPath("/", *path.parts[2:])
        return str(path / name)

    def check_fits(self, hosts: PeruriHosts) -> None:
        """Refuse an adapter of another world than the addresses.

        Raises:
            UsageError: ``meterai.mixed_hosts``.
        """
        if (self.env == "STAGING") != hosts.is_uji:
            raise UsageError(
                "meterai.mixed_hosts", host=f"adapter ENV={self.env}", settings=hosts.lingkungan
            )

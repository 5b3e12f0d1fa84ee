"""Settings of a signing place: which key, service, timestamp authority and distributor to use.

One YAML file; every secret in it is only the name of a place where the secret is (``env:NAME``,
``fd:N`` or ``tanya``, which asks at the terminal). A file with a secret itself is refused.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pks_kit.domain.isian import YaTidak
from pks_kit.settings.portal import PortalSettings

POLA_NAMA = r"^[a-z0-9_]{1,40}$"
POLA_ASAL_RAHASIA = r"^(?:env:[A-Za-z_][A-Za-z0-9_]{0,79}|fd:[0-9]{1,4}|tanya)$"
POLA_ALAMAT = r"^https?://[^\s@]{1,300}$"
POLA_ID_KUNCI = r"^(?:[0-9a-fA-F]{2}){1,40}$"
POLA_JALUR_GAMBAR = r"^/[^{}\s]*\{sn\}[^{}\s]*$"

Nama = Annotated[str, StringConstraints(pattern=POLA_NAMA)]
AsalRahasia = Annotated[str, StringConstraints(pattern=POLA_ASAL_RAHASIA)]
"""Where a secret is: ``env:NAME``, ``fd:N`` or ``tanya``."""

Alamat = Annotated[str, StringConstraints(pattern=POLA_ALAMAT)]
Teks = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Lingkungan = Literal["produksi", "uji"]


TanpaTls = Annotated[
    YaTidak,
    Field(
        description="Pengecualian tertulis: akun, token, atau NIK boleh dikirim tanpa TLS (http) "
        "ke mesin lain; disebut pada setiap laporan"
    ),
]


Laju = Annotated[
    float | None,
    Field(
        gt=0,
        le=1000,
        description="Paling banyak berapa panggilan sedetik; tanpa ini tidak dibatasi",
    ),
]


class _Bagian(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpTimestampSettings(_Bagian):
    """A timestamp authority (RFC 3161) reached by URL."""

    jenis: Literal["http"]
    alamat: Alamat
    tanpa_tls: TanpaTls = False


class SandboxTimestampSettings(_Bagian):
    """The test authority of a sandbox folder."""

    jenis: Literal["sandbox"]
    folder: Teks
    kata_sandi: AsalRahasia


class SandboxSignerSettings(_Bagian):
    """The test authority of a sandbox folder: signs as whoever an agreement prints."""

    jenis: Literal["sandbox"]
    folder: Teks
    kata_sandi: AsalRahasia
    waktu: Nama


class Pkcs12Settings(_Bagian):
    """A PKCS#12 file."""

    jenis: Literal["pkcs12"]
    berkas: Teks
    kata_sandi: AsalRahasia
    waktu: Nama


class PemSettings(_Bagian):
    """A key and its certificate in PEM."""

    jenis: Literal["pem"]
    kunci: Teks
    sertifikat: Teks
    rantai: Teks | None = None
    kata_sandi: AsalRahasia | None = None
    waktu: Nama


class Pkcs11Settings(_Bagian):
    """A key in a token or HSM, reached through its PKCS#11 module."""

    jenis: Literal["pkcs11"]
    modul: Teks = Field(description="Berkas pustaka PKCS#11 dari pembuat token")
    token: Teks = Field(description="Label token")
    label: Teks | None = Field(default=None, description="Label kunci dan sertifikat")
    id: Annotated[str, StringConstraints(pattern=POLA_ID_KUNCI)] | None = None
    pin: AsalRahasia
    waktu: Nama


class CscSettings(_Bagian):
    """Remote hash signing over the CSC API version 1."""

    jenis: Literal["csc"]
    alamat: Alamat
    tanpa_tls: TanpaTls = False
    kredensial: Teks
    token: AsalRahasia
    pin: AsalRahasia | None = None
    otp: AsalRahasia | None = None
    waktu: Nama


class _Bsre(_Bagian):
    alamat: Alamat
    panggilan_per_detik: Laju = None
    tanpa_tls: TanpaTls = False
    pengguna: Teks
    kata_sandi: AsalRahasia
    nama_penanda_tangan: str = ""
    lingkungan: Lingkungan = "produksi"
    berkas_ca: Teks | None = None
    titik_asal: Literal["atas", "bawah"] | None = None
    tanda: Teks | None = Field(
        default=None, description="Tanda pada halaman sebagai pengganti koordinat"
    )
    tanda_panjang: YaTidak = Field(default=False, description="Gateway menerima tanda > 1 huruf")


class BsreV1Settings(_Bsre):
    """BSrE Esign Client Service, version 1 (docs/sumber.md E1.2)."""

    jenis: Literal["bsre_v1"]
    nik: AsalRahasia
    passphrase: AsalRahasia
    ukuran: Literal["ukuran", "sudut"] = "ukuran"
    gambar: YaTidak = True


class BsreV2Settings(_Bsre):
    """BSrE Esign Client Service, version 2 (docs/sumber.md E1.3)."""

    jenis: Literal["bsre_v2"]
    nik: AsalRahasia | None = None
    surel: AsalRahasia | None = None
    passphrase: AsalRahasia | None = None
    totp: AsalRahasia | None = None
    minta_totp: YaTidak = Field(default=False, description="Gateway mengirim kode lewat surel")
    nama_tag: Literal["tag_koordinat", "tag"] = "tag_koordinat"
    jalur_status: Literal["check/status", "check-status"] = "check/status"


class BsreSealSettings(_Bsre):
    """Electronic seal of BSrE version 2."""

    jenis: Literal["bsre_segel"]
    id_pelanggan: Teks
    totp: AsalRahasia
    nama_tag: Literal["tag_koordinat", "tag"] = "tag_koordinat"


class SandboxMeteraiSettings(_Bagian):
    """Specimens of a sandbox folder."""

    jenis: Literal["sandbox"]
    folder: Teks
    kata_sandi: AsalRahasia


class PeruriAddresses(_Bagian):
    """Addresses that differ from the usual ones of the environment, for example of a proxy."""

    masuk: Alamat | None = None
    meterai: Alamat | None = None
    unggah: Alamat | None = None
    bubuh: Alamat | None = None


class TerutangSettings(_Bagian):
    """The number by which the tax office knows the party that owes the duty."""

    jenis: Literal["KTP", "NPWP", "PASSPORT"]
    nomor: AsalRahasia


class _Peruri(_Bagian):
    panggilan_per_detik: Laju = None
    pengguna: Teks
    kata_sandi: AsalRahasia
    lingkungan: Lingkungan
    jenis_dokumen: Teks = Field(
        default="Surat Perjanjian", description="Nama jenis dokumen pada daftar Peruri"
    )
    akun: Literal["pos", "pemungut"] = "pos"
    id_pemungut: str = ""
    nilai_dokumen: str = ""
    akun_bersama: YaTidak = Field(
        default=False, description="Apakah aplikasi lain juga membeli dengan akun ini"
    )
    terutang: dict[Literal["pihak_kesatu", "pihak_kedua"], TerutangSettings] = Field(
        default_factory=dict
    )
    alamat: PeruriAddresses = PeruriAddresses()
    tanpa_tls: TanpaTls = False
    jalur_gambar: Annotated[str, StringConstraints(pattern=POLA_JALUR_GAMBAR)] | None = None
    cara_saldo: Literal["POST", "GET"] = "POST"
    batas_detik: float = Field(default=60.0, gt=0, le=600)


class PeruriOnPremiseSettings(_Peruri):
    """e-meterai of Peruri, stamped by an adapter of one's own in a shared folder."""

    jenis: Literal["peruri_lokal"]
    adapter: Alamat
    env_adapter: Literal["STAGING", "PROD"] = Field(description="Isi ENV pada kontainer adaptor")
    folder_bersama: Teks
    folder_kontainer: Teks = "/sharefolder"
    profil: Teks = "emeteraicertificateSigner"


class PeruriCloudSettings(_Peruri):
    """e-meterai of Peruri, stamped by its servers: the document is uploaded."""

    jenis: Literal["peruri_cloud"]


Waktu = Annotated[HttpTimestampSettings | SandboxTimestampSettings, Field(discriminator="jenis")]
PenandaTangan = Annotated[
    SandboxSignerSettings
    | Pkcs12Settings
    | PemSettings
    | Pkcs11Settings
    | CscSettings
    | BsreV1Settings
    | BsreV2Settings
    | BsreSealSettings,
    Field(discriminator="jenis"),
]
PenyediaMeterai = Annotated[
    SandboxMeteraiSettings | PeruriOnPremiseSettings | PeruriCloudSettings,
    Field(discriminator="jenis"),
]


class PartySettings(_Bagian):
    """With what one party signs and stamps; what is missing is done elsewhere."""

    penanda_tangan: Nama | None = None
    meterai: Nama | None = None
    lokasi: str = ""
    zona: Literal["WIB", "WITA", "WIT"] = Field(
        default="WIB", description="Zona waktu pada kotak tanda tangan"
    )
    nama_diterima: Teks | None = Field(
        default=None, description="Nama sertifikat yang diterima meskipun berbeda"
    )


class ArchiveSettings(_Bagian):
    """How validation data and the document timestamp are added after the last step."""

    waktu: Nama
    percaya: tuple[Teks, ...] = Field(min_length=1)
    daftar_cabut: tuple[Teks, ...] = ()


class RevocationSettings(_Bagian):
    """Ask whether the certificate of a key was revoked before the key signs."""

    percaya: tuple[Teks, ...] = Field(min_length=1)
    daftar_cabut: tuple[Teks, ...] = ()
    bila_tidak_pasti: Literal["tolak", "lanjut"] = "tolak"


class ObjectStoreSettings(_Bagian):
    """The server for objects that ``folder_sesi`` names with ``s3://``."""

    alamat: Alamat
    wilayah: Teks = "us-east-1"
    kunci: AsalRahasia
    rahasia: AsalRahasia
    tanpa_tls: TanpaTls = False


_OF_A_SANDBOX = (SandboxTimestampSettings, SandboxMeteraiSettings)


class SigningSettings(_Bagian):
    """The whole settings file."""

    buku: Teks = Field(default="pks-kit.sqlite", description="Berkas SQLite atau URL PostgreSQL")
    kata_sandi_buku: AsalRahasia | None = None
    folder_sesi: Teks = Field(
        default="sesi", description="Folder, atau s3://ember/awalan bersama bagian objek"
    )
    objek: ObjectStoreSettings | None = None
    waktu: dict[Nama, Waktu] = Field(default_factory=dict)
    penanda_tangan: dict[Nama, PenandaTangan] = Field(default_factory=dict)
    meterai: dict[Nama, PenyediaMeterai] = Field(default_factory=dict)
    pihak: dict[Literal["pihak_kesatu", "pihak_kedua"], PartySettings] = Field(default_factory=dict)
    arsip: ArchiveSettings | None = None
    pencabutan: RevocationSettings | None = None
    portal: PortalSettings | None = Field(default=None, description="Pengaturan portal HTTP")

    def is_practice(self) -> bool:
        """Return whether nothing but test keys signs, and what is bought binds nobody.

        A key in a file counts as one where it lies in the folder of a sandbox.
        """
        services = [*self.waktu.values(), *self.meterai.values()]
        folders = {one.folder for one in services if isinstance(one, _OF_A_SANDBOX)}
        signers = self.penanda_tangan.values()
        return (
            bool(signers)
            and all(isinstance(one, _OF_A_SANDBOX) for one in services)
            and all(
                isinstance(one, SandboxSignerSettings)
                or (
                    isinstance(one, Pkcs12Settings)
                    and str(PurePosixPath(one.berkas).parent) in folders
                )
                for one in signers
            )
        )

    def parties_with_services(self) -> frozenset[str]:
        """Return the parties that sign by a service which makes its signature field itself."""
        return frozenset(
            role
            for role, party in self.pihak.items()
            if isinstance(self.penanda_tangan.get(party.penanda_tangan or ""), _Bsre)
        )

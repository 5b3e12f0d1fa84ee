"""Settings of the portal: who may come in, which branch is where, how long things are kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pks_kit.domain.isian import YaTidak
from pks_kit.limits import PDF_BYTES

POLA_KODE_WILAYAH = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
POLA_ASAL_LINGKUNGAN = r"^env:[A-Za-z_][A-Za-z0-9_]{0,79}$"
POLA_PERISTIWA = r"^[a-z_]{1,40}(?:\.[a-z_]{1,40})*(?:\.\*)?$|^\*$"

KodeWilayah = Annotated[str, StringConstraints(pattern=POLA_KODE_WILAYAH)]
"""Code of a branch or regional office, as the portal that embeds this one writes it."""

Teks = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Alamat = Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]{1,300}$")]
AsalRahasia = Annotated[str, StringConstraints(pattern=POLA_ASAL_LINGKUNGAN)]
"""Where a secret of the portal is; a server can ask nobody, so only ``env:NAME``."""

Nama = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
Hari = Annotated[int, Field(ge=1, le=36_500)]
Peristiwa = Annotated[str, StringConstraints(pattern=POLA_PERISTIWA)]


class _Bagian(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BranchSettings(_Bagian):
    """A branch office: agreements name it by its town, people by its code."""

    nama: Teks = Field(description="Nama kota kantor cabang, seperti pihak_kesatu.kantor_cabang")
    kedeputian: KodeWilayah


class OidcSettings(_Bagian):
    """Whoever brings a bearer token of this issuer."""

    jenis: Literal["oidc"]
    penerbit: Alamat = Field(description="Alamat penerbit token (issuer)")
    audiens: Teks = Field(description="Untuk siapa token dibuat (audience)")
    alamat_kunci: Alamat | None = Field(
        default=None, description="Alamat JWKS; tanpa ini ditanyakan kepada penerbit"
    )
    klaim: Teks = Field(
        default="wilayah", description="Klaim dengan daftar peran, misalnya cabang:0901"
    )
    algoritma: tuple[
        Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"],
        ...,
    ] = Field(default=("RS256", "PS256", "ES256", "EdDSA"), min_length=1)
    alamat_pribadi: YaTidak = Field(
        default=False, description="Penerbit boleh berada di jaringan sendiri"
    )


class ProxySettings(_Bagian):
    """Whoever a proxy in front of this server names in its headers."""

    jenis: Literal["proksi"]
    alamat: tuple[Teks, ...] = Field(
        min_length=1, description="Alamat IP atau jaringan proksi yang dipercaya"
    )
    tajuk_orang: Teks = Field(default="X-Pks-Orang", description="Tajuk dengan pengenal orang")
    tajuk_nama: Teks = Field(default="X-Pks-Nama", description="Tajuk dengan nama orang")
    tajuk_wilayah: Teks = Field(
        default="X-Pks-Wilayah", description="Tajuk dengan peran, dipisah koma"
    )


IdentitySettings = Annotated[OidcSettings | ProxySettings, Field(discriminator="jenis")]


class WebhookSettings(_Bagian):
    """Where events are sent; signed as Standard Webhooks asks."""

    alamat: Alamat
    rahasia: AsalRahasia
    rahasia_lama: AsalRahasia | None = Field(
        default=None, description="Rahasia sebelumnya, selama penggantian"
    )
    peristiwa: tuple[Peristiwa, ...] = Field(
        default=("*",), min_length=1, description="Jenis peristiwa, misalnya perjanjian.*"
    )
    alamat_pribadi: YaTidak = Field(
        default=False, description="Penerima boleh berada di jaringan sendiri"
    )


class RetentionSettings(_Bagian):
    """How many days things are kept."""

    unggahan: Hari = Field(default=90, description="Unggahan yang tidak menjadi milik perjanjian")
    pratinjau: Hari = Field(default=1, description="Pratinjau draf")
    pekerjaan: Hari = Field(
        default=90,
        description="Pekerjaan yang selesai dan hasilnya; yang milik batch tetap disimpan",
    )
    kunci: Hari = Field(default=7, description="Kunci idempotensi dengan jawabannya")
    isian: Hari = Field(default=365, description="Draf isian yang tidak diubah lagi")
    akses: Hari = Field(default=1825, description="Catatan siapa melihat apa")
    kiriman: Hari = Field(default=90, description="Kiriman webhook yang selesai")


class PortalSettings(_Bagian):
    """What the HTTP API needs beside what signing needs."""

    folder: Teks = Field(default="portal", description="Folder berkas dan keadaan portal")
    batas_unggahan: int = Field(default=PDF_BYTES, ge=1, le=4 * PDF_BYTES)
    kompilasi: Teks | None = Field(
        default=None, description="Folder hasil pks-kit template compile, agar draf cepat"
    )
    proses: int = Field(default=2, ge=1, le=64, description="Proses pekerja")
    nama_host: tuple[Teks, ...] = Field(
        default=("localhost", "127.0.0.1"), description="Nama host yang dilayani create_app"
    )
    cabang: dict[KodeWilayah, BranchSettings] = Field(default_factory=dict)
    identitas: IdentitySettings | None = None
    webhook: dict[Nama, WebhookSettings] = Field(default_factory=dict)
    simpan_hari: RetentionSettings = RetentionSettings()

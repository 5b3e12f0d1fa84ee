"""The data of one addendum that changes bank accounts, as its YAML file writes it.

An account change needs a written notice, an addendum and the update in HFIS before anything is
paid to the new account (docs/sumber.md 1.7). The addendum has numbers of its own and calls the
earlier agreement PERJANJIAN INDUK (docs/sumber.md 13.1 no. 10). Everything that it does not say
itself comes from the contract data of that agreement.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_serializer

from pks_kit.domain.identitas import agreement_id, identity_code, safe_name
from pks_kit.domain.isian import BerkasData, Tanggal
from pks_kit.domain.kontrak import POLA_VERSI_TEMPLAT, Kontrak, Rekening
from pks_kit.domain.masukan import DasarPenetapan, Line, LongLine, Masukan, without_absent
from pks_kit.domain.pemilik import Kuasa
from pks_kit.domain.tanda_tangan import CaraKontrak

KunciRekening = Literal["utama", "cadangan"]
VERSI_ADENDUM = "addendum_rekening"
"""Template version of the account change."""


class PerjanjianInduk(Masukan):
    """Where the contract data of the earlier agreement lies."""

    berkas: BerkasData = Field(
        description="Nama berkas data kontrak perjanjian induk, dalam folder yang sama"
    )


class SuratPemberitahuan(Masukan):
    """The facility's written notice of the change."""

    nomor: Line
    tanggal: Tanggal


class PenandatanganKesatu(Masukan):
    """Who signs for PIHAK KESATU when it is no longer the head of the earlier agreement."""

    nama_kepala_cabang: Line
    dasar_penetapan: DasarPenetapan


class PenandatanganKedua(Masukan):
    """Who signs for PIHAK KEDUA when it is no longer the signatory of the earlier agreement."""

    nama_penandatangan: Line
    jabatan_penandatangan: Line
    dasar_penetapan: DasarPenetapan
    kuasa: Kuasa | None = Field(
        default=None,
        description="Surat kuasa, bila penanda tangan bukan organ yang mewakili pemilik",
    )

    @model_serializer(mode="wrap")
    def _as_before(self, handler: Any) -> dict[str, Any]:
        return without_absent(handler(self), "kuasa")


class RekeningBaru(Masukan):
    """The accounts that change; at least one. What is not named stays as it was."""

    utama: Rekening | None = None
    cadangan: Rekening | None = None
    penetapan: DasarPenetapan | None = Field(
        default=None, description="Dokumen yang menetapkan rekening baru, misalnya SK bendahara"
    )


class Adendum(Masukan):
    """All data of one addendum about accounts."""

    versi_templat: Annotated[str, StringConstraints(pattern=POLA_VERSI_TEMPLAT)] = VERSI_ADENDUM
    cara_kontrak: CaraKontrak
    perjanjian_induk: PerjanjianInduk
    nomor_pks_kesatu: Line = Field(description="Nomor addendum dari BPJS Kesehatan")
    nomor_pks_kedua: Line = Field(description="Nomor addendum dari fasilitas kesehatan")
    kota_tanda_tangan: Line | None = Field(
        default=None, description="Tidak diisi bila sama dengan perjanjian induk"
    )
    tanggal_tanda_tangan: Tanggal
    tanggal_berlaku: Tanggal = Field(description="Pembayaran ke rekening baru mulai tanggal ini")
    surat_pemberitahuan: SuratPemberitahuan
    alasan: LongLine | None = Field(default=None, description="Alasan perubahan, bila dinyatakan")
    rekening_baru: RekeningBaru
    pihak_kesatu: PenandatanganKesatu | None = Field(
        default=None, description="Hanya bila penanda tangan berganti"
    )
    pihak_kedua: PenandatanganKedua | None = Field(
        default=None, description="Hanya bila penanda tangan berganti"
    )


def changed_accounts(adendum: Adendum) -> tuple[KunciRekening, ...]:
    """Return which accounts the addendum changes, the main one first."""
    baru = adendum.rekening_baru
    found: list[KunciRekening] = []
    if baru.utama is not None:
        found.append("utama")
    if baru.cadangan is not None:
        found.append("cadangan")
    return tuple(found)


def as_amended(induk: Kontrak, adendum: Adendum) -> Kontrak:
    """Return the contract data as they are once the addendum is in force.

    Numbers, place and day of signing and the signatories are those of the addendum; the term and
    everything else stay those of the earlier agreement.
    """
    baru = adendum.rekening_baru
    kesatu: dict[str, object] = {
        "nomor_pks": adendum.nomor_pks_kesatu,
        "tanggal_tanda_tangan": adendum.tanggal_tanda_tangan,
    }
    if adendum.kota_tanda_tangan:
        kesatu["kota_tanda_tangan"] = adendum.kota_tanda_tangan
    kedua: dict[str, object] = {"nomor_pks": adendum.nomor_pks_kedua}
    for values, signatory in ((kesatu, adendum.pihak_kesatu), (kedua, adendum.pihak_kedua)):
        if signatory is not None:
            values |= {name: getattr(signatory, name) for name in type(signatory).model_fields}
    accounts = {
        name: value
        for name, value in (
            ("utama", baru.utama),
            ("cadangan", baru.cadangan),
            ("penetapan", baru.penetapan),
        )
        if value is not None
    }
    return induk.model_copy(
        update={
            "versi_templat": adendum.versi_templat,
            "cara_kontrak": adendum.cara_kontrak,
            "pihak_kesatu": induk.pihak_kesatu.model_copy(update=kesatu),
            "pihak_kedua": induk.pihak_kedua.model_copy(update=kedua),
            "rekening": induk.rekening.model_copy(update=accounts),
        }
    )


def addendum_id(induk: Kontrak, adendum: Adendum) -> str:
    """Return the 26-character id of an addendum, made from its content like an agreement's.

    The id of the earlier agreement, both numbers of the addendum, the day of its effect and the
    template version decide it.
    """
    identity = {
        "induk": agreement_id(induk),
        "nomor_kedua": adendum.nomor_pks_kedua,
        "nomor_kesatu": adendum.nomor_pks_kesatu,
        "tanggal_berlaku": adendum.tanggal_berlaku.isoformat(),
        "versi_templat": adendum.versi_templat,
    }
    return identity_code(identity)


def addendum_slug(induk: Kontrak, adendum: Adendum) -> str:
    """Return a file stem such as ``addendum-klinik-pratama-sehat-9917u029-7k2m9x4q``."""
    name = safe_name(induk.pihak_kedua.nama_faskes)[:30].strip("-") or "faskes"
    kode = safe_name(induk.faskes.kode)[:8].strip("-")
    stem = addendum_id(induk, adendum)[:8].lower()
    return "-".join(part for part in ("addendum", name, kode, stem) if part)

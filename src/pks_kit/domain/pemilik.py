"""Who is bound by the signature of PIHAK KEDUA: the owner who runs the facility.

A clinic, a pharmacy or a puskesmas is no person before the law. Bound is its owner: a company, a
foundation, a cooperative, a natural person, or the government behind it. Each kind is described
once in :data:`SIFAT_PEMILIK`; checks and templates ask for these traits and never for lists.
The kinds of legal entities and what their deeds need are common law of Indonesia, not taken from
one of the five sources (docs/sumber.md 1.4 only says who may sign).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from pks_kit.domain.isian import Tanggal
from pks_kit.domain.masukan import DasarPenetapan, Line, LongLine, Masukan, Nik
from pks_kit.domain.sifat_faskes import SifatFaskes

JenisPemilik = Literal[
    "perorangan",
    "pt",
    "perseroan_perorangan",
    "yayasan",
    "perkumpulan",
    "koperasi",
    "cv",
    "firma",
    "pemerintah_daerah",
    "instansi_pemerintah",
    "tni",
    "polri",
]


class Akta(Masukan):
    """A notarial deed."""

    nomor: Line
    tanggal: Tanggal
    notaris: Line = Field(description="Nama notaris dengan gelarnya")
    tempat: Line = Field(description="Tempat kedudukan notaris")


class Ketetapan(DasarPenetapan):
    """A decree with its title."""

    tentang: LongLine = Field(description="Judul sesudah kata «tentang»")


class PerubahanAkta(Akta):
    """The latest change of the deed, and the decree or receipt of the ministry for it."""

    pengesahan: Ketetapan | None = Field(
        default=None, description="Persetujuan atau penerimaan pemberitahuan dari kementerian"
    )


class KoordinasiDinas(DasarPenetapan):
    """Outcome of the co-ordination with Dinas Kesehatan on who signs (docs/sumber.md 1.2)."""

    pejabat: Line = Field(description="Jabatan yang disepakati menandatangani")


class Kuasa(Masukan):
    """Power of attorney of a signatory who is not the organ that represents the owner."""

    jenis: Line = Field(description="Misalnya «Surat Kuasa» atau «Akta Kuasa»")
    nomor: Line
    tanggal: Tanggal
    pemberi: Line = Field(description="Nama pemberi kuasa")
    jabatan_pemberi: Line = Field(description="Jabatan pemberi kuasa, misalnya «Direktur Utama»")


class Pemilik(Masukan):
    """The owner who runs the facility; in a practice of one person, that person."""

    jenis: JenisPemilik
    nama: Line = Field(description="Nama badan, pemerintah, instansi, atau orang")
    alamat: LongLine = Field(description="Alamat badan, atau domisili orang menurut KTP")
    nik: Nik | None = Field(default=None, description="Hanya bila pemiliknya orang perseorangan")
    akta: Akta | None = Field(default=None, description="Akta pendirian")
    pengesahan: Ketetapan | None = Field(
        default=None, description="Keputusan pengesahan atau pendaftaran dari kementerian"
    )
    perubahan_terakhir: PerubahanAkta | None = None
    melalui: Line | None = Field(
        default=None,
        description="Perangkat daerah atau satuan yang membawahi, misalnya Dinas Kesehatan",
    )
    penetapan_blud: Ketetapan | None = Field(
        default=None, description="Keputusan yang menetapkan fasilitas sebagai BLUD"
    )
    koordinasi_dinas: KoordinasiDinas | None = Field(
        default=None, description="Hasil koordinasi kantor cabang dengan Dinas Kesehatan"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SifatPemilik:
    """Traits of a kind of owner.

    Attributes:
        sebutan: What it is, in running text.
        awalan: Words that belong before the name; the first is put there when none stands there.
        pribadi: A natural person, bound in person.
        negara: A government or an office of it, which acts by decrees and not by deeds.
        berakta: Founded by a notarial deed.
        disahkan: How its founding is acknowledged by the ministry, in running text; empty when no
            decree or certificate exists.
        dasar: What the latest change of the deed changed.
    """

    sebutan: str
    awalan: tuple[str, ...] = ()
    pribadi: bool = False
    negara: bool = False
    berakta: bool = False
    disahkan: str = ""
    dasar: str = "anggaran dasarnya"


_BADAN_HUKUM = SifatPemilik(
    sebutan="", berakta=True, disahkan="disahkan sebagai badan hukum dengan"
)
_PERSEKUTUAN = SifatPemilik(
    sebutan="", berakta=True, disahkan="didaftarkan dengan", dasar="akta pendiriannya"
)
_NEGARA = SifatPemilik(sebutan="", negara=True)

SIFAT_PEMILIK: Mapping[JenisPemilik, SifatPemilik] = MappingProxyType(
    {
        "perorangan": SifatPemilik(sebutan="orang perseorangan", pribadi=True),
        "pt": replace(
            _BADAN_HUKUM, sebutan="perseroan terbatas", awalan=("PT", "Perseroan Terbatas")
        ),
        "perseroan_perorangan": SifatPemilik(
            sebutan="perseroan perorangan",
            awalan=("PT", "Perseroan Perorangan"),
            disahkan="terdaftar sebagai badan hukum dengan",
            dasar="pernyataan pendiriannya",
        ),
        "yayasan": replace(_BADAN_HUKUM, sebutan="yayasan", awalan=("Yayasan",)),
        "perkumpulan": replace(_BADAN_HUKUM, sebutan="perkumpulan", awalan=("Perkumpulan",)),
        "koperasi": replace(_BADAN_HUKUM, sebutan="koperasi", awalan=("Koperasi",)),
        "cv": replace(
            _PERSEKUTUAN,
            sebutan="persekutuan komanditer",
            awalan=("CV", "Persekutuan Komanditer"),
        ),
        "firma": replace(
            _PERSEKUTUAN, sebutan="persekutuan firma", awalan=("Firma", "Fa", "Persekutuan Firma")
        ),
        "pemerintah_daerah": replace(
            _NEGARA,
            sebutan="pemerintah daerah",
            awalan=("Pemerintah", "Pemprov", "Pemkab", "Pemkot"),
        ),
        "instansi_pemerintah": replace(_NEGARA, sebutan="instansi pemerintah"),
        "tni": replace(
            _NEGARA,
            sebutan="Tentara Nasional Indonesia",
            awalan=("Tentara Nasional Indonesia", "TNI"),
        ),
        "polri": replace(
            _NEGARA,
            sebutan="Kepolisian Negara Republik Indonesia",
            awalan=("Kepolisian Negara Republik Indonesia", "Kepolisian", "Polri"),
        ),
    }
)
"""Kind of owner -> its traits."""

_PRIBADI: tuple[JenisPemilik, ...] = ("perorangan",)
_PEMDA: tuple[JenisPemilik, ...] = ("pemerintah_daerah",)
_TNI_POLRI: tuple[JenisPemilik, ...] = ("tni", "polri")


def allowed_owners(sifat: SifatFaskes) -> tuple[JenisPemilik, ...]:
    """Return which kinds of owners a kind of facility can have.

    A single practice is its doctor, a puskesmas belongs to a local government, and clinics of TNI
    and POLRI are a kind of their own because their agreement is made with the kedeputian wilayah.

    Args:
        sifat: Traits of the kind of facility.
    """
    if sifat.perorangan:
        return _PRIBADI
    if sifat.puskesmas:
        return _PEMDA
    if sifat.mitra_wilayah:
        return _TNI_POLRI
    if sifat.klinik:
        return tuple(jenis for jenis in SIFAT_PEMILIK if jenis not in _TNI_POLRI)
    return tuple(SIFAT_PEMILIK)


def nama_pemilik(pemilik: Pemilik) -> str:
    """Return the name with the words that belong before it, never doubled: ``PT Sehat Rekaan``.

    Args:
        pemilik: The owner as the data says.
    """
    words = pemilik.nama.casefold().replace(".", " ").split()
    front = SIFAT_PEMILIK[pemilik.jenis].awalan
    if not front or any(words[: len(one.split())] == one.casefold().split() for one in front):
        return pemilik.nama
    return f"{front[0]} {pemilik.nama}"


def is_personal(sifat: SifatFaskes, pemilik: Pemilik | None) -> bool:
    """Return whether PIHAK KEDUA is a natural person, who can die and be put under guardianship."""
    return sifat.perorangan or (pemilik is not None and SIFAT_PEMILIK[pemilik.jenis].pribadi)

"""Kinds of facilities, each described once: what follows from it for checks, tariffs and text.

Checks, tariffs and templates ask for these traits and never for lists of kinds. A new kind gets a
name in :data:`JenisFaskes` and a row in the table here; beside that only dated parameters
(``cara_kontrak``, ``dokumen_wajib``), sentences of a template and a sample speak of it.

Sources: docs/sumber.md 1.2, 1.7, 5.1, 5.11, 6.9, 13.1 no. 4 and 6, 13.4, 13.6. Two traits are our
own reading: a general practitioner's practice has no dental service (its participants are
registered with a dentist for that), and a dental practice has neither general nor midwifery care.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

JenisFaskes = Literal[
    "puskesmas_blud",
    "puskesmas_non_blud",
    "klinik_pratama",
    "tpmd",
    "tpmdg",
    "rs_d_pratama",
    "klinik_tni_polri",
    "apotek",
    "ruang_farmasi",
    "laboratorium",
]
JENIS_BAKU: JenisFaskes = "klinik_pratama"
"""The kind that is shown when none is named."""

KolomNorma = Literal["klinik_pratama", "puskesmas", "tpmd", "tpmdg"]
KolomPembayaran = Literal["pembayaran", "pembayaran_puskesmas"]
AturanRekening = Literal["bendahara_kapitasi", "blud", "pnbp", "keputusan_sendiri", "rumah_sakit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SifatFaskes:
    """Traits of a kind of facility.

    Attributes:
        sebutan: How the kind is called in print.
        nama_lain: Short forms in a name that say the kind as well as its full words do.
        awalan: Words in front of a name that the kind says again.
        pokok: What the agreement is about.
        penunjang: A pharmacy or laboratory, whose agreement is no PKS FKTP.
        kefarmasian: Dispenses medicines: a pharmacy, or the pharmacy room of a facility.
        laboratorium: Examines specimens and nothing else.
        bagian_faskes: Part of a facility whose head signs for it.
        perorangan: A practice of one person, who acts on his or her own behalf and needs no
            operational licence.
        puskesmas: A public health centre of a local government.
        klinik: Registers as a clinic.
        rumah_sakit: A hospital, which always has inpatient care.
        pelayanan_umum: Gives general (not only dental) care.
        pelayanan_gigi: Gives dental care.
        kebidanan: May give midwifery, neonatal and family planning care.
        dapat_poned: Gets the rows of basic emergency obstetric and neonatal care in templates of
            earlier issues. Only a puskesmas can be appointed for it; texts ask ``puskesmas``.
        mitra_wilayah: Contracts with the regional deputy (kedeputian wilayah), not the branch.
        norma: Column of the capitation norm; None: gets no capitation.
        perlu_dokter: The norm has no row without a doctor; only puskesmas have one.
        perlu_dokter_gigi: The norm has no row without a dentist.
        kolom_pkbk: Column of the payout of performance-based capitation; None: not known.
        aturan_rekening: Rule by which the account for payments is chosen.
    """

    sebutan: str
    nama_lain: tuple[str, ...] = ()
    awalan: tuple[str, ...] = ()
    pokok: str = "Pelayanan Kesehatan Tingkat Pertama"
    penunjang: bool = False
    kefarmasian: bool = False
    laboratorium: bool = False
    bagian_faskes: bool = False
    perorangan: bool = False
    puskesmas: bool = False
    klinik: bool = False
    rumah_sakit: bool = False
    pelayanan_umum: bool = True
    pelayanan_gigi: bool = True
    kebidanan: bool = True
    dapat_poned: bool = True
    mitra_wilayah: bool = False
    norma: KolomNorma | None = "klinik_pratama"
    perlu_dokter: bool = True
    perlu_dokter_gigi: bool = False
    kolom_pkbk: KolomPembayaran | None = "pembayaran"
    aturan_rekening: AturanRekening = "keputusan_sendiri"


_KLINIK = SifatFaskes(sebutan="Klinik Pratama", klinik=True)
_PUSKESMAS = SifatFaskes(
    sebutan="Puskesmas",
    nama_lain=("pkm", "pusat kesehatan masyarakat"),
    puskesmas=True,
    norma="puskesmas",
    perlu_dokter=False,
    kolom_pkbk="pembayaran_puskesmas",
    aturan_rekening="bendahara_kapitasi",
)
_PENUNJANG = SifatFaskes(
    sebutan="",
    penunjang=True,
    pelayanan_umum=False,
    pelayanan_gigi=False,
    kebidanan=False,
    dapat_poned=False,
    norma=None,
    perlu_dokter=False,
    kolom_pkbk=None,
)
_FARMASI = replace(_PENUNJANG, pokok="Pelayanan Kefarmasian", kefarmasian=True)

SIFAT: Mapping[JenisFaskes, SifatFaskes] = MappingProxyType(
    {
        "puskesmas_blud": replace(_PUSKESMAS, aturan_rekening="blud"),
        "puskesmas_non_blud": _PUSKESMAS,
        "klinik_pratama": _KLINIK,
        "tpmd": SifatFaskes(
            sebutan="Tempat Praktik Mandiri Dokter",
            nama_lain=("tpmd", "praktik mandiri", "dokter praktik"),
            awalan=("tempat", "praktik", "praktek", "dokter", "umum"),
            perorangan=True,
            pelayanan_gigi=False,
            dapat_poned=False,
            norma="tpmd",
        ),
        "tpmdg": SifatFaskes(
            sebutan="Tempat Praktik Mandiri Dokter Gigi",
            nama_lain=("tpmdg", "praktik mandiri", "dokter gigi praktik"),
            awalan=("tempat", "praktik", "praktek", "dokter", "gigi"),
            perorangan=True,
            pelayanan_umum=False,
            kebidanan=False,
            dapat_poned=False,
            norma="tpmdg",
            perlu_dokter=False,
            perlu_dokter_gigi=True,
            kolom_pkbk=None,
        ),
        "rs_d_pratama": SifatFaskes(
            sebutan="Rumah Sakit Kelas D Pratama",
            nama_lain=("rsdp", "d pratama", "rs pratama", "rsud pratama", "rumah sakit pratama"),
            rumah_sakit=True,
            aturan_rekening="rumah_sakit",
        ),
        "klinik_tni_polri": replace(_KLINIK, mitra_wilayah=True, aturan_rekening="pnbp"),
        "apotek": replace(_FARMASI, sebutan="Apotek"),
        "ruang_farmasi": replace(
            _FARMASI,
            sebutan="Ruang Farmasi",
            nama_lain=("instalasi farmasi",),
            bagian_faskes=True,
            aturan_rekening="rumah_sakit",
        ),
        "laboratorium": replace(
            _PENUNJANG,
            sebutan="Laboratorium",
            nama_lain=("lab",),
            pokok="Pelayanan Laboratorium",
            laboratorium=True,
        ),
    }
)
"""Kind -> its traits."""

JENIS_PENUNJANG: tuple[JenisFaskes, ...] = tuple(
    jenis for jenis, sifat in SIFAT.items() if sifat.penunjang
)
"""Kinds with an agreement of their own, which is no PKS FKTP (docs/sumber.md 1.2)."""

NAMA_JENIS: Mapping[JenisFaskes, str] = MappingProxyType(
    {jenis: sifat.sebutan for jenis, sifat in SIFAT.items()}
    | {
        "puskesmas_blud": "Puskesmas BLUD",
        "puskesmas_non_blud": "Puskesmas bukan BLUD",
        "klinik_tni_polri": "Klinik TNI/Polri",
    }
)
"""Kinds in lists, where no two may have one name; an agreement calls them by ``sebutan`` alone."""

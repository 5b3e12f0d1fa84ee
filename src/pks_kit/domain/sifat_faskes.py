"""What follows for the text of the agreement from the kind of a facility.

Templates ask for these traits and not for lists of kinds, so that a new kind is described in one
place. Sources: docs/sumber.md 1.2, 1.7, 5.11, 6.9, 13.1 no. 4, 13.4, 13.6. Two traits are our own
reading: a general practitioner's practice has no dental service (its participants are registered
with a dentist for that), and a dental practice has neither general nor midwifery care.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pks_kit.domain.jenis_faskes import JENIS_PENUNJANG, JenisFaskes

KolomNorma = Literal["klinik_pratama", "puskesmas", "tpmd", "tpmdg"]
AturanRekening = Literal["bendahara_kapitasi", "blud", "pnbp", "keputusan_sendiri", "rumah_sakit"]

_PERORANGAN = frozenset({"tpmd", "tpmdg"})
_PUSKESMAS = frozenset({"puskesmas_blud", "puskesmas_non_blud"})
_REKENING: dict[str, AturanRekening] = {
    "puskesmas_blud": "blud",
    "puskesmas_non_blud": "bendahara_kapitasi",
    "klinik_tni_polri": "pnbp",
    "rs_d_pratama": "rumah_sakit",
    "ruang_farmasi": "rumah_sakit",
}
_NORMA: dict[str, KolomNorma] = {
    "puskesmas_blud": "puskesmas",
    "puskesmas_non_blud": "puskesmas",
    "tpmd": "tpmd",
    "tpmdg": "tpmdg",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SifatFaskes:
    """Traits of a facility that decide which parts of the text are printed.

    Attributes:
        penunjang: A pharmacy or laboratory, whose agreement is no PKS FKTP.
        kefarmasian: Dispenses medicines: a pharmacy, or the pharmacy room of a facility.
        perorangan: A practice of one person, who acts on his or her own behalf.
        puskesmas: A public health centre of a local government.
        pelayanan_umum: Gives general (not only dental) care.
        pelayanan_gigi: Gives dental care.
        kebidanan: May give midwifery, neonatal and family planning care.
        dapat_poned: May be appointed for basic emergency obstetric and neonatal care.
        mitra_wilayah: Contracts with the regional deputy (kedeputian wilayah), not the branch.
        norma: Column of the capitation norm.
        aturan_rekening: Rule by which the account for payments is chosen.
    """

    penunjang: bool
    kefarmasian: bool
    perorangan: bool
    puskesmas: bool
    pelayanan_umum: bool
    pelayanan_gigi: bool
    kebidanan: bool
    dapat_poned: bool
    mitra_wilayah: bool
    norma: KolomNorma
    aturan_rekening: AturanRekening


def sifat_faskes(jenis: JenisFaskes) -> SifatFaskes:
    """Return the traits of a kind of facility."""
    penunjang = jenis in JENIS_PENUNJANG
    gigi_saja = jenis == "tpmdg"
    return SifatFaskes(
        penunjang=penunjang,
        kefarmasian=jenis in ("apotek", "ruang_farmasi"),
        perorangan=jenis in _PERORANGAN,
        puskesmas=jenis in _PUSKESMAS,
        pelayanan_umum=not (gigi_saja or penunjang),
        pelayanan_gigi=jenis != "tpmd" and not penunjang,
        kebidanan=not (gigi_saja or penunjang),
        dapat_poned=not (penunjang or jenis in _PERORANGAN),
        mitra_wilayah=jenis == "klinik_tni_polri",
        norma=_NORMA.get(jenis, "klinik_pratama"),
        aturan_rekening=_REKENING.get(jenis, "keputusan_sendiri"),
    )

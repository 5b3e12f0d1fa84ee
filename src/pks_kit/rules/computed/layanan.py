"""ANC with USG, and the seventeen non-capitation services that HFIS switches on by itself.

Source: docs/sumber.md 6.9 (services, in the order of HFIS) and 6.10 (criteria; the two about
doctors are read as alternatives, because they exclude each other).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pks_kit.domain.kontrak import Kontrak, TenagaKesehatan
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.domain.terbilang import bilangan
from pks_kit.rules.computed.tenaga import counted
from pks_kit.rules.law.parameters import ResolvedParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class KelayakanAncUsg:
    """Whether ANC with USG can be active.

    Attributes:
        memenuhi: True when equipment and a fitting doctor are there.
        memiliki_alat: Whether there is USG equipment.
        dokter: Active general doctors who fit by year of graduation or by certificate.
        penjelasan: How it was decided, one sentence for print.
        keadaan: The same after a sentence that states the condition: what the facility has or
            lacks, without subject and full stop.
        dasar_hukum: Source of the rule.
    """

    memenuhi: bool
    memiliki_alat: bool
    dokter: int
    penjelasan: str
    keadaan: str
    dasar_hukum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayananNonKapitasi:
    """One row of the HFIS list of non-capitation services.

    Attributes:
        nomor: Row number.
        kode: Our stable name.
        nama: Name as HFIS writes it.
        aktif: Whether HFIS switches it on by itself for this facility.
        alasan: Why, for print.
    """

    nomor: int
    kode: str
    nama: str
    aktif: bool
    alasan: str


def anc_usg_eligibility(kontrak: Kontrak, aturan: ResolvedParameters) -> KelayakanAncUsg:
    """Return whether the facility may give ANC with USG.

    A doctor fits who graduated in the year of the parameter or later, or who has a USG training
    certificate. An unknown year of graduation without certificate does not fit.

    Raises:
        NotInForceError: ``rules.not_in_force``.
    """
    name = "tarif_kebidanan.anc.tahun_lulus_usg"
    year = aturan.whole(name)
    fitting = sum(1 for tenaga in counted(kontrak, "dokter") if _can_use_usg(tenaga, year))
    equipped = kontrak.faskes.memiliki_usg
    return KelayakanAncUsg(
        memenuhi=equipped and fitting > 0,
        memiliki_alat=equipped,
        dokter=fitting,
        penjelasan=_usg_explanation(equipped, fitting, year),
        keadaan=_usg_state(equipped, fitting),
        dasar_hukum=aturan.legal_basis(name),
    )


def _can_use_usg(tenaga: TenagaKesehatan, year: int) -> bool:
    graduated = tenaga.tahun_lulus is not None and tenaga.tahun_lulus >= year
    return graduated or tenaga.sertifikat_usg


def _usg_explanation(equipped: bool, fitting: int, year: int) -> str:
    doctor = f"dokter umum yang lulus tahun {year} atau sesudahnya atau bersertifikat pelatihan USG"
    if equipped and fitting:
        return f"Alat USG tersedia dan ada {bilangan(fitting)} {doctor}."
    missing = ([] if equipped else ["alat USG tidak tersedia"]) + (
        [] if fitting else [f"tidak ada {doctor}"]
    )
    return f"Belum memenuhi: {'; '.join(missing)}."


def _usg_state(equipped: bool, fitting: int) -> str:
    """Say whether the condition is met, to follow the sentence that states the condition."""
    if equipped and fitting:
        return f"memiliki alat USG dan {bilangan(fitting)} dokter umum yang memenuhi syarat itu"
    missing = ([] if equipped else ["alat USG tidak tersedia"]) + (
        [] if fitting else ["tidak ada dokter umum yang lulusan atau sertifikatnya memenuhi syarat"]
    )
    return f"belum memenuhi syarat itu karena {' dan '.join(missing)}"


def default_services(
    kontrak: Kontrak, aturan: ResolvedParameters
) -> tuple[LayananNonKapitasi, ...]:
    """Return all services in the order of HFIS, each with whether it is active by default.

    Raises:
        NotInForceError: ``rules.not_in_force``.
    """
    found = []
    for nomor, (kode, nama, rule) in enumerate(_SERVICES, start=1):
        aktif, alasan = rule(kontrak, aturan)
        found.append(
            LayananNonKapitasi(nomor=nomor, kode=kode, nama=nama, aktif=aktif, alasan=alasan)
        )
    return tuple(found)


_Rule = Callable[[Kontrak, ResolvedParameters], tuple[bool, str]]


def _poned(kontrak: Kontrak, _aturan: ResolvedParameters) -> tuple[bool, str]:
    faskes = kontrak.faskes
    return faskes.poned and SIFAT[faskes.jenis].puskesmas, "puskesmas PONED"


def _midwife(kontrak: Kontrak, _aturan: ResolvedParameters) -> tuple[bool, str]:
    return bool(counted(kontrak, "bidan")), "FKTP yang memiliki bidan"


def _inpatient(kontrak: Kontrak, _aturan: ResolvedParameters) -> tuple[bool, str]:
    return kontrak.faskes.rawat_inap, "FKTP dengan rawat inap"


def _dentist(kontrak: Kontrak, _aturan: ResolvedParameters) -> tuple[bool, str]:
    active = SIFAT[kontrak.faskes.jenis].perlu_dokter_gigi or bool(counted(kontrak, "dokter_gigi"))
    return active, "praktik dokter gigi dan FKTP yang memiliki dokter gigi"


def _usg(kontrak: Kontrak, aturan: ResolvedParameters) -> tuple[bool, str]:
    eligible = anc_usg_eligibility(kontrak, aturan)
    return eligible.memenuhi, eligible.penjelasan


def _on_request(_kontrak: Kontrak, _aturan: ResolvedParameters) -> tuple[bool, str]:
    return False, "diaktifkan atas pengajuan"


_SERVICES: tuple[tuple[str, str, _Rule], ...] = (
    ("persalinan_poned", "Persalinan pervaginam dengan tindakan emergensi dasar", _poned),
    ("persalinan_bidan", "Persalinan pervaginam normal (bidan)", _midwife),
    ("persalinan_dokter", "Persalinan pervaginam normal (dokter)", _on_request),
    ("anc", "ANC", _midwife),
    ("kb_iud_implan", "KB: pemasangan IUD/implant", _midwife),
    ("kb_suntik", "KB: suntik", _midwife),
    ("kb_komplikasi", "Komplikasi KB pasca persalinan", _midwife),
    ("pnc", "PNC", _midwife),
    ("prarujukan", "Pra-rujukan pada komplikasi kebidanan dan neonatal", _midwife),
    ("pasca_persalinan", "Tindakan pasca persalinan", _poned),
    ("rawat_inap", "Rawat inap di ruang perawatan biasa", _inpatient),
    ("mop", "MOP/vasektomi", _on_request),
    ("protesa_gigi", "Protesa gigi", _dentist),
    ("tele_ekg", "Tele EKG", _on_request),
    ("tele_usg", "Tele USG", _on_request),
    ("tele_konsultasi", "Tele konsultasi", _on_request),
    ("anc_usg", "ANC dengan USG", _usg),
)

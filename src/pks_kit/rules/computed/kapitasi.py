"""Capitation norm per participant per month, for every kind of FKTP.

Sources: docs/sumber.md 5.1 (clinic), 13.4 (Permenkes 3/2023 Pasal 6: all kinds), 3.2 P6(6) (who
counts), 11.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from pks_kit.domain.angka import format_desimal
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sifat_faskes import SIFAT, SifatFaskes
from pks_kit.domain.terbilang import bilangan, kelompok_ribuan
from pks_kit.errors import UsageError
from pks_kit.rules.computed.tenaga import counted, not_counted
from pks_kit.rules.law.parameters import ResolvedParameters

_TANPA_RASIO = "tidak dipakai"


@dataclass(frozen=True, slots=True, kw_only=True)
class NormaKapitasi:
    """Capitation norm of a facility.

    Attributes:
        kelompok: Group of the tariff table: ``klinik_pratama``, ``puskesmas``, ``tpmd``, ``tpmdg``.
        dokter_dihitung: General doctors with a valid SIP and no SIP as a specialist.
        dokter_gigi_tersedia: Whether a dentist with a valid SIP, no specialist, practises there.
        memakai_rasio: Whether the ratio of doctors decided the norm.
        rasio: Participants per doctor for print, ``1 : 4.337,5``, never rounded below a limit;
            ``tidak dipakai`` when the ratio did not decide.
        tarif: Rupiah per participant per month.
        dasar: How it was computed, one or more sentences for print.
        parameter: Full name of the parameter that the tariff is.
        dasar_hukum: Legal basis of the tariff.
    """

    kelompok: str
    dokter_dihitung: int
    dokter_gigi_tersedia: bool
    memakai_rasio: bool
    rasio: str
    tarif: int
    dasar: str
    parameter: str
    dasar_hukum: str


def capitation_norm(kontrak: Kontrak, aturan: ResolvedParameters) -> NormaKapitasi:
    """Return the capitation norm per participant per month.

    Raises:
        UsageError: ``rules.norm_unknown`` for a kind without a norm among the parameters,
            ``rules.norm_needs_doctor`` or ``rules.norm_needs_dentist`` when nobody counts and
            the law has no tariff for that.
        NotInForceError: ``rules.not_in_force``.
    """
    jenis = kontrak.faskes.jenis
    sifat = SIFAT[jenis]
    kelompok = sifat.norma
    if kelompok is None:
        raise UsageError("rules.norm_unknown", kind=jenis)
    dokter = len(counted(kontrak, "dokter"))
    dokter_gigi = bool(counted(kontrak, "dokter_gigi"))
    if dokter == 0 and sifat.perlu_dokter:
        raise UsageError("rules.norm_needs_doctor", kind=jenis)
    if not dokter_gigi and sifat.perlu_dokter_gigi:
        raise UsageError("rules.norm_needs_dentist", kind=jenis)
    batas = aturan.whole("kapitasi.rasio_maksimum")
    memakai_rasio = sifat.pelayanan_umum and dokter > 0
    met = memakai_rasio and kontrak.faskes.jumlah_peserta_terdaftar <= batas * dokter
    parameter = f"kapitasi.{kelompok}.{_row(sifat, dokter, met=met, dokter_gigi=dokter_gigi)}"
    return NormaKapitasi(
        kelompok=kelompok,
        dokter_dihitung=dokter,
        dokter_gigi_tersedia=dokter_gigi,
        memakai_rasio=memakai_rasio,
        rasio=f"1 : {_per_doctor(kontrak, dokter)}" if memakai_rasio else _TANPA_RASIO,
        tarif=aturan.whole(parameter),
        dasar=_explanation(kontrak, sifat, dokter, batas),
        parameter=parameter,
        dasar_hukum=aturan.legal_basis(parameter),
    )


def _row(sifat: SifatFaskes, dokter: int, *, met: bool, dokter_gigi: bool) -> str:
    """Return the row of the tariff table as the parameter file names it."""
    if not sifat.pelayanan_umum:
        return "tarif"
    rasio = "rasio_terpenuhi" if met else "rasio_terlampaui"
    if not sifat.pelayanan_gigi:
        return rasio
    if dokter == 0:
        rasio = "tanpa_dokter"
    return f"{rasio}_{'dengan' if dokter_gigi else 'tanpa'}_dokter_gigi"


def _per_doctor(kontrak: Kontrak, dokter: int) -> str:
    """Return the quotient for print, rounded up so that 5.000,003 never reads 5.000."""
    exact = Decimal(kontrak.faskes.jumlah_peserta_terdaftar) / dokter
    quotient = exact.quantize(Decimal("0.01"), rounding=ROUND_CEILING)
    return format_desimal(f"{quotient:f}".rstrip("0").rstrip("."))


def _explanation(kontrak: Kontrak, sifat: SifatFaskes, dokter: int, batas: int) -> str:
    if not sifat.pelayanan_umum:
        return " ".join(
            [
                "Norma praktik mandiri dokter gigi tidak bergantung pada perbandingan dokter dan "
                "Peserta.",
                *not_counted(kontrak, "dokter_gigi", "dokter gigi"),
            ]
        )
    if dokter == 0:
        text = "Tidak ada dokter yang dihitung, sehingga dipakai norma tanpa dokter."
    else:
        peserta = kontrak.faskes.jumlah_peserta_terdaftar
        limit = kelompok_ribuan(batas)
        verdict = (
            f"tidak lebih dari {limit}" if peserta <= batas * dokter else f"lebih dari {limit}"
        )
        text = (
            f"{kelompok_ribuan(peserta)} Peserta dibagi {bilangan(dokter)} dokter sama dengan "
            f"{_per_doctor(kontrak, dokter)} Peserta untuk setiap dokter, {verdict} Peserta."
        )
    left_out = not_counted(kontrak, "dokter", "dokter")
    if sifat.pelayanan_gigi:
        left_out += not_counted(kontrak, "dokter_gigi", "dokter gigi")
    return " ".join([text, *left_out])

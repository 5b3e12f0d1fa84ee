"""Performance-based capitation (PKBK): score and payout.

Source: docs/sumber.md 5.3 (indicators, weights, bands), 13.4 (payout of other kinds), 11.1.
Everything is exact :class:`~decimal.Decimal`; binary floats would cross a band.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pks_kit.domain.angka import format_desimal, persen
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sifat_faskes import SIFAT, JenisFaskes
from pks_kit.errors import UsageError
from pks_kit.rules.law.parameters import ResolvedParameters

_Compare = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class _Indikator:
    """How one indicator is rated: the comparison that earns the first, second, third rank."""

    nama: str
    tampil: str
    satuan: str
    earns: tuple[_Compare, _Compare, _Compare]


_INDICATORS = (
    _Indikator("angka_kontak", "Angka Kontak", "permil", (operator.ge, operator.gt, operator.gt)),
    _Indikator(
        "rujukan_nonspesialistik",
        "Rasio Rujukan Non Spesialistik",
        "persen",
        (operator.le, operator.le, operator.le),
    ),
    _Indikator(
        "prolanis_terkendali",
        "Rasio Peserta Prolanis Terkendali",
        "persen",
        (operator.ge, operator.ge, operator.ge),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NilaiIndikator:
    """One rated indicator.

    Attributes:
        nama: Name among the parameters, for example ``angka_kontak``.
        tampil: Name for print.
        satuan: ``permil`` or ``persen``.
        capaian: Result of the facility.
        bobot: Weight in per cent.
        peringkat: Rank, the highest is best.
        nilai: Weight times rank.
    """

    nama: str
    tampil: str
    satuan: str
    capaian: Decimal
    bobot: Decimal
    peringkat: int
    nilai: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CapaianKinerja:
    """Score and payout of performance-based capitation.

    Attributes:
        indikator: The three rated indicators.
        nilai: Sum of their values, between the lowest and the highest rank.
        persen: Payout in per cent of the capitation.
        penjelasan: How it was computed, for print.
        parameter: Full name of the parameter that the payout is.
        dasar_hukum: Legal basis of the payout.
    """

    indikator: tuple[NilaiIndikator, ...]
    nilai: Decimal
    persen: int
    penjelasan: str
    parameter: str
    dasar_hukum: str


def performance_score(
    aturan: ResolvedParameters,
    *,
    angka_kontak: Decimal,
    rujukan_nonspesialistik: Decimal,
    prolanis_terkendali: Decimal,
) -> tuple[NilaiIndikator, ...]:
    """Rate the three indicators.

    Args:
        aturan: Parameters as of the month that is rated.
        angka_kontak: Contact rate in per mille.
        rujukan_nonspesialistik: Non-specialist referral ratio in per cent.
        prolanis_terkendali: Ratio of controlled Prolanis participants in per cent.
    """
    results = {
        "angka_kontak": angka_kontak,
        "rujukan_nonspesialistik": rujukan_nonspesialistik,
        "prolanis_terkendali": prolanis_terkendali,
    }
    return tuple(_rated(indicator, results[indicator.nama], aturan) for indicator in _INDICATORS)


def performance_payout(kontrak: Kontrak, aturan: ResolvedParameters) -> CapaianKinerja | None:
    """Return score and payout for the results in the contract data, or None without results.

    Raises:
        UsageError: ``rules.payout_unknown`` for a kind whose payout is not known.
        NotInForceError: ``rules.not_in_force``.
    """
    kinerja = kontrak.kinerja
    if kinerja is None:
        return None
    rated = performance_score(
        aturan,
        angka_kontak=kinerja.angka_kontak_permil,
        rujukan_nonspesialistik=kinerja.rasio_rujukan_nonspesialistik_persen,
        prolanis_terkendali=kinerja.rasio_prolanis_terkendali_persen,
    )
    return payout(kontrak.faskes.jenis, rated, aturan)


def payout(
    jenis: JenisFaskes, indikator: tuple[NilaiIndikator, ...], aturan: ResolvedParameters
) -> CapaianKinerja:
    """Return the payout of a kind of facility for rated indicators.

    Raises:
        UsageError: ``rules.payout_unknown`` for a kind whose payout is not known.
        NotInForceError: ``rules.not_in_force``.
    """
    group = SIFAT[jenis].kolom_pkbk
    if group is None:
        raise UsageError("rules.payout_unknown", kind=jenis)
    nilai = sum((one.nilai for one in indikator), Decimal())
    # A band reaches from its whole number to just below the next, so its name is the whole part.
    parameter = f"pkbk.{group}.persen_{int(nilai)}"
    share = aturan.whole(parameter)
    return CapaianKinerja(
        indikator=indikator,
        nilai=nilai,
        persen=share,
        penjelasan=_explanation(indikator, nilai, share),
        parameter=parameter,
        dasar_hukum=aturan.legal_basis(parameter),
    )


def _rated(indicator: _Indikator, capaian: Decimal, aturan: ResolvedParameters) -> NilaiIndikator:
    bobot = Decimal(aturan.value(f"pkbk.{indicator.nama}.bobot"))
    peringkat = _rank(indicator, capaian, aturan)
    return NilaiIndikator(
        nama=indicator.nama,
        tampil=indicator.tampil,
        satuan=indicator.satuan,
        capaian=capaian,
        bobot=bobot,
        peringkat=peringkat,
        nilai=_tidy(bobot.scaleb(-2) * peringkat),
    )


def _rank(indicator: _Indikator, capaian: Decimal, aturan: ResolvedParameters) -> int:
    for name, earns in zip(("tertinggi", "ketiga", "kedua"), indicator.earns, strict=True):
        rank = aturan.whole(f"pkbk.peringkat.{name}")
        if earns(capaian, aturan.value(f"pkbk.{indicator.nama}.batas_{rank}")):
            return rank
    return aturan.whole("pkbk.peringkat.terendah")


def _tidy(value: Decimal) -> Decimal:
    """Return the value with one decimal when that is exact, otherwise unchanged."""
    short = value.quantize(Decimal("0.1"))
    return short if short == value else value


def _explanation(indikator: tuple[NilaiIndikator, ...], nilai: Decimal, share: int) -> str:
    parts = [
        f"{one.tampil} {format_desimal(one.capaian)} {one.satuan} berperingkat {one.peringkat}, "
        f"dikali bobot {format_desimal(one.bobot)} persen sama dengan {format_desimal(one.nilai)}"
        for one in indikator
    ]
    return (
        f"{'; '.join(parts)}. Nilai capaian seluruhnya {format_desimal(nilai)}, sehingga Kapitasi "
        f"dibayar {persen(share)}."
    )

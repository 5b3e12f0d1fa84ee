"""Computed values that the agreement prints together with how they were computed.

Pure functions of contract data and dated parameters, one module per subject; this one gathers
them for the templates (``docs/templates.md``, "Values").
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.rekredensialing import latest_result
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.errors import NotInForceError
from pks_kit.rules.computed.deadlines import recredentialing_due, vendor_notice_due
from pks_kit.rules.computed.kapitasi import NormaKapitasi, capitation_norm
from pks_kit.rules.computed.layanan import anc_usg_eligibility, default_services
from pks_kit.rules.computed.nifas import postnatal_windows
from pks_kit.rules.computed.pkbk import performance_payout
from pks_kit.rules.computed.prolanis import CaraKegiatan, Kegiatan, is_payable, prolanis_budget
from pks_kit.rules.computed.rawat_inap import COMPANIONS, TarifRawatInap, inpatient_tariff
from pks_kit.rules.computed.tenaga import counted, is_valid_on
from pks_kit.rules.law.parameters import ResolvedParameters

__all__ = [
    "COMPANIONS",
    "NormaKapitasi",
    "TarifRawatInap",
    "capitation_norm",
    "computed_values",
    "counted",
    "inpatient_tariff",
    "is_valid_on",
]

_KEGIATAN: tuple[Kegiatan, ...] = ("edukasi", "aktivitas")
_CARA: tuple[CaraKegiatan, ...] = ("luring", "daring")


def computed_values(kontrak: Kontrak, aturan: ResolvedParameters) -> dict[str, Any]:
    """Return all computed values of a facility as plain dicts and lists for templates.

    Keys: ``kapitasi`` (kinds with a norm), ``rawat_inap`` (with inpatient care), ``pkbk`` (with
    results and a known payout), ``prolanis`` (one entry per club, ``anggaran`` empty when the
    number of participants is not payable), ``anc_usg``, ``layanan``, ``nifas``, ``tenggat`` (the
    deadlines whose day is known when the agreement is drafted), ``nilai_berlaku_kemudian`` (the day
    from which the printed figures hold, when it is after the start; otherwise None).

    Raises:
        UsageError: ``rules.norm_needs_doctor``, ``rules.norm_needs_dentist`` when the checks were
            not heeded.
        NotInForceError: ``rules.not_in_force``.
    """
    sifat = SIFAT[kontrak.faskes.jenis]
    values: dict[str, Any] = {"nilai_berlaku_kemudian": aturan.known_from(aturan.as_of)}
    if sifat.norma is not None:
        values["kapitasi"] = asdict(capitation_norm(kontrak, aturan))
    if kontrak.faskes.rawat_inap:
        values["rawat_inap"] = asdict(inpatient_tariff(kontrak, aturan))
    if sifat.kolom_pkbk is not None:
        achieved = performance_payout(kontrak, aturan)
        if achieved is not None:
            values["pkbk"] = asdict(achieved)
    values["prolanis"] = _clubs(kontrak, aturan)
    values["anc_usg"] = asdict(anc_usg_eligibility(kontrak, aturan))
    values["layanan"] = [asdict(row) for row in default_services(kontrak, aturan)]
    values["nifas"] = [asdict(window) for window in postnatal_windows(aturan)]
    values["tenggat"] = _deadlines(kontrak, aturan)
    result = latest_result(kontrak.rekredensialing, kontrak.pihak_kesatu.tanggal_tanda_tangan)
    values["rekredensialing"] = result.model_dump() if result else None
    plain: dict[str, Any] = _lists(values)
    return plain


def _deadlines(kontrak: Kontrak, aturan: ResolvedParameters) -> dict[str, Any]:
    term = kontrak.jangka_waktu
    known = {"rekredensialing": asdict(recredentialing_due(term.tanggal_selesai, aturan))}
    vendor = kontrak.cons_id.vendor if kontrak.cons_id else None
    if vendor is not None:
        with suppress(NotInForceError):  # agreements before 2024 have no such duty
            known["vendor"] = asdict(vendor_notice_due(vendor.tanggal_selesai, aturan))
    return known


def _clubs(kontrak: Kontrak, aturan: ResolvedParameters) -> list[dict[str, Any]]:
    return [
        {
            "nama": klub.nama,
            "peserta": klub.peserta_kegiatan,
            "anggaran": [
                asdict(prolanis_budget(kegiatan, cara, klub.peserta_kegiatan, aturan))
                for kegiatan in _KEGIATAN
                for cara in _CARA
                if is_payable(klub.peserta_kegiatan, aturan)
            ],
        }
        for klub in kontrak.klub_prolanis
    ]


def _lists(value: Any) -> Any:
    """Return the value with every tuple as a list, as templates expect."""
    if isinstance(value, dict):
        return {key: _lists(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_lists(inner) for inner in value]
    return value

"""Checks of the facility itself: inpatient care, PONED, its operational licence, ownership."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.rules.checks.documents import check_dates
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, blocking, info, warning

_REQUIREMENTS = "Permenkes 71/2013 beserta perubahannya, persyaratan FKTP"
_BED = "Sosialisasi PKS FKTP 2024, rawat inap tingkat pertama"
_LICENCE = "faskes.izin_operasional"


def check_care(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about inpatient care, beds, PONED and participants."""
    faskes, sifat = scope.kontrak.faskes, scope.sifat
    beds = faskes.jumlah_tempat_tidur
    if faskes.rawat_inap and (sifat.perorangan or sifat.penunjang):
        yield blocking("facility.inpatient_kind", "faskes.rawat_inap", _BED, kind=faskes.jenis)
    if faskes.rawat_inap and beds == 0:
        yield blocking("facility.no_beds", "faskes.jumlah_tempat_tidur", _BED)
    if not faskes.rawat_inap and beds > 0:
        yield warning("facility.beds_without_care", "faskes.jumlah_tempat_tidur", _BED, beds=beds)
    if not faskes.rawat_inap and sifat.rumah_sakit:
        yield warning("facility.hospital_without_care", "faskes.rawat_inap", _BED)
    if faskes.poned and not sifat.puskesmas:
        yield warning("facility.poned_kind", "faskes.poned", "Petunjuk teknis HFIS, berkas PONED")
    if faskes.jumlah_peserta_terdaftar == 0 and not sifat.penunjang:
        yield info(
            "facility.no_participants",
            "faskes.jumlah_peserta_terdaftar",
            "Permenkes 3/2023, norma kapitasi",
        )


def check_licence(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the operational licence and the accreditation certificate."""
    faskes = scope.kontrak.faskes
    izin = faskes.izin_operasional
    if izin is None:
        if not scope.sifat.perorangan:
            yield blocking("facility.no_licence", _LICENCE, _REQUIREMENTS)
    elif izin.tanggal > scope.start:
        yield blocking(
            "licence.facility_not_yet",
            f"{_LICENCE}.tanggal",
            _REQUIREMENTS,
            given=izin.tanggal,
            start=scope.start,
        )
    elif izin.berlaku_sampai is not None and izin.berlaku_sampai < scope.start:
        yield blocking(
            "licence.expired_facility",
            f"{_LICENCE}.berlaku_sampai",
            _REQUIREMENTS,
            end=izin.berlaku_sampai,
            start=scope.start,
        )
    else:
        yield from check_dates(scope, _LICENCE, izin.tanggal, izin.berlaku_sampai)
    if izin is not None and scope.sifat.perorangan:
        yield info("facility.licence_unused", _LICENCE, _REQUIREMENTS, kind=faskes.jenis)
    if faskes.akreditasi:
        yield from check_dates(scope, "faskes.akreditasi", None, faskes.akreditasi.berlaku_sampai)


def check_ownership(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about the owner, which decides what registration needs (docs/sumber.md 7)."""
    faskes = scope.kontrak.faskes
    kinds = {dokumen.jenis for dokumen in scope.kontrak.dokumen}
    registers = "permohonan_registrasi" in kinds and scope.sifat.klinik
    basis = "Petunjuk teknis Registrasi Klinik, Kementerian Kesehatan 2020"
    if registers and faskes.kepemilikan is None:
        yield info("facility.ownership_unknown", "faskes.kepemilikan", basis)
    if registers and faskes.kepemilikan == "pma" and "bukti_pma" not in kinds:
        yield blocking("document.pma_missing", "dokumen", basis)
    if "bukti_pma" in kinds and faskes.kepemilikan in ("pemerintah", "pmdn"):
        yield info(
            "document.pma_not_needed", "dokumen", basis, ownership=faskes.kepemilikan.upper()
        )

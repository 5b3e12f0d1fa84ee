"""Checks of health workers and users of applications (docs/sumber.md 6.4, 6.10, 6.11, 5.10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pks_kit.domain.sebutan import PROFESI_TAMPIL
from pks_kit.messages import Message
from pks_kit.rules.checks.scope import DATA, PKS, CheckScope
from pks_kit.rules.computed.values import COMPANIONS, counted
from pks_kit.rules.findings import Finding, blocking, info, warning

_HFIS = "Petunjuk teknis HFIS, tenaga medis"
_NORM = "Permenkes 3/2023 Pasal 6"
_PACT = f"{PKS}, Pakta Integritas User Login Aplikasi Pelayanan Primer"
_OWN_READING = "PKS fasilitas penunjang, susunan pks-kit"


def check_keys(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about keys and user names that stand twice."""
    staff = scope.kontrak.tenaga_kesehatan
    for index in repeated([tenaga.kunci for tenaga in staff]):
        path = f"tenaga_kesehatan[{index}].kunci"
        yield blocking("staff.duplicate_key", path, DATA, key=staff[index].kunci)
    users = scope.kontrak.pengguna_aplikasi
    for index in repeated([pengguna.nama_pengguna.casefold() for pengguna in users]):
        path = f"pengguna_aplikasi[{index}].nama_pengguna"
        yield blocking("user.duplicate_name", path, _PACT, name=users[index].nama_pengguna)
    for index in repeated([pengguna.nik for pengguna in users]):
        path = f"pengguna_aplikasi[{index}].nik"
        yield warning("user.duplicate_nik", path, _PACT, name=users[index].nama)


def repeated(values: Sequence[object]) -> Iterator[int]:
    """Yield the place of every value that stood before."""
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield index
        seen.add(value)


def check_staff(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about who is there: doctors that count, people for inpatient care."""
    kontrak, sifat = scope.kontrak, scope.sifat
    if not counted(kontrak, "dokter"):
        if sifat.perlu_dokter:
            yield blocking("staff.no_doctor", "tenaga_kesehatan", _NORM)
        if sifat.puskesmas:
            yield info("staff.puskesmas_without_doctor", "tenaga_kesehatan", _NORM)
    if sifat.perlu_dokter_gigi and not counted(kontrak, "dokter_gigi"):
        yield blocking("staff.no_dentist", "tenaga_kesehatan", _NORM)
    if sifat.kefarmasian and not counted(kontrak, "apoteker"):
        yield blocking("staff.no_pharmacist", "tenaga_kesehatan", _OWN_READING)
    if sifat.laboratorium and not counted(kontrak, "ahli_teknologi_laboratorium_medik"):
        yield warning("staff.no_laboratory_worker", "tenaga_kesehatan", _OWN_READING)
    if kontrak.faskes.rawat_inap:
        missing = [
            PROFESI_TAMPIL[profesi].lower()
            for profesi in COMPANIONS
            if not counted(kontrak, profesi)
        ]
        if missing:
            yield info(
                "staff.inpatient_component",
                "tenaga_kesehatan",
                "Permenkes 3/2023, tarif rawat inap",
                missing=", ".join(missing),
            )


def check_midwives(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about midwives: account and NPWP, and network midwives."""
    members = [anggota for anggota in scope.kontrak.jejaring if anggota.jenis == "bidan"]
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        path = f"tenaga_kesehatan[{index}]"
        if tenaga.profesi == "bidan":
            for field, words in _MIDWIFE_NEEDS.items():
                if getattr(tenaga, field) is None:
                    yield blocking(
                        "staff.midwife_needs",
                        f"{path}.{field}",
                        _HFIS,
                        name=tenaga.nama,
                        needed=words,
                    )
        elif tenaga.bidan_jejaring:
            yield blocking("staff.not_midwife", f"{path}.bidan_jejaring", _HFIS, name=tenaga.nama)
        if tenaga.bidan_jejaring and not members:
            yield warning(
                "staff.midwife_without_member",
                f"{path}.bidan_jejaring",
                "Petunjuk teknis HFIS, data bidan jejaring",
                name=tenaga.nama,
            )


_MIDWIFE_NEEDS = {
    "rekening": Message("rekening bank", "bank account"),
    "npwp": Message("NPWP", "NPWP"),
}


def check_usg(scope: CheckScope) -> Iterator[Finding]:
    """Yield warnings about doctors whose year of graduation decides on antenatal care with USG."""
    if not scope.kontrak.faskes.memiliki_usg:
        return
    active = {tenaga.kunci for tenaga in counted(scope.kontrak, "dokter")}
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        unknown = tenaga.tahun_lulus is None and not tenaga.sertifikat_usg
        if tenaga.kunci in active and unknown:
            yield warning(
                "staff.no_graduation_year",
                f"tenaga_kesehatan[{index}].tahun_lulus",
                "Petunjuk teknis HFIS, ANC dengan USG",
                name=tenaga.nama,
            )

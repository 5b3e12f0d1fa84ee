"""Checks of health workers and users of applications (docs/sumber.md 6.4, 6.10, 6.11, 5.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pks_kit.domain.kontrak import TenagaKesehatan
from pks_kit.domain.nama_orang import same_person
from pks_kit.domain.sebutan import POLI_TAMPIL, PROFESI_TAMPIL
from pks_kit.messages import Message
from pks_kit.rules.checks.scope import DATA, PKS, CheckScope
from pks_kit.rules.computed.values import COMPANIONS, counted
from pks_kit.rules.findings import Finding, blocking, info, warning

_HFIS = "Petunjuk teknis HFIS, tenaga medis"
_NORM = "Permenkes 3/2023 Pasal 6"
_PACT = f"{PKS}, Pakta Integritas User Login Aplikasi Pelayanan Primer"
_USG = "Petunjuk teknis HFIS, ANC dengan USG"
_NOT_COUNTED = f"{PKS}, Pasal biaya dan penagihan: dokter dengan SIP spesialis tidak dihitung"
_DECEASED = "Petunjuk teknis HFIS, peringatan tenaga medis yang meninggal"
_SPECIALIST = re.compile(r"\bSp\.? ?[A-Z][A-Za-z]{0,5}\b")
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


def check_specialists(scope: CheckScope) -> Iterator[Finding]:
    """Yield warnings about specialists entered or scheduled as general doctors or dentists."""
    general = {"dokter": "umum", "dokter_gigi": "gigi"}
    places = {(sesi.tenaga, sesi.poli) for sesi in scope.kontrak.jadwal.praktik}
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        poli = general.get(tenaga.profesi)
        if poli is None:
            continue
        path = f"tenaga_kesehatan[{index}]"
        title = _SPECIALIST.search(tenaga.nama)
        if title and not tenaga.spesialis:
            yield warning(
                "staff.specialist_title",
                f"{path}.spesialis",
                _NOT_COUNTED,
                name=tenaga.nama,
                title=title[0],
            )
        elif tenaga.spesialis and (tenaga.kunci, poli) in places:
            yield warning(
                "staff.specialist_general",
                f"{path}.spesialis",
                _NOT_COUNTED,
                name=tenaga.nama,
                poli=POLI_TAMPIL[poli],
            )


def check_deceased(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about people who have died and still stand in the data.

    It blocks when the agreement would let them see patients or sign.
    """
    scheduled = {sesi.tenaga for sesi in scope.kontrak.jadwal.praktik}
    signatory = scope.kontrak.pihak_kedua.nama_penandatangan
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        if not tenaga.meninggal:
            continue
        acts = tenaga.kunci in scheduled or same_person(tenaga.nama, signatory)
        make = blocking if acts else warning
        yield make(
            "staff.deceased", f"tenaga_kesehatan[{index}].meninggal", _DECEASED, name=tenaga.nama
        )


def check_usg(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about what decides on antenatal care with USG: year and training."""
    active = {tenaga.kunci for tenaga in counted(scope.kontrak, "dokter")}
    latest = scope.aturan.whole("tarif_kebidanan.anc.tahun_lulus_usg")
    for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan):
        path = f"tenaga_kesehatan[{index}]"
        yield from _training(tenaga, path)
        if not scope.kontrak.faskes.memiliki_usg or tenaga.kunci not in active:
            continue
        graduated = tenaga.tahun_lulus
        if graduated is None and not tenaga.sertifikat_usg:
            yield warning("staff.no_graduation_year", f"{path}.tahun_lulus", _USG, name=tenaga.nama)
        old = graduated is None or graduated < latest
        if old and tenaga.sertifikat_usg and tenaga.pelatihan_usg is None:
            yield warning("staff.usg_training", f"{path}.pelatihan_usg", _USG, name=tenaga.nama)


def _training(tenaga: TenagaKesehatan, path: str) -> Iterator[Finding]:
    training = tenaga.pelatihan_usg
    if training is None:
        return
    if training.tanggal_mulai > training.tanggal_selesai:
        yield blocking(
            "term.start_after_end",
            f"{path}.pelatihan_usg.tanggal_selesai",
            _USG,
            start=training.tanggal_mulai,
            end=training.tanggal_selesai,
        )
    if not tenaga.sertifikat_usg:
        yield warning("staff.usg_no_certificate", f"{path}.sertifikat_usg", _USG, name=tenaga.nama)

"""Names and values that the templates see (``docs/templates.md``, "Values")."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pks_kit.domain.kontrak import Kontrak, PihakKesatu, SesiPraktik, TenagaKesehatan
from pks_kit.domain.sebutan import (
    CARA_KONTRAK_TAMPIL,
    HARI_TAMPIL,
    JEJARING_TAMPIL,
    PEKAN_TAMPIL,
    POLI_TAMPIL,
    PROFESI_TAMPIL,
    STATUS_INTEGRASI_TAMPIL,
    nama_tampil,
    selaku_tampil,
    tanpa_awalan,
)
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.rules.computed.values import computed_values
from pks_kit.rules.law.parameters import ResolvedParameters

NAMA_PERJANJIAN = "PERJANJIAN KERJA SAMA"
_BEFORE_BRANCH = ("BPJS Kesehatan", "KC", "Kantor Cabang", "Cabang")
_BEFORE_COURT = ("PN", "Pengadilan Negeri")


def build_context(kontrak: Kontrak, aturan: ResolvedParameters) -> dict[str, Any]:
    """Return everything a template may use: plain dicts, lists, dates and ``aturan``.

    Args:
        kontrak: Contract data that passed the checks.
        aturan: Parameters as of the start of the term.

    Raises:
        UsageError: ``rules.norm_needs_doctor`` when the checks were not heeded.
        NotInForceError: A parameter has no value on that date.
    """
    values: dict[str, Any] = kontrak.model_dump(mode="python")
    jenis = kontrak.faskes.jenis
    sifat = SIFAT[jenis]
    values["faskes"]["jenis_tampil"] = sifat.sebutan
    values["faskes"]["pokok_tampil"] = sifat.pokok
    values["faskes"]["sifat"] = asdict(sifat)
    values["pihak_kedua"]["nama_tampil"] = nama_tampil(jenis, kontrak.pihak_kedua.nama_faskes)
    values["pihak_kedua"]["selaku_tampil"] = selaku_tampil(
        kontrak.pihak_kedua.jabatan_penandatangan,
        values["pihak_kedua"]["nama_tampil"],
        milik=sifat.bagian_faskes,
    )
    values["pihak_kesatu"] |= _first_party(kontrak.pihak_kesatu, regional=sifat.mitra_wilayah)
    values["cara_kontrak_tampil"] = CARA_KONTRAK_TAMPIL[kontrak.cara_kontrak]
    values["tenaga_kesehatan"] = [_staff(tenaga) for tenaga in kontrak.tenaga_kesehatan]
    values["jadwal"]["operasional"] = [
        row.model_dump() | {"hari_tampil": HARI_TAMPIL[row.hari]}
        for row in kontrak.jadwal.operasional
    ]
    values["jadwal"]["praktik"] = _sessions(kontrak)
    values["jejaring"] = [
        anggota.model_dump() | {"jenis_tampil": JEJARING_TAMPIL[anggota.jenis]}
        for anggota in kontrak.jejaring
    ]
    values["pengguna_aplikasi"] = [_listed(row.model_dump()) for row in kontrak.pengguna_aplikasi]
    values["integrasi"] = [
        row.model_dump() | {"status_tampil": STATUS_INTEGRASI_TAMPIL[row.status]}
        for row in kontrak.integrasi
    ]
    values["cons_id"] = _listed(values["cons_id"] or {})
    values["aturan"] = aturan
    values["hitung"] = computed_values(kontrak, aturan)
    nama_perjanjian = agreement_name(kontrak)
    values["nama_perjanjian"] = nama_perjanjian
    values["Perjanjian"] = running_word(nama_perjanjian)
    return values


def agreement_name(kontrak: Kontrak) -> str:
    """Return the name of the agreement in capitals; in Aceh the data says ``AKAD IJARAH``."""
    return " ".join((kontrak.nama_perjanjian or NAMA_PERJANJIAN).upper().split())


def running_word(nama_perjanjian: str) -> str:
    """Return the word of running text: ``Perjanjian``, or ``Akad Ijarah`` in Aceh."""
    if nama_perjanjian == NAMA_PERJANJIAN:
        return "Perjanjian"
    return nama_perjanjian.title()


def _first_party(pihak: PihakKesatu, *, regional: bool) -> dict[str, str]:
    """Return how PIHAK KESATU is called: a branch, or the regional deputy (docs/sumber.md 1.2).

    Agreements with clinics of TNI and POLRI are made with the *kedeputian wilayah*; without its
    name in the data the branch stands, and the checks speak.
    """
    pengadilan = tanpa_awalan(pihak.pengadilan, *_BEFORE_COURT)
    wilayah = (pihak.kedeputian_wilayah or "").removeprefix("Kedeputian Wilayah").strip()
    if regional and wilayah:
        unit = f"Kedeputian Wilayah {wilayah}"
        return {
            "nama_tampil": f"BPJS Kesehatan {unit}",
            "unit_tampil": unit,
            "kantor_tampil": f"BPJS Kesehatan {unit}",
            "jabatan_tampil": f"Deputi Direksi BPJS Kesehatan Wilayah {wilayah}",
            "jabatan_singkat": "Deputi Direksi Wilayah",
            "pengadilan": pengadilan,
        }
    cabang = tanpa_awalan(pihak.kantor_cabang, *_BEFORE_BRANCH)
    return {
        "nama_tampil": f"BPJS Kesehatan Cabang {cabang}",
        "unit_tampil": f"Cabang {cabang}",
        "kantor_tampil": f"BPJS Kesehatan Kantor Cabang {cabang}",
        "jabatan_tampil": f"Kepala BPJS Kesehatan Cabang {cabang}",
        "jabatan_singkat": "Kepala Cabang",
        "pengadilan": pengadilan,
    }


def _staff(tenaga: TenagaKesehatan) -> dict[str, Any]:
    return tenaga.model_dump() | {"profesi_tampil": PROFESI_TAMPIL[tenaga.profesi]}


def _sessions(kontrak: Kontrak) -> list[dict[str, Any]]:
    staff = {tenaga.kunci: tenaga for tenaga in kontrak.tenaga_kesehatan}
    return [_session(sesi, staff[sesi.tenaga]) for sesi in kontrak.jadwal.praktik]


def _session(sesi: SesiPraktik, tenaga: TenagaKesehatan) -> dict[str, Any]:
    return sesi.model_dump() | {
        "nama": tenaga.nama,
        "profesi_tampil": PROFESI_TAMPIL[tenaga.profesi],
        "poli_tampil": POLI_TAMPIL[sesi.poli],
        "hari_tampil": HARI_TAMPIL[sesi.hari],
        "pekan_tampil": PEKAN_TAMPIL[sesi.pekan],
        "sip_nomor": tenaga.sip.nomor,
        "sip_berlaku_sampai": tenaga.sip.berlaku_sampai,
    }


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}

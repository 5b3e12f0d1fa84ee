"""Names and values that the templates see (``docs/templates.md``, "Values")."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pks_kit.domain.kontrak import Kontrak, PihakKesatu, SesiPraktik, TenagaKesehatan
from pks_kit.domain.nama_orang import same_person
from pks_kit.domain.pemilik import SIFAT_PEMILIK, Pemilik, is_personal, nama_pemilik
from pks_kit.domain.sebutan import (
    CARA_KONTRAK_TAMPIL,
    HARI_TAMPIL,
    JEJARING_TAMPIL,
    PEKAN_TAMPIL,
    POLI_TAMPIL,
    PROFESI_TAMPIL,
    STATUS_INTEGRASI_TAMPIL,
    nama_faskes,
    selaku_tampil,
    tanpa_awalan,
)
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.rules.computed.values import computed_values
from pks_kit.rules.law.parameters import ResolvedParameters

NAMA_PERJANJIAN = "PERJANJIAN KERJA SAMA"
_BEFORE_BRANCH = ("BPJS Kesehatan", "KC", "Kantor Cabang", "Cabang")
_BEFORE_COURT = ("PN", "Pengadilan Negeri", "Mahkamah Syar'iyah", "Mahkamah Syariyah")
_BEFORE_PLACE = ("Kota Administrasi", "Kota", "Kabupaten Administrasi", "Kabupaten", "Kab")


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
    values["faskes"]["tempat_tampil"] = tanpa_awalan(kontrak.faskes.kabupaten_kota, *_BEFORE_PLACE)
    values["pihak_kedua"]["nama_tampil"] = nama_faskes(kontrak)
    values["pihak_kedua"]["selaku_tampil"] = selaku_tampil(
        kontrak.pihak_kedua.jabatan_penandatangan,
        values["pihak_kedua"]["nama_tampil"],
        milik=sifat.bagian_faskes,
    )
    values["pihak_kedua"]["kuasa"] = values["pihak_kedua"].get("kuasa")
    values["pihak_kedua"]["pribadi"] = is_personal(sifat, kontrak.pemilik)
    values["pihak_kedua"]["bagi_diri_sendiri"] = _signs_alone(kontrak)
    values["pemilik"] = _owner(kontrak.pemilik)
    values["pihak_kedua"]["terikat"] = _bound(kontrak, values["pihak_kedua"]["nama_tampil"])
    values["pihak_kesatu"] |= _first_party(kontrak.pihak_kesatu, regional=sifat.mitra_wilayah)
    values["cara_kontrak_tampil"] = CARA_KONTRAK_TAMPIL[kontrak.cara_kontrak]
    values["tenaga_kesehatan"] = [_staff(tenaga) for tenaga in kontrak.tenaga_kesehatan]
    values["jadwal"]["operasional"] = [
        row.model_dump() | {"hari_tampil": HARI_TAMPIL[row.hari]}
        for row in kontrak.jadwal.operasional
    ]
    values["jadwal"]["praktik"] = _sessions(kontrak)
    values["jejaring"] = [
        anggota.model_dump()
        | {"jenis_tampil": JEJARING_TAMPIL[anggota.jenis]}
        | _same_hand(kontrak, anggota.pimpinan)
        for anggota in kontrak.jejaring
    ]
    values["pengguna_aplikasi"] = [
        _listed(row.model_dump()) | _same_hand(kontrak, row.nama)
        for row in kontrak.pengguna_aplikasi
    ]
    values["integrasi"] = [
        row.model_dump() | {"status_tampil": STATUS_INTEGRASI_TAMPIL[row.status]}
        for row in kontrak.integrasi
    ]
    values["cons_id"] = _listed(values["cons_id"] or {})
    if kontrak.cons_id is not None:
        values["cons_id"] |= _same_hand(kontrak, kontrak.cons_id.pejabat_struktural.nama)
    values["aturan"] = aturan
    values["hitung"] = computed_values(kontrak, aturan)
    nama_perjanjian = agreement_name(kontrak)
    values["nama_perjanjian"] = nama_perjanjian
    values["Perjanjian"] = running_word(nama_perjanjian)
    in_aceh = str(aturan.value("pemeriksaan.nama_perjanjian_aceh"))
    values["akad_ijarah"] = nama_perjanjian.casefold() == in_aceh.casefold()
    return values


def agreement_name(kontrak: Kontrak) -> str:
    """Return the name of the agreement in capitals; in Aceh the data says ``AKAD IJARAH``."""
    return " ".join((kontrak.nama_perjanjian or NAMA_PERJANJIAN).upper().split())


def running_word(nama_perjanjian: str) -> str:
    """Return the word of running text: ``Perjanjian``, or ``Akad Ijarah`` in Aceh."""
    if nama_perjanjian == NAMA_PERJANJIAN:
        return "Perjanjian"
    return nama_perjanjian.title()


def _same_hand(kontrak: Kontrak, name: str) -> dict[str, bool]:
    """Tell whether somebody is the signatory of PIHAK KEDUA, who need not acknowledge himself."""
    return {"penanda_tangan_kedua": same_person(kontrak.pihak_kedua.nama_penandatangan, name)}


def _first_party(pihak: PihakKesatu, *, regional: bool) -> dict[str, str]:
    """Return how PIHAK KESATU is called: a branch, or the regional deputy (docs/sumber.md 1.2).

    Agreements with clinics of TNI and POLRI are made with the *kedeputian wilayah*; without its
    name in the data the branch stands, and the checks speak. The office has one name in the whole
    text, ``nama_tampil``; ``kantor_tampil`` is what templates of earlier issues print.
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


def _signs_alone(kontrak: Kontrak) -> bool:
    """Return whether who signs is the natural person who is bound."""
    kedua, pemilik = kontrak.pihak_kedua, kontrak.pemilik
    if SIFAT[kontrak.faskes.jenis].perorangan:
        return True
    if pemilik is None or not SIFAT_PEMILIK[pemilik.jenis].pribadi or kedua.kuasa is not None:
        return False
    return same_person(pemilik.nama, kedua.nama_penandatangan)


def _bound(kontrak: Kontrak, facility: str) -> str:
    """Return PIHAK KEDUA in running text: the owner who runs the facility, or the doctor."""
    if SIFAT[kontrak.faskes.jenis].perorangan:
        return kontrak.pihak_kedua.nama_penandatangan
    running = f"pemilik dan penyelenggara {facility}"
    return f"{nama_pemilik(kontrak.pemilik)}, {running}" if kontrak.pemilik else running


def _owner(pemilik: Pemilik | None) -> dict[str, Any] | None:
    if pemilik is None:
        return None
    return pemilik.model_dump() | {
        "nama_tampil": nama_pemilik(pemilik),
        "sifat": asdict(SIFAT_PEMILIK[pemilik.jenis]),
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

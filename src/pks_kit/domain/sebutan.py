"""How kinds, professions, units, days and network members are called in print."""

from __future__ import annotations

import re
from typing import get_args

from pks_kit.domain.kontrak import Hari, Kontrak
from pks_kit.domain.sifat_faskes import SIFAT, JenisFaskes, SifatFaskes

_RUMAH_SAKIT = frozenset({"rs", "rsu", "rsud"})
_BADAN = re.compile(r"\b(?:pt|cv|yayasan|koperasi|perkumpulan)\b", re.IGNORECASE)
_DINAS = re.compile(r"\bdinas\b", re.IGNORECASE)
PROFESI_TAMPIL = {
    "dokter": "Dokter",
    "dokter_gigi": "Dokter Gigi",
    "bidan": "Bidan",
    "perawat": "Perawat",
    "apoteker": "Apoteker",
    "tenaga_teknis_kefarmasian": "Tenaga Teknis Kefarmasian",
    "ahli_teknologi_laboratorium_medik": "Ahli Teknologi Laboratorium Medik",
    "refraksionis_optisien": "Refraksionis Optisien",
    "optometris": "Optometris",
    "tenaga_gizi": "Tenaga Gizi",
}
POLI_TAMPIL = {
    "umum": "Poli Umum",
    "gigi": "Poli Gigi",
    "kia": "KIA",
    "kb": "KB",
    "persalinan": "Persalinan",
    "refraksi": "Poli Refraksi",
    "ugd": "Unit Gawat Darurat",
    "rawat_inap": "Rawat Inap",
}
HARI_TAMPIL = {hari: hari.capitalize() for hari in get_args(Hari)}
PEKAN_TAMPIL = {"setiap": "Setiap pekan", "ganjil": "Pekan ganjil", "genap": "Pekan genap"}
JEJARING_TAMPIL = {
    "bidan": "Praktik Mandiri Bidan",
    "laboratorium": "Laboratorium",
    "apotek": "Apotek",
    "dokter_gigi": "Praktik Mandiri Dokter Gigi",
    "optik": "Optik",
    "lainnya": "Jejaring lainnya",
}
STATUS_INTEGRASI_TAMPIL = {
    "sudah": "Sudah terintegrasi",
    "proses": "Dalam proses",
    "belum": "Belum terintegrasi",
}
CARA_KONTRAK_TAMPIL = {
    "elektronik": "Kontrak elektronik",
    "digital": "Kontrak digital",
    "manual": "Kontrak manual",
}


def nama_tampil(jenis_faskes: JenisFaskes, nama: str) -> str:
    """Return the facility name with its kind in front, never doubled (docs/sumber.md 13.1 no. 6).

    * A name that already holds all words of the kind, in that order, or a known short form
      (``RSDP``, ``PKM``), stays as it is, whatever its capitals.
    * A name that opens with the first words of the kind, or with words that the kind says again, is
      completed: ``Klinik Sehat`` becomes ``Klinik Pratama Sehat``, ``Praktik drg. Ani`` becomes
      ``Tempat Praktik Mandiri Dokter Gigi drg. Ani``, ``RSUD Sehat`` becomes ``RSUD Kelas D
      Pratama Sehat``.
    * Otherwise the kind is put in front; in capitals when the name is in capitals.

    Args:
        jenis_faskes: Kind of the facility.
        nama: Facility name as the data says.
    """
    words = nama.split()
    lowered = [word.casefold().strip(".,()") for word in words]
    sifat = SIFAT[jenis_faskes]
    kind = sifat.sebutan.casefold().split()
    padded = f" {' '.join(lowered)} "
    known = any(f" {short} " in padded for short in sifat.nama_lain)
    if known or _holds_in_order(lowered, kind):
        return nama
    front = (sifat.sebutan.upper() if nama.isupper() else sifat.sebutan).split()
    if sifat.rumah_sakit and lowered[0] in _RUMAH_SAKIT:
        return " ".join([words[0], *front[2:], *words[1:]])
    return " ".join([*front, *words[_said_again(sifat, lowered, kind) :]])


def nama_faskes(kontrak: Kontrak) -> str:
    """Return the facility's name as its agreement prints it: the one name that people are shown.

    Args:
        kontrak: The contract data; what was typed there may lack the kind.
    """
    return nama_tampil(kontrak.faskes.jenis, kontrak.pihak_kedua.nama_faskes)


def nama_faskes_isian(jenis: object, nama: str) -> str:
    """Return the same name where data are still being filled in, or a plan tells no kind.

    Args:
        jenis: Kind of the facility; whatever is none leaves the name as it is.
        nama: Name as the data says; may be empty.
    """
    for one in SIFAT:
        if one == jenis and nama.strip():
            return nama_tampil(one, nama)
    return nama


def _said_again(sifat: SifatFaskes, words: list[str], kind: list[str]) -> int:
    """Return how many words in front of a name say what the kind says; never all of them."""
    last = len(words) - 1
    shared = 0
    while shared < min(len(kind), last) and words[shared] == kind[shared]:
        shared += 1
    skipped = 0
    while skipped < last and words[skipped] in sifat.awalan:
        skipped += 1
    return max(shared, skipped)


def _holds_in_order(words: list[str], wanted: list[str]) -> bool:
    remaining = iter(words)
    return all(word in remaining for word in wanted)


def tanpa_awalan(nama: str, *awalan: str) -> str:
    """Return a name without the words that print in front of it anyway (docs/sumber.md 13.1 no. 6).

    ``Pengadilan Negeri Cibinong`` and ``PN Cibinong`` become ``Cibinong``; a name that consists of
    nothing else stays.

    Args:
        nama: Name as the data says.
        awalan: Words that may stand in front, in their order.
    """
    rest = nama.split()
    for words in awalan:
        front = words.casefold().split()
        if [word.casefold().strip(".") for word in rest[: len(front)]] == front:
            rest = rest[len(front) :]
    return " ".join(rest) or nama


def selaku_tampil(jabatan: str, nama_faskes: str, *, milik: bool = False) -> str:
    """Return the position of who signs with the facility: ``Kepala Puskesmas pada Puskesmas X``.

    An owner's director *runs* the facility and a head of Dinas *oversees* it; both are no
    position inside it. A position that names the facility already stays as it is.

    Args:
        jabatan: Position as the data says.
        nama_faskes: Facility name as printed.
        milik: It is part of a facility whose head signs, like a pharmacy room.
    """
    if nama_faskes.casefold() in jabatan.casefold():
        return jabatan
    if _BADAN.search(jabatan):
        return f"{jabatan} yang menyelenggarakan {nama_faskes}"
    oversees = milik or _DINAS.search(jabatan)
    return f"{jabatan} {'yang membawahi' if oversees else 'pada'} {nama_faskes}"

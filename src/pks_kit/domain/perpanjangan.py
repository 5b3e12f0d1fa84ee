"""From one year's agreement to the next: what ends when, what carries over, what is reset.

Sources: docs/sumber.md 1.5 (warnings within 3 months, inclusive: 11.8), 13.2 end (identity,
bank, PIC, leader and court city carry over; numbers and dates are reset, data of the previous
agreement are filled from the old one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pks_kit.domain.kontrak import JangkaWaktu, Kontrak, PerjanjianSebelumnya
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.domain.tanggal import (
    NAMA_BULAN,
    days_after,
    format_tanggal,
    months_after,
    months_before,
)
from pks_kit.errors import UsageError

JenisTenggat = Literal[
    "perjanjian", "sip", "izin_operasional", "akreditasi", "dokumen", "izin_jejaring", "vendor_sim"
]
_WINDOW = re.compile(r"([0-9]{1,3})([md])")
_SINGKATAN = frozenset({"sip", "npwp", "pks", "sk", "inm", "blud", "pma"})
_LONGEST = {"m": 60, "d": 999}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenggat:
    """Something that ends on a day.

    Attributes:
        jenis: What it is.
        path: Place of the day in the contract data.
        nama: Whose it is: a person, a facility, a kind of document.
        nomor: Number of the licence or agreement; may be empty.
        berakhir: Last day on which it is in force.
    """

    jenis: JenisTenggat
    path: str
    nama: str
    nomor: str
    berakhir: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Jendela:
    """How long before its end something is listed; the first day of the window counts.

    Attributes:
        amount: Months or days.
        unit: ``m`` for months, ``d`` for days.
    """

    amount: int
    unit: Literal["m", "d"]

    def first_day(self, ends: date) -> date:
        """Return the first day on which an end lies within the window.

        Three months before 31 December is 30 September, and that day counts.
        """
        if self.unit == "m":
            return months_before(ends, self.amount)
        return days_after(ends, -self.amount)

    def holds(self, ends: date, as_of: date) -> bool:
        """Return whether something has ended on a day, or ends within the window after it."""
        return as_of >= self.first_day(ends)


def parse_window(text: str) -> Jendela:
    """Read ``3m`` or ``90d``.

    Raises:
        UsageError: ``renewals.bad_window``.
    """
    found = _WINDOW.fullmatch(text.strip().casefold())
    if found is None or int(found[1]) > _LONGEST[found[2]]:
        raise UsageError("renewals.bad_window", window=text[:20])
    return Jendela(amount=int(found[1]), unit="d" if found[2] == "d" else "m")


def deadlines(kontrak: Kontrak) -> tuple[Tenggat, ...]:
    """Return everything in the data that ends on a day, the earliest first."""
    return tuple(sorted(_deadlines(kontrak), key=lambda one: (one.berakhir, one.path)))


def _deadlines(kontrak: Kontrak) -> Iterator[Tenggat]:
    yield Tenggat(
        jenis="perjanjian",
        path="jangka_waktu.tanggal_selesai",
        nama=nama_faskes(kontrak),
        nomor=kontrak.pihak_kesatu.nomor_pks,
        berakhir=kontrak.jangka_waktu.tanggal_selesai,
    )
    for index, tenaga in enumerate(kontrak.tenaga_kesehatan):
        yield Tenggat(
            jenis="sip",
            path=f"tenaga_kesehatan[{index}].sip.berlaku_sampai",
            nama=tenaga.nama,
            nomor=tenaga.sip.nomor,
            berakhir=tenaga.sip.berlaku_sampai,
        )
    for jenis, path, nama, nomor, ends in _documents(kontrak):
        if ends is not None:
            yield Tenggat(jenis=jenis, path=path, nama=nama, nomor=nomor or "", berakhir=ends)


def _documents(
    kontrak: Kontrak,
) -> Iterator[tuple[JenisTenggat, str, str, str | None, date | None]]:
    nama = nama_faskes(kontrak)
    izin, akreditasi = kontrak.faskes.izin_operasional, kontrak.faskes.akreditasi
    vendor = kontrak.cons_id.vendor if kontrak.cons_id else None
    if izin:
        path = "faskes.izin_operasional.berlaku_sampai"
        yield "izin_operasional", path, nama, izin.nomor, izin.berlaku_sampai
    if akreditasi:
        path = "faskes.akreditasi.berlaku_sampai"
        yield "akreditasi", path, nama, akreditasi.nomor, akreditasi.berlaku_sampai
    for index, one in enumerate(kontrak.dokumen):
        path = f"dokumen[{index}].berlaku_sampai"
        yield "dokumen", path, _document_name(one.jenis), one.nomor, one.berlaku_sampai
    for index, anggota in enumerate(kontrak.jejaring):
        path = f"jejaring[{index}].izin.berlaku_sampai"
        yield "izin_jejaring", path, anggota.nama, anggota.izin.nomor, anggota.izin.berlaku_sampai
    if vendor:
        path = "cons_id.vendor.tanggal_selesai"
        yield "vendor_sim", path, vendor.nama, vendor.nomor_kontrak, vendor.tanggal_selesai


def _document_name(jenis: str) -> str:
    words = jenis.split("_")
    return " ".join(word.upper() if word in _SINGKATAN else word for word in words)


def next_term(kontrak: Kontrak) -> JangkaWaktu:
    """Return the year that follows the agreement without a gap: the term to expect."""
    start = days_after(kontrak.jangka_waktu.tanggal_selesai, 1)
    leap_day = start.month == 2 and start.day == 29
    anniversary = months_after(days_after(start, 1) if leap_day else start, len(NAMA_BULAN))
    return JangkaWaktu(tanggal_mulai=start, tanggal_selesai=days_after(anniversary, -1))


def renewed(kontrak: Kontrak, term: JangkaWaktu, versi: str | None = None) -> Kontrak:
    """Return the data of the next agreement; numbers and signing date are still the old ones.

    Args:
        kontrak: Data of the agreement that ends.
        term: Term of the next one.
        versi: Template version of the next one; None keeps the old.
    """
    earlier = PerjanjianSebelumnya(
        nomor_pks_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_pks_kedua=kontrak.pihak_kedua.nomor_pks,
        tanggal_mulai=kontrak.jangka_waktu.tanggal_mulai,
        tanggal_selesai=kontrak.jangka_waktu.tanggal_selesai,
    )
    update = {
        "versi_templat": versi or kontrak.versi_templat,
        "jangka_waktu": term,
        "perjanjian_sebelumnya": earlier,
    }
    return kontrak.model_copy(update=update)


DIISI_KEMBALI = {
    "pihak_kesatu.nomor_pks": "nomor PKS dari BPJS Kesehatan untuk masa baru",
    "pihak_kesatu.tanggal_tanda_tangan": "tanggal tanda tangan, ditulis tahun-bulan-hari",
    "pihak_kedua.nomor_pks": "nomor PKS dari fasilitas kesehatan untuk masa baru",
}
"""Places that a person fills anew, and what belongs there."""

_TAHAP = ("status", "cara_kontrak", "berkas")
"""Where the agreement of a row of rekredensialing stands: of the agreement that ends."""


def without_results(kontrak: Kontrak) -> tuple[Kontrak, tuple[str, ...]]:
    """Leave out what belongs to the period that ends.

    Results of capitation, and where the paper of each year of rekredensialing stood; its scores
    and days are history and stay.

    Returns:
        The data, and the places that were left out.
    """
    removed = ["kinerja"] if kontrak.kinerja is not None else []
    rows = []
    for index, row in enumerate(kontrak.rekredensialing):
        gone = [name for name in _TAHAP if getattr(row, name) is not None]
        removed += [f"rekredensialing[{index}].{name}" for name in gone]
        rows.append(row.model_copy(update=dict.fromkeys(gone)))
    update: dict[str, object] = {"kinerja": None}
    if rows:
        update["rekredensialing"] = tuple(rows)
    return kontrak.model_copy(update=update), tuple(removed)


def remarks(kontrak: Kontrak) -> dict[str, str]:
    """Return remarks about values that carry over but must be looked at, by place.

    Args:
        kontrak: Data of the next agreement.
    """
    start, end = kontrak.jangka_waktu.tanggal_mulai, kontrak.jangka_waktu.tanggal_selesai
    found: dict[str, str] = {}
    for one in deadlines(kontrak):
        if one.jenis == "perjanjian" or one.berakhir >= end:
            continue
        when = "sebelum masa baru dimulai" if one.berakhir < start else "dalam masa baru"
        found[one.path] = f"PERIKSA: berakhir {when}"
    for index, anggota in enumerate(kontrak.jejaring):
        if anggota.nomor_pks_jejaring:
            place = f"jejaring[{index}].nomor_pks_jejaring"
            found[place] = "PERIKSA: masih berlaku pada masa baru?"
    for place in ("pihak_kedua.kuasa.nomor", "pemilik.koordinasi_dinas.nomor"):
        group, name, field = place.split(".")
        paper = getattr(getattr(kontrak, group), name, None)
        if paper is not None and getattr(paper, field):
            found[place] = "PERIKSA: berlaku juga bagi perjanjian baru?"
    for index, row in enumerate(kontrak.integrasi):
        if row.status != "sudah" and row.target < start:
            found[f"integrasi[{index}].target"] = (
                f"PERIKSA: target {format_tanggal(row.target)} sudah lewat, status {row.status}"
            )
    return found

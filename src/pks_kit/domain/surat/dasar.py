"""What every letter needs: number, day, who it goes to, and the agreement it is about."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pks_kit.domain.isian import BerkasData, Bulat, Tanggal
from pks_kit.domain.masukan import Line, Masukan

SifatSurat = Literal["biasa", "penting", "segera", "rahasia"]

Uraian = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
"""A sentence or short paragraph."""
DaftarUraian = Annotated[tuple[Uraian, ...], Field(min_length=1, max_length=30)]
Rupiah = Annotated[Bulat, Field(ge=0, le=10_000_000_000_000)]
"""An amount in whole rupiah."""


class BerkasPerjanjian(Masukan):
    """Where the contract data of the agreement lies."""

    berkas: BerkasData = Field(
        description="Nama berkas data kontrak, dalam folder yang sama atau folder di atasnya"
    )


class Penandatangan(Masukan):
    """Who signs when it is not the signatory of the agreement."""

    nama: Line
    jabatan: Line


class SuratDirujuk(Masukan):
    """An earlier letter or report that this one refers to."""

    nomor: Line
    tanggal: Tanggal


class DataSurat(Masukan):
    """What every letter says."""

    perjanjian: BerkasPerjanjian
    nomor: Line = Field(description="Nomor surat menurut agenda pengirim")
    tanggal: Tanggal
    kota: Line | None = Field(
        default=None, description="Tidak diisi bila sama dengan kota tanda tangan perjanjian"
    )
    sifat: SifatSurat = "biasa"
    lampiran: tuple[Line, ...] = Field(
        default=(), max_length=20, description="Nama berkas yang menyertai surat"
    )
    penanda_tangan: Penandatangan | None = Field(
        default=None, description="Hanya bila bukan penanda tangan perjanjian"
    )
    tembusan: tuple[Line, ...] = Field(default=(), max_length=10)
    hari_libur: tuple[Tanggal, ...] = Field(
        default=(),
        max_length=60,
        description="Hari libur nasional dan cuti bersama; tidak dihitung sebagai Hari Kerja",
    )

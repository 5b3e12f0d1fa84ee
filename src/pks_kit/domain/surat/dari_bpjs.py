"""Letters that BPJS Kesehatan (PIHAK KESATU) writes, and papers that both sign."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pks_kit.domain.isian import Bulat, Tanggal, YaTidak
from pks_kit.domain.kontrak import Rekening
from pks_kit.domain.masukan import Line, LongLine, Masukan
from pks_kit.domain.surat.dasar import (
    DaftarUraian,
    DataSurat,
    Rupiah,
    SuratDirujuk,
    Uraian,
)

AlasanTeguran = Literal[
    "tidak_melayani",
    "tidak_menyediakan",
    "memungut_biaya",
    "lalai_kewajiban",
    "penyalahgunaan",
]
"""Grounds of a reprimand; labels of the clause Sanksi with underscores."""
SumberIndikasi = Literal[
    "verifikasi_pascaklaim",
    "telaah_utilisasi",
    "pelaporan_pelanggaran",
    "laporan_audit",
    "permintaan_investigasi",
]
"""From where an indication of misuse is known (docs/sumber.md 3.2, P9)."""
Bulan = Annotated[str, StringConstraints(pattern=r"^(20|21)[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A month, written ``2027-03``."""
TahapKredensialing = Literal[
    "penapisan_awal",
    "penilaian_mandiri",
    "penyerahan_berkas",
    "kredensialing_lapangan",
    "pengelolaan_dokumen",
]
"""Stages of the credentialing of a new facility, in their order (docs/sumber.md 9)."""


class Teguran(DataSurat):
    """A written reprimand."""

    ke: Bulat = Field(ge=1, le=9)
    alasan: tuple[AlasanTeguran, ...] = Field(min_length=1, max_length=5)
    uraian: DaftarUraian
    perbaikan: DaftarUraian
    teguran_sebelumnya: tuple[SuratDirujuk, ...] = Field(
        default=(), max_length=8, description="Yang tertua lebih dahulu"
    )
    dinas_kesehatan: Line = Field(description="Dinas Kesehatan setempat, penerima tembusan")
    asosiasi: Line = Field(description="Asosiasi FKTP setempat, penerima tembusan")


class Kerugian(Masukan):
    """One part of the loss."""

    uraian: Uraian
    jumlah: Rupiah


class Angsuran(Masukan):
    """One payment of the recovery."""

    tanggal: Tanggal
    jumlah: Rupiah


class TidakMampu(Masukan):
    """PIHAK KESATU's approval of a declared inability to pay in time."""

    surat: SuratDirujuk
    disetujui: Tanggal


class BeritaAcaraPemulihan(DataSurat):
    """Minutes of loss recovery, signed by both parties."""

    dasar: Line = Field(description="Misalnya «laporan hasil audit internal»")
    dokumen_dasar: SuratDirujuk
    kerugian: tuple[Kerugian, ...] = Field(min_length=1, max_length=60)
    cara: Literal["perjumpaan", "setor"]
    rekening_tujuan: Rekening | None = Field(
        default=None, description="Rekening PIHAK KESATU, wajib untuk cara setor"
    )
    angsuran: tuple[Angsuran, ...] = Field(min_length=1, max_length=24)
    tidak_mampu: TidakMampu | None = None


class BarisVerifikasi(Masukan):
    """What was paid for one service, and what the verification found."""

    layanan: Line
    dibayar: Rupiah
    hasil: Rupiah
    catatan: LongLine | None = None


class HasilVerifikasi(DataSurat):
    """Result of the verification after payment."""

    bulan_pembebanan: Bulan
    baris: tuple[BarisVerifikasi, ...] = Field(min_length=1, max_length=60)
    rekomendasi: DaftarUraian


class PengingatPengembalian(DataSurat):
    """Asks for an agreement that has not come back, or not complete."""

    belum_kembali: YaTidak = Field(
        description="Ya bila belum ada yang kembali; tidak bila sudah, tetapi belum lengkap"
    )
    kekurangan: DaftarUraian
    batas_semula: Tanggal | None = Field(
        default=None, description="Batas waktu pada surat pengantar"
    )
    batas_waktu: Tanggal | None = Field(
        default=None, description="Tidak diisi: yang disebut pada surat pengantar"
    )


class Temuan(Masukan):
    """One finding of an audit."""

    uraian: Uraian
    jumlah: Rupiah


class HasilAudit(DataSurat):
    """Result of an Audit Administrasi Klaim."""

    indikasi_dari: tuple[SumberIndikasi, ...] = Field(min_length=1, max_length=5)
    laporan: SuratDirujuk
    periode_mulai: Tanggal
    periode_selesai: Tanggal
    temuan: tuple[Temuan, ...] = Field(default=(), max_length=60)
    indikasi_kecurangan: YaTidak
    rekomendasi: DaftarUraian


class Tahap(Masukan):
    """One stage: when it was done, and its result."""

    tahap: TahapKredensialing
    tanggal: Tanggal | None = None
    hasil: LongLine | None = None


class Sarana(Masukan):
    """What the credentialing looks for on the spot (docs/sumber.md 9)."""

    ruang_periksa: YaTidak
    peralatan_pokok: YaTidak
    listrik: YaTidak
    air: YaTidak
    komitmen_pelayanan: YaTidak


class DaftarPeriksa(DataSurat):
    """Check list of the credentialing of a new facility."""

    tanggal_pengajuan: Tanggal
    tahap: tuple[Tahap, ...] = Field(default=(), max_length=5)
    sarana: Sarana
    pemeriksa: Line

"""Letters that the facility (PIHAK KEDUA) writes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pks_kit.domain.isian import Bulat, Tanggal, YaTidak
from pks_kit.domain.masukan import Line, LongLine, Masukan
from pks_kit.domain.surat.dasar import DataSurat, SuratDirujuk, Uraian


class TigaPokok(Masukan):
    """The three points of the consent to a contract method (docs/sumber.md 2.2)."""

    bpjs_lebih_dahulu: YaTidak = Field(description="BPJS Kesehatan menandatangani lebih dahulu")
    tanda_tangan_dan_meterai: YaTidak = Field(
        description="Tanda tangan dan meterai menurut cara kontrak"
    )
    sarana_siap: YaTidak = Field(description="Sarana dan prasarana sudah siap")


class PersetujuanCaraKontrak(DataSurat):
    """Consent of the facility to the contract method."""

    setuju: TigaPokok


class CatatanPks(DataSurat):
    """The note that goes to BPJS with a filled draft («Kirim Catatan PKS»)."""

    catatan: Uraian
    data_sudah_diperiksa: YaTidak = Field(
        description="Data draf sudah diperiksa sebelum dikirim; setelahnya BPJS memprosesnya"
    )


class PerubahanData(DataSurat):
    """Notice of changed documents and staff; what changed comes from two contract data files."""

    tanggal_berlaku: Tanggal
    alasan: LongLine | None = None


KategoriPerubahan = Literal[
    "alamat",
    "kategori",
    "penanggung_jawab",
    "jadwal_praktik",
    "layanan",
    "tenaga_medis",
    "dokumen",
    "sertifikasi_dokter",
    "rekening",
    "sarana_penunjang",
    "tindakan_nonkapitasi",
    "poli",
    "jadwal_tenaga_medis",
    "berkas_poned",
    "bidan_jejaring",
]
"""Categories of a change of data in HFIS, in their order there (docs/sumber.md 6.3)."""


class IsianBerubah(Masukan):
    """One field that changes."""

    isian: Line
    semula: LongLine | None = Field(default=None, description="Dikosongkan bila isiannya baru")
    menjadi: LongLine | None = Field(default=None, description="Dikosongkan bila dihapus")


class PengajuanPerubahan(DataSurat):
    """Request to change data of one category in HFIS."""

    kategori: KategoriPerubahan
    tanggal_berlaku: Tanggal
    perubahan: Annotated[tuple[IsianBerubah, ...], Field(min_length=1, max_length=40)]
    alasan: LongLine | None = None
    pengajuan_lain_menunggu: YaTidak = Field(
        default=False, description="Pengajuan sebelumnya pada kategori yang sama belum disetujui"
    )


class VendorBaru(Masukan):
    """The IT vendor that follows."""

    nama: Line
    alamat: LongLine
    nomor_kontrak: Line
    tanggal_mulai: Tanggal
    tanggal_selesai: Tanggal


class GantiVendor(DataSurat):
    """Notice that work with the IT vendor changes or ends, and request for new keys."""

    tanggal_perubahan: Tanggal = Field(description="Hari pertama sesudah kerja sama lama berakhir")
    alasan: LongLine
    vendor_baru: VendorBaru | None = Field(
        default=None, description="Tidak diisi bila sistem dikelola sendiri"
    )
    minta_kunci_baru: YaTidak
    pic_teknis: Line = Field(description="Yang menerima berkas kunci terenkripsi")


class Jawaban(Masukan):
    """The answer to one point of a reprimand."""

    pokok: Uraian
    klarifikasi: Uraian


class Tindakan(Masukan):
    """What is done about it, and until when."""

    uraian: Uraian
    selesai: Tanggal


class JawabanTeguran(DataSurat):
    """The facility's written answer to a reprimand."""

    teguran: SuratDirujuk
    ke: Bulat = Field(ge=1, le=9)
    jawaban: tuple[Jawaban, ...] = Field(min_length=1, max_length=20)
    tindakan: tuple[Tindakan, ...] = Field(default=(), max_length=20)


class PaktaIcare(DataSurat):
    """The facility's pact on the use of I-Care JKN."""

    status: Literal["diajukan", "diterapkan"]
    tanggal_penerapan: Tanggal | None = Field(
        default=None, description="Hanya bila sudah diterapkan"
    )
    penanggung_jawab: Line
    jabatan_penanggung_jawab: Line


class SuratRegistrasi(DataSurat):
    """Application of a clinic for its registration at the ministry (docs/sumber.md 7)."""

    pejabat_tujuan: Line | None = Field(
        default=None, description="Jabatan pejabat tujuan bila bukan yang ditetapkan parameter"
    )
    dinas_kesehatan: Line = Field(description="Dinas Kesehatan kabupaten/kota setempat")
    kode_kemenkes: Line | None = Field(
        default=None, description="Kode fasilitas Kementerian Kesehatan bila sudah ada"
    )

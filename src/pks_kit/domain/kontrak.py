"""The contract data of one facility, as the YAML file writes it.

The keys are Indonesian because branch staff edit them. Field names follow the HFIS draft form
(docs/sumber.md 2.3) without its misspellings. Unknown keys are refused everywhere. Values are kept
as written; computed values (weekday, amounts in words, display names) come from other modules.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_serializer

from pks_kit.domain.isian import Bulat, Desimal, Pukul, Tanggal, YaTidak
from pks_kit.domain.jenis_faskes import BarisFktp, DimintaMenurutJenis, KelompokFktp
from pks_kit.domain.masukan import (
    DasarPenetapan,
    Line,
    LongLine,
    Masukan,
    Nik,
    without_absent,
)
from pks_kit.domain.pelatihan import PelatihanUsg
from pks_kit.domain.pemilik import Kuasa, Pemilik
from pks_kit.domain.rekredensialing import Rekredensialing
from pks_kit.domain.sifat_faskes import JenisFaskes
from pks_kit.domain.tanda_tangan import CaraKontrak, TandaTanganElektronik

Hari = Literal["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"]
Pekan = Literal["setiap", "ganjil", "genap"]
Profesi = Literal[
    "dokter",
    "dokter_gigi",
    "bidan",
    "perawat",
    "apoteker",
    "tenaga_teknis_kefarmasian",
    "ahli_teknologi_laboratorium_medik",
    "refraksionis_optisien",
    "optometris",
    "tenaga_gizi",
]
Poli = Literal["umum", "gigi", "kia", "kb", "persalinan", "refraksi", "ugd", "rawat_inap"]
JenisDokumen = Literal[
    "izin_operasional",
    "sip",
    "npwp",
    "pks_jejaring",
    "pernyataan_kepatuhan",
    "sertifikat_akreditasi",
    "komitmen_akreditasi",
    "bukti_inm",
    "surat_rekening",
    "sk_bendahara_kapitasi",
    "ketentuan_blud",
    "permohonan_registrasi",
    "bukti_pma",
    "akta_pendirian",
    "lainnya",
]
Kepemilikan = Literal["pemerintah", "pmdn", "pma"]
JenisJejaring = Literal["bidan", "laboratorium", "apotek", "dokter_gigi", "optik", "lainnya"]

POLA_KODE_FASKES = r"^[0-9]{4}[0-9A-Z][0-9]{3}$"
POLA_TELEPON = r"^[0-9+()\-/ ]{6,60}$"
POLA_EMAIL = r"^[^@\s<>\":;,()\[\]]{1,64}@[A-Za-z0-9.\-]{3,190}$"
POLA_NPWP = r"^[0-9](?:[.\-]?[0-9]){13,21}$"
POLA_NOMOR_REKENING = r"^[0-9]{6,20}$"
POLA_KUNCI = r"^[a-z0-9_]{1,40}$"
POLA_KODE_ANTREAN = r"^[A-Z0-9]{1,6}$"
POLA_NAMA_PENGGUNA = r"^[A-Za-z0-9._\-]{3,40}$"
POLA_VERSI_TEMPLAT = r"^[a-z][a-z0-9_]{0,39}$"

KodeFaskes = Annotated[str, StringConstraints(pattern=POLA_KODE_FASKES)]
Telepon = Annotated[str, StringConstraints(pattern=POLA_TELEPON)]
Email = Annotated[str, StringConstraints(pattern=POLA_EMAIL)]
Npwp = Annotated[str, StringConstraints(pattern=POLA_NPWP)]
NomorRekening = Annotated[str, StringConstraints(pattern=POLA_NOMOR_REKENING)]
Kunci = Annotated[str, StringConstraints(pattern=POLA_KUNCI)]
"""A short key by which one row refers to another."""


class PihakKesatu(Masukan):
    """PIHAK KESATU: BPJS Kesehatan, filled by the branch (docs/sumber.md 2.3)."""

    nomor_pks: Line
    nama_kepala_cabang: Line
    kantor_cabang: Line = Field(description="Nama kota kantor cabang, tanpa kata «Cabang»")
    kota_tanda_tangan: Line
    tanggal_tanda_tangan: Tanggal
    alamat: LongLine
    dasar_penetapan: DasarPenetapan
    telepon: Telepon
    email: Email
    up: Line = Field(description="Unit yang dituju dalam surat-menyurat")
    pic: Line = Field(description="Jabatan PIC kantor cabang")
    hp_pic: Telepon
    pengadilan: Line = Field(description="Kota pengadilan negeri yang dipilih")
    kedeputian_wilayah: Line | None = Field(
        default=None, description="Kedeputian wilayah, hanya untuk klinik TNI/POLRI"
    )


class IzinOperasional(Masukan):
    """Operational licence of the facility."""

    nomor: Line
    tanggal: Tanggal
    penerbit: Line
    berlaku_sampai: Tanggal | None = None


class PihakKedua(Masukan):
    """PIHAK KEDUA: the facility, filled by the FKTP (docs/sumber.md 2.3)."""

    nomor_pks: Line
    nama_faskes: Line
    nama_penandatangan: Line
    jabatan_penandatangan: Line
    dasar_penetapan: DasarPenetapan
    telepon: Telepon
    email: Email
    alamat: LongLine
    up: Line
    pic: Line
    hp_pic: Telepon
    kuasa: Kuasa | None = Field(
        default=None,
        description="Surat kuasa, bila penanda tangan bukan organ yang mewakili pemilik",
    )

    @model_serializer(mode="wrap")
    def _as_before(self, handler: Any) -> dict[str, Any]:
        return without_absent(handler(self), "kuasa")


class Rekening(Masukan):
    """A bank account for payments."""

    bank: Line
    nomor: NomorRekening
    atas_nama: Line


class DaftarRekening(Masukan):
    """Main and reserve account; the reserve must be at another bank (docs/sumber.md 1.7)."""

    utama: Rekening
    cadangan: Rekening
    penetapan: DasarPenetapan | None = Field(
        default=None, description="Dokumen yang menetapkan rekening, misalnya SK bendahara kapitasi"
    )


class Akreditasi(Masukan):
    """Accreditation certificate or the commitment that stands for it."""

    status: Line
    nomor: Line | None = None
    berlaku_sampai: Tanggal | None = None


class Faskes(Masukan):
    """What the agreement and its lampiran need to know about the facility itself."""

    jenis: JenisFaskes
    kode: KodeFaskes
    kabupaten_kota: Line
    provinsi: Line
    rawat_inap: YaTidak
    jumlah_tempat_tidur: Bulat = Field(default=0, ge=0, le=500)
    poned: YaTidak = False
    jumlah_peserta_terdaftar: Bulat = Field(ge=0, le=1_000_000)
    npwp: Npwp
    izin_operasional: IzinOperasional | None = Field(
        default=None, description="Tidak diisi untuk praktik mandiri dokter dan dokter gigi"
    )
    akreditasi: Akreditasi | None = None
    kepemilikan: Kepemilikan | None = Field(
        default=None, description="Pemilik klinik, untuk registrasi Kementerian Kesehatan"
    )
    memiliki_usg: YaTidak = False
    petugas_informasi_pengaduan: Line = Field(description="Nama petugas PIPP")
    hp_petugas_informasi_pengaduan: Telepon


class JangkaWaktu(Masukan):
    """Term of the agreement."""

    tanggal_mulai: Tanggal
    tanggal_selesai: Tanggal


class Izin(Masukan):
    """A practice licence (SIP, SIPA, SIKRO, ...)."""

    nomor: Line
    berlaku_sampai: Tanggal


class TenagaKesehatan(Masukan):
    """A health worker who serves JKN participants."""

    kunci: Kunci
    nama: Line
    nik: Nik
    profesi: Profesi
    sip: Izin
    spesialis: YaTidak = Field(default=False, description="Sudah memiliki SIP sebagai spesialis")
    tahun_lulus: Bulat | None = Field(default=None, ge=1950, le=2100)
    sertifikat_usg: YaTidak = False
    hp: Telepon | None = None
    npwp: Npwp | None = Field(default=None, description="Wajib untuk bidan")
    rekening: Rekening | None = Field(default=None, description="Wajib untuk bidan")
    bidan_jejaring: YaTidak = Field(default=False, description="Bidan jejaring, bukan tenaga tetap")
    pelatihan_usg: PelatihanUsg | None = None
    meninggal: YaTidak = Field(default=False, description="Sudah meninggal dan belum dihapus")

    @model_serializer(mode="wrap")
    def _as_before(self, handler: Any) -> dict[str, Any]:
        """Leave out what came later and is absent: equal data keep equal bytes."""
        return without_absent(handler(self), "pelatihan_usg", "meninggal")


class JamOperasional(Masukan):
    """Opening hours of the facility on one day."""

    hari: Hari
    buka: Pukul
    tutup: Pukul


class SesiPraktik(Masukan):
    """One practice session of one health worker, each week or each odd or even week."""

    tenaga: Kunci
    poli: Poli
    hari: Hari
    mulai: Pukul
    selesai: Pukul
    kode_antrean: Annotated[str, StringConstraints(pattern=POLA_KODE_ANTREAN)]
    pekan: Pekan = "setiap"


class Jadwal(Masukan):
    """Opening hours and staff schedule (Lampiran VII)."""

    operasional: tuple[JamOperasional, ...] = Field(min_length=1, max_length=14)
    ugd_24_jam: YaTidak = False
    rawat_inap_24_jam: YaTidak = False
    praktik: Annotated[tuple[SesiPraktik, ...], Field(min_length=1, max_length=400), BarisFktp]


class Jejaring(Masukan):
    """A member of the facility's network; each signs its own sheet (Lampiran V)."""

    jenis: JenisJejaring
    nama: Line
    pimpinan: Line
    jabatan_pimpinan: Line
    izin: IzinOperasional
    alamat: LongLine
    nomor_pks_jejaring: Line | None = None


class PenggunaAplikasi(Masukan):
    """A user of Aplikasi Pelayanan Primer; one pakta integritas each (Lampiran VIII)."""

    nama: Line
    nik: Nik
    jabatan: Line
    unit: Line
    nama_pengguna: Annotated[str, StringConstraints(pattern=POLA_NAMA_PENGGUNA)]
    aplikasi: tuple[Line, ...] = Field(min_length=1, max_length=10)


class Integrasi(Masukan):
    """A commitment to integrate one system (Lampiran IX)."""

    sistem: Line
    status: Literal["sudah", "proses", "belum"]
    target: Tanggal
    pic: Line


class PejabatStruktural(Masukan):
    """The structural official who signs the cons-id pact (Pasal Keamanan Data)."""

    nama: Line
    jabatan: Line


class VendorSim(Masukan):
    """The third party bound to develop the facility's information system."""

    nama: Line
    alamat: LongLine
    nomor_kontrak: Line
    tanggal_mulai: Tanggal
    tanggal_selesai: Tanggal


class ConsId(Masukan):
    """Cons-id pact (Lampiran XI). There is no place for a secret here, on purpose."""

    tujuan: tuple[Line, ...] = Field(min_length=1, max_length=10)
    vendor: VendorSim | None = None
    pic_ti: Line
    hp_pic_ti: Telepon
    pejabat_struktural: PejabatStruktural


class Dokumen(Masukan):
    """A document of the facility: what it is, until when it counts, and its file."""

    jenis: JenisDokumen
    nomor: Line | None = None
    tanggal: Tanggal | None = None
    berlaku_sampai: Tanggal | None = None
    berkas: Line | None = Field(default=None, description="Nama berkas yang diunggah")
    ukuran_bita: Bulat | None = Field(default=None, ge=0, le=10_000_000_000)


class Ambulans(Masukan):
    """An ambulance as HFIS records it (docs/sumber.md 6.8)."""

    jenis: Literal["darat", "air"] = "darat"
    mode_plat: Literal["biasa", "khusus"] = "biasa"
    plat: Line
    keterangan: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class KinerjaKapitasi(Masukan):
    """Results of the three PKBK indicators, for the computed payout (docs/sumber.md 5.3)."""

    angka_kontak_permil: Desimal
    rasio_rujukan_nonspesialistik_persen: Desimal
    rasio_prolanis_terkendali_persen: Desimal


class KlubProlanis(Masukan):
    """A Prolanis club and how many people take part in one activity (docs/sumber.md 5.9)."""

    nama: Line
    peserta_kegiatan: Bulat = Field(ge=0, le=1000)


class PerjanjianSebelumnya(Masukan):
    """The agreement that this one continues; ``pks-kit renew`` fills it (docs/sumber.md 13.2)."""

    nomor_pks_kesatu: Line
    nomor_pks_kedua: Line
    tanggal_mulai: Tanggal
    tanggal_selesai: Tanggal


class Kontrak(Masukan, DimintaMenurutJenis):
    """All data of one agreement: a PKS FKTP, or that of a supporting facility."""

    versi_templat: Annotated[str, StringConstraints(pattern=POLA_VERSI_TEMPLAT)]
    cara_kontrak: CaraKontrak
    pihak_kesatu: PihakKesatu
    pihak_kedua: PihakKedua
    faskes: Faskes
    jangka_waktu: JangkaWaktu
    rekening: DaftarRekening
    tenaga_kesehatan: tuple[TenagaKesehatan, ...] = Field(min_length=1, max_length=200)
    jadwal: Jadwal
    jejaring: tuple[Jejaring, ...] = Field(default=(), max_length=60)
    pengguna_aplikasi: Annotated[
        tuple[PenggunaAplikasi, ...], Field(min_length=1, max_length=60), BarisFktp
    ]
    integrasi: Annotated[tuple[Integrasi, ...], Field(min_length=1, max_length=30), BarisFktp]
    cons_id: Annotated[ConsId | None, KelompokFktp]
    nama_perjanjian: Line | None = Field(
        default=None, description="Nama perjanjian bila bukan Perjanjian Kerja Sama (Aceh)"
    )
    dokumen: tuple[Dokumen, ...] = Field(default=(), max_length=100)
    ambulans: tuple[Ambulans, ...] = Field(default=(), max_length=30)
    kinerja: KinerjaKapitasi | None = None
    klub_prolanis: tuple[KlubProlanis, ...] = Field(default=(), max_length=100)
    perjanjian_sebelumnya: PerjanjianSebelumnya | None = Field(
        default=None, description="Perjanjian yang dilanjutkan, diisi oleh pks-kit renew"
    )
    tanda_tangan_elektronik: TandaTanganElektronik | None = Field(
        default=None, description="Layanan dan penerbit sertifikat tanda tangan elektronik"
    )
    pemilik: Pemilik | None = Field(
        default=None, description="Pemilik dan penyelenggara fasilitas: siapa yang terikat"
    )
    rekredensialing: tuple[Rekredensialing, ...] = Field(default=(), max_length=30)

    @model_serializer(mode="wrap")
    def _as_before(self, handler: Any) -> dict[str, Any]:
        return without_absent(
            handler(self), "tanda_tangan_elektronik", "pemilik", "rekredensialing"
        )

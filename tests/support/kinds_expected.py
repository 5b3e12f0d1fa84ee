"""What the agreement of each sample must hold; typed from docs/sumber.md, not from parameters."""

from __future__ import annotations

from dataclasses import dataclass

GENERAL = ("Pemeriksaan Penunjang Penyakit Kronis", "Pelayanan Skrining Kesehatan")
MIDWIFERY = (
    "Pemeriksaan Kehamilan (ANC)",
    "Pemeriksaan Pascapersalinan (PNC)",
    "Pelayanan Prarujukan",
    "Pelayanan Keluarga Berencana",
    "Pelayanan KB-MOP/Vasektomi",
)
DENTAL = ("Protesa Gigi",)
PROGRAMMES = ("Pelayanan Ambulans", "Kegiatan Kelompok Prolanis")
INPATIENT = ("Rawat Inap Tingkat Pertama (RITP)",)
DELIVERY = ("Persalinan",)
CLINIC_NORMS = ("Rp12.000,00", "Rp10.000,00", "Rp11.000,00", "Rp9.000,00")
PUSKESMAS_NORMS = (
    "Rp7.000,00",
    "Rp6.300,00",
    "Rp6.000,00",
    "Rp5.300,00",
    "Rp4.300,00",
    "Rp3.600,00",
)
CLINIC_PAYOUT = ("100%", "97%", "96%", "95%")
PUSKESMAS_PAYOUT = ("100%", "95%", "90%", "85%")
OWN_DECISION = "sepenuhnya menjadi keputusan PIHAK KEDUA"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must stand in the agreement of one sample.

    ``norms`` and ``payout`` are the printed tables (docs/sumber.md 5.1, 5.3, 13.4), ``norm`` is
    what the facility gets, ``account`` the rule of docs/sumber.md 1.7, ``chapters`` the tariff
    groups.
    """

    title: tuple[str, str]
    parties: tuple[str, ...]
    premise: str
    norms: tuple[str, ...]
    norm: str
    payout: tuple[str, ...]
    account: str
    chapters: tuple[str, ...]
    documents: tuple[str, ...]
    absent: str


_INSTITUTION = r"atas nama sendiri|Surat Izin Praktik Nomor|orang pribadi"
_NO_BEDS = r"Rp250\.000,00|Rp300\.000,00|tempat tidur|Prosedur RITP|RITP PIHAK KEDUA"
_NO_TREASURER = r"Bendahara Dana Kapitasi"
_NO_BLUD = r"badan layanan umum daerah"
_NO_PNBP = r"penerimaan negara bukan pajak"
_NO_REGION = r"Kedeputian Wilayah|Deputi Direksi"
_PRIVATE = f"{_NO_TREASURER}|{_NO_BLUD}|{_NO_PNBP}|{_NO_REGION}"
EXPECTED = {
    "klinik-pratama-rawat-inap": Expected(
        title=(
            "PT SENJA REKAWANGI HUSADA",
            "PEMILIK DAN PENYELENGGARA KLINIK PRATAMA SENJA REKAWANGI",
        ),
        parties=(
            "selaku Kepala BPJS Kesehatan Cabang Lembayung",
            "selaku Pimpinan Klinik pada Klinik Pratama Senja Rekawangi",
            "berdasarkan Surat Keputusan Direktur Nomor 07/SK-DIR/SRH/I/2021 tanggal 11 Januari "
            "2021 yang diterbitkan oleh Direktur PT Senja Rekawangi Husada serta Surat Kuasa Nomor "
            "15/SKU-DIR/SRH/XII/2022 tanggal 5 Desember 2022 dari Raras Misalputeri, S.E. selaku "
            "Direktur PT Senja Rekawangi Husada, oleh karena itu sah bertindak untuk dan atas nama "
            "PT Senja Rekawangi Husada, pemilik dan penyelenggara Klinik Pratama Senja Rekawangi, "
            "suatu perseroan terbatas yang berkedudukan di Jalan Pelangi Contoh Nomor 20",
            "didirikan dengan Akta Nomor 21 tanggal 9 Maret 2015 yang dibuat di hadapan Sekar "
            "Misalhukumi, S.H., M.Kn., notaris di Kota Lembayung, disahkan sebagai badan hukum "
            "dengan Keputusan Menteri Hukum dan Hak Asasi Manusia Republik Indonesia Nomor "
            "AHU-0099021.AH.01.01.TAHUN 2015 tanggal 23 Maret 2015 tentang Pengesahan Pendirian",
            "yang anggaran dasarnya terakhir diubah dengan Akta Nomor 08 tanggal 16 November 2020",
        ),
        premise="klinik pratama yang menyelenggarakan pelayanan medik dasar umum",
        norms=CLINIC_NORMS,
        norm="Rp12.000,00",
        payout=CLINIC_PAYOUT,
        account=OWN_DECISION,
        chapters=(*GENERAL, *MIDWIFERY, *DENTAL, *PROGRAMMES, *INPATIENT, *DELIVERY),
        documents=("izin operasional", "Nomor Pokok Wajib Pajak badan", "akreditasi"),
        absent=f"{_INSTITUTION}|{_PRIVATE}",
    ),
    "klinik-pratama-rawat-jalan": Expected(
        title=(
            "PT EMBUN ANDAIWANGI MEDIKA",
            "PEMILIK DAN PENYELENGGARA KLINIK PRATAMA EMBUN ANDAIWANGI",
        ),
        parties=(
            "selaku Direktur PT Embun Andaiwangi Medika yang menyelenggarakan Klinik Pratama Embun",
            "berdasarkan Akta Pendirian Nomor 17 tanggal 11 Agustus 2020 yang dibuat di hadapan",
            "atas nama PT Embun Andaiwangi Medika, pemilik dan penyelenggara Klinik Pratama Embun "
            "Andaiwangi, suatu perseroan terbatas",
            "didirikan dengan akta tersebut, yang notarisnya berkedudukan di Kota Lembayung",
        ),
        premise="klinik pratama yang menyelenggarakan pelayanan medik dasar umum",
        norms=CLINIC_NORMS,
        norm="Rp12.000,00",
        payout=CLINIC_PAYOUT,
        account=OWN_DECISION,
        chapters=(*GENERAL, *MIDWIFERY, *DENTAL, *PROGRAMMES, *DELIVERY),
        documents=("izin operasional", "surat pemberitahuan rekening"),
        absent=f"{_INSTITUTION}|{_PRIVATE}|{_NO_BEDS}",
    ),
    "klinik-tni-polri-manual": Expected(
        title=(
            "TENTARA NASIONAL INDONESIA ANGKATAN DARAT",
            "PEMILIK DAN PENYELENGGARA KLINIK PRATAMA GARNISUN REKAAN",
        ),
        parties=(
            "selaku Deputi Direksi BPJS Kesehatan Wilayah XIV",
            "selaku Kepala Klinik pada Klinik Pratama Garnisun Rekaan",
            "atas nama Tentara Nasional Indonesia Angkatan Darat, pemilik dan penyelenggara Klinik "
            "Pratama Garnisun Rekaan, yang berkedudukan di Jalan Satria Contoh Nomor 1",
            "dan dalam hal ini bertindak melalui Garnisun Rekaan, selanjutnya disebut PIHAK KEDUA",
        ),
        premise="klinik pratama di lingkungan Tentara Nasional Indonesia yang menyelenggarakan",
        norms=CLINIC_NORMS,
        norm="Rp12.000,00",
        payout=CLINIC_PAYOUT,
        account="penerimaan negara bukan pajak menurut ketentuan PNBP",
        chapters=(*GENERAL, *MIDWIFERY, *DENTAL, *PROGRAMMES, *DELIVERY),
        documents=("izin operasional", "Nomor Pokok Wajib Pajak badan"),
        absent=f"{_INSTITUTION}|{_NO_BEDS}|{_NO_TREASURER}|{_NO_BLUD}|Cabang Lembayung",
    ),
    "puskesmas-blud": Expected(
        title=(
            "PEMERINTAH KABUPATEN CAKRAWALA",
            "PEMILIK DAN PENYELENGGARA UPT PUSKESMAS MEGA REKASARI",
        ),
        parties=(
            "selaku Kepala Puskesmas pada UPT Puskesmas Mega Rekasari",
            "berdasarkan Surat Keputusan Nomor 821.2/0456/BKPSDM/2022 tanggal 5 Januari 2022 yang "
            "diterbitkan oleh Bupati Cakrawala",
            "hasil koordinasi PIHAK KESATU dan Dinas Kesehatan yang dituangkan dalam Berita Acara "
            "Nomor 440/1102/DINKES/2023 tanggal 20 November 2023 yang menyepakati Kepala UPT "
            "Puskesmas Mega Rekasari sebagai penanda tangan",
            "atas nama Pemerintah Kabupaten Cakrawala, pemilik dan penyelenggara UPT Puskesmas",
            "bertindak melalui Dinas Kesehatan Kabupaten Cakrawala, selanjutnya disebut PIHAK",
        ),
        premise="dan menerapkan pola pengelolaan keuangan badan layanan umum daerah berdasarkan "
        "Keputusan Bupati Cakrawala Nomor 445/0117/2019 tanggal 16 Desember 2019 tentang Penetapan",
        norms=PUSKESMAS_NORMS,
        norm="Rp7.000,00",
        payout=PUSKESMAS_PAYOUT,
        account="peraturan perundang-undangan mengenai badan layanan umum daerah",
        chapters=(*GENERAL, *MIDWIFERY, *DENTAL, *PROGRAMMES, *INPATIENT, *DELIVERY),
        documents=("izin operasional", "ketentuan badan layanan umum daerah mengenai rekening"),
        absent=f"{_INSTITUTION}|{_NO_TREASURER}|{_NO_PNBP}|{_NO_REGION}|Wajib Pajak badan|"
        r"Rp12\.000",
    ),
    "puskesmas-non-blud": Expected(
        title=(
            "PEMERINTAH KABUPATEN CAKRAWALA",
            "PEMILIK DAN PENYELENGGARA PUSKESMAS KABUT BERANTAH",
        ),
        parties=(
            "selaku Kepala Puskesmas pada Puskesmas Kabut Berantah",
            "diterbitkan oleh Kepala Dinas Kesehatan Kabupaten Cakrawala",
            "atas nama Pemerintah Kabupaten Cakrawala, pemilik dan penyelenggara Puskesmas Kabut",
        ),
        premise="PIHAK KEDUA memiliki dan menyelenggarakan Puskesmas Kabut Berantah, pusat "
        "kesehatan masyarakat yang menyelenggarakan upaya kesehatan perseorangan",
        norms=PUSKESMAS_NORMS,
        norm="Rp5.300,00",
        payout=PUSKESMAS_PAYOUT,
        account="rekening Bendahara Dana Kapitasi JKN pada PIHAK KEDUA sesuai dengan Peraturan "
        "Presiden Nomor 32 Tahun 2014",
        chapters=(*GENERAL, *MIDWIFERY, *DENTAL, *PROGRAMMES, *DELIVERY),
        documents=("keputusan penetapan rekening Bendahara Dana Kapitasi JKN",),
        absent=f"{_INSTITUTION}|{_NO_BEDS}|{_NO_BLUD}|{_NO_PNBP}|{_NO_REGION}|Rp12\\.000",
    ),
    "rs-d-pratama": Expected(
        title=(
            "PEMERINTAH KABUPATEN CAKRAWALA",
            "PEMILIK DAN PENYELENGGARA RSUD KELAS D PRATAMA RIMBA CONTOH",
        ),
        parties=(
            "selaku Direktur pada RSUD Kelas D Pratama Rimba Contoh",
            "atas nama Pemerintah Kabupaten Cakrawala, pemilik dan penyelenggara RSUD Kelas D "
            "Pratama Rimba Contoh",
        ),
        premise="rumah sakit kelas D pratama yang menyelenggarakan",
        norms=CLINIC_NORMS,
        norm="Rp12.000,00",
        payout=CLINIC_PAYOUT,
        account="ketentuan pengelolaan keuangan yang berlaku bagi RSUD Kelas D Pratama",
        chapters=(*GENERAL, *MIDWIFERY, *DENTAL, *PROGRAMMES, *INPATIENT, *DELIVERY),
        documents=("izin operasional", "Nomor Pokok Wajib Pajak badan"),
        absent=f"{_INSTITUTION}|{_PRIVATE}|{OWN_DECISION}",
    ),
    "tpmd": Expected(
        title=("dr. RATRI UMPAMASARI", "TEMPAT PRAKTIK MANDIRI DOKTER dr. RATRI UMPAMASARI"),
        parties=(
            "selaku Dokter Praktik Mandiri pada Tempat Praktik Mandiri Dokter dr. Ratri Umpamasari",
            "berdasarkan Surat Izin Praktik Nomor 503/1401/SIP-D/2021 tanggal 19 Juni 2021",
            "dr. Ratri Umpamasari, pemegang Nomor Induk Kependudukan 9901014810830129, bertempat "
            "tinggal di Jalan Lembah Contoh Nomor 7",
            "sah bertindak untuk dan atas nama sendiri",
        ),
        premise="PIHAK KEDUA adalah dokter yang menyelenggarakan pelayanan medik dasar umum pada "
        "Tempat Praktik Mandiri Dokter dr. Ratri Umpamasari",
        norms=("Rp8.800,00", "Rp8.300,00"),
        norm="Rp8.800,00",
        payout=CLINIC_PAYOUT,
        account=OWN_DECISION,
        chapters=(*GENERAL, *MIDWIFERY, *PROGRAMMES, *DELIVERY),
        documents=("SIP PIHAK KEDUA", "orang pribadi", "Indikator Nasional Mutu"),
        absent=rf"{_PRIVATE}|{_NO_BEDS}|[Pp]rotesa|PONED|izin operasional|akreditasi|Rp12\.000",
    ),
    "tpmdg": Expected(
        title=(
            "drg. GILANG REKASENYUM",
            "TEMPAT PRAKTIK MANDIRI DOKTER GIGI drg. GILANG REKASENYUM",
        ),
        parties=(
            "berdasarkan Surat Izin Praktik Nomor 503/1501/SIP-DG/2022 tanggal 15 April 2022",
            "sah bertindak untuk dan atas nama sendiri",
        ),
        premise="PIHAK KEDUA adalah dokter gigi yang menyelenggarakan pelayanan medik dasar gigi "
        "pada Tempat Praktik Mandiri Dokter Gigi drg. Gilang Rekasenyum",
        norms=(),
        norm="Rp3.500,00",
        payout=(),
        account=OWN_DECISION,
        chapters=DENTAL,
        documents=("SIP PIHAK KEDUA", "orang pribadi", "surat pemberitahuan rekening"),
        absent=rf"{_PRIVATE}|{_NO_BEDS}|\bANC\b|\bPNC\b|\b[Bb]idan\b|[Pp]ersalinan|[Kk]ehamilan|"
        r"[Kk]eluarga [Bb]erencana|\bIVA\b|[Kk]rioterapi|PONED|izin operasional|[Aa]mbulans|"
        r"imunisasi|HbA1c",
    ),
}

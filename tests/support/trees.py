"""Hand-made trees that hold every kind of node, for tests of the renderers."""

from __future__ import annotations

from pks_kit.naskah.tree import (
    Bagian,
    Block,
    BlokTandaTangan,
    Butir,
    Daftar,
    Formulir,
    GantiBaris,
    IsianBaris,
    Naskah,
    Paragraf,
    Rujukan,
    Sel,
    Subjudul,
    Tabel,
    Teks,
    TempatTandaTangan,
    walk_blocks,
)

KALIMAT = (
    "PIHAK KEDUA wajib memberikan pelayanan kesehatan tingkat pertama kepada Peserta sesuai dengan "
    "standar pelayanan, standar profesi, dan kode etik, tanpa membedakan Peserta menurut kelas "
    "kepesertaan, golongan, suku, agama, maupun kemampuan membayar"
)
NAMA_PANJANG = "Klinik Pratama " + "Sejahtera Bersama Nusantara Raya " * 12
TANPA_SPASI = "A1b2C3d4E5" * 40


def words(text: str, **style: bool) -> tuple[Teks, ...]:
    return (Teks(teks=text, **style),)


def par(text: str, gaya: str = "biasa", alamat: str | None = None) -> Paragraf:
    return Paragraf(isi=words(text), gaya=gaya, alamat=alamat)


def cells(*texts: str, perataan: str = "kiri") -> tuple[Sel, ...]:
    return tuple(Sel(isi=words(text) if text else (), perataan=perataan) for text in texts)


def ayat(alamat: str, *items: tuple[Block, ...]) -> Daftar:
    return Daftar(
        jenis="ayat",
        tingkat=1,
        butir=tuple(
            Butir(label=f"({number})", alamat=f"{alamat}__ayat_{number}", isi=item)
            for number, item in enumerate(items, start=1)
        ),
    )


def nested(alamat: str) -> Daftar:
    """Return a list that uses all four levels below an ayat."""
    deepest = Daftar(
        jenis="angka_kurung",
        tingkat=5,
        butir=tuple(
            Butir(label=f"{n})", alamat=f"{alamat}__rinci_{n}", isi=(par(KALIMAT + ";"),))
            for n in (1, 2)
        ),
    )
    third = Daftar(
        jenis="huruf_kurung",
        tingkat=4,
        butir=(
            Butir(label="a)", alamat=f"{alamat}__huruf_kurung_a", isi=(par("rincian:"), deepest)),
            Butir(label="b)", alamat=f"{alamat}__huruf_kurung_b", isi=(par("lainnya."),)),
        ),
    )
    second = Daftar(
        jenis="angka",
        tingkat=3,
        butir=tuple(
            Butir(
                label=f"{n}.",
                alamat=f"{alamat}__angka_{n}",
                isi=(par(KALIMAT + ":"), third) if n == 2 else (par(KALIMAT + ";"),),
            )
            for n in range(1, 12)
        ),
    )
    return Daftar(
        jenis="huruf",
        tingkat=2,
        butir=(
            Butir(label="a.", alamat=f"{alamat}__huruf_a", isi=(par("hal-hal berikut:"), second)),
            Butir(
                label="b.",
                alamat=f"{alamat}__huruf_b",
                isi=(
                    Paragraf(
                        isi=(
                            Teks(teks="sebagaimana dimaksud pada "),
                            Rujukan(alamat="lampiran_2", teks="Lampiran II"),
                            Teks(teks=" dan "),
                            Rujukan(alamat="pasal_1__ayat_1", teks="Pasal 1 ayat (1)", tebal=True),
                            Teks(teks=", "),
                            Teks(teks="istilah asing", miring=True),
                            Teks(teks=" <script>alert(1)</script> & *A | B*."),
                        )
                    ),
                ),
            ),
        ),
    )


def place(kode: str, judul: str, *, meterai: bool = True, nama: str = "") -> TempatTandaTangan:
    return TempatTandaTangan(
        kode=kode,
        peran=kode.rstrip("_0123456789"),
        judul=judul,
        instansi="BPJS Kesehatan Cabang Contoh" if "KESATU" in judul else "Klinik Pratama Contoh",
        nama=nama or "dr. Contoh Sekali, M.Kes.",
        jabatan="Kepala Cabang" if "KESATU" in judul else "Pimpinan Klinik",
        meterai=meterai,
    )


def pembukaan() -> Bagian:
    titles = (
        "PERJANJIAN KERJA SAMA", "ANTARA", "BADAN PENYELENGGARA JAMINAN SOSIAL KESEHATAN",
        "CABANG CONTOH", "DENGAN", "KLINIK PRATAMA CONTOH", "TENTANG",
        "PELAYANAN KESEHATAN TINGKAT PERTAMA BAGI PESERTA PROGRAM JAMINAN KESEHATAN",
    )  # fmt: skip
    parties = Daftar(
        jenis="angka",
        tingkat=1,
        butir=(
            Butir(label="1.", alamat="pembukaan__angka_1", isi=(par(KALIMAT),)),
            Butir(label="2.", alamat="pembukaan__angka_2", isi=(par(NAMA_PANJANG + KALIMAT),)),
        ),
    )
    return Bagian(
        jenis="pembukaan",
        subjek="pembukaan",
        alamat="pembukaan",
        label="",
        judul="",
        isi=(
            *(par(title, "judul_blok") for title in titles),
            par("Nomor : 298/KTR/IV-10/1223", "tengah"),
            par("Nomor : 100.3/KLN-CTH/2023", "tengah"),
            par(KALIMAT + ", oleh dan antara:"),
            parties,
            par(KALIMAT),
        ),
    )


def pasal(number: int) -> Bagian:
    alamat = f"pasal_{number}"
    return Bagian(
        jenis="pasal",
        subjek=f"subjek-{number}",
        alamat=alamat,
        label=f"Pasal {number}",
        judul="Hak dan Kewajiban Para Pihak" if number != 3 else "Judul " + "Panjang Sekali " * 8,
        isi=(
            ayat(
                alamat,
                (par(KALIMAT + "."),),
                (par(KALIMAT + ":"), nested(f"{alamat}__ayat_2"), par("Sambungan ayat.")),
                (par(KALIMAT + "."),),
            ),
        ),
    )


def penutup() -> Bagian:
    return Bagian(
        jenis="penutup",
        subjek="penutup",
        alamat="penutup",
        label="",
        judul="",
        isi=(
            par(KALIMAT + "."),
            BlokTandaTangan(
                tempat=(place("pihak_kesatu", "PIHAK KESATU"), place("pihak_kedua", "PIHAK KEDUA")),
                pembuka="Ditandatangani di Kota Contoh.",
            ),
        ),
    )


def lampiran_tabel() -> Bagian:
    rows = tuple(
        (
            *cells(str(number), perataan="tengah"),
            *cells(
                f"Pemeriksaan laboratorium nomor {number}", "Darah lengkap, termasuk hitung jenis"
            ),
            *cells("Rp100.000,00", perataan="kanan"),
        )
        for number in range(1, 81)
    )
    head = cells("No", "Jenis Pelayanan", "Keterangan", "Tarif", perataan="tengah")
    return Bagian(
        jenis="lampiran",
        subjek="tarif",
        alamat="lampiran_1",
        label="Lampiran I",
        judul="Biaya Pelayanan Kesehatan, Tata Cara Penagihan, dan Pembayaran",
        isi=(
            Subjudul(
                tingkat=1, label="A.", isi=words("Tarif Pelayanan"), alamat="lampiran_1__bagian_a"
            ),
            par(KALIMAT + "."),
            Tabel(
                kepala=head,
                baris=rows,
                lebar=(1, 8, 8, 5),
                keterangan="Tabel tarif",
                alamat="lampiran_1__tabel_1",
            ),
            Subjudul(tingkat=2, label="1.", isi=words("Lain-lain"), alamat="lampiran_1__bagian_b"),
            Tabel(kepala=head, baris=rows[:4], gaya="rapat"),
            Tabel(kepala=(), baris=(cells(TANPA_SPASI, KALIMAT),)),
            Daftar(
                jenis="strip",
                tingkat=1,
                butir=(Butir(label="–", alamat=None, isi=(par("butir bertanda strip"),)),),
            ),
        ),
    )


def lampiran_mendatar() -> Bagian:
    head = cells("No", "Tanggal", "Nomor JKN", "NIK", "Nama Peserta", "L/P", "Umur", "Keluhan",
                 "Diagnosis", "Terapi", "Tanda Tangan")  # fmt: skip
    return Bagian(
        jenis="lampiran",
        subjek="laporan",
        alamat="lampiran_2",
        label="Lampiran II",
        judul="Formulir Laporan Rawat Jalan",
        orientasi="mendatar",
        isi=(
            Formulir(
                baris=(
                    IsianBaris(label=words("Nama Fasilitas Kesehatan"), isi=words(NAMA_PANJANG)),
                    IsianBaris(label=words("Kode"), isi=words("0117U029")),
                    IsianBaris(label=words("Bulan Pelayanan"), isi=()),
                )
            ),
            Tabel(
                kepala=head,
                baris=tuple(cells(str(n), *[""] * (len(head) - 1)) for n in range(1, 25)),
                gaya="formulir_kosong",
            ),
            par("Catatan: diisi lengkap.", "catatan"),
            BlokTandaTangan(tempat=(place("pejabat_struktural", "PIHAK KEDUA", meterai=False),)),
        ),
    )


def lampiran_lembar() -> Bagian:
    isi: list[Block] = []
    for number in (1, 2):
        isi += [
            Subjudul(
                tingkat=1,
                label="",
                isi=words(f"Lembar Jejaring {number}"),
                alamat=f"lampiran_3__lembar_{number}",
                halaman_baru=True,
            ),
            Paragraf(isi=(Teks(teks="Alamat"), GantiBaris(), Teks(teks="baris kedua", tebal=True))),
            BlokTandaTangan(
                tempat=(
                    place("pihak_kedua_" + str(number), "PIHAK KEDUA", meterai=False),
                    place(f"jejaring_{number}", "JEJARING", nama=NAMA_PANJANG[:200]),
                ),
                pembuka="Kota Contoh, 20 Desember 2023",
            ),
        ]
    return Bagian(
        jenis="lampiran",
        subjek="jejaring",
        alamat="lampiran_3",
        label="Lampiran III",
        judul="Surat Pernyataan Jejaring",
        isi=tuple(isi),
    )


def rich_tree(cara_kontrak: str = "elektronik") -> Naskah:
    """Return an agreement with every kind of node, long names and awkward words."""
    return Naskah(
        judul="Perjanjian Kerja Sama BPJS Kesehatan Cabang Contoh dengan Klinik Pratama Contoh",
        nama_perjanjian="PERJANJIAN KERJA SAMA",
        nomor_kesatu="298/KTR/IV-10/1223",
        nomor_kedua="100.3/KLN-CTH/2023",
        cara_kontrak=cara_kontrak,
        versi_templat="pks_2024",
        bagian=(
            pembukaan(),
            *(pasal(number) for number in (1, 2, 3)),
            penutup(),
            lampiran_tabel(),
            lampiran_mendatar(),
            lampiran_lembar(),
        ),
    )


def signature_places(naskah: Naskah) -> tuple[TempatTandaTangan, ...]:
    """Return every signature place of the document in reading order."""
    return tuple(
        tempat
        for bagian in naskah.bagian
        for block in walk_blocks(bagian.isi)
        if isinstance(block, BlokTandaTangan)
        for tempat in block.tempat
    )

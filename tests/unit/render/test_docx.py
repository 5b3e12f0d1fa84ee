"""The DOCX says the words of the tree, with numbers that Word itself counts."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import (
    Bagian,
    BlokTandaTangan,
    Butir,
    Daftar,
    Formulir,
    IsianBaris,
    Naskah,
    Paragraf,
    Rujukan,
    Sel,
    Subjudul,
    Tabel,
    Teks,
    TempatTandaTangan,
)
from pks_kit.render.docx import render_docx
from pks_kit.render.docx.blank import build_blank, pack
from pks_kit.render.text import render_text
from pks_kit.resources import templates_root
from support.words import docx_words, words

BLANK = templates_root() / "pks_2024" / "naskah.docx"
AWKWARD = "{{ 7*7 }} {_{x}_} <script>a & b</script> | * _x_ \\ {% raw %}"


def teks(words_: str) -> tuple[Teks, ...]:
    return (Teks(teks=words_),)


def par(words_: str, gaya: str = "biasa") -> Paragraf:
    return Paragraf(isi=teks(words_), gaya=gaya)


def daftar(jenis: str, tingkat: int, *rows: tuple[str, tuple]) -> Daftar:
    return Daftar(
        jenis=jenis,
        tingkat=tingkat,
        butir=tuple(Butir(label=label, alamat=None, isi=isi) for label, isi in rows),
    )


def place(kode: str, judul: str) -> TempatTandaTangan:
    return TempatTandaTangan(
        kode=kode, peran=kode, judul=judul, instansi="Instansi", nama="Nama", jabatan="Jabatan"
    )


@pytest.fixture
def naskah() -> Naskah:
    inner = daftar("angka", 3, ("1.", (par("tiga satu"),)), ("2.", (par("tiga dua"),)))
    huruf = daftar("huruf", 2, ("a.", (par("dua a:"), inner)), ("b.", (par("dua b"),)))
    pasal = Bagian(
        jenis="pasal",
        subjek="satu",
        alamat="pasal_1",
        label="Pasal 1",
        judul="Judul Pertama",
        isi=(
            daftar(
                "ayat",
                1,
                ("(1)", (par("ayat satu:"), huruf, par("sambungan"))),
                ("(2)", (par("ayat dua"),)),
            ),
        ),
    )
    rujukan = Rujukan(alamat="pasal_1", teks="Pasal 1 ayat (2)")
    second = Bagian(
        jenis="pasal",
        subjek="dua",
        alamat="pasal_2",
        label="Pasal 2",
        judul="Judul Kedua",
        isi=(
            daftar("ayat", 1, ("(1)", (Paragraf(isi=(*teks("lihat "), rujukan)),))),
            BlokTandaTangan(tempat=(place("a", "KESATU"), place("b", "KEDUA")), pembuka="Kota, 1"),
        ),
    )
    table = Tabel(
        kepala=(Sel(isi=teks("No")), Sel(isi=teks("Nama"))),
        baris=((Sel(isi=teks("1")), Sel(isi=teks(AWKWARD), perataan="kanan")),),
        lebar=(1, 6),
        keterangan="Tabel uji",
    )
    lampiran = Bagian(
        jenis="lampiran",
        subjek="lampiran",
        alamat="lampiran_1",
        label="Lampiran I",
        judul="Judul Lampiran",
        orientasi="mendatar",
        isi=(
            Subjudul(tingkat=1, label="A.", isi=teks("Kepala A")),
            Subjudul(tingkat=2, label="1.", isi=teks("Anak")),
            Subjudul(tingkat=1, label="B.", isi=teks("Kepala B"), halaman_baru=True),
            Subjudul(tingkat=2, label="1.", isi=teks("Anak lagi")),
            Formulir(baris=(IsianBaris(label=teks("Nama"), isi=teks(AWKWARD)),)),
            table,
        ),
    )
    pembukaan = Bagian(
        jenis="pembukaan", subjek="p", alamat="pembukaan", label="", judul="",
        isi=(par(AWKWARD, "judul_blok"), par("tengah", "tengah"), par("catatan", "catatan")),
    )  # fmt: skip
    return Naskah(
        judul="Uji",
        nama_perjanjian="PERJANJIAN KERJA SAMA",
        nomor_kesatu="1/{_{&<b>",
        nomor_kedua="2/X",
        cara_kontrak="elektronik",
        versi_templat="uji",
        bagian=(pembukaan, pasal, second, lampiran),
    )


@pytest.mark.slow
def test_word_and_text_say_the_same(naskah: Naskah, tmp_path: Path) -> None:
    path = tmp_path / "naskah.docx"
    path.write_bytes(render_docx(naskah, BLANK))
    assert docx_words(path, tmp_path) == words(render_text(naskah))


def test_numbers_are_real_numbering_and_not_typed(naskah: Naskah) -> None:
    with zipfile.ZipFile(BytesIO(render_docx(naskah, BLANK))) as archive:
        document = archive.read("word/document.xml").decode()
    assert "(1)" not in document.replace("Pasal 1 ayat (2)", "")
    assert "<w:numPr>" in document
    assert 'w:val="Heading1"' in document
    assert "w:tblHeader" in document
    assert 'w:orient="landscape"' in document


@pytest.mark.parametrize("shared", [True, False])
def test_a_lampiran_begins_on_the_page_of_one_that_needs_no_sheet(
    naskah: Naskah, shared: bool
) -> None:
    short, after = (
        Bagian(jenis="lampiran", subjek="x", alamat=f"lampiran_{number}", label=f"Lampiran {label}",
               judul="Uji", isi=(par("Isi."),), lembar_bersama=shared)
        for number, label in ((1, "I"), (2, "II"))
    )  # fmt: skip
    content = render_docx(replace(naskah, bagian=(short, after)), BLANK)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode()
    assert xml.count('<w:pStyle w:val="LampiranNomor"/>') == 2
    assert xml.count('<w:pageBreakBefore w:val="0"/>') == shared


def test_no_style_changes_the_case_of_a_word(naskah: Naskah) -> None:
    """A title in capitals would make a doctor (dr.) the holder of a doctorate (DR.)."""
    with zipfile.ZipFile(BytesIO(render_docx(naskah, BLANK))) as archive:
        styles = archive.read("word/styles.xml").decode()
    assert "caps" not in styles.lower()


def test_the_longest_names_fit_the_properties(naskah: Naskah) -> None:
    title = "PERJANJIAN KERJA SAMA antara BPJS dan " + "Klinik Panjang " * 20
    with zipfile.ZipFile(BytesIO(render_docx(replace(naskah, judul=title), BLANK))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "PERJANJIAN KERJA SAMA antara BPJS dan Klinik Panjang" in core
    assert " …</dc:title>" in core


def test_same_input_gives_same_bytes(naskah: Naskah) -> None:
    assert render_docx(naskah, BLANK) == render_docx(naskah, BLANK)


def test_blank_file_is_what_the_code_builds() -> None:
    assert BLANK.read_bytes() == build_blank()


def test_blank_file_without_mark_is_refused(naskah: Naskah, tmp_path: Path) -> None:
    with zipfile.ZipFile(BLANK) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"PKS-KIT-ISI", b"lain")
    broken = tmp_path / "rusak.docx"
    broken.write_bytes(pack(parts, 6))
    with pytest.raises(RenderError) as caught:
        render_docx(naskah, broken)
    assert caught.value.code == "render.docx.blank"

"""The engine and the real templates together: every branch of the data gives a whole agreement."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.overview import show_version
from pks_kit.naskah.tree import Bagian, Naskah, Rujukan
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters
from support.linting import lint_fully
from support.sample import changed_at, sample
from support.tiny_version import addresses, outline
from support.trees import signature_places

JUDUL_PASAL = (
    "Ketentuan Umum",
    "Maksud dan Tujuan",
    "Ruang Lingkup dan Prosedur Pelayanan",
    "Hak dan Kewajiban Para Pihak",
    "Jejaring Fasilitas Kesehatan",
    "Tanggungjawab Mutlak, Biaya, Tata Cara Penagihan Dan Pembayaran Pelayanan Kesehatan",
    "Kedaluarsa Klaim Non Kapitasi Dan Penggantian Biaya Kegiatan Kelompok Prolanis",
    "Pembinaan, Pengawasan dan Pengendalian",
    "Verifikasi paska klaim dan Audit Administrasi Klaim",
    "Kecurangan dan Pemulihan Kerugian",
    "Sanksi",
    "Pengakhiran Perjanjian",
    "Penyelesaian Perselisihan",
    "Mekanisme Pemberian Informasi dan Penanganan Pengaduan",
    "Kerahasiaan Informasi",
    "Keamanan Data",
    "Jangka Waktu Perjanjian",
    "Monitoring dan evaluasi",
    "Keadaan Memaksa",
    "Korespondensi",
    "Lain-lain",
)
JUDUL_LAMPIRAN = (
    "Ruang Lingkup",
    "Biaya, Tata Cara Penagihan dan Tata Cara Pembayaran Pelayanan",
    "Laporan Pelayanan RJTP (Non Jarkomdat)",
    "Laporan Pelayanan RITP (Non Jarkomdat)",
    "Pernyataan Persetujuan Jejaring Untuk Menundukkan diri pada PKS",
    "Surat Pernyataan Pelayanan di FKTP",
    "Jadwal Operasional FKTP",
    "Pakta Integritas User Login Aplikasi Pelayanan Primer",
    "Komitmen Terhadap Integrasi Sistem",
    "Ketentuan Perlindungan Data Pribadi",
    "Pakta Integritas Penggunaan Cons-id Bridging BPJS Kesehatan",
    "Panduan Pelayanan Prima",
)
BRANCHES: dict[str, dict[str, Any]] = {
    "apa adanya": {},
    "digital": {"cara_kontrak": "digital"},
    "manual": {"cara_kontrak": "manual"},
    "tanpa rawat inap": {"faskes.rawat_inap": False, "jadwal.rawat_inap_24_jam": False},
    "tanpa jejaring": {"jejaring": []},
    "tanpa vendor": {"cons_id.vendor": None},
    "tanpa penerbit": {
        "pihak_kesatu.dasar_penetapan.penerbit": None,
        "pihak_kedua.dasar_penetapan.penerbit": None,
    },
    "tanpa akreditasi": {"faskes.akreditasi": None},
    "tanpa tempat tidur": {"faskes.jumlah_tempat_tidur": 0},
    "UGD": {"jadwal.ugd_24_jam": True, "jadwal.rawat_inap_24_jam": True},
    "izin tanpa batas": {"faskes.izin_operasional.berlaku_sampai": None},
}


def context_of(changes: dict[str, Any]) -> dict[str, Any]:
    kontrak = changed_at(changes) if changes else sample()
    as_of = kontrak.jangka_waktu.tanggal_mulai
    return build_context(kontrak, load_parameters().resolve_all(as_of))


def assemble(changes: dict[str, Any]) -> Naskah:
    kontrak = changed_at(changes) if changes else sample()
    return assemble_naskah(
        "pks_2024",
        "klinik_pratama",
        context_of(changes),
        cara_kontrak=kontrak.cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )


def parts(naskah: Naskah, jenis: str) -> list[Bagian]:
    return [bagian for bagian in naskah.bagian if bagian.jenis == jenis]


def test_titles_in_order() -> None:
    naskah = assemble({})
    assert tuple(bagian.judul for bagian in parts(naskah, "pasal")) == JUDUL_PASAL
    assert tuple(bagian.judul for bagian in parts(naskah, "lampiran")) == JUDUL_LAMPIRAN
    assert parts(naskah, "lampiran")[-1].label == "Lampiran XII"


@pytest.mark.parametrize("name", BRANCHES)
def test_every_branch_gives_a_whole_agreement(name: str) -> None:
    naskah = assemble(BRANCHES[name])
    found = [bagian.alamat for bagian in naskah.bagian]
    for bagian in naskah.bagian:
        assert bagian.isi
        found += addresses(bagian.isi)
        text = "\n".join(outline(bagian.isi))
        assert not re.search("[\ue000-\uf8ff]|\\{\\{|\\{%|\\{:|\\]\\(|\\*\\*", text)
    numbered = [alamat for alamat in found if alamat != "-"]
    assert len(numbered) == len(set(numbered))
    assert {target.alamat for target in references(naskah)} <= set(numbered)


def references(value: Any) -> list[Rujukan]:
    """Return every reference below a node of the tree."""
    if isinstance(value, Rujukan):
        return [value]
    if isinstance(value, tuple):
        return [found for one in value for found in references(one)]
    names = getattr(value, "__dataclass_fields__", {})
    return [found for name in names for found in references(getattr(value, name))]


def test_one_sheet_and_signature_for_each_person() -> None:
    kontrak = sample()
    places = signature_places(assemble({"cara_kontrak": "digital"}))
    assert {"pihak_kesatu", "pihak_kedua"} <= {place.kode for place in places}
    signers = [(place.peran, place.nama) for place in places]
    for peran, names in (
        ("jejaring", [anggota.pimpinan for anggota in kontrak.jejaring]),
        ("pengguna", [pengguna.nama for pengguna in kontrak.pengguna_aplikasi]),
    ):
        assert [nama for role, nama in signers if role == peran] == names


def test_hostile_names_print_exactly() -> None:
    hostile = {
        "pihak_kedua.nama_faskes": "*A | B* <script>alert(1)</script> {{ 7*7 }} `x` [](#y)",
        "pihak_kedua.nama_penandatangan": "1. # - > {: #z } | ] ( \\ &amp;",
        "jejaring[0].nama": "{% for x in y %} | a | b |",
    }
    naskah = assemble(hostile)
    plain = assemble({"pihak_kedua.nama_penandatangan": "Orang Lain"})
    text = "\n".join(line for b in naskah.bagian for line in outline(b.isi))
    for value in hostile.values():
        assert value in text
    assert [b.alamat for b in naskah.bagian] == [b.alamat for b in plain.bagian]
    assert [addresses(b.isi) for b in naskah.bagian] == [addresses(b.isi) for b in plain.bagian]


@pytest.mark.parametrize("name", ["apa adanya", "tanpa rawat inap", "tanpa jejaring"])
def test_lint_finds_no_error(name: str) -> None:
    found = lint_fully(
        "pks_2024",
        templates_root=templates_root(),
        jenis_faskes="klinik_pratama",
        parameter_names=load_parameters().names(),
        context=context_of(BRANCHES[name]),
    )
    errors = [f"{f.file}:{f.line} {f.text.en}" for f in found if f.level == "error"]
    assert errors == []


def test_every_part_says_where_it_comes_from() -> None:
    shown = show_version("pks_2024", "klinik_pratama", templates_root())
    assert len(shown.bagian) == 1 + len(JUDUL_PASAL) + 1 + len(JUDUL_LAMPIRAN)
    for part in shown.bagian:
        assert part.sumber
        assert set(part.sumber) <= set(shown.sumber)
    assert shown.sha256 == load_version("pks_2024", templates_root()).sha256("klinik_pratama")

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.rules.law.parameters import load_parameters
from support.sample import changed, sample

ATURAN = load_parameters().resolve_all(date(2024, 1, 1))
INPUT = {
    "pihak_kesatu",
    "pihak_kedua",
    "faskes",
    "jangka_waktu",
    "rekening",
    "tenaga_kesehatan",
    "jadwal",
    "jejaring",
    "pengguna_aplikasi",
    "integrasi",
    "cons_id",
    "cara_kontrak",
    "versi_templat",
}


def test_names_of_the_documentation() -> None:
    context = build_context(sample(), ATURAN)
    assert set(context) >= INPUT | {"aturan", "nama_perjanjian", "Perjanjian", "hitung"}
    assert context["pihak_kedua"]["nama_tampil"] == "Klinik Pratama Senja Rekawangi"
    assert context["pihak_kesatu"]["nama_tampil"] == "BPJS Kesehatan Cabang Lembayung"
    assert context["nama_perjanjian"] == "PERJANJIAN KERJA SAMA"
    assert context["Perjanjian"] == "Perjanjian"
    assert context["tenaga_kesehatan"][5]["profesi_tampil"] == "Dokter Gigi"
    assert context["hitung"]["kapitasi"]["tarif"] == 12_000
    assert context["hitung"]["rawat_inap"]["tarif"] == 300_000


def test_regional_deputy_is_the_first_party_of_a_military_clinic() -> None:
    kontrak = changed(
        faskes__jenis="klinik_tni_polri", pihak_kesatu__kedeputian_wilayah="Kedeputian Wilayah XIV"
    )
    kesatu = build_context(kontrak, ATURAN)["pihak_kesatu"]
    assert kesatu["nama_tampil"] == "BPJS Kesehatan Kedeputian Wilayah XIV"
    assert kesatu["jabatan_tampil"] == "Deputi Direksi BPJS Kesehatan Wilayah XIV"
    ordinary = changed(pihak_kesatu__kedeputian_wilayah="XIV")
    kesatu = build_context(ordinary, ATURAN)["pihak_kesatu"]
    assert kesatu["kantor_tampil"] == "BPJS Kesehatan Kantor Cabang Lembayung"
    assert kesatu["jabatan_singkat"] == "Kepala Cabang"


def test_words_printed_in_front_of_branch_and_court_stand_once() -> None:
    kontrak = changed(
        pihak_kesatu__kantor_cabang="Kantor Cabang Lembayung",
        pihak_kesatu__pengadilan="PENGADILAN NEGERI Lembayung",
    )
    kesatu = build_context(kontrak, ATURAN)["pihak_kesatu"]
    assert kesatu["kantor_tampil"] == "BPJS Kesehatan Kantor Cabang Lembayung"
    assert kesatu["jabatan_tampil"] == "Kepala BPJS Kesehatan Cabang Lembayung"
    assert kesatu["pengadilan"] == "Lembayung"


def test_traits_of_the_kind_are_plain_values() -> None:
    sifat = build_context(sample(), ATURAN)["faskes"]["sifat"]
    assert sifat["norma"] == "klinik_pratama"
    assert sifat["perorangan"] is False


def test_sessions_are_joined_with_their_staff() -> None:
    session = build_context(sample(), ATURAN)["jadwal"]["praktik"][0]
    assert session["nama"] == "dr. Ayu Contohwati, M.K.M."
    assert session["profesi_tampil"] == "Dokter"
    assert session["poli_tampil"] == "Poli Umum"
    assert session["hari_tampil"] == "Senin"
    assert session["sip_nomor"] == "503/0101/SIP-D/2021"
    assert session["sip_berlaku_sampai"] == date(2026, 3, 12)
    assert session["mulai"] == time(8, 0)


def test_no_inpatient_care_no_tariff() -> None:
    assert "rawat_inap" not in build_context(changed(faskes__rawat_inap=False), ATURAN)["hitung"]


def test_name_in_aceh() -> None:
    context = build_context(changed(nama_perjanjian="Akad  Ijarah"), ATURAN)
    assert (context["nama_perjanjian"], context["Perjanjian"]) == ("AKAD IJARAH", "Akad Ijarah")


def test_values_are_plain() -> None:
    context = build_context(sample(), ATURAN)
    del context["aturan"]

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, (list, tuple)):
            for inner in value:
                walk(inner)
        else:
            assert isinstance(value, (str, int, bool, date, time, Decimal, type(None)))

    walk(context)

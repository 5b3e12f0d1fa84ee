from __future__ import annotations

from typing import get_args

import pytest

from pks_kit.domain import kontrak
from pks_kit.domain import sebutan as s


@pytest.mark.parametrize(
    ("jenis", "nama", "expected"),
    [
        ("klinik_pratama", "Sehat", "Klinik Pratama Sehat"),
        ("klinik_pratama", "Klinik Sehat", "Klinik Pratama Sehat"),
        ("klinik_pratama", "KLINIK SEHAT", "KLINIK PRATAMA SEHAT"),
        ("klinik_pratama", "KLINIK PRATAMA SEHAT", "KLINIK PRATAMA SEHAT"),
        ("klinik_pratama", "klinik pratama sehat", "klinik pratama sehat"),
        ("klinik_pratama", "Klinik Rawat Inap Pratama Sehat", "Klinik Rawat Inap Pratama Sehat"),
        ("klinik_pratama", "Kliniku", "Klinik Pratama Kliniku"),
        ("puskesmas_blud", "Awan", "Puskesmas Awan"),
        ("puskesmas_blud", "UPTD Puskesmas Awan", "UPTD Puskesmas Awan"),
        ("tpmd", "dr. Contoh", "Tempat Praktik Mandiri Dokter dr. Contoh"),
        ("tpmd", "Praktik Mandiri dr. Contoh", "Praktik Mandiri dr. Contoh"),
        ("tpmdg", "drg. Contoh", "Tempat Praktik Mandiri Dokter Gigi drg. Contoh"),
        ("rs_d_pratama", "RSDP Awan", "RSDP Awan"),
        ("rs_d_pratama", "RSUD Kelas D Pratama Awan", "RSUD Kelas D Pratama Awan"),
        ("rs_d_pratama", "RSUD AWAN", "RSUD KELAS D PRATAMA AWAN"),
        ("rs_d_pratama", "RS Pratama Awan", "RS Pratama Awan"),
        ("tpmd", "Praktik dr. Contoh", "Tempat Praktik Mandiri Dokter dr. Contoh"),
        ("tpmd", "Praktik Dokter Umum dr. Contoh", "Tempat Praktik Mandiri Dokter dr. Contoh"),
        ("tpmdg", "Dokter Gigi Contoh", "Tempat Praktik Mandiri Dokter Gigi Contoh"),
        ("tpmd", "Praktik", "Tempat Praktik Mandiri Dokter Praktik"),
        ("klinik_tni_polri", "Klinik Awan", "Klinik Pratama Awan"),
        ("rs_d_pratama", "Rumah Sakit Awan", "Rumah Sakit Kelas D Pratama Awan"),
        ("klinik_pratama", "{{ 7*7 }} <b>", "Klinik Pratama {{ 7*7 }} <b>"),
    ],
)
def test_kind_stands_once(jenis: str, nama: str, expected: str) -> None:
    assert s.nama_tampil(jenis, nama) == expected
    assert s.nama_tampil(jenis, expected) == expected


def test_one_name_of_a_facility_whatever_is_known_of_it() -> None:
    assert s.nama_faskes_isian("klinik_pratama", "Klinik Sehat") == "Klinik Pratama Sehat"
    for jenis in ("", "klinik", None, 7):
        assert s.nama_faskes_isian(jenis, "Klinik Sehat") == "Klinik Sehat"
    assert s.nama_faskes_isian("klinik_pratama", " ") == " "


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (s.PROFESI_TAMPIL, kontrak.Profesi),
        (s.POLI_TAMPIL, kontrak.Poli),
        (s.HARI_TAMPIL, kontrak.Hari),
        (s.PEKAN_TAMPIL, kontrak.Pekan),
        (s.JEJARING_TAMPIL, kontrak.JenisJejaring),
        (s.CARA_KONTRAK_TAMPIL, kontrak.CaraKontrak),
    ],
)
def test_every_value_has_a_name(names: dict[str, object], values: object) -> None:
    assert set(names) == set(get_args(values))


def test_friday_has_no_apostrophe() -> None:
    assert s.HARI_TAMPIL["jumat"] == "Jumat"


@pytest.mark.parametrize(
    ("jabatan", "nama", "expected"),
    [
        ("Pimpinan", "Klinik Pratama Awan", "Pimpinan pada Klinik Pratama Awan"),
        ("Kepala PUSKESMAS AWAN", "Puskesmas Awan", "Kepala PUSKESMAS AWAN"),
        (
            "Kepala Dinas Kesehatan",
            "Puskesmas A",
            "Kepala Dinas Kesehatan yang membawahi Puskesmas A",
        ),
        ("Direktur PT Awan", "Klinik X", "Direktur PT Awan yang menyelenggarakan Klinik X"),
        ("Staf Optik", "Klinik X", "Staf Optik pada Klinik X"),
    ],
)
def test_position_with_the_facility(jabatan: str, nama: str, expected: str) -> None:
    assert s.selaku_tampil(jabatan, nama) == expected


@pytest.mark.parametrize(
    ("nama", "expected"),
    [
        ("Lembayung", "Lembayung"),
        ("Cabang Lembayung", "Lembayung"),
        ("KANTOR CABANG LEMBAYUNG", "LEMBAYUNG"),
        ("BPJS Kesehatan KC Lembayung", "Lembayung"),
        ("Cabangbungin", "Cabangbungin"),
        ("Cabang", "Cabang"),
    ],
)
def test_words_that_print_in_front_stand_once(nama: str, expected: str) -> None:
    assert s.tanpa_awalan(nama, "BPJS Kesehatan", "KC", "Kantor Cabang", "Cabang") == expected

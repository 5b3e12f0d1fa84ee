"""Who is bound reads alike in title, opening, closing and term, whoever owns the facility."""

from __future__ import annotations

from typing import Any

import pytest

from pks_kit.domain.kontrak import Kontrak
from pks_kit.naskah.assemble import assemble_naskah
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.render.text import render_text
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters
from support.sample import changed_at

CLINIC = "Klinik Pratama Senja Rekawangi"
ADDRESS = "Jalan Contoh 1"
NIK = "9901012101700091"


def words(changes: dict[str, Any]) -> str:
    kontrak: Kontrak = changed_at(changes)
    context = build_context(
        kontrak, load_parameters().resolve_all(kontrak.jangka_waktu.tanggal_mulai)
    )
    naskah = assemble_naskah(
        kontrak.versi_templat,
        kontrak.faskes.jenis,
        context,
        cara_kontrak=kontrak.cara_kontrak,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        templates_root=templates_root(),
    )
    return render_text(naskah)


def test_without_an_owner_nobody_is_named_and_the_clinic_is_not_bound() -> None:
    text = words({"pemilik": None, "pihak_kedua.kuasa": None})
    assert f"sah bertindak untuk dan atas nama pemilik dan penyelenggara {CLINIC}, selanj" in text
    assert f"bahwa PIHAK KEDUA memiliki dan menyelenggarakan {CLINIC}," in text
    assert f"PIHAK KEDUA\n{CLINIC}\n" in text
    assert f"atas nama {CLINIC}" not in text
    assert "PIHAK KEDUA meninggal dunia" not in text


@pytest.mark.parametrize(
    ("jenis", "nama", "named", "form"),
    [
        ("yayasan", "Kasih", "Yayasan Kasih", "suatu yayasan yang berkedudukan"),
        ("koperasi", "Sehat", "Koperasi Sehat", "suatu koperasi yang berkedudukan"),
        ("cv", "Maju", "CV Maju", "suatu persekutuan komanditer yang berkedudukan"),
        ("perkumpulan", "Sosial", "Perkumpulan Sosial", "suatu perkumpulan yang berkedudukan"),
        ("instansi_pemerintah", "Kementerian X", "Kementerian X", "yang berkedudukan"),
    ],
)
def test_every_kind_of_owner_is_named_alike(jenis: str, nama: str, named: str, form: str) -> None:
    text = words({"pemilik.jenis": jenis, "pemilik.nama": nama})
    assert f"atas nama {named}, pemilik dan penyelenggara {CLINIC}, {form}" in text
    title = text.splitlines()
    assert title[5:7] == [named.upper(), f"PEMILIK DAN PENYELENGGARA {CLINIC.upper()}"]
    assert f"PIHAK KEDUA\n{named}, pemilik dan penyelenggara {CLINIC}\n" in text
    assert ("didirikan dengan Akta Nomor 21" in text) == (jenis != "instansi_pemerintah")
    assert ("persekutuan" in form) == ("didaftarkan dengan Keputusan" in text)


def test_a_natural_owner_who_signs_alone_and_one_who_lets_sign() -> None:
    owner = {"jenis": "perorangan", "nama": "Budi Rekaan", "nik": NIK, "alamat": ADDRESS}
    by_power = words({"pemilik": owner})
    assert (
        f"atas nama Budi Rekaan, pemilik dan penyelenggara {CLINIC}, pemegang Nomor Induk "
        f"Kependudukan {NIK}, bertempat tinggal di {ADDRESS}" in by_power
    )
    assert "serta Surat Kuasa Nomor" in by_power
    alone = words(
        {
            "pemilik": owner,
            "pihak_kedua.kuasa": None,
            "pihak_kedua.nama_penandatangan": "Budi Rekaan",
        }
    )
    assert f"untuk dan atas nama sendiri selaku pemilik dan penyelenggara {CLINIC}" in alone
    assert f"PIHAK KEDUA\nPemilik dan penyelenggara {CLINIC}\nBudi Rekaan\n" in alone
    for text in (by_power, alone):
        assert "PIHAK KEDUA meninggal dunia;" in text
        assert "ditaruh di bawah pengampuan dengan penetapan pengadilan;" in text
        assert "paling lambat 14 (empat belas) hari kalender sejak PIHAK KEDUA meninggal" in text
        assert "dapat dilanjutkan oleh ahli waris atau pengampu" in text


def test_a_practice_binds_its_doctor_and_nobody_after_him() -> None:
    text = words(
        {"faskes.jenis": "tpmd", "faskes.rawat_inap": False, "faskes.izin_operasional": None}
    )
    assert "tidak lagi memiliki surat tanda registrasi atau SIP yang berlaku" in text
    assert "praktik yang dilanjutkan oleh dokter lain memerlukan perjanjian baru" in text
    assert "mengikat PIHAK KEDUA secara pribadi" in text
    assert "perubahan kepemilikan" not in text
    assert "Pengalihan kepemilikan" not in text
    assert "atau dibubarkan" not in text


def test_a_government_is_not_dissolved_and_changes_its_offices() -> None:
    text = words({"faskes.jenis": "puskesmas_non_blud", "pemilik": None})
    assert "atau dibubarkan" not in text
    assert "perubahan susunan organisasi PIHAK KEDUA" in text
    assert "pusat kesehatan masyarakat milik Pemerintah Daerah Kota Lembayung yang" in text


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("tni", "di lingkungan Tentara Nasional Indonesia yang"),
        ("polri", "di lingkungan Kepolisian Negara Republik Indonesia yang"),
        (None, "di lingkungan instansi pemerintah pemiliknya yang"),
    ],
)
def test_a_military_or_police_clinic_names_one_of_the_two(owner: str | None, said: str) -> None:
    changes: dict[str, Any] = {"faskes.jenis": "klinik_tni_polri", "cara_kontrak": "manual"}
    data = {"jenis": owner, "nama": "Kesatuan Rekaan", "alamat": ADDRESS} if owner else None
    text = words({**changes, "pemilik": data})
    opening = text[: text.index("Ketentuan Umum")]
    assert said in opening
    assert "Indonesia atau Kepolisian" not in opening


def test_the_result_of_the_year_stands_in_the_term() -> None:
    said = "Perjanjian ini dibuat dengan mempertimbangkan hasil tahun 2023, yaitu penilaian mandiri"
    assert f"{said} tanggal 21 Agustus 2023 dengan skor 98,97 dan Rekredensialing" in words({})
    assert "mempertimbangkan hasil tahun" not in words({"rekredensialing": []})
    later = words({"pihak_kesatu.tanggal_tanda_tangan": "2023-10-15"})
    assert "mempertimbangkan hasil tahun 2022" in later

from __future__ import annotations

from typing import get_args

import pytest

from pks_kit.domain.sifat_faskes import JENIS_PENUNJANG, SIFAT, JenisFaskes

FKTP = {jenis for jenis, sifat in SIFAT.items() if not sifat.penunjang}


def test_every_kind_is_described() -> None:
    assert tuple(SIFAT) == get_args(JenisFaskes)
    assert all(sifat.sebutan and sifat.pokok for sifat in SIFAT.values())


@pytest.mark.parametrize(
    ("trait", "kinds"),
    [
        ("perorangan", {"tpmd", "tpmdg"}),
        ("puskesmas", {"puskesmas_blud", "puskesmas_non_blud"}),
        ("klinik", {"klinik_pratama", "klinik_tni_polri"}),
        ("rumah_sakit", {"rs_d_pratama"}),
        ("pelayanan_umum", FKTP - {"tpmdg"}),
        ("pelayanan_gigi", FKTP - {"tpmd"}),
        ("kebidanan", FKTP - {"tpmdg"}),
        ("dapat_poned", FKTP - {"tpmd", "tpmdg"}),
        ("mitra_wilayah", {"klinik_tni_polri"}),
        ("penunjang", {"apotek", "ruang_farmasi", "laboratorium"}),
        ("kefarmasian", {"apotek", "ruang_farmasi"}),
        ("laboratorium", {"laboratorium"}),
        ("bagian_faskes", {"ruang_farmasi"}),
        ("perlu_dokter", {"klinik_pratama", "klinik_tni_polri", "rs_d_pratama", "tpmd"}),
        ("perlu_dokter_gigi", {"tpmdg"}),
        ("norma", FKTP),
        ("kolom_pkbk", FKTP - {"tpmdg"}),
    ],
)
def test_trait_belongs_to_these_kinds(trait: str, kinds: set[str]) -> None:
    assert {jenis for jenis, sifat in SIFAT.items() if getattr(sifat, trait)} == kinds


@pytest.mark.parametrize("jenis", JENIS_PENUNJANG)
def test_supporting_facilities_give_no_care_of_an_fktp(jenis: JenisFaskes) -> None:
    care = ("pelayanan_umum", "pelayanan_gigi", "kebidanan", "dapat_poned", "perorangan")
    assert {name: getattr(SIFAT[jenis], name) for name in care} == dict.fromkeys(care, False)


def test_columns_of_tariffs() -> None:
    assert {jenis: sifat.norma for jenis, sifat in SIFAT.items() if sifat.norma} == {
        "klinik_pratama": "klinik_pratama",
        "klinik_tni_polri": "klinik_pratama",
        "rs_d_pratama": "klinik_pratama",
        "puskesmas_blud": "puskesmas",
        "puskesmas_non_blud": "puskesmas",
        "tpmd": "tpmd",
        "tpmdg": "tpmdg",
    }
    payouts = {sifat.kolom_pkbk for sifat in SIFAT.values() if sifat.puskesmas}
    assert payouts == {"pembayaran_puskesmas"}


def test_account_rule_of_every_kind() -> None:
    assert {jenis: sifat.aturan_rekening for jenis, sifat in SIFAT.items()} == {
        "puskesmas_blud": "blud",
        "puskesmas_non_blud": "bendahara_kapitasi",
        "klinik_pratama": "keputusan_sendiri",
        "tpmd": "keputusan_sendiri",
        "tpmdg": "keputusan_sendiri",
        "rs_d_pratama": "rumah_sakit",
        "klinik_tni_polri": "pnbp",
        "apotek": "keputusan_sendiri",
        "ruang_farmasi": "rumah_sakit",
        "laboratorium": "keputusan_sendiri",
    }

from __future__ import annotations

from typing import get_args

import pytest

from pks_kit.domain.jenis_faskes import JENIS_PENUNJANG, JenisFaskes
from pks_kit.domain.sifat_faskes import sifat_faskes
from pks_kit.rules.computed.kapitasi import NORM_GROUPS


def kinds_with(trait: str) -> set[str]:
    return {jenis for jenis in NORM_GROUPS if getattr(sifat_faskes(jenis), trait)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trait", "kinds"),
    [
        ("perorangan", {"tpmd", "tpmdg"}),
        ("puskesmas", {"puskesmas_blud", "puskesmas_non_blud"}),
        ("pelayanan_umum", set(NORM_GROUPS) - {"tpmdg"}),
        ("pelayanan_gigi", set(NORM_GROUPS) - {"tpmd"}),
        ("kebidanan", set(NORM_GROUPS) - {"tpmdg"}),
        ("dapat_poned", set(NORM_GROUPS) - {"tpmd", "tpmdg"}),
        ("mitra_wilayah", {"klinik_tni_polri"}),
        ("penunjang", set()),
        ("kefarmasian", set()),
    ],
)
def test_trait_belongs_to_these_kinds(trait: str, kinds: set[str]) -> None:
    assert kinds_with(trait) == kinds


@pytest.mark.parametrize("jenis", JENIS_PENUNJANG)
def test_supporting_facilities_give_no_care_of_an_fktp(jenis: JenisFaskes) -> None:
    sifat = sifat_faskes(jenis)
    assert sifat.penunjang
    assert sifat.kefarmasian is (jenis != "laboratorium")
    care = ("pelayanan_umum", "pelayanan_gigi", "kebidanan", "dapat_poned", "perorangan")
    assert {name: getattr(sifat, name) for name in care} == dict.fromkeys(care, False)


def test_printed_norm_column_is_the_computed_one() -> None:
    assert {jenis: sifat_faskes(jenis).norma for jenis in NORM_GROUPS} == NORM_GROUPS  # type: ignore[arg-type]


def test_account_rule_of_every_kind() -> None:
    found = {jenis: sifat_faskes(jenis).aturan_rekening for jenis in get_args(JenisFaskes)}
    assert found["puskesmas_blud"] == "blud"
    assert found["puskesmas_non_blud"] == "bendahara_kapitasi"
    assert found["klinik_tni_polri"] == "pnbp"
    assert found["rs_d_pratama"] == "rumah_sakit"
    assert {found[jenis] for jenis in ("klinik_pratama", "tpmd", "tpmdg")} == {"keputusan_sendiri"}

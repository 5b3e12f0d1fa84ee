from __future__ import annotations

from typing import get_args

import pytest

from pks_kit.domain.kontrak import JenisFaskes
from pks_kit.domain.sifat_faskes import sifat_faskes
from pks_kit.rules.hitung_kapitasi import NORM_GROUPS


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
    ],
)
def test_trait_belongs_to_these_kinds(trait: str, kinds: set[str]) -> None:
    assert kinds_with(trait) == kinds


def test_printed_norm_column_is_the_computed_one() -> None:
    assert {jenis: sifat_faskes(jenis).norma for jenis in NORM_GROUPS} == NORM_GROUPS  # type: ignore[arg-type]


def test_account_rule_of_every_kind() -> None:
    found = {jenis: sifat_faskes(jenis).aturan_rekening for jenis in get_args(JenisFaskes)}
    assert found["puskesmas_blud"] == "blud"
    assert found["puskesmas_non_blud"] == "bendahara_kapitasi"
    assert found["klinik_tni_polri"] == "pnbp"
    assert found["rs_d_pratama"] == "rumah_sakit"
    assert {found[jenis] for jenis in ("klinik_pratama", "tpmd", "tpmdg")} == {"keputusan_sendiri"}

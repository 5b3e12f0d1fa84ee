"""Which kind may have which contract method, who signs, and the agreement's name in Aceh."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from pks_kit.domain.kontrak import CaraKontrak
from pks_kit.domain.sifat_faskes import JENIS_PENUNJANG, JenisFaskes
from pks_kit.naskah.catalogue import load_version
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters
from support.checking import PUSKESMAS, START, TNI, TPMD, codes, faults, found
from support.sample import changed_at

PAPER_ONLY = ["klinik_tni_polri", *sorted(JENIS_PENUNJANG)]


@pytest.mark.parametrize("method", ["elektronik", "digital"])
@pytest.mark.parametrize("kind", PAPER_ONLY)
def test_paper_only_kinds_are_refused_for_electronic_methods(kind: str, method: str) -> None:
    changes = {**TNI, "faskes.jenis": kind, "cara_kontrak": method}
    refused = [one for one in faults(changes) if one[2] == "cara_kontrak"]
    code = "offer.manual_kepwil" if kind == "klinik_tni_polri" else "offer.manual_separate"
    assert refused == [("blocking", code, "cara_kontrak")]


@pytest.mark.parametrize("kind", PAPER_ONLY)
def test_paper_is_allowed_for_them(kind: str) -> None:
    changes = {**TNI, "faskes.jenis": kind}
    assert not [one for one in faults(changes) if one[2] == "cara_kontrak"]


@pytest.mark.parametrize("kind", ["klinik_pratama", *sorted(JENIS_PENUNJANG)])
@pytest.mark.parametrize("versi", ["pks_2023", "pks_2024", "pks_penunjang_2024"])
def test_pharmacies_and_laboratories_have_a_version_of_their_own(kind: str, versi: str) -> None:
    kontrak = changed_at({"faskes.jenis": kind, "cara_kontrak": "manual"})
    offered = load_version(versi, templates_root()).kinds()
    kinds = [one for one in found(kontrak, daftar_jenis_tersedia=offered) if "offer.kind" in one]
    fits = (kind in JENIS_PENUNJANG) is (versi == "pks_penunjang_2024")
    assert kinds == ([] if fits else [("blocking", "offer.kind", "faskes.jenis")])


def test_military_clinic_without_regional_deputy() -> None:
    changes = {**TNI, "pihak_kesatu.kedeputian_wilayah": None}
    path = "pihak_kesatu.kedeputian_wilayah"
    assert ("blocking", "offer.kepwil_missing", path) in faults(changes)
    assert "offer.kepwil_missing" not in codes(TNI)


def test_regional_deputy_of_another_kind_is_only_told() -> None:
    path = "pihak_kesatu.kedeputian_wilayah"
    assert faults({path: "Kedeputian Wilayah XIV"}) == [("info", "offer.kepwil_unused", path)]


@pytest.mark.parametrize("method", ["elektronik", "digital"])
@pytest.mark.parametrize("kind", [{}, PUSKESMAS, TPMD], ids=["klinik", "puskesmas", "tpmd"])
def test_electronic_methods_of_ordinary_kinds(kind: dict[str, Any], method: str) -> None:
    assert faults({**kind, "cara_kontrak": method}) == []


@pytest.mark.parametrize("kind", [{}, PUSKESMAS, TPMD], ids=["klinik", "puskesmas", "tpmd"])
def test_paper_for_ordinary_kinds_is_a_warning(kind: dict[str, Any]) -> None:
    changes = {**kind, "cara_kontrak": "manual"}
    assert faults(changes) == [("warning", "offer.paper", "cara_kontrak")]


def test_blud_signatory_needs_a_person() -> None:
    changes = {
        **PUSKESMAS,
        "faskes.jenis": "puskesmas_blud",
        "dokumen[5].jenis": "ketentuan_blud",
    }
    path = "pihak_kedua.nama_penandatangan"
    assert faults(changes) == [("manual", "offer.blud_signatory", path)]


def test_what_is_not_offered() -> None:
    kontrak = changed_at({**TPMD, "cara_kontrak": "manual"})
    beyond = found(
        kontrak, daftar_jenis_tersedia={"klinik_pratama"}, daftar_cara_tersedia={"elektronik"}
    )
    assert beyond[:2] == [
        ("blocking", "offer.kind", "faskes.jenis"),
        ("blocking", "offer.method", "cara_kontrak"),
    ]


def test_every_kind_has_methods_that_exist() -> None:
    parameters = load_parameters()
    for kind in get_args(JenisFaskes):
        allowed = str(parameters.resolve(f"cara_kontrak.{kind}", START).nilai).split()
        assert allowed
        assert set(allowed) <= set(get_args(CaraKontrak))


@pytest.mark.parametrize(
    ("province", "name", "expected"),
    [
        ("Provinsi Aceh", None, [("warning", "name.aceh", "nama_perjanjian")]),
        ("Nanggroe Aceh Darussalam", "PKS", [("warning", "name.aceh", "nama_perjanjian")]),
        ("ACEH", "Akad  Ijarah", []),
        ("Provinsi Aceh", "AKAD IJARAH", []),
        ("Provinsi Acehan Baru", None, []),
        ("Provinsi Nusa Rekaan", "AKAD IJARAH", [("info", "name.other", "nama_perjanjian")]),
        ("Provinsi Nusa Rekaan", "Perjanjian Kerja Sama", []),
    ],
)
def test_name_of_the_agreement(province: str, name: str | None, expected: list[Any]) -> None:
    assert faults({"faskes.provinsi": province, "nama_perjanjian": name}) == expected

"""docs/sumber.md 11.2 and 11.4, and the boundaries around them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.errors import UsageError
from pks_kit.rules.computed.values import capitation_norm, inpatient_tariff
from pks_kit.rules.law.parameters import load_parameters
from support.sample import changed, sample

ATURAN = load_parameters().resolve_all(date(2024, 1, 1))


def person(kunci: str, profesi: str, until: str = "2028-01-01", *, spesialis: bool = False) -> Any:
    return {
        "kunci": kunci,
        "nama": kunci,
        "nik": f"99{abs(hash(kunci)) % 10**14:014d}",
        "profesi": profesi,
        "sip": {"nomor": "1", "berlaku_sampai": until},
        "spesialis": spesialis,
    }


def staffed(*people: Any, participants: int = 15_000) -> Kontrak:
    return changed(tenaga_kesehatan=list(people), faskes__jumlah_peserta_terdaftar=participants)


THREE = [person(f"d{n}", "dokter") for n in range(3)]
DENTIST = person("g", "dokter_gigi")
CREW = [person("p", "perawat"), person("a", "apoteker"), person("b", "bidan")]


@pytest.mark.parametrize(
    ("people", "participants", "tarif"),
    [
        ([*THREE, DENTIST], 15_000, 12_000),
        ([*THREE, DENTIST], 15_001, 11_000),
        (THREE, 15_000, 10_000),
        (THREE, 15_001, 9_000),
        ([*THREE[:2], person("s", "dokter", spesialis=True), DENTIST], 15_000, 11_000),
        ([*THREE[:2], person("x", "dokter", "2023-12-31"), DENTIST], 15_000, 11_000),
        ([*THREE[:2], person("x", "dokter", "2024-01-01"), DENTIST], 15_000, 12_000),
        ([*THREE, person("g", "dokter_gigi", spesialis=True)], 15_000, 10_000),
        ([*THREE, person("g", "dokter_gigi", "2023-12-31")], 15_000, 10_000),
        ([THREE[0]], 0, 10_000),
    ],
)
def test_capitation_norm(people: list[Any], participants: int, tarif: int) -> None:
    assert capitation_norm(staffed(*people, participants=participants), ATURAN).tarif == tarif


def test_norm_says_how() -> None:
    norm = capitation_norm(sample(), ATURAN)
    assert norm.dokter_dihitung == 4
    assert norm.dokter_gigi_tersedia
    assert norm.rasio == "1 : 4.337,5"
    assert norm.dasar == (
        "17.350 Peserta dibagi 4 (empat) dokter sama dengan 4.337,5 Peserta untuk setiap dokter, "
        "tidak lebih dari 5.000 Peserta. Tidak dihitung: 1 (satu) dokter yang telah memiliki SIP "
        "sebagai spesialis."
    )


def test_ratio_just_above_the_limit_never_reads_as_the_limit() -> None:
    norm = capitation_norm(staffed(*THREE, participants=15_001), ATURAN)
    assert norm.rasio == "1 : 5.000,34"
    assert "lebih dari 5.000 Peserta" in norm.dasar
    assert "tidak lebih" not in norm.dasar


def test_round_ratio_keeps_its_zeros() -> None:
    assert capitation_norm(staffed(*THREE, participants=15_000), ATURAN).rasio == "1 : 5.000"


def test_expired_doctor_is_named_in_the_explanation() -> None:
    norm = capitation_norm(staffed(*THREE, person("x", "dokter", "2023-12-31")), ATURAN)
    assert "1 (satu) dokter yang SIP-nya tidak berlaku pada tanggal 1 Januari 2024" in norm.dasar


def test_dentist_who_does_not_count_is_named_in_the_explanation() -> None:
    expired = capitation_norm(staffed(*THREE, person("g", "dokter_gigi", "2023-12-31")), ATURAN)
    assert "1 (satu) dokter gigi yang SIP-nya tidak berlaku pada" in expired.dasar
    special = capitation_norm(staffed(*THREE, person("g", "dokter_gigi", spesialis=True)), ATURAN)
    assert "1 (satu) dokter gigi yang telah memiliki SIP sebagai spesialis" in special.dasar


def test_no_doctor_no_norm() -> None:
    with pytest.raises(UsageError) as caught:
        capitation_norm(staffed(DENTIST), ATURAN)
    assert caught.value.code == "rules.norm_needs_doctor"


@pytest.mark.parametrize("jenis", ["apotek", "ruang_farmasi", "laboratorium"])
def test_kind_without_norm(jenis: str) -> None:
    with pytest.raises(UsageError) as caught:
        capitation_norm(changed(faskes__jenis=jenis), ATURAN)
    assert caught.value.code == "rules.norm_unknown"


def of_kind(jenis: str, *people: Any, participants: int = 15_000) -> Kontrak:
    return changed(
        tenaga_kesehatan=list(people),
        faskes__jumlah_peserta_terdaftar=participants,
        faskes__jenis=jenis,
    )


NURSE = person("p", "perawat")


@pytest.mark.parametrize("jenis", ["puskesmas_blud", "puskesmas_non_blud"])
@pytest.mark.parametrize(
    ("people", "participants", "tarif"),
    [
        ([*THREE, DENTIST], 15_000, 7_000),
        (THREE, 15_000, 6_300),
        ([*THREE, DENTIST], 15_001, 6_000),
        (THREE, 15_001, 5_300),
        ([DENTIST], 15_000, 4_300),
        ([NURSE], 15_000, 3_600),
        ([NURSE, person("s", "dokter", spesialis=True)], 15_000, 3_600),
        ([DENTIST, person("x", "dokter", "2023-12-31")], 15_000, 4_300),
    ],
)
def test_norm_of_puskesmas(jenis: str, people: list[Any], participants: int, tarif: int) -> None:
    norm = capitation_norm(of_kind(jenis, *people, participants=participants), ATURAN)
    assert norm.tarif == tarif
    assert norm.kelompok == "puskesmas"
    assert norm.dasar_hukum == "Permenkes 3/2023 Pasal 6"


@pytest.mark.parametrize(
    ("people", "participants", "tarif"),
    [
        ([*THREE, DENTIST], 15_000, 12_000),
        (THREE, 15_000, 10_000),
        ([*THREE, DENTIST], 15_001, 11_000),
        (THREE, 15_001, 9_000),
    ],
)
def test_rs_d_pratama_shares_the_row_of_clinics(
    people: list[Any], participants: int, tarif: int
) -> None:
    norm = capitation_norm(of_kind("rs_d_pratama", *people, participants=participants), ATURAN)
    assert (norm.tarif, norm.kelompok) == (tarif, "klinik_pratama")


@pytest.mark.parametrize(("participants", "tarif"), [(5_000, 8_800), (5_001, 8_300), (0, 8_800)])
def test_norm_of_tpmd(participants: int, tarif: int) -> None:
    norm = capitation_norm(of_kind("tpmd", THREE[0], participants=participants), ATURAN)
    assert (norm.tarif, norm.memakai_rasio) == (tarif, True)


def test_norm_of_tpmdg() -> None:
    norm = capitation_norm(of_kind("tpmdg", DENTIST, participants=90_000), ATURAN)
    assert (norm.tarif, norm.memakai_rasio, norm.rasio) == (3_500, False, "tidak dipakai")
    assert norm.parameter == "kapitasi.tpmdg.tarif"
    assert "1 : " not in norm.dasar


@pytest.mark.parametrize("jenis", ["klinik_pratama", "rs_d_pratama", "tpmd"])
def test_only_puskesmas_have_a_norm_without_doctor(jenis: str) -> None:
    with pytest.raises(UsageError) as caught:
        capitation_norm(of_kind(jenis, DENTIST), ATURAN)
    assert caught.value.code == "rules.norm_needs_doctor"


def test_dental_practice_needs_its_dentist() -> None:
    with pytest.raises(UsageError) as caught:
        capitation_norm(of_kind("tpmdg", person("x", "dokter_gigi", "2023-12-31")), ATURAN)
    assert caught.value.code == "rules.norm_needs_dentist"


def test_puskesmas_without_doctor_says_so() -> None:
    norm = capitation_norm(of_kind("puskesmas_blud", NURSE), ATURAN)
    assert norm.rasio == "tidak dipakai"
    assert norm.dasar == "Tidak ada dokter yang dihitung, sehingga dipakai norma tanpa dokter."


def test_every_tariff_row_can_be_reached() -> None:
    """Each parameter of the norm is the answer for some staff, so none stands unused."""
    reached = set()
    for jenis in (one for one, sifat in SIFAT.items() if sifat.norma):
        for people in ([*THREE, DENTIST], THREE, [DENTIST], [NURSE]):
            for participants in (15_000, 15_001):
                kontrak = of_kind(jenis, *people, participants=participants)
                try:
                    reached.add(capitation_norm(kontrak, ATURAN).parameter)
                except UsageError:
                    continue
    names = {name for name in load_parameters().names() if name.startswith("kapitasi.")}
    assert names - reached == {"kapitasi.rasio_maksimum"}


FOUR = [*THREE, person("d3", "dokter")]


@pytest.mark.parametrize(
    ("people", "tarif"),
    [
        ([*FOUR, *CREW], 300_000),
        ([*THREE, person("x", "dokter", "2023-12-31"), *CREW], 250_000),
        ([*FOUR, person("d4", "dokter"), CREW[0], CREW[2]], 250_000),
        ([*FOUR, *CREW[1:]], 250_000),
        ([*FOUR, *CREW[:2]], 250_000),
        ([*THREE, *CREW], 250_000),
        ([*THREE, person("s", "dokter", spesialis=True), *CREW], 250_000),
        ([*FOUR, CREW[0], CREW[1], person("b", "bidan", "2023-12-31")], 250_000),
    ],
)
def test_inpatient_tariff(people: list[Any], tarif: int) -> None:
    assert inpatient_tariff(staffed(*people), ATURAN).tarif == tarif


def test_tariff_says_why() -> None:
    found = inpatient_tariff(staffed(*THREE, CREW[0], CREW[2]), ATURAN)
    assert found.tidak_tersedia == ("apoteker",)
    assert found.penjelasan == (
        "Komponen belum terpenuhi: dokter umum yang dihitung 3 (tiga), kurang dari 4 (empat); "
        "apoteker tidak tersedia."
    )
    assert inpatient_tariff(sample(), ATURAN).penjelasan.startswith("Seluruh komponen terpenuhi")


def test_tariff_names_who_does_not_count() -> None:
    people = [*THREE, person("x", "dokter", "2023-12-31"), *CREW[:2]]
    found = inpatient_tariff(staffed(*people, person("b", "bidan", "2023-12-31")), ATURAN)
    for who in ("dokter", "bidan"):
        line = f"1 (satu) {who} yang SIP-nya tidak berlaku pada tanggal 1 Januari 2024."
        assert f"Tidak dihitung: {line}" in found.penjelasan


def test_no_inpatient_care() -> None:
    with pytest.raises(UsageError) as caught:
        inpatient_tariff(changed(faskes__rawat_inap=False), ATURAN)
    assert caught.value.code == "rules.no_inpatient_care"

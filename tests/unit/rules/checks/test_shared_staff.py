"""People, licences and ambulances in the agreements of several facilities."""

from __future__ import annotations

from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.messages import Message
from pks_kit.rules.checks.duplicates import Identity
from pks_kit.rules.checks.shared_staff import check_together, held_by
from support.checking import assert_sound
from support.sample import changed_at

OTHER = {
    "faskes.kode": "9917U030",
    "pihak_kesatu.nomor_pks": "418/KTR/XIV-07/1223",
    "ambulans": [],
    "jejaring": [],
    **{f"tenaga_kesehatan[{n}].nik": f"99010159089701{n:02d}" for n in range(13)},
    **{f"tenaga_kesehatan[{n}].sip.nomor": f"504/{n}/SIP/2021" for n in range(13)},
}
"""Changes that make the sample another facility with people of its own."""
MIDWIFE = 6


def identity(kontrak: Kontrak, cell: str) -> Identity:
    def where(path: str) -> Message:
        return Message(f"{cell}!{path}", f"{cell}!{path}")

    return Identity(
        kode=kontrak.faskes.kode,
        nomor_kesatu=kontrak.pihak_kesatu.nomor_pks,
        nomor_kedua=kontrak.pihak_kedua.nomor_pks,
        masa=(kontrak.jangka_waktu.tanggal_mulai, kontrak.jangka_waktu.tanggal_selesai),
        nama=kontrak.pihak_kedua.nama_faskes,
        where=where,
        dipegang=tuple(held_by(kontrak)),
    )


def found(first: dict[str, Any], second: dict[str, Any]) -> list[list[tuple[str, str, str]]]:
    both = (
        identity(changed_at(first), "A"),
        identity(changed_at({**OTHER, **second}), "B"),
    )
    answer = check_together(both)
    for finding in (one for findings in answer for one in findings):
        assert_sound(finding)
    return [[(one.level, one.code, one.path) for one in findings] for findings in answer]


def test_facilities_with_their_own_people_share_nothing() -> None:
    assert found({}, {}) == [[], []]


NIK = f"tenaga_kesehatan[{MIDWIFE}].nik"
SIP = f"tenaga_kesehatan[{MIDWIFE}].sip.nomor"
SAMPLE = changed_at({}).tenaga_kesehatan[MIDWIFE]
NETWORK = {f"tenaga_kesehatan[{MIDWIFE}].bidan_jejaring": True}


def test_a_midwife_on_the_staff_of_two() -> None:
    expected = [("warning", "duplicate.midwife", NIK)]
    assert found({}, {NIK: SAMPLE.nik}) == [expected, expected]
    assert found({}, {NIK: SAMPLE.nik, SIP: SAMPLE.sip.nomor}) == [expected, expected]
    assert found(NETWORK, {NIK: SAMPLE.nik}) == [expected, expected]


def test_a_midwife_of_the_network_may_serve_several() -> None:
    expected = [("info", "duplicate.midwife", NIK)]
    shared = {**NETWORK, NIK: SAMPLE.nik, SIP: SAMPLE.sip.nomor}
    assert found(NETWORK, shared) == [expected, expected]


def test_each_names_the_cell_of_the_other_and_no_nik() -> None:
    first, second = check_together(
        (
            identity(changed_at({}), "A"),
            identity(changed_at({**OTHER, NIK: SAMPLE.nik}), "B"),
        )
    )
    assert f"A!{NIK}" in first[0].text.id
    assert f"B!{NIK}" in first[0].text.id
    assert f"A!{NIK}" in second[0].text.id
    assert SAMPLE.nik not in first[0].text.id


def test_one_licence_at_two_places() -> None:
    path = "tenaga_kesehatan[0].sip.nomor"
    number = changed_at({}).tenaga_kesehatan[0].sip.nomor
    expected = [("warning", "duplicate.practice_licence", path)]
    assert found({}, {path: f" {number.lower()}"}) == [expected, expected]
    assert found({path: "belum ada"}, {path: "belum ada"}) == [[], []]


def test_a_doctor_may_practise_at_two_places_with_two_licences() -> None:
    path = "tenaga_kesehatan[0].nik"
    assert found({}, {path: changed_at({}).tenaga_kesehatan[0].nik}) == [[], []]


def test_a_member_of_two_networks_is_information() -> None:
    members = changed_at({}).model_dump(mode="json")["jejaring"]
    expected = [("info", "duplicate.practice_licence", "jejaring[0].izin.nomor")]
    assert found({}, {"jejaring": members}) == [expected, expected]


def test_an_ambulance_of_two() -> None:
    fleet = changed_at({}).model_dump(mode="json")["ambulans"]
    expected = [("warning", "duplicate.plate", "ambulans[0].plat")]
    assert found({}, {"ambulans": fleet}) == [expected, expected]


def test_the_next_term_or_the_same_facility_shares_nothing() -> None:
    later = {
        "jangka_waktu.tanggal_mulai": "2025-01-01",
        "jangka_waktu.tanggal_selesai": "2025-12-31",
    }
    assert found({}, {NIK: SAMPLE.nik, **later}) == [[], []]
    codes = [code for _, code, _ in found({}, {NIK: SAMPLE.nik, "faskes.kode": "9917U029"})[0]]
    assert codes == ["duplicate.facility_code", "duplicate.number_kedua"]

"""Health workers and users: NIK, specialists, midwives, USG, licences."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pks_kit.rules.checks.catalogue import check_kontrak
from support.checking import PUSKESMAS, START, TPMD, codes, faults, found, schedule, sesi
from support.sample import changed_at, sample

NIK8 = "tenaga_kesehatan[8].nik"
SIP0 = "tenaga_kesehatan[0].sip.berlaku_sampai"


@pytest.mark.parametrize(
    ("nik", "expected"),
    [
        ("3201012308870001", set()),
        ("3201016308870001", set()),
        ("3201013002870001", {"nik.no_date"}),
        ("3201017002870001", {"nik.no_date"}),
        ("3201012902880001", set()),
        ("3201012902870001", {"nik.no_date"}),
        ("3201010008870001", {"nik.no_date"}),
        ("3201014008870001", {"nik.no_date"}),
        ("3201012313870001", {"nik.no_date"}),
        ("3201012308870000", {"nik.no_serial"}),
        ("3201013112030001", set()),
        ("3201013112050001", {"nik.too_young"}),
    ],
)
def test_nik(nik: str, expected: set[str]) -> None:
    given = faults({NIK8: nik})
    assert {code for _, code, _ in given} == expected
    assert {level for level, _, _ in given} <= {"warning"}


def test_impossible_region_is_one_piece_of_information() -> None:
    usual = [one for one in found(sample()) if one[1] == "nik.region"]
    assert usual == [("info", "nik.region", "tenaga_kesehatan[0].nik")]
    people = len(sample().tenaga_kesehatan) + len(sample().pengguna_aplikasi)
    (finding,) = (f for f in check_kontrak(sample(), START) if f.code == "nik.region")
    assert str(people) in finding.text.id


def test_real_regions_say_nothing() -> None:
    kontrak = sample()
    changes = {
        f"{group}[{index}].nik": f"32{row.nik[2:]}"
        for group in ("tenaga_kesehatan", "pengguna_aplikasi")
        for index, row in enumerate(getattr(kontrak, group))
    }
    codes = {code for _, code, _ in found(changed_at(changes))}
    assert codes == {"certificate.prepared_field"}


@pytest.mark.parametrize(("year", "expected"), [(2007, set()), (2006, {"nik.graduation"})])
def test_graduation_at_twenty_at_the_earliest(year: int, expected: set[str]) -> None:
    assert codes({"tenaga_kesehatan[8].tahun_lulus": year}) == expected


def test_one_nik_twice() -> None:
    doctor = sample().tenaga_kesehatan[0].nik
    assert faults({NIK8: doctor}) == [("blocking", "staff.duplicate_nik", NIK8)]


@pytest.mark.parametrize(("one", "other"), [(4, 3), (3, 4)])
def test_specialist_again_as_general_doctor(one: int, other: int) -> None:
    nik = sample().tenaga_kesehatan[one].nik
    changes = {
        f"tenaga_kesehatan[{other}].nik": nik,
        "tenaga_kesehatan[3].tahun_lulus": 2017,
        "tenaga_kesehatan[4].tahun_lulus": 2017,
    }
    path = "tenaga_kesehatan[4].nik"
    assert faults(changes) == [("blocking", "staff.specialist_again", path)]


def test_specialist_and_somebody_who_is_no_doctor() -> None:
    nik = sample().tenaga_kesehatan[4].nik
    assert faults({NIK8: nik}) == [("blocking", "staff.duplicate_nik", NIK8)]


def test_user_with_the_nik_of_a_worker_of_another_name() -> None:
    assert codes({"pengguna_aplikasi[0].nama": "Ayu Contohwati"}) == set()
    path = "pengguna_aplikasi[0].nama"
    assert faults({path: "Sari Contohwati"}) == [("warning", "user.other_name", path)]


@pytest.mark.parametrize("field", ["rekening", "npwp"])
def test_midwife_needs_account_and_npwp(field: str) -> None:
    path = f"tenaga_kesehatan[6].{field}"
    assert faults({path: None}) == [("blocking", "staff.midwife_needs", path)]


def test_nobody_else_needs_them() -> None:
    assert sample().tenaga_kesehatan[0].rekening is None
    assert codes({"tenaga_kesehatan[0].npwp": None}) == set()


def test_network_midwife() -> None:
    without_sessions = schedule(sesi())
    path = "tenaga_kesehatan[6].bidan_jejaring"
    assert faults({**without_sessions, path: True}) == []
    lonely = {**without_sessions, path: True, "jejaring[0].jenis": "optik"}
    assert faults(lonely) == [("warning", "staff.midwife_without_member", path)]
    other = "tenaga_kesehatan[8].bidan_jejaring"
    assert faults({other: True}) == [("blocking", "staff.not_midwife", other)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tenaga_kesehatan[0].tahun_lulus": None}, {"staff.no_graduation_year"}),
        ({"tenaga_kesehatan[1].tahun_lulus": None}, set()),
        ({"tenaga_kesehatan[0].tahun_lulus": None, "faskes.memiliki_usg": False}, set()),
        ({"tenaga_kesehatan[4].tahun_lulus": None}, set()),
        ({"tenaga_kesehatan[5].tahun_lulus": None}, set()),
    ],
    ids=["no year", "certificate", "no USG", "specialist", "dentist"],
)
def test_year_of_graduation_when_usg_is_claimed(
    changes: dict[str, Any], expected: set[str]
) -> None:
    assert codes(changes) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2023-12-31", [("blocking", "licence.expired_scheduled", SIP0)]),
        ("2024-01-01", [("warning", "licence.ends_soon", SIP0)]),
        ("2024-04-01", [("warning", "licence.ends_soon", SIP0)]),
        ("2024-04-02", [("info", "licence.ends_in_term", SIP0)]),
        ("2024-12-30", [("info", "licence.ends_in_term", SIP0)]),
        ("2024-12-31", []),
    ],
)
def test_licence_at_its_last_days(end: str, expected: list[Any]) -> None:
    assert faults({SIP0: end}) == expected


def test_licence_is_judged_on_the_day_asked_for_when_it_is_later() -> None:
    ends = {SIP0: "2024-06-30"}
    assert ("warning", "licence.ends_soon", SIP0) not in faults(ends, date(2024, 3, 29))
    assert ("warning", "licence.ends_soon", SIP0) in faults(ends, date(2024, 3, 30))
    assert ("blocking", "licence.expired_scheduled", SIP0) not in faults(ends, date(2024, 6, 30))
    assert ("blocking", "licence.expired_scheduled", SIP0) in faults(ends, date(2024, 7, 1))


def no_doctor() -> dict[str, Any]:
    return {f"tenaga_kesehatan[{n}].spesialis": True for n in range(5)}


def beside_specialists(changes: dict[str, Any]) -> list[Any]:
    """Return what is found beside that specialists sit in Poli Umum."""
    return [one for one in faults(changes) if one[1] != "staff.specialist_general"]


@pytest.mark.parametrize(
    ("kind", "level", "code"),
    [
        ({}, "blocking", "staff.no_doctor"),
        (TPMD, "blocking", "staff.no_doctor"),
        (PUSKESMAS, "info", "staff.puskesmas_without_doctor"),
    ],
    ids=["klinik", "tpmd", "puskesmas"],
)
def test_no_doctor_that_counts(kind: dict[str, Any], level: str, code: str) -> None:
    assert beside_specialists({**kind, **no_doctor()}) == [(level, code, "tenaga_kesehatan")]


def test_single_practice_of_a_dentist_needs_a_dentist() -> None:
    dentist = {**TPMD, "faskes.jenis": "tpmdg"}
    assert beside_specialists({**dentist, **no_doctor()}) == []
    gone = {**dentist, "tenaga_kesehatan[5].spesialis": True}
    assert ("blocking", "staff.no_dentist", "tenaga_kesehatan") in faults(gone)

"""Profession and poli, above all the nurses of a puskesmas, and sessions at their limits."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from pks_kit.domain.kontrak import Poli, Profesi
from pks_kit.rules.checks.poli import poli_refusal
from support.checking import PUSKESMAS, codes, faults, schedule, sesi
from support.sample import changed_at

ALLOWED = {
    "dokter": {"umum", "kia", "kb", "persalinan", "ugd", "rawat_inap"},
    "dokter_gigi": {"gigi"},
    "bidan": {"kia", "kb", "persalinan"},
    "perawat": {"ugd", "rawat_inap"},
    "refraksionis_optisien": {"refraksi"},
    "optometris": {"refraksi"},
}
NO_DOCTOR = {f"tenaga_kesehatan[{n}].spesialis": True for n in range(5)}
NO_DENTIST = {"tenaga_kesehatan[5].spesialis": True}
NURSE = 8


@pytest.mark.parametrize("poli", get_args(Poli))
@pytest.mark.parametrize("profession", get_args(Profesi))
def test_profession_and_poli_of_a_clinic(profession: str, poli: Poli) -> None:
    kontrak = changed_at({"tenaga_kesehatan[0].profesi": profession})
    allowed = poli in ALLOWED.get(profession, set())
    refused = poli_refusal(kontrak, kontrak.tenaga_kesehatan[0], poli)
    assert refused == (None if allowed else "schedule.poli_not_allowed")


def test_every_profession_of_the_hfis_table_can_be_entered() -> None:
    assert set(ALLOWED) | {"apoteker"} <= set(get_args(Profesi))


def nurse(changes: dict[str, Any], poli: Poli) -> str | None:
    kontrak = changed_at(changes)
    return poli_refusal(kontrak, kontrak.tenaga_kesehatan[NURSE], poli)


@pytest.mark.parametrize("poli", ["umum", "kia", "kb", "persalinan", "refraksi"])
def test_nurse_of_a_puskesmas_only_without_general_doctor(poli: Poli) -> None:
    assert nurse(PUSKESMAS, poli) == "schedule.nurse_beside_dokter"
    assert nurse({**PUSKESMAS, **NO_DENTIST}, poli) == "schedule.nurse_beside_dokter"
    assert nurse({**PUSKESMAS, **NO_DOCTOR}, poli) is None
    assert nurse({**PUSKESMAS, **NO_DOCTOR, "faskes.jenis": "klinik_pratama"}, poli) is not None


def test_nurse_of_a_puskesmas_in_poli_gigi_only_without_dentist() -> None:
    assert nurse(PUSKESMAS, "gigi") == "schedule.nurse_beside_dokter_gigi"
    assert nurse({**PUSKESMAS, **NO_DOCTOR}, "gigi") == "schedule.nurse_beside_dokter_gigi"
    assert nurse({**PUSKESMAS, **NO_DENTIST}, "gigi") is None


def test_doctor_counts_until_the_last_day_of_the_licence() -> None:
    ends = {f"tenaga_kesehatan[{n}].sip.berlaku_sampai": "2023-12-31" for n in range(5)}
    assert nurse({**PUSKESMAS, **ends}, "umum") is None
    ends["tenaga_kesehatan[0].sip.berlaku_sampai"] = "2024-01-01"
    assert nurse({**PUSKESMAS, **ends}, "umum") == "schedule.nurse_beside_dokter"


def test_standing_in_is_told_because_hfis_deletes_it() -> None:
    rows = schedule(
        sesi(tenaga="ns_lukman"),
        sesi(tenaga="ns_lukman", hari="selasa"),
        sesi(tenaga="ns_melati", poli="ugd"),
        sesi(tenaga="ns_lukman", poli="kia", hari="rabu"),
    )
    told = [one for one in faults({**PUSKESMAS, **NO_DOCTOR, **rows}) if one[1].startswith("sched")]
    assert told == [
        ("info", "schedule.nurse_stands_in", "jadwal.praktik[0].poli"),
        ("info", "schedule.nurse_stands_in", "jadwal.praktik[3].poli"),
    ]


def test_network_midwife_has_no_poli() -> None:
    rows = schedule(sesi(tenaga="bd_intan", poli="kia"))
    assert codes(rows) == set()
    network = {**rows, "tenaga_kesehatan[6].bidan_jejaring": True}
    path = "jadwal.praktik[0].poli"
    assert faults(network) == [("blocking", "schedule.jejaring_midwife", path)]


@pytest.mark.parametrize(
    ("start", "expected"),
    [("08:59", {"schedule.overlap"}), ("09:00", set()), ("09:01", set())],
)
def test_overlap_ends_where_the_next_session_begins(start: str, expected: set[str]) -> None:
    assert codes(schedule(sesi(), sesi(poli="kia", mulai=start, selesai="10:00"))) == expected


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("setiap", "setiap", True),
        ("setiap", "ganjil", True),
        ("genap", "setiap", True),
        ("genap", "genap", True),
        ("ganjil", "genap", False),
    ],
)
def test_weeks_that_meet(one: str, other: str, meets: bool) -> None:
    rows = schedule(sesi(pekan=one), sesi(poli="kia", mulai="08:30", pekan=other))
    assert codes(rows) == ({"schedule.overlap"} if meets else set())
    codes_twice = schedule(sesi(pekan=one), sesi(tenaga="dr_bima", mulai="08:30", pekan=other))
    assert codes(codes_twice) == ({"schedule.queue_code"} if meets else set())


def test_sixth_session_counts_with_those_of_every_week() -> None:
    rows = [
        sesi(mulai=f"{8 + n:02d}:00", selesai=f"{9 + n:02d}:00", kode_antrean=f"A{n}")
        for n in range(5)
    ]
    assert codes(schedule(*rows)) == set()
    odd = sesi(mulai="20:00", selesai="21:00", kode_antrean="B1", pekan="ganjil")
    even = {**odd, "pekan": "genap"}
    assert codes(schedule(*rows[:4], odd, even)) == set()
    path = "jadwal.praktik[5]"
    assert faults(schedule(*rows, odd)) == [("blocking", "schedule.too_many", path)]


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        ("08:00", "21:00", set()),
        ("07:59", "09:00", {"schedule.outside_hours"}),
        ("20:00", "21:01", {"schedule.outside_hours"}),
        ("09:00", "09:01", set()),
        ("09:00", "09:00", {"schedule.end_before_start"}),
        ("09:01", "09:00", {"schedule.end_before_start"}),
    ],
)
def test_session_hours(begins: str, ends: str, expected: set[str]) -> None:
    assert codes(schedule(sesi(mulai=begins, selesai=ends))) == expected


@pytest.mark.parametrize(
    ("closes", "opens", "expected"),
    [("12:00", "12:00", set()), ("12:00", "11:59", {"schedule.opening_overlap"})],
)
def test_opening_hours_may_touch(closes: str, opens: str, expected: set[str]) -> None:
    hours = [
        {"hari": "senin", "buka": "08:00", "tutup": closes},
        {"hari": "senin", "buka": opens, "tutup": "21:00"},
    ]
    for rows in (hours, hours[::-1]):
        assert codes({**schedule(sesi()), "jadwal.operasional": rows}) == expected

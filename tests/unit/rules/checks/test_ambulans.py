"""Ambulances: the three boxes of an ordinary plate, special plates, remarks."""

from __future__ import annotations

from typing import Any

import pytest

from support.checking import codes, faults


def fleet(plate: str, **more: Any) -> dict[str, Any]:
    return {"ambulans": [{"plat": plate, **more}]}


@pytest.mark.parametrize(
    ("plate", "fits"),
    [
        ("F 1234 ABC", True),
        ("B 1", True),
        ("b1234abc", True),
        ("AB 1 C", True),
        ("ABC 12 D", False),
        ("B 12345", False),
        ("B 1234 ABCD", False),
        ("1234 AB", False),
        ("B ABC", False),
        ("F-1234-ABC", False),
        ("F 12 34", False),
        ("F ١٢ AB", False),
    ],
)
def test_ordinary_plate(plate: str, fits: bool) -> None:
    path = "ambulans[0].plat"
    expected = [] if fits else [("blocking", "ambulance.ordinary", path)]
    assert faults(fleet(plate)) == expected


@pytest.mark.parametrize(
    ("plate", "fits"),
    [("123407", True), ("1234 07", True), ("12A34", True), ("1234-07", False), ("1234/07", False)],
)
def test_special_plate(plate: str, fits: bool) -> None:
    path = "ambulans[0].plat"
    expected = [] if fits else [("blocking", "ambulance.special", path)]
    assert faults(fleet(plate, mode_plat="khusus")) == expected


def test_boat_has_no_plate_of_these_forms() -> None:
    assert codes(fleet("GT 12 No. 345/Ba", jenis="air")) == set()


@pytest.mark.parametrize("mode", ["biasa", "khusus"])
def test_remark_of_fifty_characters(mode: str) -> None:
    assert codes(fleet("B 1", mode_plat=mode, keterangan="x" * 50)) == set()
    path = "ambulans[0].keterangan"
    assert faults(fleet("B 1", mode_plat=mode, keterangan="x" * 51)) == [
        ("blocking", "ambulance.remark", path)
    ]


def test_same_plate_twice() -> None:
    twice = {"ambulans": [{"plat": "F 1234 ABC"}, {"plat": "f1234abc"}]}
    assert faults(twice) == [("warning", "ambulance.duplicate", "ambulans[1].plat")]

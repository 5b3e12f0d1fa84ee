from __future__ import annotations

import pytest

from pks_kit.domain.plat import BatasPlat, ordinary_plate, special_plate

HFIS = BatasPlat(huruf_depan=2, angka=4, huruf_belakang=3)


@pytest.mark.parametrize(
    ("plate", "expected"),
    [
        ("F 1234 ABC", "F 1234 ABC"),
        ("B 1", "B 1"),
        (" b1234abc ", "B 1234 ABC"),
        ("ABC 12 D", None),
        ("B 12345", None),
        ("B 1 ABCD", None),
        ("", None),
    ],
)
def test_ordinary(plate: str, expected: str | None) -> None:
    assert ordinary_plate(plate, HFIS) == expected


def test_boxes_come_from_the_rule() -> None:
    wider = BatasPlat(huruf_depan=3, angka=5, huruf_belakang=3)
    assert ordinary_plate("ABC 12345", wider) == "ABC 12345"


@pytest.mark.parametrize(
    ("plate", "expected"), [("1234 07", "123407"), ("rk1", "RK1"), ("1234-07", None), ("", None)]
)
def test_special(plate: str, expected: str | None) -> None:
    assert special_plate(plate) == expected

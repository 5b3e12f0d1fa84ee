from __future__ import annotations

from datetime import date

import pytest

from pks_kit.domain.nik import read_nik

TODAY = date(2024, 1, 1)


@pytest.mark.parametrize(
    ("nik", "born", "woman"),
    [
        ("3201011107880002", date(1988, 7, 11), False),
        ("3201015107880002", date(1988, 7, 11), True),
        ("3201013112230002", date(2023, 12, 31), False),
        ("3201010101240002", date(2024, 1, 1), False),
        ("3201010201240002", date(1924, 1, 2), False),
        ("3201012902000002", date(2000, 2, 29), False),
        ("3201012902010002", None, False),
        ("3201017107880002", date(1988, 7, 31), True),
        ("3201017207880002", None, True),
        ("3201010007880002", None, False),
    ],
)
def test_birth(nik: str, born: date | None, woman: bool) -> None:
    isi = read_nik(nik, TODAY)
    assert (isi.lahir, isi.perempuan) == (born, woman)


def test_region_and_serial() -> None:
    assert read_nik("9901011107880000", TODAY).known_province is False
    assert read_nik("3201011107880000", TODAY).known_province is True
    assert read_nik("3201011107880000", TODAY).nomor_urut == 0
    assert read_nik("3201011107889999", TODAY).nomor_urut == 9999

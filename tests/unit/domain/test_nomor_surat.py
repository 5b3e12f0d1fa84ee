from __future__ import annotations

from datetime import date

import pytest

from pks_kit.domain.nomor_surat import mmyy, month_of_pks_bpjs, month_of_sk_bpjs, roman_month


@pytest.mark.parametrize(
    ("number", "month"),
    [
        ("298/KTR/IV-10/1223", "1223"),
        ("219/KTR/I-06/1223", "1223"),
        ("601/KTR/VIII-04/1223", "1223"),
        ("699/KTR/XIII-01/1220", "1220"),
        ("100/KTR/IV-12/0123", "0123"),
        ("298/KTR/IV-10/1223 ", None),
        ("298/ktr/IV-10/1223", None),
        ("1111111", None),
    ],
)
def test_pks_numbers_seen(number: str, month: str | None) -> None:
    assert month_of_pks_bpjs(number) == month


@pytest.mark.parametrize(
    ("number", "month"),
    [
        ("96/Peg-04/0121", "0121"),
        ("96/PEG-04/0121 Tahun 2021", "0121"),
        ("96/Peg-05/0121", None),
    ],
)
def test_decisions_seen(number: str, month: str | None) -> None:
    assert month_of_sk_bpjs(number) == month


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("019/B-K/DS/XII/2023", (12, 2023)),
        ("275/KM-SS/I/2024", (1, 2024)),
        ("013/DRG.KD/XII/2023", (12, 2023)),
        ("12-IX-2023", (9, 2023)),
        ("100.3.7/1070/PKM-BKY/2023", None),
        ("1/XIII/2023", None),
        ("1/IIII/2023", None),
        ("1/XII/20234", None),
        ("1111111", None),
    ],
)
def test_roman_month(number: str, expected: tuple[int, int] | None) -> None:
    assert roman_month(number) == expected


def test_mmyy() -> None:
    assert mmyy(date(2024, 1, 31)) == "0124"

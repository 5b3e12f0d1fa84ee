from __future__ import annotations

from decimal import Decimal

import pytest

from pks_kit.domain.angka import desimal_terbilang, format_desimal, persen, persen_angka
from pks_kit.domain.rupiah import format_rupiah, rupiah_terbilang
from pks_kit.errors import InputError


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("1.16", "1,16"),
        (Decimal("1.10"), "1,10"),
        (12, "12"),
        ("1234.5", "1.234,5"),
        (15000, "15.000"),
        ("0.78", "0,78"),
    ],
)
def test_decimals(value: int | str | Decimal, printed: str) -> None:
    assert format_desimal(value) == printed


@pytest.mark.parametrize("value", [1.5, "NaN", "Infinity", "-1", "1e999", "x", True, "1e-30"])
def test_no_exact_decimal(value: object) -> None:
    with pytest.raises(InputError) as caught:
        format_desimal(value)  # type: ignore[arg-type]
    assert caught.value.code == "value.not_decimal"


def test_decimal_words() -> None:
    assert desimal_terbilang("1.16") == "satu koma satu enam"
    assert desimal_terbilang("0.05") == "nol koma nol lima"
    assert desimal_terbilang(12) == "dua belas"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (97, "97% (sembilan puluh tujuh persen)"),
        (Decimal("2.5"), "2,5% (dua koma lima persen)"),
        ("2.50", "2,5% (dua koma lima persen)"),
        ("100.0", "100% (seratus persen)"),
        (0, "0% (nol persen)"),
    ],
)
def test_percent(value: int | str | Decimal, printed: str) -> None:
    assert persen(value) == printed
    assert printed.startswith(persen_angka(value) + " (")


def test_rupiah() -> None:
    assert format_rupiah(1_000_000) == "Rp1.000.000,00"
    assert format_rupiah(0) == "Rp0,00"
    assert rupiah_terbilang(10_000) == "Rp10.000,00 (sepuluh ribu rupiah)"


@pytest.mark.parametrize("value", [-1, 1.0, "1", True])
def test_no_rupiah(value: object) -> None:
    with pytest.raises(InputError) as caught:
        format_rupiah(value)  # type: ignore[arg-type]
    assert caught.value.code == "value.not_rupiah"

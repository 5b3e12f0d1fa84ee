"""Decimal numbers and percentages as Indonesian documents print them: comma, dots for thousands."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from pks_kit.domain.terbilang import kelompok_ribuan, terbilang
from pks_kit.errors import InputError

Angka = int | str | Decimal
"""A number that is exact: never a float."""


def _decimal(value: Angka) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise InputError("value.not_decimal", value=str(value)[:40])
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise InputError("value.not_decimal", value=str(value)[:40]) from error
    if not number.is_finite() or number < 0 or abs(number.adjusted()) > 15:
        raise InputError("value.not_decimal", value=str(value)[:40])
    return number


def _parts(number: Decimal) -> tuple[int, str]:
    whole, _, fraction = f"{number:f}".partition(".")
    return int(whole), fraction


def format_desimal(value: Angka) -> str:
    """Return ``1,16`` for ``"1.16"``; written decimals are kept, also zeros at the end.

    Raises:
        InputError: ``value.not_decimal`` for a float, a negative or an endless number.
    """
    whole, fraction = _parts(_decimal(value))
    return kelompok_ribuan(whole) + (f",{fraction}" if fraction else "")


def desimal_terbilang(value: Angka) -> str:
    """Return ``satu koma satu enam`` for ``"1.16"``; digits after the comma are read one by one.

    Raises:
        InputError: ``value.not_decimal`` or ``value.not_spellable``.
    """
    whole, fraction = _parts(_decimal(value))
    words = [terbilang(whole)]
    if fraction:
        words += ["koma", *(terbilang(int(digit)) for digit in fraction)]
    return " ".join(words)


def _tidy(value: Angka) -> Decimal:
    number = _decimal(value)
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def persen_angka(value: Angka) -> str:
    """Return ``97%`` for 97 and ``2,5%`` for ``"2.50"``.

    Raises:
        InputError: ``value.not_decimal``.
    """
    return f"{format_desimal(_tidy(value))}%"


def persen(value: Angka) -> str:
    """Return ``97% (sembilan puluh tujuh persen)``; ``2,5% (dua koma lima persen)``.

    Raises:
        InputError: ``value.not_decimal`` or ``value.not_spellable``.
    """
    return f"{persen_angka(value)} ({desimal_terbilang(_tidy(value))} persen)"

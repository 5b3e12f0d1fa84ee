"""Money as Indonesian documents print it. Amounts are whole rupiah, never fractions.

Source: docs/sumber.md 13.3: ``Rp1.000.000,00 (satu juta rupiah)``, no dot or space after ``Rp``,
words in lower case.
"""

from __future__ import annotations

from pks_kit.domain.terbilang import kelompok_ribuan, terbilang
from pks_kit.errors import InputError


def format_rupiah(n: int) -> str:
    """Return ``Rp1.000.000,00`` for 1000000.

    Args:
        n: Whole rupiah, zero or more.

    Raises:
        InputError: ``value.not_rupiah`` when ``n`` is negative or not a whole number.
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 0:
        raise InputError("value.not_rupiah", value=str(n)[:40])
    return f"Rp{kelompok_ribuan(n)},00"


def rupiah_terbilang(n: int) -> str:
    """Return ``Rp10.000,00 (sepuluh ribu rupiah)`` for 10000.

    Raises:
        InputError: ``value.not_rupiah`` or ``value.not_spellable``.
    """
    return f"{format_rupiah(n)} ({terbilang(n)} rupiah)"

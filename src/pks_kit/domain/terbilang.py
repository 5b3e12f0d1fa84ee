"""Whole numbers in Indonesian words, and the ``3 (tiga)`` habit of legal drafting.

Source: docs/sumber.md 13.3 (UU 12/2011 Lampiran II: a number is an Arabic numeral followed by words
in brackets). Spelling follows the standard language: ``seribu``, ``sebelas``, ``miliar``.
"""

from __future__ import annotations

from functools import lru_cache

from pks_kit.errors import InputError

MAXIMUM = 10**15 - 1
"""Largest number spelled: below a thousand triliun, where usage is settled."""


def terbilang(n: int) -> str:
    """Return the words of a whole number, lower case.

    Args:
        n: From 0 to :data:`MAXIMUM`.

    Raises:
        InputError: ``value.not_spellable`` for anything else, for example a negative number.
    """
    if isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= MAXIMUM:
        raise InputError("value.not_spellable", value=str(n)[:40], maximum=MAXIMUM)
    return _words(n)


@lru_cache(maxsize=4096)
def _words(n: int) -> str:
    from num2words import num2words  # heavy: loads every language

    return " ".join(str(num2words(n, lang="id")).split())


def bilangan(n: int) -> str:
    """Return digits followed by words in brackets: ``3 (tiga)``, ``5.000 (lima ribu)``.

    Raises:
        InputError: ``value.not_spellable``, see :func:`terbilang`.
    """
    words = terbilang(n)
    return f"{kelompok_ribuan(n)} ({words})"


def kelompok_ribuan(n: int) -> str:
    """Return digits with a dot between thousands, as EYD V writes them: ``15.000``."""
    return f"{n:,}".replace(",", ".")

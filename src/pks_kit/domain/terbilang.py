"""Whole numbers in Indonesian words, and the ``3 (tiga)`` habit of legal drafting.

Source: docs/sumber.md 13.3 (UU 12/2011 Lampiran II: a number is an Arabic numeral followed by words
in brackets). A single thousand is ``seribu`` wherever it stands: ``satu juta seribu``, but
``seratus satu ribu``, where the group counts a hundred and one. That is our choice; no rule is
cited for it.
"""

from __future__ import annotations

from pks_kit.errors import InputError

MAXIMUM = 10**15 - 1
"""Largest number spelled: below a thousand triliun, where usage is settled."""
_DIGITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_SCALES = ("", "ribu", "juta", "miliar", "triliun")
"""What a group of three digits counts, from the right."""


def terbilang(n: int) -> str:
    """Return the words of a whole number, lower case.

    Args:
        n: From 0 to :data:`MAXIMUM`.

    Raises:
        InputError: ``value.not_spellable`` for anything else, for example a negative number.
    """
    if isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= MAXIMUM:
        raise InputError("value.not_spellable", value=str(n)[:40], maximum=MAXIMUM)
    words: list[str] = []
    for place in reversed(range(len(_SCALES))):
        group = n // 1000**place % 1000
        if place == 1 and group == 1:
            words.append("seribu")
        elif group:
            words += [*_below_thousand(group), *([_SCALES[place]] if place else [])]
    return " ".join(words) or "nol"


def _below_thousand(n: int) -> list[str]:
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    words = ["seratus"] if hundreds == 1 else [_DIGITS[hundreds], "ratus"] if hundreds else []
    if rest == 10:
        return [*words, "sepuluh"]
    if rest == 11:
        return [*words, "sebelas"]
    if tens == 1:
        return [*words, _DIGITS[ones], "belas"]
    words += [_DIGITS[tens], "puluh"] if tens else []
    return [*words, _DIGITS[ones]] if ones else words


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

"""How a number is written at each level: ``(1)``, ``a.``, ``1.``, ``a)``, ``1)``, ``A.``, ``I.``.

The four numbered levels below an ayat follow drafting practice (UU 12/2011 Lampiran II;
docs/sumber.md 13.3). Letters go on after z with aa, ab, ac, as in spreadsheets; practice knows no
other way, and no clause should ever be that long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Jenis = Literal["ayat", "huruf", "angka", "huruf_kurung", "angka_kurung"]

_NEXT: dict[str, tuple[Jenis, ...]] = {
    "ayat": ("huruf",),
    "huruf": ("angka", "angka_kurung"),
    "angka": ("huruf", "huruf_kurung"),
    "huruf_kurung": ("angka_kurung",),
    "angka_kurung": ("huruf_kurung",),
}
"""Which level follows which; the first one that is not in use yet is taken."""

_ROMAN = (
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a clause.

    Attributes:
        label: As printed before the clause: ``(4)``, ``e.``, ``2)``, ``A.``.
        step: Part of an address: ``ayat_4``, ``huruf_e``, ``bagian_a``.
        words: As references say it: ``ayat (4)``, ``huruf e``, ``angka romawi I``.
    """

    label: str
    step: str
    words: str


def letters(number: int) -> str:
    """Return a, b, ..., z, aa, ab, ... for 1, 2, ..., 26, 27, 28, ..."""
    word = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        word = chr(ord("a") + rest) + word
    return word


def roman(number: int) -> str:
    """Return the Roman numeral in capitals (1 to 399)."""
    word = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        word += sign * count
    return word


def next_level(used: tuple[Jenis, ...], first: Jenis) -> Jenis | None:
    """Return the level of a list inside the levels in use, or None when there is none left.

    Args:
        used: Levels of the enclosing lists, outermost first.
        first: Level of the outermost list.
    """
    if not used:
        return first
    return next((level for level in _NEXT[used[-1]] if level not in used), None)


def item_number(level: Jenis, number: int) -> Number:
    """Return the number of a list item."""
    word = letters(number)
    match level:
        case "ayat":
            return Number(label=f"({number})", step=f"ayat_{number}", words=f"ayat ({number})")
        case "huruf":
            return Number(label=f"{word}.", step=f"huruf_{word}", words=f"huruf {word}")
        case "angka":
            return Number(label=f"{number}.", step=f"angka_{number}", words=f"angka {number}")
        case "huruf_kurung":
            return Number(label=f"{word})", step=f"huruf_{word}", words=f"huruf {word})")
        case "angka_kurung":
            return Number(label=f"{number})", step=f"angka_{number}", words=f"angka {number})")


def heading_number(style: Literal["huruf-kapital", "angka", "romawi"], number: int) -> Number:
    """Return the number of a heading of a lampiran."""
    match style:
        case "huruf-kapital":
            word = letters(number)
            capital = word.upper()
            return Number(label=f"{capital}.", step=f"bagian_{word}", words=f"huruf {capital}")
        case "angka":
            return Number(label=f"{number}.", step=f"subbagian_{number}", words=f"angka {number}")
        case "romawi":
            word = roman(number)
            return Number(label=f"{word}.", step=f"romawi_{number}", words=f"angka romawi {word}")

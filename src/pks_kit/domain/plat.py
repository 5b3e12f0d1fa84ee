"""Number plates of ambulances as HFIS takes them (docs/sumber.md 6.8, 11.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ORDINARY = re.compile(r"([A-Z]+) ?([0-9]+) ?([A-Z]*)")
_SPECIAL = re.compile(r"[A-Z0-9]+(?: [A-Z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatasPlat:
    """Most characters that each of the three boxes of an ordinary plate takes."""

    huruf_depan: int
    angka: int
    huruf_belakang: int


def ordinary_plate(plat: str, batas: BatasPlat) -> str | None:
    """Return an ordinary plate as ``F 1234 ABC``, or None when a box does not take it.

    Box 1 holds letters, box 2 digits, box 3 letters and may be empty. Small letters are read as
    capitals, and blanks between the boxes may be missing.

    Args:
        plat: As the data says.
        batas: Characters that the boxes take.
    """
    found = _ORDINARY.fullmatch(" ".join(plat.upper().split()))
    if found is None:
        return None
    depan, angka, belakang = found.groups()
    fits = (
        len(depan) <= batas.huruf_depan
        and len(angka) <= batas.angka
        and len(belakang) <= batas.huruf_belakang
    )
    return " ".join(part for part in found.groups() if part) if fits else None


def special_plate(plat: str) -> str | None:
    """Return a special plate without blanks, or None unless it is letters and digits only.

    A hyphen or dot is refused rather than dropped: HFIS has no place for it, and only the owner
    can say whether ``1234-07`` is registered as ``123407``.
    """
    upper = " ".join(plat.upper().split())
    return upper.replace(" ", "") if _SPECIAL.fullmatch(upper) else None

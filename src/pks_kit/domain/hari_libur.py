"""National holidays that fall on the same day each year, when offices are shut.

Source: Keputusan Presiden Nomor 8 Tahun 2024 tentang Hari-Hari Libur, which names the
holidays of the country. Those that move (Idulfitri, Nyepi, Waisak, ...) and cuti bersama are
decreed each year by three ministers and are not known here: whoever counts by them must name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

SUMBER = "Keppres 8/2024"
LIBUR_TETAP: Mapping[tuple[int, int], str] = MappingProxyType(
    {
        (1, 1): "Tahun Baru Masehi",
        (5, 1): "Hari Buruh Internasional",
        (6, 1): "Hari Lahir Pancasila",
        (8, 17): "Proklamasi Kemerdekaan",
        (12, 25): "Kelahiran Yesus Kristus",
    }
)
"""Their names by month and day."""


def libur_tetap(tanggal: date) -> str:
    """Return the name of the holiday that a day is each year; empty when it is none."""
    return LIBUR_TETAP.get((tanggal.month, tanggal.day), "")

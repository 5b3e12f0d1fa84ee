"""A value of a parameter as the agreement prints it."""

from __future__ import annotations

from pks_kit.domain.angka import format_desimal, persen_angka
from pks_kit.domain.rupiah import format_rupiah
from pks_kit.rules.law.parameter_file import NilaiBerlaku, Parameter

AS_THE_LAW_SAYS = "menurut ketentuan yang berlaku"
"""What the agreement says of a figure that nobody has read."""


def printed(parameter: Parameter, value: NilaiBerlaku) -> str:
    """Return a value as the agreement prints it: ``Rp12.000,00``, ``97%``, ``3 bulan``."""
    if not value.diketahui:
        return AS_THE_LAW_SAYS
    match (parameter.satuan, value.nilai):
        case (_, None):
            return "–"
        case (_, str(text)):
            return text
        case ("rupiah", int(amount)):
            return format_rupiah(amount)
        case ("persen", number):
            return persen_angka(number)
        case ("tahun_kalender", number):
            return str(number)
        case ("tanggal", number):
            return f"tanggal {number}"
        case ("koefisien" | "rasio", number):
            return format_desimal(number)
        case (unit, number):
            return f"{format_desimal(number)} {unit.replace('_', ' ')}"

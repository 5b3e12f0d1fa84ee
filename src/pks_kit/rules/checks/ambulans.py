"""Checks of ambulances as HFIS takes them (docs/sumber.md 6.8): plate and remark."""

from __future__ import annotations

from collections.abc import Iterator

from pks_kit.domain.kontrak import Ambulans
from pks_kit.domain.plat import BatasPlat, ordinary_plate, special_plate
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.checks.staff import repeated
from pks_kit.rules.findings import Finding, blocking, warning

_HFIS = "Petunjuk teknis HFIS, sarana penunjang: ambulans"
_REMARK = "hfis.keterangan_ambulans_maksimum"


def check_ambulans(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about plates and remarks; a boat has no plate of these forms."""
    aturan = scope.aturan
    batas = BatasPlat(
        huruf_depan=aturan.whole("hfis.plat.huruf_depan_maksimum"),
        angka=aturan.whole("hfis.plat.angka_maksimum"),
        huruf_belakang=aturan.whole("hfis.plat.huruf_belakang_maksimum"),
    )
    longest = aturan.whole(_REMARK)
    fleet = scope.kontrak.ambulans
    for index, ambulans in enumerate(fleet):
        yield from _plate(ambulans, batas, f"ambulans[{index}].plat")
        if len(ambulans.keterangan) > longest:
            yield blocking(
                "ambulance.remark",
                f"ambulans[{index}].keterangan",
                aturan.legal_basis(_REMARK),
                length=len(ambulans.keterangan),
                maximum=longest,
            )
    for index in repeated(["".join(ambulans.plat.upper().split()) for ambulans in fleet]):
        yield warning(
            "ambulance.duplicate", f"ambulans[{index}].plat", _HFIS, plate=fleet[index].plat
        )


def _plate(ambulans: Ambulans, batas: BatasPlat, path: str) -> Iterator[Finding]:
    if ambulans.jenis != "darat":
        return
    if ambulans.mode_plat == "khusus":
        if special_plate(ambulans.plat) is None:
            suggestion = "".join(letter for letter in ambulans.plat.upper() if letter.isalnum())
            yield blocking(
                "ambulance.special", path, _HFIS, plate=ambulans.plat, suggestion=suggestion
            )
    elif ordinary_plate(ambulans.plat, batas) is None:
        yield blocking(
            "ambulance.ordinary",
            path,
            _HFIS,
            plate=ambulans.plat,
            front=batas.huruf_depan,
            digits=batas.angka,
            back=batas.huruf_belakang,
        )

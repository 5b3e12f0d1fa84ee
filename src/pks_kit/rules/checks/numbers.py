"""Checks of numbers: agreements, decisions, NPWP, mobile phones (docs/sumber.md 13.1, 13.6).

Numbers of BPJS carry month and year and are warned of when they differ from their date. The number
of the facility is its own affair: a Roman month that differs is information, never more. The kode
faskes has one form for every kind, which the input already demands; no kind is deduced from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from pks_kit.domain.nomor_surat import (
    mmyy,
    month_of_pks_bpjs,
    month_of_sk_bpjs,
    roman_month,
)
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, info, warning

_HABIT = "Kebiasaan penomoran BPJS Kesehatan"  # docs/sumber.md 13.1
_FREE = "Penomoran PIHAK KEDUA bebas"  # docs/sumber.md 13.1
_MonthOf = Callable[[str], str | None]
_NPWP = "PMK 112/2022"
_NPWP_DIGITS = frozenset({15, 16, 22})
"""Old form, new form (NIK or old number with a zero), branch (NITKU)."""


def check_letter_numbers(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about numbers whose last group is the month and year (MMYY)."""
    kesatu, kedua = scope.kontrak.pihak_kesatu, scope.kontrak.pihak_kedua
    signed, dasar = kesatu.tanggal_tanda_tangan, kesatu.dasar_penetapan
    yield from _month("pihak_kesatu.nomor_pks", kesatu.nomor_pks, month_of_pks_bpjs, signed)
    yield from _month(
        "pihak_kesatu.dasar_penetapan.nomor", dasar.nomor, month_of_sk_bpjs, dasar.tanggal
    )
    if kesatu.nomor_pks == kedua.nomor_pks:
        yield warning("number.same_for_both", "pihak_kedua.nomor_pks", _HABIT)
    found = roman_month(kedua.nomor_pks)
    if found is not None and found != (signed.month, signed.year):
        yield info(
            "number.facility_month",
            "pihak_kedua.nomor_pks",
            _FREE,
            number=kedua.nomor_pks,
            date=signed,
        )


def _month(path: str, number: str, month_of: _MonthOf, day: date) -> Iterator[Finding]:
    found = month_of(number)
    if found is None:
        yield info("number.unusual_form", path, _HABIT, number=number)
    elif found != mmyy(day):
        yield warning(
            "number.month_differs", path, _HABIT, given=found, expected=mmyy(day), date=day
        )


def check_npwp(scope: CheckScope) -> Iterator[Finding]:
    """Yield warnings about NPWP that have neither 15, 16 nor 22 digits."""
    numbers = [("faskes.npwp", scope.kontrak.faskes.npwp)]
    numbers += [
        (f"tenaga_kesehatan[{index}].npwp", tenaga.npwp)
        for index, tenaga in enumerate(scope.kontrak.tenaga_kesehatan)
        if tenaga.npwp is not None
    ]
    for path, number in numbers:
        digits = len(re.sub(r"\D", "", number))
        if digits not in _NPWP_DIGITS:
            yield warning("number.npwp", path, _NPWP, digits=digits)


def check_mobile(scope: CheckScope) -> Iterator[Finding]:
    """Yield information about mobile numbers that do not look like one; they print as given."""
    low = scope.aturan.whole("pemeriksaan.digit_hp_minimum")
    high = scope.aturan.whole("pemeriksaan.digit_hp_maksimum")
    basis = scope.aturan.legal_basis("pemeriksaan.digit_hp_minimum")
    for path, number in _mobiles(scope):
        digits = re.sub(r"\D", "", number)
        local = re.sub(r"^62", "0", digits)
        if not (local.startswith("08") and low <= len(local) <= high):
            yield info("number.mobile", path, basis, minimum=low, maximum=high)


def _mobiles(scope: CheckScope) -> Iterator[tuple[str, str]]:
    kontrak = scope.kontrak
    yield "pihak_kesatu.hp_pic", kontrak.pihak_kesatu.hp_pic
    yield "pihak_kedua.hp_pic", kontrak.pihak_kedua.hp_pic
    officer = "hp_petugas_informasi_pengaduan"
    yield f"faskes.{officer}", kontrak.faskes.hp_petugas_informasi_pengaduan
    if kontrak.cons_id is not None:
        yield "cons_id.hp_pic_ti", kontrak.cons_id.hp_pic_ti
    for index, tenaga in enumerate(kontrak.tenaga_kesehatan):
        if tenaga.hp is not None:
            yield f"tenaga_kesehatan[{index}].hp", tenaga.hp

"""Days that are possible and yet hardly meant: a wrong century, a digit too many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from pks_kit.domain.tanggal import months_before
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.findings import Finding, warning

_EARLIEST = "pemeriksaan.tahun_dokumen_paling_awal"
_LONGEST = "pemeriksaan.tahun_izin_terlama"
_USUAL = "pemeriksaan.jangka_waktu_lazim"
_SIGNED = "pihak_kesatu.tanggal_tanda_tangan"


def check_plausible_days(scope: CheckScope) -> Iterator[Finding]:
    """Yield warnings about every day of the data that lies too far back or too far ahead."""
    earliest, longest = scope.aturan.whole(_EARLIEST), scope.aturan.whole(_LONGEST)
    for path, day in _days(scope.kontrak, ""):
        if day.year < earliest:
            basis = scope.aturan.legal_basis(_EARLIEST)
            yield warning("date.too_early", path, basis, date=day, year=earliest)
        elif day.year > scope.start.year + longest:
            basis = scope.aturan.legal_basis(_LONGEST)
            yield warning("date.too_late", path, basis, date=day, years=longest)
    signed, months = scope.kontrak.pihak_kesatu.tanggal_tanda_tangan, scope.aturan.whole(_USUAL)
    if earliest <= signed.year and signed < months_before(scope.start, months):
        basis = scope.aturan.legal_basis(_USUAL)
        yield warning(
            "term.signed_long_before", _SIGNED, basis, date=signed, start=scope.start, months=months
        )


def _days(value: object, path: str) -> Iterator[tuple[str, date]]:
    """Yield every day of the data with its place, in the order of the data."""
    if isinstance(value, date):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, inner in value:
            yield from _days(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _days(inner, f"{path}[{index}]")

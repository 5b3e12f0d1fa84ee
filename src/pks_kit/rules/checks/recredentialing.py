"""Checks of the list of rekredensialing (docs/sumber.md 2.1, 1.5): scores, days, years."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.rekredensialing import Rekredensialing, latest_result
from pks_kit.rules.checks.scope import CheckScope
from pks_kit.rules.computed.deadlines import recredentialing_due
from pks_kit.rules.findings import Finding, blocking, info, manual, warning

_HFIS = "Petunjuk teknis HFIS, daftar Rekredensialing"
_HIGHEST = "hfis.skor_tertinggi"
_DUE = "perjanjian.rekredensialing"
_PAIRS = (
    ("skor_penilaian_mandiri", "tanggal_penilaian_mandiri"),
    ("skor_rekredensialing", "tanggal_rekredensialing"),
)


def check_recredentialing(scope: CheckScope) -> Iterator[Finding]:
    """Yield findings about every row, and about rows of one year."""
    first: dict[int, int] = {}
    last = scope.kontrak.jangka_waktu.tanggal_selesai.year
    for index, row in enumerate(scope.kontrak.rekredensialing):
        path = f"rekredensialing[{index}]"
        if first.setdefault(row.tahun, index) != index:
            yield blocking("recredential.year_twice", f"{path}.tahun", _HFIS, year=row.tahun)
        if row.tahun > last:
            yield warning("recredential.beyond", f"{path}.tahun", _HFIS, year=row.tahun, last=last)
        yield from _scores(scope, row, path)
        yield from _days(scope, row, path)
    yield from _late(scope)


def _scores(scope: CheckScope, row: Rekredensialing, path: str) -> Iterator[Finding]:
    highest = scope.aturan.whole(_HIGHEST)
    for score, day in _PAIRS:
        value: Decimal | None = getattr(row, score)
        if value is not None and value > highest:
            yield blocking(
                "recredential.score",
                f"{path}.{score}",
                scope.aturan.legal_basis(_HIGHEST),
                score=f"{value:f}".replace(".", ","),
                highest=highest,
            )
        if (value is None) != (getattr(row, day) is None):
            missing = score if value is None else day
            yield warning("recredential.half", f"{path}.{missing}", _HFIS, field=missing)


def _days(scope: CheckScope, row: Rekredensialing, path: str) -> Iterator[Finding]:
    own, result = row.tanggal_penilaian_mandiri, row.tanggal_rekredensialing
    if own is not None and result is not None and result < own:
        yield blocking(
            "recredential.order", f"{path}.tanggal_rekredensialing", _HFIS, own=own, result=result
        )
    for name in ("tanggal_penilaian_mandiri", "tanggal_rekredensialing"):
        day = getattr(row, name)
        if day is None:
            continue
        if day.year != row.tahun:
            yield warning("recredential.year", f"{path}.{name}", _HFIS, day=day, year=row.tahun)


def _late(scope: CheckScope) -> Iterator[Finding]:
    """Yield information when the result that decides came later than the law asks."""
    earlier = scope.kontrak.perjanjian_sebelumnya
    signed = scope.kontrak.pihak_kesatu.tanggal_tanda_tangan
    row = latest_result(scope.kontrak.rekredensialing, signed)
    if earlier is None or row is None or row.tanggal_rekredensialing is None:
        return
    due = recredentialing_due(earlier.tanggal_selesai, scope.aturan).tanggal
    if due < row.tanggal_rekredensialing <= earlier.tanggal_selesai:
        index = scope.kontrak.rekredensialing.index(row)
        yield info(
            "recredential.late",
            f"rekredensialing[{index}].tanggal_rekredensialing",
            scope.aturan.legal_basis(_DUE),
            day=row.tanggal_rekredensialing,
            due=due,
            end=earlier.tanggal_selesai,
        )


def no_result_for(kontrak: Kontrak, year: int) -> Iterator[Finding]:
    """Yield a finding when the list has no result of the year that decides the next agreement.

    Args:
        kontrak: Data of the agreement that ends.
        year: Year before the next term.
    """
    known = [row for row in kontrak.rekredensialing if row.tahun == year]
    if not any(row.skor_rekredensialing is not None for row in known):
        yield manual("recredential.none", "rekredensialing", _HFIS, year=year)

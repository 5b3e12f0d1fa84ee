"""The last year of rekredensialing of a facility, as lists of agreements tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.tanda_tangan import CaraKontrak


@dataclass(frozen=True, slots=True, kw_only=True)
class RecredentialingForm:
    """A row of the HFIS list «Rekredensialing»; what is not known is null.

    Attributes:
        year: Year of the assessment.
        self_score: Score of the self-assessment, for example ``98.97``.
        self_date: Its day.
        result_score: Score of the rekredensialing.
        result_date: Its day.
        status: Status of the workflow, as HFIS writes it.
        method: Method of the agreement that follows.
        file: File of that agreement.
    """

    year: int
    self_score: str | None
    self_date: date | None
    result_score: str | None
    result_date: date | None
    status: str | None
    method: CaraKontrak | None
    file: str | None


def last_year(kontrak: Kontrak) -> RecredentialingForm | None:
    """Return the row of the latest year, also one that has no result yet."""
    row = max(kontrak.rekredensialing, key=lambda one: one.tahun, default=None)
    if row is None:
        return None
    return RecredentialingForm(
        year=row.tahun,
        self_score=_digits(row.skor_penilaian_mandiri),
        self_date=row.tanggal_penilaian_mandiri,
        result_score=_digits(row.skor_rekredensialing),
        result_date=row.tanggal_rekredensialing,
        status=row.status,
        method=row.cara_kontrak,
        file=row.berkas,
    )


def _digits(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:f}"

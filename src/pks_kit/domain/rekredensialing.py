"""One row of the HFIS list «Rekredensialing»: a year, its two scores and where its PKS stands.

Source: docs/sumber.md 2.1 (columns and their order). The year is that of the assessment; its
result decides the agreement of the following year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from pks_kit.domain.isian import Bulat, Desimal, Tanggal
from pks_kit.domain.masukan import Line, Masukan
from pks_kit.domain.tanda_tangan import CaraKontrak


class Rekredensialing(Masukan):
    """A year of the list; what is not known yet stays empty."""

    tahun: Bulat = Field(ge=2014, le=2199, description="Tahun penilaian, kolom Tahun di HFIS")
    skor_penilaian_mandiri: Desimal | None = Field(
        default=None, description="Kolom Skor Self Assesment di HFIS"
    )
    tanggal_penilaian_mandiri: Tanggal | None = None
    skor_rekredensialing: Desimal | None = None
    tanggal_rekredensialing: Tanggal | None = None
    status: Line | None = Field(
        default=None, description="Kolom Status Workflow di HFIS, misalnya «Upload PKS»"
    )
    cara_kontrak: CaraKontrak | None = Field(
        default=None, description="Kolom Metode PKS di HFIS; kosong bila belum dipilih"
    )
    berkas: Line | None = Field(default=None, description="Nama berkas pada kolom File PKS")


def latest_result(rows: Sequence[Rekredensialing], signed: date) -> Rekredensialing | None:
    """Return the last row whose result was known on a day; None without any.

    Args:
        rows: Rows of the list.
        signed: Day of signing: what is found out later is no ground of an agreement.
    """
    known = [
        row
        for row in rows
        if row.skor_rekredensialing is not None
        and row.tanggal_rekredensialing is not None
        and row.tanggal_rekredensialing <= signed
    ]
    return max(known, key=lambda row: (row.tanggal_rekredensialing, row.tahun), default=None)

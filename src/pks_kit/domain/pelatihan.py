"""Trainings of health workers, as HFIS asks for them (docs/sumber.md 6.4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pks_kit.domain.isian import Tanggal


class PelatihanUsg(BaseModel):
    """USG training of a doctor; wanted where antenatal care with USG rests on it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tanggal_mulai: Tanggal
    tanggal_selesai: Tanggal
    bukti: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
    ] = Field(description="Nama dan nomor sertifikat atau surat keterangan pelatihan")

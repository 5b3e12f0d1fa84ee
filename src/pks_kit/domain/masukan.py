"""What all models of an input file share: strictness, texts of one line, numbers of documents."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pks_kit.domain.isian import Tanggal

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""One printed line."""
LongLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
"""An address or a remark."""
POLA_NIK = r"^[0-9]{16}$"
Nik = Annotated[str, StringConstraints(pattern=POLA_NIK)]


class Masukan(BaseModel):
    """A group of an input file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DasarPenetapan(Masukan):
    """Official document that gives the signatory authority (docs/sumber.md 1.4)."""

    jenis: Line = Field(description="Jenis dokumen, misalnya «Surat Keputusan Direksi»")
    nomor: Line
    tanggal: Tanggal
    penerbit: Line | None = Field(
        default=None, description="Pejabat atau instansi yang menerbitkan"
    )


def without_absent(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """Leave out sections that came later and are absent: equal data keep equal bytes.

    Args:
        data: A model as plain values.
        names: Sections that earlier versions of the model lacked.
    """
    return {key: value for key, value in data.items() if value or key not in names}

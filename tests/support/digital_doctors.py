"""Invented doctors who sign a kontrak digital with a pen, and the settings of their branch."""

from __future__ import annotations

from pks_kit.domain.kontrak import Kontrak
from support.branch import SETTINGS
from support.sample_years import coming

ONE_SIDE = SETTINGS.replace("  pihak_kedua: {penanda_tangan: klinik, meterai: uji}\n", "")
"""Settings of a branch that signs for PIHAK KESATU alone."""
_NAMES = ("Ratri Umpamasari", "Bening Misalsari", "Cahya Contohsari")


def doctor(number: int) -> Kontrak:
    """Return one of several doctors who sign with a pen, for the coming year."""
    sample = coming("tpmd.yml")
    code = f"{sample.faskes.kode[:-3]}{number:03d}"
    text = sample.model_dump_json().replace(sample.faskes.kode, code)
    other = Kontrak.model_validate_json(text.replace("Ratri Umpamasari", _NAMES[number - 1]))
    first = other.pihak_kesatu.model_copy(update={"nomor_pks": f"{number}/KTR/1227"})
    second = other.pihak_kedua.model_copy(update={"nomor_pks": f"{number}/TPMD/1227"})
    changed = {"cara_kontrak": "digital", "pihak_kesatu": first, "pihak_kedua": second}
    return other.model_copy(update=changed)

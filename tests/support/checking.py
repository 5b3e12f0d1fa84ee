"""What the tests of the checks share: the sample with changes, and what is found beyond it."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.findings import Finding
from support.sample import changed_at, sample

START = date(2024, 1, 1)
"""First day of the sample's term."""

Found = tuple[str, str, str]


def found(kontrak: Kontrak, as_of: date = START, **options: Any) -> list[Found]:
    """Return level, code and path of every finding; each must be fit to be shown."""
    findings = check_kontrak(kontrak, as_of, **options)
    for finding in findings:
        assert_sound(finding)
    return [(f.level, f.code, f.path) for f in findings]


def assert_sound(finding: Finding) -> None:
    """Words and hint in both languages, every placeholder filled, a basis, no NIK in full."""
    text = finding.text
    for words in (text.id, text.en, text.hint_id, text.hint_en):
        assert words, finding
        assert not re.search(r"\{[a-z_]+\}", words), finding
        assert not re.search(r"[0-9]{16}", words), finding
    assert finding.legal_basis, finding
    assert finding.path, finding


def faults(changes: dict[str, Any], as_of: date = START, *, hours: bool = False) -> list[Found]:
    """Return what a change of the sample adds to its findings.

    Args:
        changes: Path -> new value.
        as_of: Day of the check.
        hours: Whether promised hours without people are told as well; most changes of staff and
            schedule bring such hours and are about something else.
    """
    usual = found(sample())
    new = [one for one in found(changed_at(copy.deepcopy(changes)), as_of) if one not in usual]
    return [one for one in new if hours or not one[1].startswith("coverage.")]


def codes(changes: dict[str, Any], as_of: date = START) -> set[str]:
    """Return the codes that a change of the sample adds."""
    return {code for _, code, _ in faults(changes, as_of)}


def sesi(**values: Any) -> dict[str, Any]:
    """Return a session of the sample's first doctor on Monday from eight to nine."""
    base = {
        "tenaga": "dr_ayu",
        "poli": "umum",
        "hari": "senin",
        "mulai": "08:00",
        "selesai": "09:00",
        "kode_antrean": "A1",
        "pekan": "setiap",
    }
    return base | values


def schedule(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return the change that makes these sessions the whole schedule."""
    return {"jadwal.praktik": list(rows)}


PUSKESMAS: dict[str, Any] = {
    "faskes.jenis": "puskesmas_non_blud",
    "pihak_kedua.dasar_penetapan.jenis": "Surat Keputusan Bupati",
    "rekening.utama.atas_nama": "Bendahara Dana Kapitasi JKN Puskesmas Rekaan",
    "rekening.penetapan": {
        "jenis": "Surat Keputusan Bupati",
        "nomor": "900/11/2023",
        "tanggal": "2023-01-02",
    },
    "dokumen[5].jenis": "sk_bendahara_kapitasi",
}
"""Changes that make the sample a faultless puskesmas that is no BLUD."""

TPMD: dict[str, Any] = {
    "faskes.jenis": "tpmd",
    "faskes.rawat_inap": False,
    "faskes.jumlah_tempat_tidur": 0,
    "faskes.izin_operasional": None,
    "pihak_kedua.dasar_penetapan.jenis": "Surat Izin Praktik",
    "dokumen[0].jenis": "bukti_inm",
}
"""Changes that make the sample a faultless single practice."""

TNI: dict[str, Any] = {
    "faskes.jenis": "klinik_tni_polri",
    "cara_kontrak": "manual",
    "pihak_kesatu.kedeputian_wilayah": "Kedeputian Wilayah XIV",
}
"""Changes that make the sample a TNI/POLRI clinic; its account needs a person."""

NO_EMERGENCY: dict[str, Any] = {
    "jadwal.ugd_24_jam": False,
    "jadwal.praktik": [
        row | ({"poli": "rawat_inap"} if row["poli"] == "ugd" else {})
        for row in sample().model_dump(mode="json")["jadwal"]["praktik"]
    ],
}
"""Changes that make the sample a clinic with inpatient care and no emergency unit of its own."""

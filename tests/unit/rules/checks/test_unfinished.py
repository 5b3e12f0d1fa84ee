"""Checks of data that are being filled in say what can be known, and nothing of what lacks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pks_kit.inputs import load_kontrak
from pks_kit.resources import contract_samples
from pks_kit.rules.checks.catalogue import check_kontrak
from pks_kit.rules.checks.unfinished import check_unfinished

TODAY = date(2026, 12, 1)
BEGUN = {"versi_templat": "pks_2024", "cara_kontrak": "elektronik", "faskes": {"jenis": "tpmd"}}


def found(data: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one.code, one.path) for one in check_unfinished(BEGUN | data, TODAY)}


def test_of_what_was_only_begun_nothing_is_said() -> None:
    assert found({}) == set()
    assert check_unfinished({}, TODAY) == ()
    assert check_unfinished({"jangka_waktu": "x", "jadwal": [], "dokumen": {}}, TODAY) == ()


@pytest.mark.parametrize(
    ("data", "code", "path"),
    [
        (
            {"jangka_waktu": {"tanggal_mulai": "2027-01-01", "tanggal_selesai": "2026-12-31"}},
            "term.start_after_end",
            "jangka_waktu.tanggal_selesai",
        ),
        (
            {"jadwal": {"operasional": [{"hari": "senin", "buka": "12:00", "tutup": "08:00"}]}},
            "schedule.end_before_start",
            "jadwal.operasional[0].tutup",
        ),
        (
            {"jadwal": {"praktik": [{"hari": "senin", "mulai": "12:00", "selesai": "08:00",
                                     "poli": "umum", "tenaga": "a"}]}},
            "schedule.end_before_start",
            "jadwal.praktik[0].selesai",
        ),
        (
            {"tenaga_kesehatan": [
                {"nama": f"dr. {one}", "nik": "3201014101800001", "profesi": "dokter"}
                for one in ("Satu", "Dua")
            ]},
            "staff.duplicate_nik",
            "tenaga_kesehatan[1].nik",
        ),
    ],
)  # fmt: skip
def test_what_needs_filled_fields_alone_is_found(
    data: dict[str, Any], code: str, path: str
) -> None:
    assert (code, path) in found(data)


@pytest.mark.parametrize("sample", contract_samples(), ids=lambda one: one.stem)
def test_of_complete_data_the_same_is_found(sample: Any) -> None:
    kontrak = load_kontrak(sample).kontrak
    start = kontrak.jangka_waktu.tanggal_mulai
    told, whole = (
        check_unfinished(kontrak.model_dump(mode="json"), start),
        check_kontrak(kontrak, start),
    )
    lacking = {"certificate.prepared_field"}  # about a group that is not there
    assert told == tuple(one for one in whole if one.code not in lacking)

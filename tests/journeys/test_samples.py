"""The samples that users get: of one coming year, whole, and of known data for the tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from pks_kit.inputs import load_kontrak
from pks_kit.pipelines.draft import CheckRequest, check
from pks_kit.resources import data_root, samples_root
from support.sample_years import PINNED, moved, pinned_samples, year_of, years_to

PUBLISHED = sorted((data_root() / "contoh").glob("*.yml"))
CONTRACTS = [path for path in PUBLISHED if not path.name.startswith("addendum-")]
SATURDAY = 5


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def days(value: object, path: str = "") -> dict[str, date]:
    """Return every day of a sample by its place."""
    if isinstance(value, dict):
        return {k: v for key, one in value.items() for k, v in days(one, f"{path}.{key}").items()}
    if isinstance(value, list):
        return {k: v for i, one in enumerate(value) for k, v in days(one, f"{path}[{i}]").items()}
    return {path: value} if isinstance(value, date) else {}


@pytest.mark.parametrize("path", CONTRACTS, ids=names(CONTRACTS))
def test_a_sample_is_of_the_common_year_and_lasts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    year = PINNED - years_to(PINNED)
    assert year_of(text) == year > PINNED
    kontrak = load_kontrak(path).kontrak
    term = kontrak.jangka_waktu
    assert (term.tanggal_mulai, term.tanggal_selesai) == (date(year, 1, 1), date(year, 12, 31))
    signed = kontrak.pihak_kesatu.tanggal_tanda_tangan
    assert signed is not None
    assert (signed.year, signed.month) == (year - 1, 12)
    assert signed.weekday() < SATURDAY
    for place, day in days(yaml.safe_load(text)).items():
        if place.endswith(".berlaku_sampai"):
            assert day >= term.tanggal_selesai, place
        elif place.endswith((".tanggal", ".terbit")):
            assert day < signed, place


@pytest.mark.parametrize("path", CONTRACTS, ids=names(CONTRACTS))
def test_nothing_about_a_sample_hinders(path: Path) -> None:
    found = check(CheckRequest(source=path)).findings
    assert [one.code for one in found if one.level == "blocking"] == []
    assert {one.code for one in found} >= {"nik.region"}


@pytest.mark.parametrize("path", PUBLISHED, ids=names(PUBLISHED))
def test_moving_a_sample_and_back_changes_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for years in (1, 2, 3, 4):
        later = moved(text, years)
        assert later != text
        assert moved(later, -years) == text
        assert len(later) == len(text)


def test_only_days_and_numbers_of_documents_move() -> None:
    text = (
        "versi_templat: pks_2024\ntahun_lulus: 2010\nhp: '089920240101'\n"
        'tanggal_tanda_tangan: 2023-12-20\n  nomor: "503/0101/SIP-D/2021"\n'
        '  nomor: "441/KTR/XIV-07/1223"\n  nik: "9901015203850001"\n# PKS tahun 2024\n'
        '  mulai: 2024-01-01 # sampai 2024-12-31\n  nomor: "B/0317/XII/2023/Klinik"\n'
    )
    assert moved(text, 3) == (
        "versi_templat: pks_2024\ntahun_lulus: 2010\nhp: '089920240101'\n"
        'tanggal_tanda_tangan: 2026-12-16\n  nomor: "503/0101/SIP-D/2024"\n'
        '  nomor: "441/KTR/XIV-07/1226"\n  nik: "9901015203850001"\n# PKS tahun 2027\n'
        '  mulai: 2027-01-01 # sampai 2027-12-31\n  nomor: "B/0317/XII/2026/Klinik"\n'
    )


def test_tests_read_the_samples_of_their_own_year() -> None:
    assert samples_root() == pinned_samples() != data_root() / "contoh"
    assert sorted(path.name for path in samples_root().glob("*.yml")) == [
        path.name for path in PUBLISHED
    ]
    pinned = [samples_root() / path.name for path in CONTRACTS]
    assert {year_of(path.read_text(encoding="utf-8")) for path in pinned} == {PINNED}

"""Findings that are equal are told once with their cells; a summary ends the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.agreements import Told, tell_agreements
from pks_kit.cli.main import main
from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.rules.findings import Finding, Level
from support.sample import changed_at


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def facility(number: int) -> Kontrak:
    """One of many facilities; every one ends on a day that is unusual."""
    return changed_at(
        {
            "faskes.kode": f"9917U{number:03}",
            "pihak_kesatu.nomor_pks": f"{number}/KTR/XIV-07/1223",
            "pihak_kedua.nomor_pks": f"{number}/KP/XII/2023",
            "pihak_kedua.nama_faskes": f"Klinik {number}",
            "jangka_waktu.tanggal_selesai": "2024-12-30",
        }
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten facilities; the third cannot be drafted."""
    path = tmp_path_factory.mktemp("buku") / "buku.xlsx"
    all_of_them = {f"k{number}": facility(number) for number in range(1, 11)}
    main_account = all_of_them["k3"].rekening.utama
    reserve = main_account.model_copy(update={"nomor": "7" * 10})
    broken = all_of_them["k3"].rekening.model_copy(update={"cadangan": reserve})
    all_of_them["k3"] = all_of_them["k3"].model_copy(update={"rekening": broken})
    path.write_bytes(write_workbook(all_of_them))
    return path


@pytest.mark.slow
def test_equal_findings_are_told_once(book: Path) -> None:
    result = run("check", book)
    assert result.exit_code == 10
    assert result.stderr.count("31 Desember") == 1
    assert "Sama pada beberapa faskes" in result.stderr
    assert "10 faskes: " in result.stderr
    assert "dan 4 lagi" in result.stderr


@pytest.mark.slow
def test_the_summary_names_what_is_not_ready(book: Path) -> None:
    last = run("check", book).stderr.splitlines()[-2:]
    assert last == ["10 faskes: 9 siap, 1 belum.", "Belum: Klinik Pratama 3 (Kontrak!A5)."]


@pytest.mark.slow
def test_a_draft_ends_with_the_names_of_what_failed(book: Path, tmp_path: Path) -> None:
    result = run("draft", book, "-o", tmp_path / "out", "--format", "txt")
    assert result.exit_code == 50
    last = result.stderr.splitlines()[-2:]
    assert last == ["9 faskes disusun, 1 gagal.", "Belum: Klinik Pratama 3 (Kontrak!A5)."]
    assert result.stderr.count("31 Desember") == 1


def test_who_has_nothing_of_its_own_shares_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    def one(number: int, *found: Finding) -> Told:
        return Told(title=f"Baris {number}", name=f"K{number}", place_of=lambda _: "A1",
                    ready=True, findings=found)  # fmt: skip

    common = Finding(code="term.not_year_end", level="warning", path="x", legal_basis="")
    own = Finding(code="term.not_year_end", level="warning", path="x", legal_basis="",
                  params={"end": "x"})  # fmt: skip
    tell_agreements([*(one(number, common) for number in range(8)), one(8), one(9, own)])
    told = capsys.readouterr().err
    assert "8 faskes hanya dengan temuan bersama di bawah" in told
    assert "K0; K1; K2; K3; K4; K5; dan 2 lagi" in told
    assert "1 faskes tanpa temuan: K8" in told
    assert [line for line in told.splitlines() if line.startswith("Baris")] == ["Baris 9"]


def test_what_is_good_to_know_is_one_finding_whatever_its_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def one(number: int, level: Level) -> Told:
        day = f"2026-12-{number:02}"
        found = Finding(
            code="term.signed_on_weekend", level=level, path="x", legal_basis="",
            params={"signed": day, "day": "Sabtu", "day_en": "Saturday"},
        )  # fmt: skip
        return Told(title=f"K{number}", name=f"K{number}", place_of=lambda _: f"A{number}",
                    ready=True, findings=(found, found))  # fmt: skip

    tell_agreements([one(number, "info") for number in (1, 2, 3)])
    told = capsys.readouterr().err
    assert "3 faskes: " in told
    assert told.count("misalnya") == 1
    tell_agreements([one(number, "warning") for number in (1, 2)])
    assert "misalnya" not in capsys.readouterr().err

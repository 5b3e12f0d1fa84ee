"""``pks-kit shrink``: what it writes, what it refuses, and with which words."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.cli.shrink import Size
from support import paper_samples, scanned_stack


def run(*arguments: str | Path, tongue: str = "id") -> Result:
    return CliRunner().invoke(
        main, ["shrink", *(str(one) for one in arguments)], env={"PKS_KIT_LANG": tongue}
    )


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "pindaian.pdf"
    path.write_bytes(scanned_stack.scan())
    return path


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("2MB", 2_000_000), ("900 kb", 900_000), ("1,5MB", 1_500_000), ("1.25mib", 1_310_720),
        ("1MiB", 1_048_576), ("12345", 12345), ("7B", 7),
    ],
)  # fmt: skip
def test_sizes(written: str, size: int) -> None:
    assert Size().convert(written, None, None) == size


@pytest.mark.parametrize("written", ["", "0", "MB", "2XB", "-1MB", "1e6", "99999999999", "2 M B"])
def test_what_is_no_size(written: str) -> None:
    with pytest.raises(click.UsageError):
        Size().convert(written, None, None)


@pytest.mark.slow
def test_it_is_written_below_the_limit_and_told(scan: Path) -> None:
    before = scan.read_bytes()
    done = run(scan, "--max", "200KB", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    (path,) = map(Path, told["outputs"])
    assert path == scan.with_name("pindaian-kecil.pdf")
    assert told["after"] == [path.stat().st_size]
    assert path.stat().st_size <= told["limit"] == 200_000
    assert [one["kept"] for one in told["sheets"]] == ["text", "text"]
    assert scan.read_bytes() == before
    again = run(scan, "--max", "200KB")
    assert again.exit_code == 2
    assert "sudah ada" in again.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tongue", "words"), [("id", "diperlukan 2 berkas (lembar 1, 2)"), ("en", "it takes 2 files")]
)
def test_a_limit_that_cannot_be_met_writes_nothing(scan: Path, tongue: str, words: str) -> None:
    out = scan.with_name("hasil.pdf")
    done = run(scan, "--max", "50KB", "-o", out, tongue=tongue)
    assert done.exit_code == 3
    assert words in done.output
    assert [one.name for one in scan.parent.iterdir()] == ["pindaian.pdf"]


@pytest.mark.slow
def test_it_is_split_only_when_asked(scan: Path) -> None:
    done = run(scan, "--max", "50KB", "--split", "-o", scan.with_name("hasil.pdf"))
    assert done.exit_code == 0, done.output
    parts = sorted(one for one in scan.parent.iterdir() if one != scan)
    assert [one.name for one in parts] == ["hasil-1.pdf", "hasil-2.pdf"]
    assert all(one.stat().st_size <= 50_000 for one in parts)


@pytest.mark.slow
@pytest.mark.parametrize(("tongue", "words"), [("id", "bukan pindaian"), ("en", "is no scan")])
def test_an_electronic_original_is_refused(tmp_path: Path, tongue: str, words: str) -> None:
    path = tmp_path / "terbit.pdf"
    path.write_bytes(paper_samples.issue().pdf)
    done = run(path, "--max", "5KB", tongue=tongue)
    assert done.exit_code == 3
    assert words in done.output


@pytest.mark.slow
def test_what_is_small_enough_stays(scan: Path) -> None:
    digest = hashlib.sha256(scan.read_bytes()).hexdigest()
    done = run(scan)
    assert done.exit_code == 0, done.output
    assert "sudah di bawah batas 2.097 KB" in done.output
    assert [one.name for one in scan.parent.iterdir()] == ["pindaian.pdf"]
    assert hashlib.sha256(scan.read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--jenis", "pks_final_manual"), "tidak ada batas ukuran"),
        (("--max", "9KB", "--receipt", "R.json"), "tidak cukup"),
        (("--max", "9KB", "-o", "pindaian.pdf"), "pindaian.pdf"),
    ],
)
def test_what_cannot_be_meant(scan: Path, more: tuple[str, ...], words: str) -> None:
    more = tuple(str(scan.parent / one) if one.endswith(".pdf") else one for one in more)
    before = scan.read_bytes()
    done = run(scan, *more)
    assert done.exit_code == 2
    assert words in done.output
    assert scan.read_bytes() == before


def test_the_limit_of_a_kind_holds(scan: Path) -> None:
    """One binary megabyte, as the guide of HFIS has it."""
    done = run(scan, "--jenis", "pks_bidan", "--json")
    told = json.loads(done.stdout)
    assert (told["limit"], told["outputs"]) == (1_048_576, [])

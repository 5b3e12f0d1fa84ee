"""The whole road as a user walks it, with other people's tools as second opinion."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from pks_kit.cli.demo import show_paper
from pks_kit.cli.main import main
from pks_kit.pipelines import demo_paper
from support.on_disk import Drafted
from support.shared_pages import taking_part


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run ``pks-kit demo`` once and return its JSON."""
    folder = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(main, ["demo", "-o", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    shown: dict[str, Any] = json.loads(result.stdout)
    shown["folder"] = folder
    return shown


def issued(demo: dict[str, Any]) -> Path:
    return Path(demo["draft"]["files"]["pdf"])


def test_demo_signs_stamps_and_passes(demo: dict[str, Any]) -> None:
    kinds = [(step["step"], step["kind"], step["test"]) for step in demo["steps"]]
    assert kinds == [
        ("p1_tanda_tangan", "tanda_tangan", True),
        ("p1_meterai", "meterai", True),
        ("p2_tanda_tangan", "tanda_tangan", True),
        ("p2_meterai", "meterai", True),
    ]
    assert demo["verdict"] == "passed"
    assert demo["archive"]["field"] == "ARSIP_1"
    assert len(demo["archive"]["signatures"]) == 4
    assert set(demo["refused"].values()) == {"failed"}
    assert len(demo["refused"]) == 3
    assert all(Path(name).is_file() for name in demo["files"])


def test_a_scan_of_paper_shows_what_is_missing_and_what_changed(demo: dict[str, Any]) -> None:
    paper = demo["paper"]
    assert paper["pages"] <= 8
    assert paper["verdict"] != "passed"
    assert "TTD_PIHAK_KEDUA" in paper["empty"]
    assert (paper["page"], paper["path"]) == (2, "rekening_baru.utama.nomor")
    assert len(paper["was"]) == len(paper["read"])
    assert sum(a != b for a, b in zip(paper["was"], paper["read"], strict=True)) == 1
    assert (demo["folder"] / paper["scan"]).is_file()
    assert (demo["folder"] / paper["issued"]).is_file()


def test_without_the_libraries_one_line_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo_paper, "_LIBRARIES", ("json", "pustaka_yang_tidak_ada"))
    assert demo_paper.missing_library() == "pustaka_yang_tidak_ada"
    show_paper(SimpleNamespace(paper=None))  # type: ignore[arg-type]
    assert capsys.readouterr().out.count("\n") == 1


def test_final_file_begins_with_the_issued_bytes(demo: dict[str, Any]) -> None:
    start = issued(demo).read_bytes()
    assert Path(demo["final"]).read_bytes().startswith(start)
    receipt = json.loads(Path(demo["draft"]["files"]["receipt"]).read_text(encoding="utf-8"))
    assert receipt["issued"]["sha256"] == hashlib.sha256(start).hexdigest()


def test_pdfsig_calls_all_four_valid(demo: dict[str, Any]) -> None:
    run = subprocess.run(
        ["pdfsig", "-nocert", demo["final"]], capture_output=True, text=True, check=False
    )
    assert run.stdout.count("Signature is Valid.") == 4
    assert "Total document signed" in run.stdout


@pytest.mark.parametrize("which", ["issued", "final"])
def test_qpdf_finds_nothing(demo: dict[str, Any], which: str) -> None:
    path = issued(demo) if which == "issued" else Path(demo["final"])
    run = subprocess.run(
        ["qpdf", "--check", str(path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No syntax or stream encoding errors" in run.stdout


def test_pdftotext_reads_pages_titles_and_both_numbers(demo: dict[str, Any]) -> None:
    pages = subprocess.run(
        ["pdftotext", "-layout", demo["final"], "-"], capture_output=True, text=True, check=True
    ).stdout.split("\f")[:-1]
    assert len(pages) == demo["draft"]["pages"]
    assert 55 <= len(pages) <= 90
    receipt = json.loads(Path(demo["draft"]["files"]["receipt"]).read_text(encoding="utf-8"))
    for number, page in enumerate(pages, start=1):
        assert f"Halaman {number} dari {len(pages)}" in page
        assert receipt["nomor_kesatu"] in page
        assert receipt["nomor_kedua"] in page
        assert f"Edisi {receipt['edition']}" in page
        assert "Paraf Pihak" not in page  # kontrak elektronik: nobody initials
    assert len(re.findall(r"^\s*Pasal \d+\s*$", "\n".join(pages), flags=re.MULTILINE)) == 21


def test_stamps_and_signatures_do_not_touch(demo: dict[str, Any]) -> None:
    receipt = json.loads(Path(demo["draft"]["files"]["receipt"]).read_text(encoding="utf-8"))
    boxes = [(place["page"], place["rect"]) for place in receipt["places"]]
    for index, (page, (x1, y1, x2, y2)) in enumerate(boxes):
        assert x1 < x2
        assert y1 < y2
        for other, (u1, v1, u2, v2) in boxes[index + 1 :]:
            apart = x2 <= u1 or u2 <= x1 or y2 <= v1 or v2 <= y1
            assert page != other or apart


def test_html_report_is_self_contained(demo: dict[str, Any]) -> None:
    (report,) = (Path(name) for name in demo["files"] if name.endswith(".html"))
    text = report.read_text(encoding="utf-8")
    assert "data:image/png;base64," in text
    assert "<script" not in text
    assert not re.search(r"(?:src|href)=[\"']?https?:", text)


def test_same_input_gives_same_bytes_in_another_process(
    drafted: Drafted, sample_path: Path, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "4711",
        "TZ": "Asia/Jayapura",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": "",
    }
    environment.pop("SOURCE_DATE_EPOCH")
    run = subprocess.run(
        [
            sys.executable, "-m", "pks_kit.cli.main", "draft", str(sample_path),
            "-o", str(tmp_path), "--format", "pdf,docx,txt,ringkasan", "--json",
        ],
        capture_output=True, text=True, check=True, env=environment, cwd=tmp_path,
    )  # fmt: skip
    files = json.loads(run.stdout)["files"]
    for name, path in drafted.files.items():
        assert Path(files[name]).read_bytes() == path.read_bytes(), name


@pytest.mark.sampled(of="nights")
def test_a_small_night_is_killed_and_loses_nothing(tmp_path: Path) -> None:
    done = CliRunner(env=taking_part({**os.environ, "PKS_KIT_CACHE": ""})).invoke(
        main, ["demo", "--batch", "-o", str(tmp_path), "--json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["planned"]["rows"] == told["planned"]["ready"] == 12
    assert len(told["planned"]["facilities"]) == 9
    assert set(told["planned"]["methods"]) == {"elektronik", "digital", "manual"}
    assert 4 <= told["done_before"] < 12
    assert set(told["ran"]["status"]["states"]) == {"done", "with_other"}
    assert told["ran"]["tried"] == 12 - told["done_before"]
    assert told["redone"] <= 1

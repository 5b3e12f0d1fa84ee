"""``pks-kit cover``: JSON, words in both languages, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.pipelines.draft import DraftRequest
from pks_kit.resources import samples_root
from support.on_disk import Drafted, drafted_in


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["cover", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    source = samples_root() / "klinik-tni-polri-manual.yml"
    folder = tmp_path_factory.mktemp("manual")
    return drafted_in(folder, DraftRequest(source=source, formats=("pdf",)))


@pytest.mark.slow
def test_a_cover_and_a_print_copy(
    manual: Drafted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf, out = manual.files["pdf"], tmp_path / "pengantar.pdf"
    done = run(pdf, "--batas-waktu", "2023-12-29", "-o", out, "--json")
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    assert shown["output"] == str(out)
    assert (shown["agreement_pages"], shown["print_copy"]) == (manual.pages, False)
    monkeypatch.setenv("PKS_KIT_LANG", "en")
    copy = run(pdf, "--batas-waktu", "2023-12-29", "-o", out, "--sertakan", "--force")
    assert copy.exit_code == 0, copy.output
    assert "print copy, not the signed file" in copy.stderr
    assert f"agreement of {manual.pages} pages" in copy.stdout


@pytest.mark.slow
def test_refusals(drafted: Drafted, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    copy = run(drafted.files["pdf"], "--batas-waktu", "2023-12-29", "-o", out, "--sertakan")
    assert copy.exit_code == 2
    assert "tidak mempunyai salinan cetak" in copy.output
    assert run(drafted.files["pdf"], "-o", out).exit_code == 2
    assert run(drafted.files["pdf"], "--batas-waktu", "besok", "-o", out).exit_code == 2
    assert run(tmp_path / "tidak.pdf", "--batas-waktu", "2023-12-29", "-o", out).exit_code == 3
    assert not out.exists()


@pytest.mark.slow
def test_the_usual_name_stands_beside_the_agreement(drafted: Drafted, tmp_path: Path) -> None:
    pdf = tmp_path / "2.pdf"
    pdf.write_bytes(drafted.files["pdf"].read_bytes())
    given = (pdf, "--receipt", drafted.files["receipt"], "--batas-waktu", "2023-12-31")
    done = run(*given)
    assert done.exit_code == 0, done.output
    slug = drafted.receipt.slug
    assert (tmp_path / f"{slug}-pengantar.pdf").is_file()
    assert "tempat tanda tangan elektronik" in done.stdout
    assert "Jumat, 29 Desember 2023" in done.stderr
    assert f"{slug}-untuk-faskes.pdf" in done.stderr
    assert run(*given).exit_code == 2  # nothing is replaced unasked
